import { PopulationCounter } from '../../../src/feedback/estimates/population.ts'
import { trafficCurve } from '../../../src/feedback/estimates/traffic-curve.ts'
import { propose } from '../../../src/feedback/proposals/propose.ts'
import { madeDetectors, madeTraffic, together, type MadeTrafficOptions } from '../../support/feedback/made-traffic.ts'
import { place } from '../../support/feedback/tuning-examples.ts'
import { interval } from '../intervals.ts'
import { optionOf } from '../pass-through.ts'

const rates = ['acted', 'falsePositives', 'misses', 'wrongActions'] as const

/** Populations that differ in how much is harmful, and in how well scores tell it. */
const populations: Readonly<Record<string, Omit<MadeTrafficOptions, 'seed' | 'decisions'>>> = {
  '3 % harmful': { baseRate: 0.03 },
  '10 % harmful': { baseRate: 0.1 },
  '1 % harmful, more doubtful': { baseRate: 0.01, harmless: -2 },
  '5 % harmful, hardly told apart': { baseRate: 0.05, harmful: 1, harmless: -2 },
}

const decisions = 20_000
const labelsOfEach = 100
const target = 0.02

/**
 * How often intervals of 95 % hold the true rate, at the threshold in force (0.5) and at two others, and how often a proposed
 * threshold exceeds the rate that was aimed at: over simulated populations whose truth is known, of which a fiftieth of what
 * passes is recorded, a hundred decisions of each stratum are labelled, and a twentieth of those withheld wrongly complain.
 */
export function benchCoverage(): void {
  const seeds = Number(optionOf('rounds') ?? 500)
  const coverage: Record<string, string>[] = []
  const proposals: Record<string, string | number>[] = []
  for (const [name, population] of Object.entries(populations)) {
    const held = new Map<string, number>()
    const refused = new Map<string, number>()
    const outcome = { proposed: 0, exceeded: 0, best: 0, lost: 0, beyond: 0 }
    for (let seed = 0; seed < seeds; seed += 1) {
      const traffic = madeTraffic({ seed, decisions, ...population })
      const counter = new PopulationCounter(madeDetectors)
      counter.add(traffic.page())
      const counted = counter.population()
      const items = together(traffic.draw(labelsOfEach, seed + 1), traffic.appeals(0.05, seed + 2))
      const curve = trafficCurve(counted, items)
      for (const threshold of [0.4, 0.5, 0.6]) {
        const [estimated, truth] = [curve.at(threshold * 1_000), traffic.trueRates(threshold)]
        for (const rate of rates) {
          const holds = estimated[rate].low <= truth[rate] && truth[rate] <= estimated[rate].high
          held.set(`${rate} ${threshold}`, (held.get(`${rate} ${threshold}`) ?? 0) + Number(holds))
        }
      }
      const proposal = propose({
        set: { name: 'made', version: 1, digest: '', place, items },
        population: counted,
        inForce: { threshold: 0.5, detectors: madeDetectors },
        limits: { lowest: 0.2, highest: 0.99 },
        aim: { kind: 'false-positive-rate', most: target },
      })
      if (proposal.kind === 'refused') {
        refused.set(proposal.reason, (refused.get(proposal.reason) ?? 0) + 1)
        continue
      }
      const truth = traffic.trueRates(proposal.to)
      let best = 0.2
      while (traffic.trueRates(best).falsePositives > target) best += 0.005
      outcome.proposed += 1
      outcome.exceeded += Number(truth.falsePositives > target)
      outcome.best += Number(proposal.interval.low <= best && best - 0.005 <= proposal.interval.high)
      outcome.beyond += truth.misses - traffic.trueRates(best).misses
      outcome.lost += truth.misses - traffic.trueRates(0.5).misses
    }
    for (const rate of rates) {
      const of = (threshold: number) => interval(held.get(`${rate} ${threshold}`) ?? 0, seeds)
      coverage.push({ population: name, rate, 'at 0.4': of(0.4), 'at 0.5': of(0.5), 'at 0.6': of(0.6) })
    }
    proposals.push({
      population: name,
      proposed: outcome.proposed,
      'rate exceeded': interval(outcome.exceeded, outcome.proposed),
      'interval holds the best': interval(outcome.best, outcome.proposed),
      'recall lost': `${((outcome.lost / outcome.proposed) * 100).toFixed(1)} points`,
      'beyond the best': `${((outcome.beyond / outcome.proposed) * 100).toFixed(1)} points`,
      refused: [...refused].map(([reason, count]) => `${reason} ${count}`).join(', '),
    })
  }
  console.log(`\nIntervals of 95 % that hold the true rate, of ${seeds} seeds each:`)
  console.table(coverage)
  console.log(`\nThresholds proposed for a false-positive rate of ${target * 100} %, with a confidence of 95 %:`)
  console.table(proposals)
}
