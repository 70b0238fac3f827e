import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { kinds, Tokens } from '../../../../src/filters/names/tokens.ts'

const names = Object.keys(kinds)

function shown(text: string): string[] {
  const tokens = new Tokens(text)
  return tokens.kinds.map(
    (kind, at) => `${names[kind]} ${JSON.stringify(text.slice(tokens.starts[at], tokens.ends[at]))}`,
  )
}

describe('tokens', () => {
  it.each([
    ["O'Brien-Smith's dog", 'word "O\'Brien-Smith"', 'sign "\'s"', 'word "dog"'],
    ['12b, 5th and 1,200.50', 'mixed "12b"', 'sign ","', 'mixed "5th"', 'word "and"', 'number "1,200.50"'],
    ['"Kim Wexler",', 'sign "\\""', 'word "Kim"', 'word "Wexler"', 'sign "\\""', 'sign ","'],
    ['J. R. R.', 'word "J"', 'sign "."', 'word "R"', 'sign "."', 'word "R"', 'sign "."'],
    ['kim@hamlin.example', 'opaque "kim@hamlin.example"'],
    ['see src/a/b.ts', 'word "see"', 'opaque "src/a/b.ts"'],
    ['userName this.name snake_case', 'opaque "userName"', 'opaque "this.name"', 'opaque "snake_case"'],
    ['Mr./Mrs. Berg', 'word "Mr"', 'sign "."', 'sign "/"', 'word "Mrs"', 'sign "."', 'word "Berg"'],
    ['a\nb\n\nc', 'word "a"', 'line "\\n"', 'word "b"', 'gap "\\n\\n"', 'word "c"'],
    ['Müller Straße', 'word "Müller"', 'word "Straße"'],
  ])('%j', (text, ...expected) => {
    expect(shown(text)).toEqual(expected)
  })

  it('cover everything but blanks, in order, whatever the text', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme', maxLength: 200 }), (text) => {
        const tokens = new Tokens(text)
        let rest = text
        for (let at = tokens.length - 1; at >= 0; at -= 1) {
          const [start = 0, end = 0] = [tokens.starts[at], tokens.ends[at]]
          expect(start).toBeLessThan(end)
          expect(end).toBeLessThanOrEqual(tokens.starts[at + 1] ?? text.length)
          rest = rest.slice(0, start) + rest.slice(end)
        }
        expect(rest.trim()).toBe('')
      }),
    )
  })
})
