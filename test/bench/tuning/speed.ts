import type { ScorePage } from '../../../src/core/recorded-decisions.ts'
import { readPopulation } from '../../../src/feedback/estimates/population.ts'
import { propose } from '../../../src/feedback/proposals/propose.ts'
import { Replay } from '../../../src/feedback/simulation/simulate.ts'
import { madeDetectors, madeTraffic } from '../../support/feedback/made-traffic.ts'
import { place } from '../../support/feedback/tuning-examples.ts'
import { figure, report } from '../figures.ts'

const million = 1_000_000
const pageSize = 10_000

/** A million recorded decisions as a storage gives them, page by page, each with strings and columns of its own. */
async function* recordedMillion(): AsyncGenerator<ScorePage> {
  const { recorded } = madeTraffic({ seed: 1, decisions: pageSize, near: 1, sample: 1 })
  for (let page = 0; page < million / pageSize; page += 1) {
    const at = Date.UTC(2026, 10, 1) + page * 20_000_000
    yield {
      ids: recorded.map(({ id }) => `${id}-${page}`),
      scores: Float64Array.from(recorded, ({ score }) => score),
      weights: Float64Array.from(recorded, ({ stratum }) => (stratum === 'passed' ? 50 : 1)),
      acted: Uint8Array.from(recorded, ({ stratum }) => Number(stratum === 'withheld')),
      bounds: new Uint8Array(pageSize),
      strata: recorded.map(({ stratum }) => stratum),
      detectors: recorded.map(() => Buffer.from(madeDetectors).toString()),
      made: Float64Array.from(recorded, (_, row) => at + row),
    }
    await Promise.resolve()
  }
}

const inForce = { threshold: 0.5, detectors: madeDetectors }

/** A proposal over a million recorded decisions and 2,000 labels, by its time and the memory that the process takes for it. */
export async function benchPropose(): Promise<void> {
  const items = madeTraffic({ seed: 1, decisions: pageSize, near: 1, sample: 1 }).draw(700, 2)
  const set = { name: 'made', version: 1, digest: '', place, items }
  const samples = { rate: [] as number[], costs: [] as number[], memory: [] as number[] }
  for (const kind of ['rate', 'costs', 'rate', 'costs', 'rate', 'costs'] as const) {
    const began = performance.now()
    const before = process.memoryUsage().rss
    let most = before
    const watch = async function* () {
      for await (const page of recordedMillion()) {
        yield page
        most = Math.max(most, process.memoryUsage().rss)
      }
    }
    const population = await readPopulation(watch(), madeDetectors)
    const limits = { lowest: 0.2, highest: 0.99 }
    const aim =
      kind === 'rate'
        ? ({ kind: 'false-positive-rate', most: 0.02 } as const)
        : ({ kind: 'costs', falseBlock: 1, miss: 1 } as const)
    const proposal = propose({ set, population, inForce, limits, aim })
    if (proposal.kind === 'refused' && proposal.reason !== 'unchanged') throw new Error(proposal.message)
    samples[kind].push(performance.now() - began)
    // Later ones use what the first one has taken.
    if (samples.memory.length === 0) samples.memory.push(Math.max(most, process.memoryUsage().rss) - before)
  }
  report('tuning', {
    'propose.rate_over_million': figure(samples.rate),
    'propose.costs_over_million': figure(samples.costs),
    'propose.memory': figure(samples.memory, { unit: 'bytes' }),
  })
}

/** Decisions that one core replays in a second, without reading them. */
export async function benchSimulate(): Promise<void> {
  const samples: number[] = []
  for (let round = 0; round < 3; round += 1) {
    const replay = new Replay({ from: 0.5, to: 0.6, detectors: madeDetectors })
    let taken = 0
    for await (const page of recordedMillion()) {
      const began = process.cpuUsage()
      replay.add(page)
      const { user, system } = process.cpuUsage(began)
      taken += (user + system) / 1e6
    }
    const { recordedDecisions } = replay.simulation()
    samples.push(recordedDecisions / taken)
  }
  report('tuning', { 'simulate.decisions': figure(samples, { unit: 'per second' }) })
}
