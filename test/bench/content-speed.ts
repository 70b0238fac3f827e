import type { Filter, FilterContext } from '../../src/filters/filter.ts'
import { filtersOptions } from '../../src/filters/options.ts'
import { contentFilters } from '../../src/filters/pipeline/content.ts'
import { presidioOptions } from '../../src/filters/remote/options.ts'
import { createPresidioFilter } from '../../src/filters/remote/presidio.ts'
import { createToxicityFilter } from '../../src/filters/toxicity/toxicity-filter.ts'
import { presidioPackages, startPresidioServer } from '../support/privacy/presidio-server.ts'
import { figure, type Figures } from './figures.ts'
import { moderationTexts } from './quality/toxicity-texts.ts'
import { screeningInputs } from './screening-inputs.ts'
import { askPeer, peerNames } from './toxicity.ts'

const context: FilterContext = { direction: 'inbound', group: 'default', executedSql: [] }
const never = new AbortController().signal
const smallText = 2_048
const smallTexts = 900
/** As much as the pipeline reads at once. */
const pieceLength = 8_192
const rounds = 5
const presidioTexts = 150

/** Everything of a text by all filters, the readings of it found once. */
function inspect(filters: readonly Filter[], text: string): number {
  const parts = [{ text, provenance: 'user' as const }]
  return filters.reduce((count, filter) => count + (filter.inspectAtOnce?.(parts, context).length ?? 0), 0)
}

/** Milliseconds of processor time. */
function cpuTime(work: () => void): number {
  const before = process.cpuUsage()
  work()
  const { user, system } = process.cpuUsage(before)
  return (user + system) / 1_000
}

const pieces = (text: string, length: number): string[] =>
  Array.from({ length: Math.floor(text.length / length) }, (_, at) => text.slice(at * length, (at + 1) * length))

/** By how much the time grows with the length: the slope of the logarithms, 1 where it is in proportion. */
function slopeOf(points: readonly (readonly [number, number])[]): number {
  const logs = points.map(([length, time]) => [Math.log(length), Math.log(time)] as const)
  const mean = (of: 0 | 1) => logs.reduce((sum, log) => sum + log[of], 0) / logs.length
  const [middle, height] = [mean(0), mean(1)]
  const along = logs.reduce((sum, [x, y]) => sum + (x - middle) * (y - height), 0)
  return along / logs.reduce((sum, [x]) => sum + (x - middle) ** 2, 0)
}

/** How fast all detectors of content in this process are together on what a model is sent, and the one of toxicity alone. */
export function contentSpeed(): Figures {
  const filters = contentFilters(filtersOptions.parse({}))
  const inputs = screeningInputs()
  const figures: Figures = {}
  const texts = pieces(inputs.prose, smallText).slice(0, smallTexts)
  for (const text of texts) inspect(filters, text)
  const times = texts.map((text) => {
    const started = performance.now()
    inspect(filters, text)
    return performance.now() - started
  })
  figures['content_2_kB'] = figure(times)
  const rateOf = (text: string, of: readonly Filter[]) => {
    const cut = pieces(text, pieceLength)
    const samples = Array.from({ length: rounds }, () => {
      const took = cpuTime(() => {
        for (const piece of cut) inspect(of, piece)
      })
      return (cut.length * pieceLength) / 1_000 / took
    })
    return figure(samples, { unit: 'MB/s' })
  }
  figures['content_prose'] = rateOf(inputs.prose, filters)
  figures['content_encoded'] = rateOf(inputs.encoded, filters)
  figures['toxicity_prose'] = rateOf(inputs.prose, [createToxicityFilter()])
  for (const name of ['prose', 'encoded', 'unbroken'] as const) {
    const whole = inputs[name].repeat(4)
    const points = [65_536, 131_072, 262_144, 524_288, 1_048_576].map((length) => {
      const text = whole.slice(0, length)
      return [length, Math.min(...Array.from({ length: 3 }, () => cpuTime(() => inspect(filters, text))))] as const
    })
    console.log(`${`content_slope_${name}`.padEnd(28)} ${slopeOf(points).toFixed(2)} from 64 kB to 1 MB, in one piece`)
  }
  return figures
}

/** The same texts by programs of others, in one run; kilobytes per second of processor time, of Presidio by the clock. */
export async function contentPeers(): Promise<void> {
  const texts = moderationTexts()?.map(({ text }) => text)
  if (texts === undefined) return
  const characters = (of: readonly string[]) => of.reduce((sum, { length }) => sum + length, 0)
  const filters = contentFilters(filtersOptions.parse({}))
  const toxicity = [createToxicityFilter()]
  const rateOf = (of: readonly Filter[]) => {
    const took = Array.from({ length: rounds }, () => cpuTime(() => texts.forEach((text) => void inspect(of, text))))
    return characters(texts) / Math.min(...took)
  }
  const rates: Record<string, number> = {
    'Sallyport, all of content': rateOf(filters),
    'Sallyport, toxicity': rateOf(toxicity),
  }
  for (const name of peerNames) {
    const peer = askPeer(name, texts)
    if (peer !== null) rates[name] = characters(texts) / 1_000 / peer.seconds
  }
  const packages = presidioPackages()
  if (typeof packages === 'string') process.stderr.write(`SKIPPED: Presidio cannot be had: ${packages}\n`)
  else {
    await using server = await startPresidioServer(packages.python)
    const presidio = createPresidioFilter(presidioOptions.parse({ url: server.url, timeout_ms: 120_000 }))
    const some = texts.slice(0, presidioTexts)
    await presidio.inspect([{ text: 'Warm.', provenance: 'user' }], context, never)
    const started = performance.now()
    for (const text of some) await presidio.inspect([{ text, provenance: 'user' }], context, never)
    rates['Presidio'] = characters(some) / (performance.now() - started)
  }
  const own = rates['Sallyport, all of content'] ?? 0
  console.log(`\n${texts.length} prompts of OpenAI's moderation corpus, one by one:`)
  console.table(
    Object.entries(rates).map(([program, rate]) => ({
      program,
      'kB/s': Math.round(rate),
      'all of content is faster by': `${(own / rate).toFixed(1)}×`,
    })),
  )
}
