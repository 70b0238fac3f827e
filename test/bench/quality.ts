import { readFileSync } from 'node:fs'
import { corpus } from '../support/corpora/corpora.ts'
import { createRandom } from '../support/random.ts'
import { interval } from './intervals.ts'
import { bootstrap, countWords, hiddenValues, scoreOf, type MarkedText, type WordCount } from './quality/score.ts'
import { openSystems, presidioAlone, withPresidio } from './quality/systems.ts'

interface Sample {
  readonly full_text: string
  readonly spans: readonly {
    readonly entity_type: string
    readonly start_position: number
    readonly end_position: number
  }[]
}

/** What nobody is told by: titles, ages, nationalities, and dates that are nobody's birthday. */
const doesNotCount: ReadonlySet<string> = new Set(['TITLE', 'AGE', 'NRP', 'DATE_TIME'])
const counts = (label: string) => !doesNotCount.has(label)

function read(path: string): MarkedText[] {
  const samples = JSON.parse(readFileSync(path, 'utf8')) as Sample[]
  return samples.map(({ full_text: text, spans }) => ({
    text,
    marked: spans.map(({ entity_type: label, start_position: start, end_position: end }) => ({ label, start, end })),
  }))
}

const percent = (value: number) => (value * 100).toFixed(1)
const rounded = (value: number) => value.toFixed(3)
const seed = 20_264

const f2Of = (words: readonly WordCount[]) => (drawn: readonly number[]) =>
  scoreOf(drawn.flatMap((index) => words[index] ?? [])).f2

/** By how much one is better than another over the same texts. */
function difference(one: readonly WordCount[], other: readonly WordCount[]): string {
  const by = (drawn: readonly number[]) => f2Of(one)(drawn) - f2Of(other)(drawn)
  const { start, end } = bootstrap(one.length, by, createRandom(seed))
  return `${rounded(scoreOf(one).f2 - scoreOf(other).f2)} (${rounded(start)}–${rounded(end)})`
}

/** `npm run bench -- quality`: what is found of marked values in texts of others, beside others who look for them. */
export async function benchQuality(): Promise<void> {
  const path = corpus('pii/synth-v2.json')
  if (path === null) return
  await using stack = new AsyncDisposableStack()
  const texts = read(path)
  const systems = await openSystems(stack)
  const labels = [...new Set(texts.flatMap(({ marked }) => marked.map(({ label }) => label)))]
  const words = new Map<string, WordCount[]>()
  const byLabel = labels.map((label): Record<string, string> => ({ label, counts: counts(label) ? 'yes' : 'no' }))
  const rows: Record<string, string>[] = []
  for (const system of systems) {
    const { name } = system
    const found = await system.find(texts.map(({ text }) => text))
    const counted = texts.map((text, index) => countWords(text, found[index] ?? [], counts))
    words.set(name, counted)
    const { precision, recall, f2 } = scoreOf(counted)
    const { start, end } = bootstrap(texts.length, f2Of(counted), createRandom(seed))
    rows.push({
      system: name,
      recall: `${percent(recall)} %`,
      precision: `${percent(precision)} %`,
      F2: `${rounded(f2)} (${rounded(start)}–${rounded(end)})`,
    })
    for (const row of byLabel) {
      const { hits, total } = hiddenValues(texts, found, row['label'] ?? '')
      row[name] = interval(hits, total)
    }
  }
  console.log(
    `\n${texts.length} texts. Words of values that count, found by anything; F2 with 95 % bootstrap intervals over texts:`,
  )
  console.table(rows)
  const [alone, beside] = [words.get(presidioAlone), words.get(withPresidio)]
  if (alone !== undefined && beside !== undefined) {
    console.log(`${withPresidio} is better than ${presidioAlone} by ${difference(beside, alone)} F2.`)
  }
  console.log('\nValues with every word hidden, 95 % Wilson intervals:')
  console.table(byLabel)
}
