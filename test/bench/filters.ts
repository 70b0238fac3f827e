import { readFileSync } from 'node:fs'
import type { FilterFinding } from '../../src/filters/filter.ts'
import { createPiiFilter } from '../../src/filters/pii/pii-filter.ts'
import { createSecretsFilter } from '../../src/filters/secrets/secrets-filter.ts'
import { corpus } from '../support/corpora/corpora.ts'
import { sampleCustomerPrints } from '../support/filters/customer-prints.ts'
import { hardNegatives } from '../support/filters/hard-negatives.ts'
import { numberPrints, samplePrints } from '../support/filters/number-prints.ts'
import { contentPeers, contentSpeed } from './content-speed.ts'
import { report } from './figures.ts'
import { interval } from './intervals.ts'
import { benchScreening } from './screening.ts'

interface Sample {
  readonly full_text: string
  readonly spans: readonly {
    readonly entity_type: string
    readonly entity_value: string
    readonly start_position: number
    readonly end_position: number
  }[]
}

const entities: Readonly<Record<string, string>> = {
  EMAIL_ADDRESS: 'pii/email',
  PHONE_NUMBER: 'pii/phone',
  CREDIT_CARD: 'pii/card',
  US_SSN: 'pii/ssn',
  IBAN_CODE: 'pii/iban',
}

const threshold = 0.5
const signal = new AbortController().signal
const context = { direction: 'outbound', group: 'default', executedSql: [] } as const

async function findings(texts: readonly string[]): Promise<FilterFinding[]> {
  const parts = texts.map((text) => ({ text, provenance: 'model' }) as const)
  const found = await Promise.all(
    [createPiiFilter(), createSecretsFilter()].map((filter) => filter.inspect(parts, context, signal)),
  )
  return found.flat().filter((finding) => finding.score >= threshold)
}

/** Findings of one place as one: two patterns may see the same value. */
function distinct(found: readonly FilterFinding[]): { part: number; start: number; end: number }[] {
  const merged: { part: number; start: number; end: number }[] = []
  for (const { part, start, end } of found.toSorted((one, other) => one.part - other.part || one.start - other.start)) {
    const last = merged.at(-1)
    if (last !== undefined && last.part === part && start < last.end) last.end = Math.max(last.end, end)
    else merged.push({ part, start, end })
  }
  return merged
}

async function measureCorpus(path: string): Promise<void> {
  const samples = JSON.parse(readFileSync(path, 'utf8')) as Sample[]
  const found = await findings(samples.map((sample) => sample.full_text))
  const verbose = process.argv.includes('--verbose')
  const rows = Object.entries(entities).map(([entity, category]) => {
    const mine = distinct(found.filter((finding) => finding.category === category))
    const truth = samples.flatMap((sample, part) =>
      sample.spans.filter((span) => span.entity_type === entity).map((span) => Object.assign({ part }, span)),
    )
    const covered = truth.filter((span) =>
      mine.some((f) => f.part === span.part && f.start <= span.start_position && f.end >= span.end_position),
    )
    const right = mine.filter((f) =>
      truth.some((span) => f.part === span.part && f.start < span.end_position && f.end > span.start_position),
    )
    if (verbose) {
      for (const span of truth.filter((one) => !covered.includes(one))) {
        console.log(`missed ${entity}: ${span.entity_value} | ${samples[span.part]?.full_text ?? ''}`)
      }
      for (const f of mine.filter((one) => !right.includes(one))) {
        console.log(
          `wrong ${category}: ${samples[f.part]?.full_text.slice(f.start, f.end) ?? ''} | ${samples[f.part]?.full_text ?? ''}`,
        )
      }
    }
    return { entity, recall: interval(covered.length, truth.length), precision: interval(right.length, mine.length) }
  })
  console.log(`\nStructured personal data only (names and addresses are not looked for), ${samples.length} sentences,`)
  console.log('recall = the whole value covered, precision = overlaps a value of that kind, 95 % Wilson intervals:')
  console.table(rows)
}

async function measureHardNegatives(): Promise<void> {
  const found = await findings(hardNegatives)
  const flagged = new Set(found.map((finding) => finding.part))
  console.log(`\nHard negatives flagged: ${interval(flagged.size, hardNegatives.length)}`)
  for (const finding of found) {
    console.log(
      `  ${finding.category} ${finding.score}: ${hardNegatives[finding.part]?.slice(finding.start, finding.end) ?? ''} | ${hardNegatives[finding.part] ?? ''}`,
    )
  }
}

/** Numbers as Python prints them, which must stay, and rows of customers, of which nothing may. */
async function measurePrints(): Promise<void> {
  const each = 2_000
  const shapes = Object.keys(numberPrints)
  const prints = samplePrints(each * shapes.length, 20_262)
  const damaged = new Set((await findings(prints.map((print) => print.text))).map((finding) => finding.part))
  console.log(`\nPrints of ordinary numbers damaged: ${interval(damaged.size, prints.length)}`)
  const counts = new Map<string, number>()
  for (const part of damaged) {
    const shape = prints[part]?.shape ?? ''
    counts.set(shape, (counts.get(shape) ?? 0) + 1)
  }
  console.table([...counts].map(([shape, count]) => ({ shape, damaged: interval(count, each) })))
  console.log(`No print damaged, ${interval(0, each)} each: ${shapes.filter((shape) => !counts.has(shape)).join(', ')}`)
  const customers = sampleCustomerPrints(1_000, 20_261)
  const found = await findings(customers.map((print) => print.text))
  const values = customers.flatMap(({ text, values: all }, part) =>
    all.map((value) => ({ part, start: text.indexOf(value), end: text.indexOf(value) + value.length })),
  )
  const covered = values.filter((value) =>
    found.some((one) => one.part === value.part && one.start <= value.start && one.end >= value.end),
  )
  console.log(`Values in printed rows of customers found: ${interval(covered.length, values.length)}`)
}

/**
 * `npm run bench -- filters`: what the pattern filters catch and what they flag wrongly, and how fast those of content are;
 * with `--only content`, the latter alone.
 */
export async function benchFilters(): Promise<void> {
  const path = corpus('pii/synth-v2.json')
  if (process.argv.includes('--json')) return benchScreening()
  if (process.argv[process.argv.indexOf('--only') + 1] === 'content') return benchContent()
  if (path !== null) await measureCorpus(path)
  await measureHardNegatives()
  await measurePrints()
  await benchContent()
  await benchScreening()
}

async function benchContent(): Promise<void> {
  report('content', contentSpeed())
  await contentPeers()
}
