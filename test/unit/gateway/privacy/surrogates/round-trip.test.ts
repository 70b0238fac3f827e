import { createSecretKey, randomBytes } from 'node:crypto'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { maskText, type ValueSpan } from '../../../../../src/gateway/privacy/mask/mask-text.ts'
import { restoreLetters, restoreText, TextRestorer } from '../../../../../src/gateway/privacy/restore/text-restorer.ts'
import { surrogateKinds } from '../../../../../src/gateway/privacy/surrogates/options.ts'
import { SurrogateMaker } from '../../../../../src/gateway/privacy/surrogates/surrogate-maker.ts'
import { TokenBook } from '../../../../../src/gateway/privacy/tokens/token-book.ts'
import { casesOf, holds, patienceFor } from '../../../../support/privacy/lane-cases.ts'
import { labels, spellings } from '../../../../support/privacy/private-calls.ts'
import { verifies } from '../../../../support/verifies.ts'

const kinds = new Set<string>(surrogateKinds)
const form = 'prose' as const

const values: readonly (readonly [kind: string, value: string])[] = [
  ['pii/card', '4539 1488 0343 6467'],
  ['pii/card', '4539-1488-0343-6467'],
  ['pii/card', '4111111111111111'],
  ['pii/card', '4242 4242 4242 4242'],
  ['pii/phone', '+1 (415) 555-2671'],
  ['pii/phone', '415 555 2671'],
  ['pii/phone', '+49 30 1234567'],
  ['pii/email', 'kim.wexler@hamlin.example'],
  ['pii/email', 'Kim.Wexler@hamlin.example'],
  ['pii/iban', 'DE89 3704 0044 0532 0130 00'],
  ['pii/ssn', '536-22-8145'],
  ['pii/ssn', '536228145'],
  ['pii/ip-address', '10.1.2.3'],
  ['pii/mac-address', '3c:22:fb:00:11:aa'],
  ['pii/mac-address', '3C:22:FB:00:11:AA'],
  ['pii/person', 'Kim Wexler'],
  ['pii/person', 'KIM WEXLER'],
  ['pii/date-of-birth', '1984-03-12'],
]

const glue = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 6 }),
  fc.constantFrom(' ', '-', '.', ',', ':', '+', '(', ') ', '1 ', ' 2', '/', '@', '\n', 's', '4111', '12 4111 ', 'é', '_', 'EMAIL_', 'B1C2D3'), // prettier-ignore
)

interface Spanned {
  readonly text: string
  readonly spans: readonly ValueSpan[]
}

/** Values with anything around them, and spans as detectors may report them: right, too long, or in the middle of words. */
const spanned = fc
  .array(fc.tuple(glue, fc.constantFrom(...values), fc.nat(9), glue), { maxLength: 4 })
  .map((parts): Spanned => {
    let text = ''
    const spans: ValueSpan[] = []
    for (const [before, [category, value], slip, after] of parts) {
      text += before
      if (slip < 8) spans.push({ start: text.length, end: text.length + value.length, category })
      if (slip === 7) spans.push({ start: Math.max(0, text.length - 2), end: text.length + 3, category: 'pii/email' })
      text += value + after
    }
    return { text, spans: spans.filter(({ end }) => end <= text.length) }
  })

const newBook = () => new TokenBook(createSecretKey(randomBytes(32)), labels)

/** As a request is masked: again once all of its surrogates live. */
function maskAll(texts: readonly Spanned[], book: TokenBook) {
  const saidLike = (pattern: RegExp) => texts.flatMap(({ text }) => text.match(pattern) ?? [])
  const surrogates = new SurrogateMaker({ book, kinds, stops: [], saidLike })
  const options = { book, spellings, surrogates }
  let masked = texts.map(({ text, spans }) => maskText(text, spans, options).text)
  for (let known = 0; book.surrogates.size > known;) {
    known = book.surrogates.size
    masked = texts.map(({ text, spans }) => maskText(text, spans, options).text)
  }
  return masked
}

describe('masking with surrogates and restoring', () => {
  it(
    'gives every text back to the letter, live surrogates in the texts included',
    async () => {
      verifies('surrogates.round-trip')
      let made = 0
      await holds(
        'surrogates: restore after mask is what was said',
        fc.property(fc.array(spanned, { minLength: 1, maxLength: 4 }), fc.nat(3), (texts, which) => {
          const book = newBook()
          const masked = maskAll(texts, book)
          made += book.surrogates.size
          for (const [index, text] of masked.entries()) {
            expect(restoreLetters(text, { book, spellings, form })).toBe(texts[index]?.text)
          }
          // Whoever types what lives, in whatever way: a later turn of a conversation that a provider keeps.
          const live = [...book.surrogates.entries()].map(({ token }) => token)
          const typed = [
            ...masked,
            live.join(', '),
            live.map((token) => token.toUpperCase()).join(' '),
            live.map((token) => token.replaceAll(/[ ()]/g, '-')).join(';'),
            `x${live[which] ?? ''} ${live[which] ?? ''}1`,
          ]
          const again = maskAll(
            typed.map((text) => ({ text, spans: [] })),
            book,
          )
          for (const [index, text] of again.entries()) {
            expect(restoreLetters(text, { book, spellings, form })).toBe(typed[index])
          }
        }),
      )
      expect(made).toBeGreaterThan(casesOf('surrogates: restore after mask is what was said'))
    },
    patienceFor('surrogates: restore after mask is what was said'),
  )

  it(
    'gives the same however the answer is cut',
    async () => {
      verifies('pii.any-cut')
      await holds(
        'surrogates: restored in pieces is restored whole',
        fc.property(spanned, glue, fc.array(fc.nat(400), { maxLength: 12 }), (given, more, cuts) => {
          const book = newBook()
          const answer = `${maskAll([given], book).join('')}${more}`
          for (const read of ['prose', 'json'] as const) {
            const options = { book, spellings, form: read }
            const whole = restoreText(answer, options)
            const restorer = new TextRestorer(options)
            const places = [0, ...cuts.map((cut) => cut % (answer.length + 1)), answer.length].sort(
              (one, other) => one - other,
            )
            let streamed = ''
            for (const [index, place] of places.entries())
              streamed += restorer.push(answer.slice(places[index - 1] ?? 0, place))
            expect(streamed + restorer.end()).toBe(whole)
            const single = new TextRestorer(options)
            const pieces = Array.from({ length: answer.length }, (_, at) => single.push(answer.charAt(at)))
            expect(pieces.join('') + single.end()).toBe(whole)
          }
        }),
      )
    },
    patienceFor('surrogates: restored in pieces is restored whole'),
  )

  it(
    'is undone by two proxies in a row',
    async () => {
      verifies('surrogates.round-trip')
      await holds(
        'surrogates: two proxies in a row',
        fc.property(spanned, fc.boolean(), (given, isSeen) => {
          const [outer, inner] = [newBook(), newBook()]
          const [sent = ''] = maskAll([given], outer)
          // What the outer one has put there are values for the inner one, as far as it sees them.
          const spans = isSeen
            ? outer.surrogates
                .find(sent)
                .places.map(({ start, end, entry }) => ({ start, end, category: entry.category }))
            : []
          const [atUpstream = ''] = maskAll([{ text: sent, spans }], inner)
          const back = restoreLetters(atUpstream, { book: inner, spellings, form })
          expect(restoreLetters(back, { book: outer, spellings, form })).toBe(given.text)
        }),
      )
    },
    patienceFor('surrogates: two proxies in a row'),
  )

  it(
    'has no surrogate within another, and none that two values share',
    async () => {
      verifies('surrogates.by-value')
      await holds(
        'surrogates: none within another',
        fc.property(fc.shuffledSubarray([...values], { minLength: 2 }), (some) => {
          const book = newBook()
          const maker = new SurrogateMaker({ book, kinds, stops: [], saidLike: () => [] })
          for (const [kind, value] of some) maker.for(kind, value)
          const entries = [...book.surrogates.entries()]
          expect(new Set(entries.map(({ token }) => token)).size).toBe(entries.length)
          for (const { token, value } of entries) {
            const { places } = book.surrogates.find(token)
            expect(places.map((place) => [place.start, place.end, place.value])).toEqual([[0, token.length, value]])
          }
        }),
      )
    },
    patienceFor('surrogates: none within another'),
  )
})
