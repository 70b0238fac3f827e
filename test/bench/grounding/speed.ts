import { groundAnswer } from '../../../src/grounding/ground-answer.ts'
import { createRandom, type Random } from '../../support/random.ts'
import { cellClaim, differenceClaim } from '../../support/grounding/generate/cell-claims.ts'
import { extremeClaim, groupMeanClaim, meanClaim, rankClaim, shareClaim, totalClaim } from '../../support/grounding/generate/column-claims.ts' // prettier-ignore
import { sourceTable, type SourceTable } from '../../support/grounding/generate/source-table.ts'
import { pick } from '../../support/grounding/generate/written.ts'
import { evidenceOf } from '../../support/grounding/own-check.ts'
import { figure, timed, type Figures } from '../figures.ts'

/** Long answers over large tables, each time with tables that are read anew. */
export async function groundingSpeed(): Promise<Figures> {
  const random = createRandom(11)
  const ten = Array.from({ length: 10 }, (_, at) => largeTable(at, 1000, random))
  const large = [largeTable(0, 100_000, random)]
  const [short, long] = [answerOf(ten, 20, random), answerOf(large, 100, random)]
  const measure = async (tables: readonly SourceTable[], text: string, count: number) => {
    const work = () => Promise.resolve(groundAnswer(text, evidenceOf(tables)))
    await timed(2, work)
    const processor: number[] = []
    const samples = await timed(count, async () => {
      const before = process.cpuUsage()
      await work()
      const { user, system } = process.cpuUsage(before)
      processor.push((user + system) / 1000)
    })
    return { time: figure(samples), processor: figure(processor) }
  }
  const [few, many] = [await measure(ten, short, 20), await measure(large, long, 5)]
  return {
    'grounding.20_figures_10x1000_rows': few.time,
    'grounding.20_figures_processor': few.processor,
    'grounding.100_figures_100000_rows': many.time,
    'grounding.100_figures_processor': many.processor,
  }
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
