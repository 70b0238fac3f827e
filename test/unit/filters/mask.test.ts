import { describe, expect, it } from 'vitest'
import { labelOf, Masker, maskText, type MaskedSpan } from '../../../src/filters/mask.ts'
import { windowsOf, type TextWindow } from '../../../src/filters/windows/windows.ts'
import { verifies } from '../../support/verifies.ts'

describe('what stands in the place of a value', () => {
  it.each([
    ['pii/email', '[email]'],
    ['pii/phone', '[phone]'],
    ['pii/card', '[card]'],
    ['pii/ssn', '[ssn]'],
    ['pii/iban', '[iban]'],
    ['secret/jwt', '[secret]'],
    ['secret', '[secret]'],
    ['sql-leak/code', '[SQL withheld]'],
    ['link/inline', ' ('],
    ['link/definition', ' :'],
    ['link/html', '< '],
    ['link/attribute', '-withheld='],
    ['link/style', '-withheld('],
    ['link/import', 'withheld'],
    ['pii/name', '[withheld]'],
    ['new', '[withheld]'],
  ])('of %s is %s', (category, label) => {
    expect(labelOf(category)).toBe(label)
    expect(maskText('a 12 b', [{ start: 2, end: 4, category }])).toBe(`a ${label} b`)
  })
})

const span = (start: number, end: number, category = 'pii/card'): MaskedSpan => ({ start, end, category })

describe('a text with several values', () => {
  it.each([
    ['none', [], '0123456789'],
    ['one', [span(2, 4)], '01[card]456789'],
    ['all of it', [span(0, 10)], '[card]'],
    ['two, in any order', [span(6, 8, 'pii/ssn'), span(2, 4)], '01[card]45[ssn]89'],
    ['two right beside each other', [span(2, 4), span(4, 6, 'pii/ssn')], '01[card][ssn]6789'],
    ['one inside of another', [span(3, 4, 'pii/ssn'), span(2, 6)], '01[card]6789'],
    ['two that overlap', [span(2, 6), span(4, 8, 'pii/ssn')], '01[card]89'],
    ['two from one place, the longer gives the name', [span(2, 4, 'pii/ssn'), span(2, 6)], '01[card]6789'],
    ['one that goes beyond', [span(8, 20)], '01234567[card]'],
  ])('has %s', (_what, spans, expected) => {
    expect(maskText('0123456789', spans)).toBe(expected)
  })
})

it('merges what overlaps and keeps nothing of the value', () => {
  verifies('filters.nothing-stays')
  const spans = [span(3, 8, 'pii/phone'), span(0, 12), span(14, 16, 'secret/jwt')]
  expect(maskText('123456789012 abcd', spans)).toBe('[card] a[secret]d')
})

/** Windows of so many characters of a text, each with the ones beside it. */
function windows(text: string, size: number): TextWindow[] {
  const all: TextWindow[] = []
  for (let place = 0; place < text.length; place += size) {
    const [start, end] = [Math.max(0, place - size), Math.min(text.length, place + 2 * size)]
    all.push({
      text: text.slice(start, end),
      from: place - start,
      to: Math.min(text.length, place + size) - start,
      offset: start,
      isLast: end === text.length,
    })
  }
  return all
}

/** What leaves where each window sees the spans that touch it, as far as its text goes. */
function masked(of: readonly TextWindow[], spans: readonly MaskedSpan[]): string[] {
  const masker = new Masker()
  return of.map((window) => {
    const { offset, text } = window
    const seen = spans
      .filter(({ start, end }) => start < offset + text.length && end > offset + window.from)
      .map(({ start, end, category }) =>
        span(Math.max(0, start - offset), Math.min(text.length, end - offset), category),
      )
    return masker.mask(window, seen)
  })
}

describe('a value that crosses from one window into the next', () => {
  const text = '0123456789abcdefghij'
  it.each([
    [[span(3, 7)], '012[card]789abcdefghij'],
    [[span(3, 7), span(7, 9, 'pii/ssn')], '012[card][ssn]9abcdefghij'],
    [[span(3, 12)], '012[card]cdefghij'],
    [[span(4, 8), span(6, 12, 'pii/ssn')], '0123[card]cdefghij'],
    [[span(0, 20)], '[card]'],
    [[span(5, 10), span(10, 15, 'pii/ssn')], '01234[card][ssn]fghij'],
  ])('is named once: %j', (spans, expected) => {
    const longest = Math.max(...spans.map(({ start, end }) => end - start))
    const sizes = [5, 7, 10, 20].filter((size) => longest <= 2 * size)
    expect(sizes.map((size) => masked(windows(text, size), spans).join(''))).toEqual(sizes.map(() => expected))
  })

  it('is named in the next where it was not seen in the first', () => {
    const [first, second] = windows('0123456789', 5) as [TextWindow, TextWindow]
    const masker = new Masker()
    expect(masker.mask(first, [])).toBe('01234')
    expect(masker.mask(second, [span(3, 7)])).toBe('[card]789')
    const other = new Masker()
    expect(other.mask(first, [span(3, 6)])).toBe('012[card]')
    expect(other.mask(second, [span(3, 6), span(4, 8, 'pii/ssn')])).toBe('89')
    const third = new Masker()
    expect(third.mask(first, [])).toBe('01234')
    expect(third.mask(second, [span(0, 5)])).toBe('56789')
    expect(third.mask(second, [span(10, 12)])).toBe('56789')
  })
})

describe('a value whose end is not seen yet', () => {
  const key = `-----BEGIN PRIVATE KEY-----\n${'MIIEow\n'.repeat(6)}-----END PRIVATE KEY-----`
  const close = (text: string, what: string) => text.indexOf(what) + what.length
  it.each([13, 16, 25, 33, 64, 100])('is a private key up to its last line, in windows of %i characters', (size) => {
    const text = `it is ${key} and more of it: -----END PRIVATE KEY-----`
    const all = windows(text, size)
    const masker = new Masker()
    const left = all.map((window) => {
      // The key is found where its first line is seen, as far as the window goes.
      const start = 6 - window.offset
      const end = Math.min(close(text, '-----END PRIVATE KEY-----') - window.offset, window.text.length)
      return masker.mask(
        window,
        start >= 0 && start < window.text.length ? [span(start, end, 'secret/private-key')] : [],
      )
    })
    expect(left.join('')).toBe('it is [secret] and more of it: -----END PRIVATE KEY-----')
  })

  it.each([
    ['a token, up to its end', 'secret/jwt', 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0', ' and more'],
    ['a token, with all its signs', 'secret/assignment', 'ab+/=_~.-0', ', and more'],
    ['a block of SQL, up to its fence', 'sql-leak/code', '```sql\nTABLE a\nb\n ```', '\nand\n```'],
    ['a block of waves', 'sql-leak/code', '~~~sql\nTABLE a b c d\n~~~', ' and'],
    ['a block without an end', 'sql-leak/code', '```sql\nTABLE a\nb and more', ''],
  ])('is %s', (_what, category, value, rest) => {
    for (const size of [4, 5, 6, 7, 8, 9, 10]) {
      const text = `it is ${value}${rest}`
      const masker = new Masker()
      const left = windows(text, size).map((window) => {
        const start = 6 - window.offset
        const isSeen = start >= 0 && start < window.text.length
        const end = Math.min(6 + value.length - window.offset, window.text.length)
        return masker.mask(window, isSeen ? [span(start, end, category)] : [])
      })
      expect(left.join('')).toBe(`it is ${labelOf(category)}${rest}`)
    }
  })

  it('is looked for in one text as in the one before it', () => {
    const near = '\n-----END PRIVATE KEY-----'
    const left = (text: string) => {
      const masker = new Masker()
      masker.mask({ text: 'a-----BEGIN', from: 0, to: 11, offset: 0, isLast: false }, [
        span(1, 11, 'secret/private-key'),
      ])
      return masker.mask({ text, from: 0, to: text.length, offset: 11, isLast: false }, [])
    }
    expect(left(`${'x'.repeat(200)}${near} and`)).toBe(' and')
    expect(left(`xx${near} and`)).toBe(' and')
    expect(left(`${'x'.repeat(200)} and`)).toBe('')
  })

  it('is as long as it was found, where another begins in it and ends before it', () => {
    const masker = new Masker()
    const text = '0123456789'
    expect(masker.mask({ text, from: 0, to: 4, offset: 0, isLast: false }, [span(2, 9), span(3, 6)])).toBe('01[card]')
    expect(masker.mask({ text, from: 4, to: 7, offset: 0, isLast: false }, [span(5, 6)])).toBe('')
    expect(masker.mask({ text, from: 7, to: 10, offset: 0, isLast: true }, [span(9, 10, 'pii/ssn')])).toBe('[ssn]')
  })

  it('is nothing else: an address does not go on', () => {
    const [first, , third] = windows('to anna@example.community', 5) as [TextWindow, TextWindow, TextWindow]
    const masker = new Masker()
    expect(masker.mask(first, [span(3, first.text.length, 'pii/email')])).toBe('to [email]')
    expect(masker.mask(third, [])).toBe('ample')
  })

  it('ends with the text', () => {
    const masker = new Masker()
    const text = 'key eyJabc'
    const last = { text, from: 0, to: 10, offset: 0, isLast: true }
    expect(masker.mask(last, [span(4, 10, 'secret/jwt')])).toBe('key [secret]')
    expect(masker.mask({ text: 'abc', from: 0, to: 3, offset: 10, isLast: true }, [])).toBe('abc')
  })
})

it('what is masked in the windows of a text is what is masked in the whole', () => {
  const text = Array.from({ length: 90 }, (_, index) => `In line ${index} there is a value that has to go.`).join('\n')
  const spans = [...text.matchAll(/a value|line \d*7 there is|go\.\nIn/g)].map(({ 0: { length }, index }) =>
    span(index, index + length),
  )
  expect(masked([...windowsOf(text)], spans).join('')).toBe(maskText(text, spans))
})
