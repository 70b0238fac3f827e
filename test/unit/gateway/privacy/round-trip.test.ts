import { createSecretKey, randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskText, type ValueSpan } from '../../../../src/gateway/privacy/mask/mask-text.ts'
import { restoreText, TextRestorer } from '../../../../src/gateway/privacy/restore/text-restorer.ts'
import { Labels } from '../../../../src/gateway/privacy/tokens/labels.ts'
import { Spellings } from '../../../../src/gateway/privacy/tokens/spellings.ts'
import { TokenBook } from '../../../../src/gateway/privacy/tokens/token-book.ts'
import { holds, patienceFor } from '../../../support/privacy/lane-cases.ts'
import { verifies } from '../../../support/verifies.ts'

const categories = ['pii/email', 'pii/phone', 'pii/person', 'secret/openai-key']
const labels = new Labels()
const spellings = new Spellings(labels.all)
const newBook = () => new TokenBook(createSecretKey(randomBytes(32)), labels)

const pieces = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.constantFrom(
    'EMAIL_',
    'email',
    'PERSON ',
    'LITERAL\\_',
    'SECRET-',
    'PHONE',
    '_',
    ' ',
    '-',
    'B1',
    'C2D3',
    'k7f3q9x2m4',
    'B1C2D3F4G5',
    's',
    '\n',
    'é',
    '.',
  ),
)
const texts = fc.array(pieces, { maxLength: 12 }).map((parts) => parts.join(''))

/** A text with spans anywhere in it, as detectors may report them: overlapping, side by side, in the middle of words. */
const spanned = texts.chain((text) =>
  fc.record({
    text: fc.constant(text),
    spans: fc.array(
      fc
        .tuple(fc.nat(text.length), fc.nat(text.length), fc.constantFrom(...categories))
        .map(([one, other, category]): ValueSpan => ({
          start: Math.min(one, other),
          end: Math.max(one, other),
          category,
        })),
      { maxLength: 5 },
    ),
  }),
)

/** As prose is, but without an address in it: what stands in one is left. */
const form = 'prose' as const

describe('masking and restoring', () => {
  it(
    'gives every text back to the letter, live tokens and their spellings included',
    async () => {
      verifies('pii.escaped')
      await holds(
        'restore after mask is what was said',
        fc.property(fc.array(spanned, { minLength: 1, maxLength: 4 }), (parts) => {
          const book = newBook()
          const masked = parts.map(({ text, spans }) => maskText(text, spans, { book, spellings }).text)
          // Texts that hold tokens which live: the masked ones, as if somebody had typed them.
          const typed = masked.map((text) => ({
            text: text as string,
            again: maskText(text, [], { book, spellings }).text,
          }))
          for (const [index, text] of masked.entries()) {
            expect(restoreLetters(text, book)).toBe(parts[index]?.text)
          }
          for (const { text, again } of typed) expect(restoreLetters(again, book)).toBe(text)
        }),
      )
    },
    patienceFor('restore after mask is what was said'),
  )

  it(
    'gives the same however the answer is cut',
    async () => {
      verifies('pii.any-cut')
      await holds(
        'restored in pieces is restored whole',
        fc.property(spanned, texts, fc.array(fc.nat(400), { maxLength: 12 }), ({ text, spans }, more, cuts) => {
          const book = newBook()
          const answer = `${maskText(text, spans, { book, spellings }).text}${more}`
          const whole = restoreText(answer, { book, spellings, form })
          const restorer = new TextRestorer({ book, spellings, form })
          const places = [0, ...cuts.map((cut) => cut % (answer.length + 1)), answer.length].sort(
            (one, other) => one - other,
          )
          let streamed = ''
          for (let index = 1; index < places.length; index += 1) {
            streamed += restorer.push(answer.slice(places[index - 1], places[index]))
          }
          expect(streamed + restorer.end()).toBe(whole)
          const single = new TextRestorer({ book, spellings, form })
          expect(Array.from(answer, (character) => single.push(character)).join('') + single.end()).toBe(whole)
        }),
      )
    },
    patienceFor('restored in pieces is restored whole'),
  )

  it(
    'is undone by two proxies in a row',
    async () => {
      verifies('pii.escaped')
      await holds(
        'two proxies in a row',
        fc.property(spanned, spanned, ({ text, spans }, inner) => {
          const [outerBook, innerBook] = [newBook(), newBook()]
          const outer = maskText(text, spans, { book: outerBook, spellings }).text
          const atUpstream = maskText(
            outer,
            inner.spans.filter(({ end }) => end <= outer.length),
            { book: innerBook, spellings },
          ).text
          expect(restoreLetters(restoreLetters(atUpstream, innerBook), outerBook)).toBe(text)
        }),
      )
    },
    patienceFor('two proxies in a row'),
  )
})

/** Every token of the text read, wherever it stands. */
function restoreLetters(text: string, book: TokenBook): string {
  let result = ''
  let at = 0
  for (const spelling of spellings.find(text).spellings) {
    const value = book.meant(spelling)?.value
    if (value === undefined) continue
    result += text.slice(at, spelling.start) + value
    at = spelling.end
  }
  return result + text.slice(at)
}
