import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { OpenBlocks } from '../../../../src/filters/windows/open-blocks.ts'
import { propertyRuns } from '../../../support/property-runs.ts'

const isOpen = (text: string, place = text.length) => new OpenBlocks().areOpenAt(text, place)
const begin = '-----BEGIN RSA PRIVATE KEY-----\n'
const end = '-----END RSA PRIVATE KEY-----\n'

describe('a fenced block', () => {
  it.each([
    ['from its first line on', '```\na', true],
    ['of waves', 'a\n~~~sql\nb', true],
    ['set in by three blanks', 'a\n   ```\nb', true],
    ['up to its last line', '```\na\n```\nb', false],
    ['from the next on again', '```\na\n```\nb\n```\nc', true],
    ['with its first line alone', '```', true],
    ['not in the middle of a line', 'a ```\nb', false],
    ['not set in by four blanks', 'a\n    ```\nb', false],
    ['not with two marks', '``\nb', false],
    ['not in a text without any', 'a\nb', false],
  ])('is open %s', (_what, text, expected) => {
    expect(isOpen(text)).toBe(expected)
  })

  it('is open from the last of its three marks on, and not before', () => {
    const text = 'a\n```\nb\n```\nc'
    const places = Array.from({ length: text.length + 1 }, (_, place) => isOpen(text, place))
    expect(places.map((open) => (open ? '1' : '0')).join('')).toBe('00000111111000')
  })
})

describe('a private key', () => {
  it.each([
    ['from its first line on', `a ${begin}MII`, true],
    ['up to its last line', `${begin}MII\n${end}b`, false],
    ['from the next on again', `${begin}MII\n${end}b ${begin}`, true],
    ['of no sort', '-----BEGIN PRIVATE KEY-----\nMII', true],
    ['of PGP', '-----BEGIN PGP PRIVATE KEY BLOCK-----\nMII', true],
    ['of PGP, up to its end', '-----BEGIN PGP PRIVATE KEY BLOCK-----\nMII\n-----END PGP PRIVATE KEY BLOCK-----\n', false],
    ['where the last line lacks its dashes', `${begin}MII\n-----END RSA PRIVATE KEY and then some more words`, true],
    ['where two begin and one ends', `${begin}${begin}MII\n${end}`, true],
    ['where two begin and two end', `${begin}${begin}MII\n${end}${end}`, false],
    ['where one ends that never began', `${end}${begin}`, true],
    ['not where the words alone stand', 'a PRIVATE KEY is one', false],
    ['not where the key is public', '-----BEGIN PUBLIC KEY-----\nMII', false],
    ['not where the name is too long', `-----BEGIN ${'A'.repeat(33)} PRIVATE KEY-----`, false],
    ['with the longest name', `-----BEGIN ${'A'.repeat(31)} PRIVATE KEY-----`, true],
    ['with the longest name, up to its end', `-----BEGIN ${'A'.repeat(31)} PRIVATE KEY-----\n-----END ${'A'.repeat(31)} PRIVATE KEY-----\n`, false],
    ['in a fenced block that ended', `\`\`\`\n${begin}\n\`\`\`\n`, true],
  ])('is open %s', (_what, text, expected) => {
    expect(isOpen(text)).toBe(expected)
    expect(isOpen(`${'words of prose. '.repeat(20)}\n${text}`)).toBe(expected)
  }) // prettier-ignore

  it('is open from its word on to the last dash', () => {
    const text = `a\n${begin}MII\n${end}b`
    const from = text.indexOf('PRIVATE KEY') + 'PRIVATE KEY'.length
    const to = text.lastIndexOf('-----') + 5
    const places = Array.from({ length: text.length + 1 }, (_, place) => isOpen(text, place))
    expect(places.indexOf(true)).toBe(from)
    expect(places.lastIndexOf(true)).toBe(to - 1)
    expect(places.slice(from, to).every(Boolean)).toBe(true)
  })
})

const pieces = [
  '```',
  '~~~',
  '\n',
  '\n```\n',
  ' ',
  '   ',
  'word ',
  '-----BEGIN ',
  'RSA ',
  'PRIVATE KEY',
  '-----',
  '-----END ',
  ' BLOCK',
  begin,
  end,
  'a'.repeat(70),
]
const text = fc.array(fc.constantFrom(...pieces), { maxLength: 30 }).map((all) => all.join('')) // prettier-ignore

/** Beginnings and ends of keys within so many characters, by their whole lines. */
function plainly(whole: string, place: number): boolean {
  const seen = whole.slice(0, place)
  const fences = seen.match(/^[ \t]{0,3}(?:```|~~~)/gm)?.length ?? 0
  let keys = 0
  for (const [mark] of seen.matchAll(/-----BEGIN [A-Z0-9 ]{0,32}PRIVATE KEY|-----END [^]{0,32}?PRIVATE KEY(?: BLOCK)?-----/g)) {
    keys = mark.startsWith('-----B') ? keys + 1 : Math.max(0, keys - 1)
  }
  return fences % 2 === 1 || keys > 0
} // prettier-ignore

describe('blocks that are open at a place', () => {
  it('are told by a word that is cut by the place, and by one that ends there', () => {
    const blocks = new OpenBlocks()
    const places = Array.from({ length: begin.length + 1 }, (_, place) => blocks.areOpenAt(begin, place))
    expect(places.indexOf(true)).toBe(begin.indexOf('KEY') + 3)
    expect(places.lastIndexOf(false)).toBe(begin.indexOf('KEY') + 2)
  })

  it('count a key once, where it was seen to the end of its word before the text moved on', () => {
    const text = `${begin}MII\n${end}b`
    const blocks = new OpenBlocks()
    expect(blocks.areOpenAt(text, begin.indexOf('KEY') + 3)).toBe(true)
    blocks.move(0)
    expect([blocks.areOpenAt(text, begin.length), blocks.areOpenAt(text, text.length)]).toEqual([true, false])
  })

  it('are the same however many places were asked for before', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(400), { maxLength: 12 }), (whole, some) => {
        const places = some.map((place) => Math.min(place, whole.length)).toSorted((one, other) => one - other)
        const blocks = new OpenBlocks()
        for (const place of places) expect(blocks.areOpenAt(whole, place)).toBe(isOpen(whole, place))
      }),
      { numRuns: propertyRuns(2_000), seed: 1 },
    )
  })

  it('are the same where the text before was dropped, but for what a mark is recognized by', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(120), { maxLength: 8 }), (whole, steps) => {
        const blocks = new OpenBlocks()
        let dropped = 0
        let place = 0
        for (const step of steps) {
          place = Math.min(place + step, whole.length)
          expect(blocks.areOpenAt(whole.slice(dropped, place), place - dropped)).toBe(isOpen(whole.slice(0, place)))
          const count = Math.max(0, place - 64 - dropped)
          blocks.move(count)
          dropped += count
        }
      }),
      { numRuns: propertyRuns(2_000), seed: 2 },
    )
  })

  it('are those of a plain reading of the text up to there', () => {
    const lines = fc.array(fc.constantFrom('```\n', '  ~~~ sql\n', 'words\n', 'more words. ', begin, end), {
      maxLength: 20,
    })
    fc.assert(
      fc.property(lines.map((all) => all.join('')), fc.nat(400), (whole, place) => {
        expect(isOpen(whole, place)).toBe(plainly(whole, place))
      }),
      { numRuns: propertyRuns(2_000), seed: 3 },
    ) // prettier-ignore
  })
})
