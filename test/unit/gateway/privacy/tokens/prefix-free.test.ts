import { createSecretKey } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { Labels } from '../../../../../src/gateway/privacy/tokens/labels.ts'
import { Spellings } from '../../../../../src/gateway/privacy/tokens/spellings.ts'
import { TokenBook } from '../../../../../src/gateway/privacy/tokens/token-book.ts'
import { holds, patienceFor } from '../../../../support/privacy/lane-cases.ts'
import { labels as usualLabels } from '../../../../support/privacy/private-calls.ts'
import { writings, writtenAs } from '../../../../support/privacy/token-spellings.ts'
import { verifies } from '../../../../support/verifies.ts'

/** Kinds of an operator's own, many of whose names begin or end alike, or like those that there are. */
const ownKinds = fc
  .array(fc.constantFrom('E', 'X', 'MAIL', 'CARD', 'ID', 'IP', 'S', 'VALUE', 'LITERAL', 'PHONE'), {
    minLength: 1,
    maxLength: 3,
  })
  .map((parts) => `custom/${parts.join('-')}`)
const labelSets = fc.array(ownKinds, { maxLength: 6 }).map((kinds) => ({ kinds, labels: new Labels(kinds) }))

/** One of each label that there is without any of an operator's. */
const kindsByLabel = ['pii/email', 'pii/phone', 'pii/person', 'pii/ip-address', 'pii/passport', 'pii/in-pan', 'pii/national-id', 'secret/openai-key', 'custom/other', 'literal'] // prettier-ignore
const keys = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => createSecretKey(Buffer.from(bytes)))
const values = fc.string({ unit: 'grapheme', minLength: 1, maxLength: 40 })

describe('tokens', () => {
  it(
    'are never the beginning or the end of one another, whatever kinds and values they are of',
    async () => {
      verifies('pii.prefix-free')
      await holds(
        'no token begins another',
        fc.property(
          keys,
          labelSets,
          fc.array(fc.tuple(fc.nat(), values), { minLength: 2, maxLength: 24 }),
          fc.array(fc.bigInt({ min: 100_000n, max: 10n ** 19n }), { maxLength: 8 }),
          (key, { kinds, labels }, said, numbers) => {
            const book = new TokenBook(key, labels)
            const all = [...kindsByLabel, ...kinds]
            for (const [kind, value] of said) book.tokenFor(all[kind % all.length] ?? '', value)
            const made = [...book.entries()].map(({ token }) => token)
            expectNoneWithinAnother(made, labels)
            // Keys of one value under two kinds differ; were they alike, the kinds would still tell the tokens apart.
            expectNoneWithinAnother(withOneKey(labels), labels)
            for (const number of numbers) {
              const digits = String(number)
              expect(book.numberFor('pii/card', digits, () => false)).toHaveLength(digits.length)
            }
            expect(new Set([...book.entries()].map(({ token }) => token)).size).toBe(book.size)
          },
        ),
      )
    },
    patienceFor('no token begins another'),
  )

  it('of every kind that there is are none of them the beginning or the end of another', () => {
    const spellings = new Spellings(usualLabels.all)
    const made = withOneKey(usualLabels)
    expectNoneWithinAnother(made, usualLabels)
    for (const token of made) {
      expect(spellings.find(token).spellings).toEqual([
        { start: 0, end: token.length, label: token.split('_')[0], key: 'B1C2D3F4G5' },
      ])
    }
  })

  it(
    'are read as themselves in every spelling, and cut ones as nothing where they fit two values',
    async () => {
      verifies('pii.prefix-free')
      const few = fc.constantFrom('B1', 'B2', 'C1')
      // So few pairs that tokens begin alike: with usual keys, no two of a million would share what a cut leaves.
      const crowd = fc.uniqueArray(
        fc
          .tuple(
            fc.constantFrom('EMAIL', 'PERSON', 'PAN', 'NIE', 'CARD'),
            fc.array(few, { minLength: 5, maxLength: 5 }),
          )
          .map(([label, pairs]) => `${label}_${pairs.join('')}`),
        { minLength: 2, maxLength: 30 },
      )
      const spellings = new Spellings(usualLabels.all)
      await holds(
        'no spelling is read as another token',
        fc.property(
          keys,
          crowd,
          writings,
          fc.constantFrom('', ' ', '.', ', EMAIL', '"', '\n', '_'),
          (key, tokens, writing, behind) => {
            const book = new TokenBook(key, usualLabels)
            for (const [index, token] of tokens.entries())
              book.add({ token, category: 'pii/email', value: `value ${index}` })
            for (const [index, token] of tokens.entries()) {
              const written = writtenAs(token, writing)
              const [first, ...more] = spellings.find(written + behind).spellings
              expect([first?.start, first?.end, more.length]).toEqual([0, written.length, 0])
              const left = token.slice(0, token.length - writing.cut)
              // The last pair tells spellings of one value apart: those are the same value to whoever reads a cut one.
              const others = new Set(
                tokens.filter((other) => other.startsWith(left)).map((other) => other.slice(0, -2)),
              )
              const meant = first === undefined ? null : book.meant(first)
              if (writing.cut === 0) expect(meant?.value).toBe(`value ${index}`)
              else if (others.size > 1) expect(meant).toBeNull()
              else expect(meant?.token.slice(0, -2)).toBe(token.slice(0, -2))
            }
          },
        ),
      )
    },
    patienceFor('no spelling is read as another token'),
  )
})

const withOneKey = (labels: Labels): string[] => [...labels.all].map((label) => `${label}_B1C2D3F4G5`)

/** In order, all that begin alike stand beside one another; written from right to left, all that end alike. */
function expectNoneWithinAnother(tokens: readonly string[], labels: Labels): void {
  const reversed = tokens.map((token) => token.split('').toReversed().join(''))
  for (const ordered of [[...tokens].sort(), reversed.sort()]) {
    const within = ordered.filter((token, index) => ordered[index + 1]?.startsWith(token))
    expect(within).toEqual([])
  }
  const spellings = new Spellings(labels.all)
  const read = tokens.map((token) => spellings.find(token).spellings.map(({ start, end }) => token.slice(start, end)))
  expect(read).toEqual(tokens.map((token) => [token]))
}
