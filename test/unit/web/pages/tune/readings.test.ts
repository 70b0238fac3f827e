import { describe, expect, it } from 'vitest'
import { figuresOf } from '../../../../../src/service/tuning/figures.ts'
import { propose } from '../../../../../src/feedback/proposals/propose.ts'
import { Replay } from '../../../../../src/feedback/simulation/simulate.ts'
import { toQueueItem } from '../../../../../src/surfaces/wire/admin/tuning-queue.ts'
import { readProposal, readSimulation } from '../../../../../src/web/pages/tune/simulation.ts'
import { toldOf, waitingOf } from '../../../../../src/web/pages/tune/queue-items.ts'
import { exampleComplaint, exampleDecision, examplePlace } from '../../../../support/feedback/operator-examples.ts'
import { madeLabels } from '../../../../support/feedback/made-labels.ts'
import { madeDetectors, madeTraffic } from '../../../../support/feedback/made-traffic.ts'

describe('figures that have no type', () => {
  it('of a replay are read as the service writes them', () => {
    const replay = new Replay({ from: 0.5, to: 0.6, detectors: madeDetectors })
    replay.add(madeTraffic({ seed: 1, decisions: 2_000 }).page())
    const { from, to, before, after, released, days, examples, decisions } = replay.simulation()
    const figures = figuresOf(replay.simulation())
    expect(readSimulation({ place: examplePlace, from, to, figures })).toEqual({
      from,
      to,
      decisions,
      before,
      after,
      released,
      added: 0,
      days: days.map((day) => ({ day: day.day, decisions: day.decisions, before: day.before, after: day.after })),
      examples: {
        added: [],
        released: examples.released.map(({ id, score, stratum }) => ({ id, score, stratum })),
      },
    })
    expect(examples.released.length).toBeGreaterThan(0)
  })

  it('of a proposal are read as the service writes them, and are not known where they are not there', () => {
    const set = { name: 'written', version: 1, digest: 'd', place: examplePlace, items: madeLabels(400, 3) }
    const inForce = { threshold: 0.2, detectors: madeDetectors }
    const limits = { lowest: 0.1, highest: 0.9 }
    const aim = { kind: 'costs', falseBlock: 1, miss: 1 } as const
    const proposed = propose({ set, population: null, inForce, limits, aim })
    if (proposed.kind === 'refused') throw new Error(proposed.message)
    const { before, after, interval } = proposed
    expect(readProposal(figuresOf(proposed))).toEqual({
      ...interval,
      before: { falsePositives: before.falsePositives, misses: before.misses },
      after: { falsePositives: after.falsePositives, misses: after.misses },
      loudest: null,
    })
    const unknown = { rate: null, low: 0, high: 1 }
    const nothing = { falsePositives: unknown, misses: unknown }
    expect(readProposal({ before: 'what?' })).toEqual({
      low: null,
      high: null,
      before: nothing,
      after: nothing,
      loudest: null,
    })
  })
})

describe('what waits for a label', () => {
  it('has complaints first, the score of its rule, and no report, which is of no rule', () => {
    const report = {
      id: 'prp_1',
      principal: 'key_b',
      receipt: 'prc_1',
      fault: 'missed',
      made: exampleComplaint.made,
    } as const
    const bounded = {
      ...exampleDecision,
      id: 'dec-2',
      scores: exampleDecision.scores.map((of) => ({ ...of, isBound: true })),
    }
    const items = [
      { kind: 'audit', decision: exampleDecision } as const,
      { kind: 'receipt', report } as const,
      { kind: 'audit', decision: bounded } as const,
      { kind: 'appeal', complaint: exampleComplaint } as const,
    ].map(toQueueItem)
    const waiting = waitingOf(items, 'toxicity')
    expect(waiting.map(({ id, score, isComplaint }) => [id, score, isComplaint])).toEqual([
      ['cmp_1', '', true],
      ['dec-1', '0.620', false],
      ['dec-2', '≥ 0.620', false],
    ])
    const [, drawn] = waiting
    if (drawn === undefined) throw new Error('Nothing is drawn.')
    // Before it is labelled nothing tells what the filter thinks.
    expect(toldOf(drawn, false)).toEqual({ what: 'drawn', score: '' })
    expect(toldOf(drawn, true)).toEqual({ what: `drawn: ${drawn.drawnOf}`, score: '0.620' })
    expect(drawn.drawnOf).not.toBe('')
    expect(waitingOf(items, 'violence').map(({ score }) => score)).toEqual(['', '', ''])
  })
})
