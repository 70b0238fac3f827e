import { join } from 'node:path'
import type { KeptDecision, RecordedDecisions } from '../../../src/core/recorded-decisions.ts'
import { readPopulation } from '../../../src/feedback/estimates/population.ts'
import { propose } from '../../../src/feedback/proposals/propose.ts'
import { simulate } from '../../../src/feedback/simulation/simulate.ts'
import { openStorage } from '../../../src/storage/open-storage.ts'
import { storageOptions } from '../../../src/storage/options.ts'
import { madeDetectors, madeTraffic } from '../../support/feedback/made-traffic.ts'
import { place } from '../../support/feedback/tuning-examples.ts'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { figure, report, timed } from '../figures.ts'

const million = 1_000_000
const made = 10_000

/** Of one write, as a service makes them at most. */
const batch = 500

/** A million decisions, each of its own, over a fortnight. */
async function fill(decisions: RecordedDecisions): Promise<void> {
  const { recorded } = madeTraffic({ seed: 1, decisions: made, near: 1, sample: 1 })
  for (let page = 0; page < million / made; page += 1) {
    const kept = recorded.map(({ id, score, stratum }, row): KeptDecision => {
      const at = new Date(Date.UTC(2026, 10, 15) + (page * made + row) * 1_200).toISOString()
      const effective = stratum === 'withheld' ? 'block' : 'allow'
      return {
        decision: {
          id: `${id}-${page}`,
          principal: `caller-${row % 500}`,
          group: place.group,
          conversation: null,
          direction: place.direction,
          api: 'openai',
          profile: { name: 'strict', version: 1 },
          revision: 0,
          canary: null,
          action: effective,
          scores: [{ rule: place.rule, score, threshold: 0.5, effective, detectors: madeDetectors, isBound: false }],
          stratum,
          weight: stratum === 'passed' ? 50 : 1,
          made: at,
        },
        sample: null,
      }
    })
    for (let from = 0; from < kept.length; from += batch) await decisions.keep(kept.slice(from, from + batch))
  }
}

/** A proposal and a replay over a million decisions in the embedded storage: what is read, counted and chosen. */
export async function benchStored(): Promise<void> {
  const never = new AbortController().signal
  const options = storageOptions.parse({ path: join(temporaryFolder('sallyport-bench-'), 'tuning.db') })
  await using storage = await openStorage({ storage: options, state_directory: '/nowhere' }, { for: 'service' })
  const filling = performance.now()
  await fill(storage.recordedDecisions)
  console.log(`\nA million decisions recorded in ${((performance.now() - filling) / 1_000).toFixed(1)} s.`)
  const items = madeTraffic({ seed: 1, decisions: made, near: 1, sample: 1 }).draw(700, 2)
  const set = { name: 'made', version: 1, digest: '', place, items }
  const range = { place, since: null, until: null }
  const before = process.memoryUsage().rss
  let most = before
  const processor: number[] = []
  const proposed = await timed(3, async () => {
    const began = process.cpuUsage()
    const population = await readPopulation(storage.recordedDecisions.pages(range, never), madeDetectors)
    most = Math.max(most, process.memoryUsage().rss)
    if (population.recorded !== million) throw new Error(`${population.recorded} were read`)
    const proposal = propose({
      set,
      population,
      inForce: { threshold: 0.5, detectors: madeDetectors },
      limits: { lowest: 0.2, highest: 0.99 },
      aim: { kind: 'costs', falseBlock: 1, miss: 1 },
    })
    if (proposal.kind === 'refused' && proposal.reason !== 'unchanged') throw new Error(proposal.message)
    const { user, system } = process.cpuUsage(began)
    processor.push((user + system) / 1_000)
  })
  const rates: number[] = []
  for (let round = 0; round < 3; round += 1) {
    const started = performance.now()
    const pages = storage.recordedDecisions.pages(range, never)
    const { recordedDecisions } = await simulate(pages, { from: 0.5, to: 0.6, detectors: madeDetectors })
    rates.push((recordedDecisions / (performance.now() - started)) * 1_000)
    most = Math.max(most, process.memoryUsage().rss)
  }
  report('tuning', {
    'stored.propose_over_million': figure(proposed),
    'stored.propose_processor': figure(processor),
    'stored.simulate_decisions': figure(rates, { unit: 'per second' }),
    'stored.memory': figure([most - before], { unit: 'bytes' }),
  })
}
