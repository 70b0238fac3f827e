import { readFileSync, writeFileSync } from 'node:fs'
import type { Filter, FilterPart } from '../../src/filters/filter.ts'
import { allDetectors, categoriesIn, has } from '../support/filters/hostile/ask-detectors.ts'
import { hostileFile, makeRows, type HostileRow } from '../support/filters/hostile/rows.ts'
import { interval } from './intervals.ts'

const columns = ['words', 'toxicity', 'leaks', 'values'] as const

const columnOf = ({ category, of }: HostileRow) => (category === 'toxicity' ? 'toxicity' : of)

/** Measures the texts of `test/corpora/hostile` and those that sound dangerous; `--record` writes down what was found. */
export async function benchHostileText(): Promise<void> {
  const detectors = allDetectors()
  const rows: HostileRow[] = []
  for (const row of makeRows()) {
    const { isStreamed } = row
    const found = await categoriesIn(detectors, { texts: row.parts, isStreamed })
    const benign = await categoriesIn(detectors, { texts: row.benign, isStreamed })
    const [isFound, isBenignLeft] = [has(found, row.category), benign.size === 0]
    if (!isBenignLeft) console.log(`look-alike ${row.id}, ${row.disguise}: ${[...benign].join(', ')}`)
    rows.push(Object.assign(row, { isFound, isBenignLeft }))
  }
  if (process.argv.includes('--record'))
    writeFileSync(hostileFile, rows.map((row) => `${JSON.stringify(row)}\n`).join(''))
  printTable(rows)
  await printRefusals(detectors)
}

function printTable(rows: readonly HostileRow[]): void {
  console.log(
    `\n| disguise | ${columns.join(' | ')} | look-alikes flagged |\n|---|${'---|'.repeat(columns.length + 1)}`,
  )
  const print = (name: string, some: readonly HostileRow[], write: (hits: number, of: number) => string) => {
    const cells = columns.map((column) => {
      const of = some.filter((row) => columnOf(row) === column)
      return of.length === 0 ? '–' : write(of.filter(({ isFound }) => isFound).length, of.length)
    })
    const flagged = some.filter(({ isBenignLeft }) => !isBenignLeft).length
    console.log(`| ${name} | ${cells.join(' | ')} | ${write(flagged, some.length)} |`)
  }
  for (const disguise of new Set(rows.map((row) => row.disguise))) {
    print(
      disguise,
      rows.filter((row) => row.disguise === disguise),
      (hits, of) => `${hits}/${of}`,
    )
  }
  print('**all**', rows, interval)
}

/** The categories that the example of a public profile blocks, with its thresholds. */
const blocked: readonly { readonly category: string; readonly threshold: number }[] = [
  { category: 'toxicity', threshold: 0.6 },
  { category: 'leak', threshold: 0.5 },
  { category: 'secret', threshold: 0.5 },
  { category: 'pii', threshold: 0.5 },
]

const sets: readonly {
  readonly name: string
  readonly file: string
  readonly textOf: (row: Record<string, string>) => string
}[] = [
  { name: 'NotInject (one trigger word)', file: 'notinject-one.json', textOf: (row) => row['prompt'] ?? '' },
  {
    name: 'CyberSecEval, false refusals (half)',
    file: 'cyberseceval-false-refusal.json',
    textOf: (row) => row['mutated_prompt'] ?? row['prompt'] ?? '',
  },
]

async function printRefusals(detectors: readonly Filter[]): Promise<void> {
  const folder = process.env['SALLYPORT_DATA']
  if (folder === undefined) {
    console.log('\nSKIPPED: texts that sound dangerous; SALLYPORT_DATA names no folder of corpora.')
    return
  }
  console.log('\n| harmless texts that sound dangerous | blocked | by |\n|---|---|---|')
  for (const { name, file, textOf } of sets) {
    const rows = JSON.parse(readFileSync(`${folder}/injection/${file}`, 'utf8')) as Record<string, string>[]
    const counts = new Map<string, number>()
    let refused = 0
    for (const row of rows) {
      const by = await blockersOf(detectors, textOf(row))
      if (by.size > 0) refused += 1
      for (const category of by) counts.set(category, (counts.get(category) ?? 0) + 1)
    }
    const by = [...counts].map(([category, count]) => `${category} ${count}`).join(', ')
    console.log(`| ${name} | ${interval(refused, rows.length)} | ${by || '–'} |`)
  }
}

async function blockersOf(detectors: readonly Filter[], text: string): Promise<ReadonlySet<string>> {
  const parts: FilterPart[] = [{ text, provenance: 'user' }]
  const context = { direction: 'inbound', group: 'public', executedSql: [] } as const
  const { signal } = new AbortController()
  const findings = (await Promise.all(detectors.map((detector) => detector.inspect(parts, context, signal)))).flat()
  return new Set(
    findings.flatMap(({ category, score }) =>
      blocked.some((rule) => category.startsWith(rule.category) && score >= rule.threshold) ? [category] : [],
    ),
  )
}
