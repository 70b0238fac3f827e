import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Filter, FilterFinding } from '../../src/filters/filter.ts'
import { createIdentifiersFilter } from '../../src/filters/identifiers/identifiers-filter.ts'
import { createPiiFilter } from '../../src/filters/pii/pii-filter.ts'
import { createNamesFilter } from '../../src/filters/names/names-filter.ts'
import { createSecretsFilter } from '../../src/filters/secrets/secrets-filter.ts'
import { corpus } from '../support/corpora/corpora.ts'
import { identifierKinds, surroundings } from '../support/filters/identifier-values.ts'
import { createRandom } from '../support/random.ts'
import { interval } from './intervals.ts'
import { measureNames } from './names.ts'

const threshold = 0.5
const signal = new AbortController().signal
const context = { direction: 'inbound', group: 'default', executedSql: [] } as const
const structured: readonly Filter[] = [createIdentifiersFilter(), createPiiFilter(), createSecretsFilter()]

/** Those of names, too. */
const all: readonly Filter[] = [...structured, createNamesFilter()]

async function findings(filters: readonly Filter[], text: string): Promise<FilterFinding[]> {
  const found = await Promise.all(
    filters.map((filter) => filter.inspect([{ text, provenance: 'user' }], context, signal)),
  )
  return found.flat().filter(({ score }) => score >= threshold)
}

const perSurrounding = 20

/** Values made by the rules of their issuers, in every surrounding and four languages. */
async function measureRecall(): Promise<void> {
  const random = createRandom(20_263)
  const bySurrounding = new Map<string, { hits: number; total: number }>()
  const rows: { kind: string; hidden: string; asItsKind: string }[] = []
  for (const { category, names, make } of identifierKinds) {
    let [hidden, asItsKind, total] = [0, 0, 0]
    for (const [where, write] of Object.entries(surroundings)) {
      const tally = bySurrounding.get(where) ?? { hits: 0, total: 0 }
      bySurrounding.set(where, tally)
      for (let count = 0; count < perSurrounding; count += 1) {
        const value = make(random)
        const language = count % names.length
        const text = write(names[language] ?? '', value, language)
        const start = text.lastIndexOf(value)
        const found = await findings(structured, text)
        const covering = found.filter((one) => one.start <= start && one.end >= start + value.length)
        total += 1
        tally.total += 1
        if (covering.length > 0) [hidden, tally.hits] = [hidden + 1, tally.hits + 1]
        else if (process.argv.includes('--verbose')) console.log(`missed ${category}: ${JSON.stringify(text)}`)
        if (covering.some((one) => one.category === category)) asItsKind += 1
      }
    }
    rows.push({ kind: category, hidden: interval(hidden, total), asItsKind: interval(asItsKind, total) })
  }
  console.log('\nGenerated values, the whole value covered, 95 % Wilson intervals:')
  console.table(rows)
  console.table([...bySurrounding].map(([where, { hits, total }]) => ({ where, hidden: interval(hits, total) })))
}

/** Where files that people wrote are on a machine of a developer. */
const folders = ['node_modules', '/usr/lib/python3', '/usr/lib/python3.11', '/usr/lib/python3.13', '/usr/share/doc', '/usr/share/perl', '/usr/include', '/var/log'] // prettier-ignore
const technical = /\.(?:m?[jt]sx?|cjs|py|json|md|h|c|pm|pl|sql|csv|log|txt|ya?ml|css|html|xml|rs|go|lock|toml|map)$/
const longestFile = 300_000
const mostFiles = 4_000

function filesBelow(folder: string): string[] {
  try {
    return readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && technical.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => statSync(path).size <= longestFile)
  } catch {
    process.stderr.write(`SKIPPED: ${folder} is not here or cannot be read\n`)
    return []
  }
}

/** As many of one folder as of another where there are enough, taken evenly. */
function sample(): string[] {
  const tables = corpus('workloads/dabench/tables')
  const all = [...folders, ...(tables === null ? [] : [tables])].map(filesBelow).filter((files) => files.length > 0)
  const share = Math.ceil(mostFiles / all.length)
  return all.flatMap((files) => {
    const step = Math.max(1, files.length / share)
    return Array.from({ length: Math.min(share, files.length) }, (_, at) => files[Math.floor(at * step)] ?? '')
  })
}

const typeOf = (path: string) => path.slice(path.lastIndexOf('.') + 1)

/** Every finding in real files, for a person to say which of them is true. */
async function measureRealFiles(): Promise<void> {
  const byType = new Map<string, { hits: number; total: number }>()
  const byCategory = new Map<string, number>()
  for (const path of sample()) {
    const text = readFileSync(path, 'utf8')
    const found = await findings(all, text)
    const tally = byType.get(typeOf(path)) ?? { hits: 0, total: 0 }
    byType.set(typeOf(path), { hits: tally.hits + (found.length > 0 ? 1 : 0), total: tally.total + 1 })
    for (const category of new Set(found.map((one) => one.category))) {
      byCategory.set(category, (byCategory.get(category) ?? 0) + 1)
      const first = found.find((one) => one.category === category)
      if (first === undefined || !process.argv.includes('--verbose')) continue
      const around = text.slice(Math.max(0, first.start - 40), first.end + 10)
      console.log(
        `${category} ${JSON.stringify(text.slice(first.start, first.end))} in ${JSON.stringify(around)} ${path}`,
      )
    }
  }
  const total = [...byType.values()].reduce((sum, one) => sum + one.total, 0)
  console.log(`\n${total} real files; files with a finding, true ones among them:`)
  console.table(
    [...byType].map(([type, one]) => ({ type, files: one.total, withFinding: interval(one.hits, one.total) })),
  )
  console.table([...byCategory].map(([category, files]) => ({ category, files: interval(files, total) })))
}

const sentence =
  'The quarterly report went to the board on 3 March 2024, and its authors (about 25 people) asked for 12 more pages. Nobody in the room had read section 4, which is why the meeting took 90 minutes. '
const rows = Array.from(
  { length: 80 },
  (_, at) => `${at},${1000 + at * 37},${(at * 3.7).toFixed(3)},2024-01-${10 + (at % 20)}`,
)

/** Microseconds of each filter for two kilobytes, the best of many; the first one reads the text for all. */
async function measureTime(): Promise<void> {
  const texts = { prose: sentence.repeat(20), table: rows.join('\n') }
  const figures: Record<string, string>[] = []
  for (const [kind, long] of Object.entries(texts)) {
    const text = long.slice(0, 2_048)
    const best = all.map(() => Infinity)
    for (let round = 0; round < 200; round += 1) {
      const parts = Array.from({ length: 20 }, () => ({ text, provenance: 'user' as const }))
      // oxlint-disable-next-line no-await-in-loop -- one after the other is what is measured
      for (const [at, filter] of all.toReversed().entries()) {
        const started = performance.now()
        for (const part of parts) await filter.inspect([part], context, signal)
        best[at] = Math.min(best[at] ?? Infinity, ((performance.now() - started) / parts.length) * 1_000)
      }
    }
    const names = all.toReversed().map(({ name }, at) => [name, `${(best[at] ?? 0).toFixed(1)} µs`] as const)
    figures.push({ text: kind, ...Object.fromEntries(names) })
  }
  console.log('\nTime for 2,048 characters, warm; the first filter reads the text for the others:')
  console.table(figures)
}

/** `npm run bench -- recognizers`: what the recognizers hide, and what of ordinary files they touch. */
export async function benchRecognizers(): Promise<void> {
  await measureRecall()
  await measureNames(structured)
  await measureRealFiles()
  await measureTime()
}
