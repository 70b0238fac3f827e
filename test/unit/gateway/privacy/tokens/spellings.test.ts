import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  endsWithEscape,
  isBoundary,
  pairCount,
  pairOf,
  Spellings,
} from '../../../../../src/gateway/privacy/tokens/spellings.ts'
import { propertyRuns } from '../../../../support/property-runs.ts'

const spellings = new Spellings(['EMAIL', 'EYE', 'PERSON'])
const found = (text: string, options = {}) =>
  spellings
    .find(text, options)
    .spellings.map(({ start, end, label, key }) => `${text.slice(start, end)}=${label}:${key}`)

describe('a spelling of a token', () => {
  it.each([
    ['EMAIL_B1C2D3F4G5', 'EMAIL_B1C2D3F4G5=EMAIL:B1C2D3F4G5'],
    ['(eye-b1c2d3f4g5)', 'eye-b1c2d3f4g5=EYE:B1C2D3F4G5'],
    ['_EMAIL_B1C2D3F4G5_', 'EMAIL_B1C2D3F4G5=EMAIL:B1C2D3F4G5'],
    ['EMAIL\\_B1C2D3F4G5', 'EMAIL\\_B1C2D3F4G5=EMAIL:B1C2D3F4G5'],
    ['EMAIL _ B1C2D3F4G5', 'EMAIL _ B1C2D3F4G5=EMAIL:B1C2D3F4G5'],
    ['EMAIL_B1 C2-D3 F4G5', 'EMAIL_B1 C2-D3 F4G5=EMAIL:B1C2D3F4G5'],
    ['EMAIL_B1C2D3F4G5H6J7', 'EMAIL_B1C2D3F4G5=EMAIL:B1C2D3F4G5'],
    ['EMAIL_B1C2D3F4G5abc', 'EMAIL_B1C2D3F4G5=EMAIL:B1C2D3F4G5'],
    ['EMAIL_B1C2D3.', 'EMAIL_B1C2D3=EMAIL:B1C2D3'],
    ['EMAIL_B1C2D3', 'EMAIL_B1C2D3=EMAIL:B1C2D3'],
    ['EMAIL_B1C2D3F4 x', 'EMAIL_B1C2D3F4=EMAIL:B1C2D3F4'],
    ['EMAIL_B1C2D3F.', 'EMAIL_B1C2D3F=EMAIL:B1C2D3F'],
    ['EMAIL_B1C2D3F', 'EMAIL_B1C2D3F=EMAIL:B1C2D3F'],
    ['EMAIL_B1C2D3s', 'EMAIL_B1C2D3=EMAIL:B1C2D3'],
    ['EMAIL_B1C2D3S!', 'EMAIL_B1C2D3=EMAIL:B1C2D3'],
    ['éEMAIL_B1C2D3', 'EMAIL_B1C2D3=EMAIL:B1C2D3'],
    ['EMAIL___B1C2D3', 'EMAIL___B1C2D3=EMAIL:B1C2D3'],
    ['EMAIL_b1c2d3f ', 'EMAIL_b1c2d3f=EMAIL:B1C2D3F'],
    ['EMAIL_B1C2D3é', 'EMAIL_B1C2D3=EMAIL:B1C2D3'],
    ['EMAIL_B1C2D3sé', 'EMAIL_B1C2D3=EMAIL:B1C2D3'],
    ['EMAIL_B1C2D3 F', 'EMAIL_B1C2D3=EMAIL:B1C2D3'],
    ['EMAIL_B1C2D3-F4', 'EMAIL_B1C2D3-F4=EMAIL:B1C2D3F4'],
    ['Email_b1c2d3', 'Email_b1c2d3=EMAIL:B1C2D3'],
    ['eYE_B0C9D0', 'eYE_B0C9D0=EYE:B0C9D0'],
  ])('%s is one', (text, expected) => {
    expect(found(text)).toEqual([expected])
  })

  it.each([
    'EMAIL_B1C2',
    'EMAIL_B1C2D',
    'EMAILB1C2D3F4G5',
    'XEMAIL_B1C2D3F4G5',
    '5EMAIL_B1C2D3F4G5',
    'EMAIL____B1C2D3F4G5',
    'EMAIL_A1C2D3F4G5',
    'EMAIL_BBC2D3F4G5',
    'EMAIL_B1C2  D3F4G5',
    'EMAIL_B1C2D3ab',
    'EMAIL_B1C2D3a',
    'EMAIL_B1C2D3Fa',
    'EMAIL_B1C2D34',
    'EMAIL_',
    'EMAIL',
    'MAIL_B1C2D3F4G5',
    'EMAIL_-B1 -C2D3F4G5',
    'EMAIL_ B1C2_D3F4G5',
    'EMAIL.B1C2D3F4G5',
    'EMAIL_1BC2D3F4G5',
    'EMAIL_B:C2D3F4G5',
    'EMAIL_B/C2D3F4G5',
    'EMAIL_B1C2D3sa',
    'EMAIL_B1C2D3e',
    '',
  ])('%j is none', (text) => {
    expect(found(text)).toEqual([])
    expect(spellings.find(text).undecided).toBe(text.length)
  })

  it('is found wherever it stands, one behind the other', () => {
    expect(found('EMAIL_B1C2D3F4G5EYE_B1C2D3F4G5 PERSON_B1C2D3,EYE_B1C2D3')).toEqual([
      'EMAIL_B1C2D3F4G5=EMAIL:B1C2D3F4G5',
      'PERSON_B1C2D3=PERSON:B1C2D3',
      'EYE_B1C2D3=EYE:B1C2D3',
    ])
    expect(found('EMAIL_B1C2D3F4G5 EYE_B1C2D3F4G5', { from: 1 })).toEqual(['EYE_B1C2D3F4G5=EYE:B1C2D3F4G5'])
  })

  it('begins behind an escape of JSON, in JSON', () => {
    for (const text of ['a\\nEMAIL_B1C2D3', 'a\\u00e9EMAIL_B1C2D3', 'a\\\\\\tEMAIL_B1C2D3']) {
      expect(found(text, { form: 'json' })).toEqual(['EMAIL_B1C2D3=EMAIL:B1C2D3'])
      expect(found(text)).toEqual([])
    }
    expect(found('a\\\\nEMAIL_B1C2D3', { form: 'json' })).toEqual([])
  })
})

describe('a text that goes on', () => {
  it.each([
    ['see E', 4],
    ['see EMAI', 4],
    ['see EMAIL', 4],
    ['see EMAIL_', 4],
    ['see EMAIL_B', 4],
    ['see EMAIL_B1C2D3', 4],
    ['see EMAIL_B1C2D3 ', 4],
    ['see EMAIL_B1C2D3s', 4],
    ['see EMAIL_B1C2D3F', 4],
    ['see PERSON', 4],
    ['see ', 4],
    ['seeE', 4],
    ['see X', 5],
    ['see EX', 6],
    ['see EMAIL_A', 11],
    ['see EMAIL_B1C2D3.', 17],
    ['see EMAIL_B1C2D3F4G5', 20],
    ['see EMAIL_B1C2D3a', 17],
    ['see EMAIL_B1C2D3-', 4],
    ['see EMAIL_B1C2D3 .', 18],
  ])('%j is undecided from %i on', (text, undecided) => {
    expect(spellings.find(text, { isWhole: false }).undecided).toBe(undecided)
  })
})

const pieces = ['EMAIL', 'eye', 'Person', 'emaıl', 'ß', '_', '\\_', '-', ' ', 'B1', 'c2', 'D', '3', 's', 'ſ1', 'é', '.', 'x', '\\n', '\\u00e9'] // prettier-ignore
const textsLikeTokens = fc.array(fc.constantFrom(...pieces), { maxLength: 14 }).map((chosen) => chosen.join(''))

describe('a text that is looked through only as far as it can hold a token', () => {
  // Two pairs in front: every place is looked at.
  const front = 'B1C2\n'
  it('has the same spellings, and is undecided from the same place on, as where every place is looked at', () => {
    fc.assert(
      fc.property(textsLikeTokens, fc.boolean(), fc.constantFrom('prose', 'json'), (text, isWhole, form) => {
        const { spellings: all, undecided } = spellings.find(front + text, { from: front.length, isWhole, form })
        const moved = all.map(({ start, end, label, key }) => {
          return { start: start - front.length, end: end - front.length, label, key }
        })
        expect(spellings.find(text, { isWhole, form })).toEqual({
          spellings: moved,
          undecided: undecided - front.length,
        })
      }),
      { numRuns: propertyRuns(20_000) },
    )
  })

  it('takes no letter for a consonant that is one of ASCII in capitals alone, whole or cut', () => {
    expect(found('EMAIL_ſ1ſ2ſ3ſ4ſ5 B1C2')).toEqual([])
    expect(found('EMAIL_ſ1ſ2ſ3ſ4ſ5')).toEqual([])
    expect(spellings.find('EMAIL_ſ1ſ2ſ3', { isWhole: false }).undecided).toBe('EMAIL_ſ1ſ2ſ3'.length)
  })

  it('takes a label in the letters of a language for one, whose small ones are others', () => {
    expect(found('emaıl_B1C2D3F4G5')).toEqual(['emaıl_B1C2D3F4G5=EMAIL:B1C2D3F4G5'])
  })

  it('ends with an escape of JSON where a pattern says so', () => {
    const pattern = /(?<!\\)(?:\\\\)*\\(?:[nrtbf]|u[0-9a-f]{4})$/i
    const texts = fc
      .array(fc.constantFrom('\\', '\\\\', 'n', 'u', '00e9', 'U', 'F', 'x', '0'), { maxLength: 8 })
      .map((chosen) => chosen.join(''))
    fc.assert(
      fc.property(texts, (text) => {
        expect(endsWithEscape(text, text.length)).toBe(pattern.test(text.slice(-8)))
      }),
      { numRuns: propertyRuns(20_000) },
    )
  })
})

describe('pairs', () => {
  it('are two hundred, of a consonant and a digit', () => {
    const all = Array.from({ length: pairCount }, (_, number) => pairOf(number))
    expect(new Set(all).size).toBe(200)
    for (const pair of all) expect(pair).toMatch(/^[BCDFGHJKMNPQRSTVWXYZ]\d$/)
    expect([pairOf(0), pairOf(199)]).toEqual(['B0', 'Z9'])
  })
})

describe('a place for a token', () => {
  it.each([
    ['', 0, true],
    ['a', 1, false],
    ['Z', 1, false],
    ['0', 1, false],
    ['9', 1, false],
    ['A', 1, false],
    ['z', 1, false],
    ['ab', 0, true],
    ['a.', 1, false],
    ['.a', 1, true],
    ['_', 1, true],
    ['@', 1, true],
    ['[', 1, true],
    ['`', 1, true],
    ['{', 1, true],
    ['/', 1, true],
    [':', 1, true],
    ['é', 1, true],
    ['王', 1, true],
  ])('behind %j at %i: %s', (text, at, expected) => {
    expect(isBoundary(text, at)).toBe(expected)
  })
})
