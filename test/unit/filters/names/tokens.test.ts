import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hashOf, kinds, mix, shapes, Tokens } from '../../../../src/filters/names/tokens.ts'

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

describe('what a token is', () => {
  it.each([
    'a@b', 'a_b', 'a\\b', 'a=b', 'a{b', 'a}b', 'a<b', 'a>b', 'a#b', 'a~b', 'a^b', 'a|b', 'a$b', 'a*b', 'a`b', 'a[b', 'a]b', 'a+b', 'a%b', 'abc&de',
    'ab.c', 'a:/b', 'a::1', 'xaAx', 'xzZx', 'aaAa', 'example.com', 'this.name', 'Example.com', 'a.bc.de', 'a:b', 'a://b', 'a::b', 'a(b', 'f(x)y', 'a;b', 'userName', '/usr', 'a/b/c', 'x'.repeat(81), '@kim', '_a', 'a_',
  ])('%s is nothing of a sentence', (text) => {
    expect(shown(text)).toEqual([`opaque ${JSON.stringify(text)}`])
  }) // prettier-ignore

  it.each([
    ['A&B', 'word "A"', 'sign "&"', 'word "B"'],
    ['see all A&B', 'word "see"', 'word "all"', 'word "A"', 'sign "&"', 'word "B"'],
    ['userN', 'word "userN"'],
    ["it 's", 'word "it"', 'sign "\'"', 'word "s"'],
    ['Az09 Za90', 'mixed "Az09"', 'mixed "Za90"'],
    ['az AZ 09', 'word "az"', 'word "AZ"', 'number "09"'],
    ['À \u1fff \u3040 \ud7ff', 'word "À"', 'word "\u1fff"', 'word "\u3040"', 'word "\ud7ff"'],
    ['\u2000 \u303f \ud800', 'sign "\u2000"', 'sign "\u303f"', 'sign "\\ud800"'],
    ['AB&CD', 'word "AB"', 'sign "&"', 'word "CD"'],
    ['a/b', 'word "a"', 'sign "/"', 'word "b"'],
    ['U.S.A', 'word "U"', 'sign "."', 'word "S"', 'sign "."', 'word "A"'],
    ['End.Next', 'word "End"', 'sign "."', 'word "Next"'],
    ['McDonald', 'word "McDonald"'],
    ['x'.repeat(80), `word "${'x'.repeat(80)}"`],
    ['(a)', 'sign "("', 'word "a"', 'sign ")"'],
    ['"a".', 'sign "\\""', 'word "a"', 'sign "\\""', 'sign "."'],
    ['--', 'sign "-"', 'sign "-"'],
    ['a-b-', 'word "a-b"', 'sign "-"'],
    ['a-1', 'word "a"', 'sign "-"', 'number "1"'],
    ['rock’n’roll', 'word "rock’n’roll"'],
    ["it's", 'word "it"', 'sign "\'s"'],
    ["KIM'S", 'word "KIM"', 'sign "\'S"'],
    ["a's", 'word "a"', 'sign "\'s"'],
    ["o'sa", 'word "o\'sa"'],
    ['1.5', 'number "1.5"'],
    ['1,5', 'number "1,5"'],
    ['1.a', 'number "1"', 'sign "."', 'word "a"'],
    ['a.1', 'word "a"', 'sign "."', 'number "1"'],
    ['1-2', 'number "1"', 'sign "-"', 'number "2"'],
    ['10:20', 'number "10"', 'sign ":"', 'number "20"'],
    ['a\u00a0b', 'word "a"', 'word "b"'],
    ['a\t\r b', 'word "a"', 'word "b"'],
    ['a \n b', 'word "a"', 'line " \\n "', 'word "b"'],
    ['×÷¿', 'sign "×"', 'sign "÷"', 'sign "¿"'],
    ['ªº', 'word "ªº"'],
    ['ひと', 'word "ひと"'],
    ['„Kim“', 'sign "„"', 'word "Kim"', 'sign "“"'],
  ])('%j', (text, ...expected) => {
    expect(shown(text)).toEqual(expected)
  })
})

describe('how a token is written', () => {
  const names = Object.fromEntries(Object.entries(shapes).map(([name, shape]) => [shape, name]))
  const written = (text: string) => {
    const shape = new Tokens(text).shapes[0] ?? -1
    return shape > shapes.digits && shape < shapes.longNumber ? `digits ${shape - shapes.digits + 1}` : names[shape]
  }

  it.each([
    ['abc', 'lower'],
    ['é', 'lowerLetter'],
    ['a', 'lowerLetter'],
    ['A', 'capitalLetter'],
    ['É', 'capitalLetter'],
    ['Abc', 'capitalized'],
    ['Éa', 'capitalized'],
    ['AB', 'shortCapitals'],
    ['ABC', 'shortCapitals'],
    ['ABCD', 'capitals'],
    ['A-B', 'shortCapitals'],
    ['Smith-Ray', 'joined'],
    ["O'Brien", 'joined'],
    ['Smith-ray', 'capitalized'],
    ['McDonald', 'innerCapital'],
    ['ABc', 'innerCapital'],
    ['al-Amin', 'mixedCase'],
    ['1', 'digits'],
    ['12', 'digits 2'],
    ['12345', 'digits 5'],
    ['123456', 'longNumber'],
    ['1.5', 'pointed'],
    ['1,234,567', 'pointed'],
    ['5th', 'digitFirst'],
    ['b12', 'letterFirst'],
    ['!', 'sign'],
    ['\n', 'line'],
    ['\n\n', 'gap'],
    ['a@b', 'opaque'],
    ['ひと', 'otherScript'],
    ['王', 'otherScript'],
    ['\u3040', 'otherScript'],
  ])('%j is %s', (text, shape) => {
    expect(written(text)).toBe(shape)
  })
})

it('is the same wherever it stands', () => {
  expect(new Tokens('see A b AB ABC ABCD Kim McDonald xyZ').shapes).toEqual([
    shapes.lower, shapes.capitalLetter, shapes.lowerLetter, shapes.shortCapitals, shapes.shortCapitals, shapes.capitals,
    shapes.capitalized, shapes.innerCapital, shapes.mixedCase,
  ]) // prettier-ignore
})

describe('the hash of a word', () => {
  // FNV-1a and its last fold, by another program: the model knows words by nothing else.
  it('is that of its small letters', () => {
    expect([hashOf('Kim'), hashOf(''), hashOf('STRASSE'), hashOf('Straße')]).toEqual([
      1_945_575_891, -2_128_764_932, 92_383_511, -1_067_288_700,
    ])
    expect(new Tokens('Kim').hashes).toEqual([hashOf('kim')])
  })

  it('is had of its beginning and its ends, too', () => {
    const { heads, tails } = new Tokens('Wexler')
    expect([heads, tails.two, tails.three, tails.four]).toEqual(
      ['wex', 'er', 'ler', 'xler'].map((part) => [hashOf(part)]),
    )
    const short = new Tokens('a')
    expect([short.heads, short.tails.two, short.tails.four]).toEqual([[hashOf('a')], [hashOf('a')], [hashOf('a')]])
  })

  it('is one for all numbers in a word, the shape of a number, the sign itself, and nothing of the opaque', () => {
    expect(new Tokens('12b 5th 123b').hashes).toEqual([hashOf('0b'), hashOf('0th'), hashOf('0b')])
    expect(new Tokens('12').hashes).toEqual([shapes.digits + 1])
    expect(new Tokens('!').hashes).toEqual([hashOf('!')])
    expect(new Tokens('a@b c@d').hashes).toEqual([shapes.opaque, shapes.opaque])
    expect(new Tokens('12 ! a@b').heads).toEqual([0, 0, 0])
    expect(new Tokens('12 ! a@b').tails.three).toEqual([0, 0, 0])
  })

  it('is mixed with another number into one of 32 bits', () => {
    expect([mix(1, 2), mix(0, 0), mix(-5, 123_456)]).toEqual([1_174_648_459, -395_767_980, 2_146_583_343])
  })
})
