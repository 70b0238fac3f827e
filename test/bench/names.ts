import { readFileSync } from 'node:fs'
import { z } from 'zod'
import type { Filter } from '../../src/filters/filter.ts'
import { nameKinds } from '../../src/filters/names/labels.ts'
import { createNamesFilter } from '../../src/filters/names/names-filter.ts'
import { Tokens } from '../../src/filters/names/tokens.ts'
import { languages } from '../../training/names/gazetteers.ts'
import { Generator } from '../../training/names/generator.ts'
import { corpus } from '../support/corpora/corpora.ts'
import { interval } from './intervals.ts'

const threshold = 0.5
const signal = new AbortController().signal
const context = { direction: 'inbound', group: 'default', executedSql: [] } as const
/** A word, a number or both; not the signs between them. */
const lastWordKind = 2

interface Span {
  readonly start: number
  readonly end: number
  readonly kind: string
}

/** A text, the values that are looked for, and others that it is no fault to find. */
interface Labelled {
  readonly text: string
  readonly values: readonly Span[]
  readonly others: readonly Span[]
}

const corpusSchema = z.array(
  z.object({
    full_text: z.string(),
    spans: z.array(z.object({ entity_type: z.string(), start_position: z.int(), end_position: z.int() })),
  }),
)

const kindByEntity: Readonly<Record<string, string>> = {
  PERSON: 'pii/person',
  ORGANIZATION: 'pii/organization',
  STREET_ADDRESS: 'pii/address',
  GPE: 'pii/location',
}

const structuredByEntity: Readonly<Record<string, string>> = {
  CREDIT_CARD: 'pii/card',
  EMAIL_ADDRESS: 'pii/email',
  IBAN_CODE: 'pii/iban',
  PHONE_NUMBER: 'pii/phone',
  US_DRIVER_LICENSE: 'pii/driver-license',
  US_SSN: 'pii/ssn',
}

function synthetic(path: string, kinds: Readonly<Record<string, string>>): Labelled[] {
  return corpusSchema.parse(JSON.parse(readFileSync(path, 'utf8'))).map(({ full_text: text, spans }) => {
    const all = spans.map((one) => ({
      start: one.start_position,
      end: one.end_position,
      kind: kinds[one.entity_type] ?? '',
    }))
    return { text, values: all.filter(({ kind }) => kind !== ''), others: all.filter(({ kind }) => kind === '') }
  })
}

const touches = (one: Span, other: Span) => one.start < other.end && one.end > other.start

interface Counts {
  hidden: number
  asItsKind: number
  total: number
  right: number
  found: number
}

const zero = (): Counts => ({ hidden: 0, asItsKind: 0, total: 0, right: 0, found: 0 })

/** By kind: values of which every word is hidden, those found as their own kind, findings that touch a value. By words: F2. */
async function measure(title: string, texts: readonly Labelled[], filters: readonly Filter[]): Promise<void> {
  const byKind = new Map<string, Counts>()
  const countsOf = (kind: string) => byKind.get(kind) ?? insert(byKind, kind)
  let [hit, missed, wrong] = [0, 0, 0]
  for (const { text, values, others } of texts) {
    const parts = [{ text, provenance: 'user' as const }]
    const all = await Promise.all(filters.map((filter) => filter.inspect(parts, context, signal)))
    const found = all
      .flat()
      .filter(({ score }) => score >= threshold)
      .map(({ start, end, category }): Span => ({ start, end, kind: category }))
    const words = wordsOf(text)
    const covers = (spans: readonly Span[], word: Span) => spans.some((span) => touches(span, word))
    for (const word of words) {
      const isFound = covers(found, word)
      if (covers(values, word)) {
        hit += isFound ? 1 : 0
        missed += isFound ? 0 : 1
      } else if (isFound && !covers(others, word)) wrong += 1
    }
    for (const value of values) {
      const counts = countsOf(value.kind)
      counts.total += 1
      if (words.filter((word) => touches(word, value)).every((word) => covers(found, word))) counts.hidden += 1
      if (found.some((one) => one.kind === value.kind && touches(one, value))) counts.asItsKind += 1
    }
    for (const one of found) {
      const counts = countsOf(one.kind)
      counts.found += 1
      if ([...values, ...others].some((value) => touches(value, one))) counts.right += 1
    }
  }
  const [precision, recall] = [hit / (hit + wrong), hit / (hit + missed)]
  const f2 = (5 * precision * recall) / (4 * precision + recall)
  console.log(`\n${title}, ${texts.length} texts: of ${hit + missed} words ${interval(hit, hit + missed)} hidden,`)
  console.log(`of ${hit + wrong} hidden words ${interval(hit, hit + wrong)} in a value; F2 ${f2.toFixed(3)}`)
  console.table(
    [...byKind].map(([kind, { hidden, asItsKind, total, right, found }]) => ({
      kind,
      hidden: interval(hidden, total),
      asItsKind: interval(asItsKind, total),
      findingsRight: interval(right, found),
    })),
  )
}

function insert(counts: Map<string, Counts>, kind: string): Counts {
  const made = zero()
  counts.set(kind, made)
  return made
}

function wordsOf(text: string): Span[] {
  const tokens = new Tokens(text)
  return tokens.starts.flatMap((start, at) =>
    (tokens.kinds[at] ?? 0) > lastWordKind ? [] : [{ start, end: tokens.ends[at] ?? start, kind: '' }],
  )
}

const madeTexts = 1_000

/** Names in the public corpus and in made sentences of templates and names that the training never saw. */
export async function measureNames(structured: readonly Filter[]): Promise<void> {
  const names = createNamesFilter()
  const path = corpus('pii/synth-v2.json')
  if (path !== null) {
    await measure('synth-v2, names', synthetic(path, kindByEntity), [names])
    const together = { ...kindByEntity, ...structuredByEntity }
    await measure('synth-v2, names and what has a form', synthetic(path, together), [names, ...structured])
  }
  for (const language of languages) {
    const generator = new Generator(99, 'held-out')
    const texts = Array.from({ length: madeTexts }, () => generator.text(language)).map(({ text, spans }) => ({
      text,
      values: spans.map(({ start, end, kind }) => ({ start, end, kind: `pii/${nameKinds[kind]}` })),
      others: [],
    }))
    await measure(`Made sentences, ${language}`, texts, [names])
  }
}
