import { describe, expect, it } from 'vitest'
import { normalize } from '../../../../src/filters/views/normalize.ts'

const folded = (text: string) => normalize(text).text
/** What stands in the original for a part of the folded text. */
function originOf(text: string, part: string): string {
  const view = normalize(text)
  const at = view.text.indexOf(part)
  const { start, end } = view.span(at, at + part.length)
  return text.slice(start, end)
}

describe('a text as it reads', () => {
  it.each([
    ['plain', 'a\tb\nc\rd ~', 'a\tb\nc\rd ~'],
    ['ideographs', '四一 中文', '四一 中文'],
    ['full-width letters', 'ａｂ＠ｃ．ｄ', 'ab@c.d'],
    ['ligatures', 'oﬃce', 'office'],
    ['accents', 'Café', 'Cafe'],
    ['marks that combine', 'Cafe\u0301', 'Cafe'],
    ['zero-width characters', 'a\u200bb\u200c\u200dc\ufeff', 'abc'],
    ['controls of direction', '\u202ea\u202cb\u2066', 'ab'],
    ['control characters', 'a\u0000b\u0007c\u007fd\u0085', 'abcd'],
    ['tags', 'a\u{e0041}b', 'ab'],
    ['fillers', 'a\u115f\u1160\u3164\uffa0b', 'ab'],
    ['soft hyphens', 'a\u00adb', 'ab'],
    ['dashes', '1\u20102\u20133\u20144\u22125\uff0d6', '1-2-3-4-5-6'],
    ['spaces', '1\u00a02\u20093\u30004', '1 2 3 4'],
    ['Arabic digits', '٠١٢٣٤٥٦٧٨٩', '0123456789'],
    ['Devanagari digits', '०१२३४५६७८९', '0123456789'],
    ['full-width digits', '０９', '09'],
    ['mathematical digits', '\u{1d7ce}\u{1d7d7}\u{1d7d8}\u{1d7ff}', '0909'],
    ['superscripts', '¹²³', '123'],
    ['an ideographic stop', 'a。b', 'a.b'],
    ['characters of two units that stay', 'a\u{1f600}b', 'a\u{1f600}b'],
    ['what stands beside ideographs', '\u4dffa\ua000', '\u4dffa\ua000'],
  ])('is %s', (_what, text, expected) => {
    expect(folded(text)).toBe(expected)
    expect(folded(`words ${text} words`)).toBe(`words ${expected} words`)
  })

  it.each([
    ['Cyrillic', 'аеорсухіјѕԁһкмтв', 'aeopcyxijsdhkmtb'],
    ['Cyrillic capitals', 'АВЕКМНОРСТХІЅЈ', 'ABEKMHOPCTXISJ'],
    ['Greek', 'αορνικ', 'aopvik'],
    ['Greek capitals', 'ΑΒΕΙΚΜΝΟΡΤΧ', 'ABEIKMNOPTX'],
  ])('has its lookalikes of %s as ASCII', (_script, text, expected) => {
    expect(folded(text)).toBe(expected)
    for (const [index, character] of Array.from(text).entries()) expect(folded(`1${character}`)).toBe(`1${expected[index]}`)
  }) // prettier-ignore
})

describe('the way back', () => {
  it.each([
    ['from what keeps its length', 'x ａｂ y', 'ab', 'ａｂ'],
    ['from what got shorter', 'x a\u200bb\u200bc y', 'abc', 'a\u200bb\u200bc'],
    ['from what got longer', 'x ﬃ y', 'ffi', 'ﬃ'],
    ['from a part of what got longer', 'x ﬃ y', 'f', 'ﬃ'],
    ['past what got shorter', '\u200b\u200bab cd', 'cd', 'cd'],
    ['past what got longer', 'ﬃﬃ cd', 'cd', 'cd'],
    ['from characters of two units', 'x \u{1d7ce}\u{1d7cf} y', '01', '\u{1d7ce}\u{1d7cf}'],
    ['before what changes', 'ab cd\u200b', 'ab', 'ab'],
    ['across both', 'ａ\u200bﬃé', 'affie', 'ａ\u200bﬃé'],
  ])('leads %s', (_what, text, part, expected) => {
    expect(originOf(text, part)).toBe(expected)
  })

  it('is the text itself where nothing changes', () => {
    const view = normalize('plain 中文')
    expect(view.text).toBe('plain 中文')
    expect(view.span(2, 5)).toEqual({ start: 2, end: 5 })
  })
})

it('reads a character of two units as itself after its first half was seen by itself', () => {
  expect(['\ud835', '\udfce', '\ud800', '\uddfd'].map(folded)).toEqual(['\ud835', '\udfce', '\ud800', '\uddfd'])
  expect(folded('a\u{1d7ce}b')).toBe('a0b')
  expect(folded('a\u{101fd}b')).toBe('ab')
  expect(folded('a\u{e0041}b')).toBe('ab')
  expect(folded('\ud835')).toBe('\ud835')
})

it('knows the last character of one unit and the first of two', () => {
  expect(originOf('a\uffffé b', 'e b')).toBe('é b')
  expect(originOf('é\u{10000}é b', 'e b')).toBe('é b')
})

it('reads a text the same after thousands of other characters', () => {
  const before = folded('Ａé\u200b٣')
  for (let code = 0x3400; code < 0x4db0; code += 1) folded(String.fromCodePoint(code))
  expect(folded('Ａé\u200b٣')).toBe(before)
  expect(before).toBe('Ae3')
})
