import { groundingSteps } from '../../../src/grounding/ground-answer.ts'
import { createRandom, type Random } from '../../support/random.ts'
import { cellClaim, differenceClaim } from '../../support/grounding/generate/cell-claims.ts'
import { extremeClaim, groupMeanClaim, meanClaim, rankClaim, shareClaim, totalClaim } from '../../support/grounding/generate/column-claims.ts' // prettier-ignore
import { sourceTable, type SourceTable } from '../../support/grounding/generate/source-table.ts'
import { pick } from '../../support/grounding/generate/written.ts'
import { evidenceOf } from '../../support/grounding/own-check.ts'
import { figure, timed, type Figure, type Figures } from '../figures.ts'

/** Long answers over large tables, each time with tables that are read anew, and the longest that one of them keeps others waiting. */
export async function groundingSpeed(): Promise<Figures> {
  const random = createRandom(11)
  const ten = Array.from({ length: 10 }, (_, at) => largeTable(at, 1000, random))
  const large = [largeTable(0, 100_000, random)]
  const [short, long] = [answerOf(ten, 20, random), answerOf(large, 100, random)]
  const few = await measure(ten, short, 60)
  const many = await measure(large, long, 12)
  return {
    'grounding.20_figures_10x1000_rows': few.time,
    'grounding.20_figures_processor': few.processor,
    'grounding.100_figures_100000_rows': many.time,
    'grounding.100_figures_processor': many.processor,
    'grounding.20_figures_longest_step': few.longest,
    'grounding.100_figures_longest_step': many.longest,
  }
}

interface Measured {
  readonly time: Figure
  readonly processor: Figure
  /** Of the steps of one answer, of the processor. */
  readonly longest: Figure
}

async function measure(tables: readonly SourceTable[], text: string, count: number): Promise<Measured> {
  const [processor, longest]: [number[], number[]] = [[], []]
  const work = () => {
    const steps = groundingSteps(text, evidenceOf(tables))
    let [most, total] = [0, 0]
    for (let isDone = false; !isDone;) {
      const before = process.cpuUsage()
      isDone = steps.next().done === true
      const { user, system } = process.cpuUsage(before)
      most = Math.max(most, (user + system) / 1000)
      total += (user + system) / 1000
    }
    return { most, total }
  }
  for (let round = 0; round < 5; round += 1) work()
  const samples = await timed(count, () => {
    const { most, total } = work()
    longest.push(most)
    processor.push(total)
    return Promise.resolve()
  })
  return { time: figure(samples), processor: figure(processor), longest: figure(longest) }
}

function largeTable(at: number, rows: number, random: Random): SourceTable {
  const cells = Array.from({ length: rows }, (_, row) => [
    `Store ${at}-${row}`,
    pick(['Retail', 'Wholesale', 'Online', 'Export'], random),
    String(Math.round(50_000 + random() * 4_000_000)),
    String(Math.round(200 + random() * 20_000)),
    (random() * 12).toFixed(2),
    (5 + random() * 90).toFixed(2),
  ])
  const columns = ['store', 'segment', `revenue_${at}_eur`, 'orders', 'returns_pct', 'weight_kg']
  return sourceTable(`result ${at + 1}`, 'made', { title: `stores ${at}`, columns, cells })
}

const makers = [cellClaim, cellClaim, cellClaim, differenceClaim, totalClaim, meanClaim, extremeClaim, rankClaim, shareClaim, groupMeanClaim] // prettier-ignore

function answerOf(tables: readonly SourceTable[], figures: number, random: Random): string {
  const sentences: string[] = []
  let count = 0
  for (let attempt = 0; attempt < 10_000 && count < figures; attempt += 1) {
    const made = pick(makers, random)(pick(tables, random), random)
    if (made === null || count + made.figures > figures) continue
    count += made.figures
    sentences.push(made.text)
  }
  return sentences.join(' ')
}
