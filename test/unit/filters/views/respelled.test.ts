import { describe, expect, it } from 'vitest'
import { respellings } from '../../../../src/filters/views/respelled.ts'
import { readingsOf, wordReadingsOf } from '../../../../src/filters/views/views.ts'

const texts = (text: string) => respellings(text).map((view) => view.text)
/** Where in the text a word stands that one of its spellings has. */
const placed = (text: string, word: string) =>
  respellings(text).flatMap((view) => {
    const start = view.text.indexOf(word)
    if (start < 0) return []
    const span = view.span(start, start + word.length)
    return [text.slice(span.start, span.end)]
  })

describe('the spellings in which a person reads words', () => {
  it.each([
    ['I h4te it', 'hate', 'h4te'],
    ['an @pple', 'apple', '@pple'],
    ['he ki$$ed', 'kissed', 'ki$$ed'],
    ['a c1own', 'clown', 'c1own'],
    ['a c1tron', 'citron', 'c1tron'],
    ['an !diom!', 'idiom', '!diom'],
    ['so l a m p s here', 'lamps', 'l a m p s'],
    ['so l.a.m.p.s here', 'lamps', 'l.a.m.p.s'],
    ['l\na\nm\np', 'lamp', 'l\na\nm\np'],
    ['l🔪a🔪m🔪p', 'lamp', 'l🔪a🔪m🔪p'],
    ['b l u e   l a m p', 'blue lamp', 'b l u e   l a m p'],
    ['b 1 u e', 'blue', 'b 1 u e'],
    ['a la-mp', 'lamp', 'la-mp'],
    ['a la~~mp', 'lamp', 'la~~mp'],
    ['the lan-\n  tern', 'lantern', 'lan-\n  tern'],
    ['loooong', 'long', 'loooong'],
    ['a belllll', 'bell', 'belllll'],
    ['a beeellll', 'bell', 'beeellll'],
    ['ʟᴀᴍᴘ', 'lamp', 'ʟᴀᴍᴘ'],
    ['🅻🅰🅼🅿', 'LAMP', '🅻🅰🅼🅿'],
    ['🇱🇦🇲🇵', 'LAMP', '🇱🇦🇲🇵'],
    ['Ꮮ4ᴍᴘs', 'Lamps', 'Ꮮ4ᴍᴘs'],
    ['ꮮꭺⲙⲣ', 'lamp', 'ꮮꭺⲙⲣ'],
    ['I l🔹a🔹m🔹p', 'lamp', 'l🔹a🔹m🔹p'],
    ['y0u 57up1d 1d107', 'idiot', '1d107'],
    ['我说lamp你', 'lamp', 'lamp'],
  ])('has %j as %j, in its place', (text, word, original) => {
    expect(placed(text, word)).toContain(original)
  })

  it.each([
    'A sentence as most are, with 12 words of its own and 3 numbers: 4111, 2024-01-02.',
    'What a day! Really? (So it is.)',
    'The A55 and an M4 of 3fa85f64-5717-4562-b3fc-2c963f66afa6',
    'a well-known, hard-wired lamp',
    'It costs 5 % and 3 + 4 = 7 | 8',
    'Wholly in letters of other alphabets: 灯 лампа λάμπα'.slice(0, 38),
    '',
  ])('has no other spelling of %j', (text) => {
    expect(texts(text)).toEqual([])
  })

  it('takes a wider gap for the end of a word, another one for the end of a run, and leaves digits that stand apart', () => {
    expect(texts('l.a.m.p. o.n.l.y')).toEqual(['lamp only'])
    expect(texts('l a m p–o')).toEqual(['lamp–o'])
    expect(texts('1 2 3 4 and 1, 2, a')).toEqual([])
    expect(texts('a b')).toEqual([])
  })

  it('is asked for by word detectors alone: the readings of a text have none of it', () => {
    const readings = readingsOf('h4te k i l l')
    expect(readings.map((reading) => reading.text)).toEqual(['h4te k i l l'])
    expect(wordReadingsOf(readings).map(({ text, isRespelled }) => [text, isRespelled])).toEqual([
      ['h4te k i l l', false],
      ['h4te kill', true],
      ['hate kill', true],
    ])
  })
})
