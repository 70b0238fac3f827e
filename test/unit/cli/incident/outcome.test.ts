import { describe, expect, it } from 'vitest'
import { brokenPromises, outcomeOf } from '../../../../src/cli/incident/outcome.ts'
import { outcomeJson, outcomeTable } from '../../../../src/cli/incident/outcome-table.ts'
import type { Ended } from '../../../../src/cli/incident/throw-traffic.ts'

const counts = { received: 1_000, classified: 1_000, failed: 0, longest_queue: 3, cost: 400_000, queue: 0 }
const served = (milliseconds: number): Ended => ({ kind: null, status: 200, isServed: true, milliseconds })
const refused = (kind: string, status: number | null): Ended => ({ kind, status, isServed: false, milliseconds: 1 })
const allServed = Array.from({ length: 1_000 }, (_, index) => served(index + 1))
const lost: Ended = { kind: null, status: null, isServed: false, milliseconds: 10_000 }

describe('what became of the traffic', () => {
  it('counts what was sent, served, refused and not answered', () => {
    const outcome = outcomeOf([...allServed, refused('no-key', 401), refused('no-key', null), lost], counts)
    expect(outcome).toMatchObject({
      sent: 1_003,
      invalid: 2,
      serverErrors: 0,
      unanswered: 2,
      longestQueue: 3,
      cost: 400_000,
      honest: { sent: 1_001, served: 1_000, p50: 501, p99: 991 },
      kinds: { 'no-key': { '401': 1, none: 1 } },
    })
  })

  it('takes every call of the model that served nobody for an invalid one', () => {
    expect(outcomeOf(allServed, counts).invalidAtModel).toBe(0)
    expect(outcomeOf(allServed, { ...counts, received: 1_007 }).invalidAtModel).toBe(7)
  })

  it('has no p99 where more than one of a hundred was not served', () => {
    const most = [...allServed.slice(0, 980), ...Array.from({ length: 20 }, () => lost)]
    expect(outcomeOf(most, counts).honest).toMatchObject({ p50: 500, p99: null })
    expect(outcomeOf(most, counts).isObjectiveMet).toBe(false)
  })

  it.each([
    ['999 of 1,000 are served, in time', [...allServed.slice(1).map(() => served(1_000)), lost], true],
    ['998 of 1,000 are', [...allServed.slice(2).map(() => served(1)), lost, lost], false],
    ['all are, too late', allServed.map(() => served(1_001)), false],
  ])('meets the objective or not where %s', (_what, ended, isMet) =>
    expect(outcomeOf(ended, counts).isObjectiveMet).toBe(isMet),
  )
})

describe('what is promised of a guard', () => {
  const kept = [...allServed, refused('no-key', 401)]

  it('is kept where nothing invalid came through, nobody saw a 5xx and honest callers were served', () =>
    expect(brokenPromises(outcomeOf(kept, counts))).toEqual([]))

  it.each([
    ['an invalid request before the model', kept, { ...counts, received: 1_001 }, '1 invalid requests reached'],
    ['an invalid request that was taken', [...kept, refused('bomb', 200)], counts, 'were taken: bomb'],
    ['an error of the server', [...kept, refused('no-json', 500)], counts, '1 answers were 500 or above'],
    ['honest callers who were not served', [...allServed.slice(2), lost, lost], counts, '2 of 1000 honest requests'],
  ])('is broken by %s', (_what, ended, counted, told) =>
    expect(brokenPromises(outcomeOf(ended, counted)).join()).toContain(told),
  )
})

describe('the table of both ways', () => {
  const guarded = outcomeOf([...allServed, refused('no-key', 401)], counts)
  const without = outcomeOf([...allServed.slice(1), lost, refused('no-key', 500)], { ...counts, received: 1_234 })

  it('tells them side by side', () => {
    const rows = new Map(outcomeTable({ without, guarded }).rows.map(([name, ...cells]) => [name, cells]))
    expect(rows.get('invalid ones that reached the model')).toEqual(['235', '0'])
    expect(rows.get('answers of 500 and above')).toEqual(['1', '0'])
    expect(rows.get('billed for calls of the model')).toEqual(['0.4000', '0.4000'])
    expect(rows.get('their p99')).toEqual(['991 ms', '990 ms'])
  })

  it('never rounds up to all of them', () => {
    const rows = new Map(outcomeTable({ without, guarded }).rows.map(([name, ...cells]) => [name, cells]))
    expect(rows.get('valid callers served')).toEqual(['99.90 %', '100.00 %'])
  })

  it('has the same numbers for programs', () =>
    expect(outcomeJson(without)).toMatchObject({
      requests: 1_001,
      invalid: 1,
      invalid_at_model: 235,
      server_errors: 1,
      unanswered: 1,
      valid: { requests: 1_000, served: 999 },
      objective_met: true,
      kinds: { 'no-key': { '500': 1 } },
    }))
})
