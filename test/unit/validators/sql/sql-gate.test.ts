import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { PlanEstimate } from '../../../../src/core/statement.ts'
import { askPlanner, createGate, vetStatement, type Decision } from '../../../../src/validators/sql/sql-gate.ts'
import { sqlPolicyOptions } from '../../../../src/validators/sql/options.ts'
import { bindPolicy } from '../../../../src/validators/sql/bind-policy.ts'
import { refused } from '../../../../src/validators/sql/refusals.ts'
import { createFakeCatalog } from '../../../support/sql/fake-shadow.ts'

const never = new AbortController().signal
const policy = bindPolicy(
  sqlPolicyOptions.parse({ relations: { orders: '*' } }),
  createFakeCatalog({ orders: { id: 'integer' } }),
)
const facts = { relations: ['public.orders'], columns: [], functions: [], masks: [] }
const vetted = vetStatement('SELECT 1', facts, { source: 'shop', policy })

/** A gate that refuses with the number of the statements it had to decide about. */
function counting(isLasting: boolean, cacheEntries = 10) {
  let decided = 0
  const decide = (): Promise<Decision> =>
    Promise.resolve({ verdict: refused('sql/test', String((decided += 1))), isLasting })
  const gate = createGate({ decide, cacheEntries, process: { residentBytes: 7 } })
  return async (source: string) => {
    const verdict = await gate.validate(source, never)
    return verdict.kind === 'refused' ? verdict.findings[0].message : ''
  }
}

describe('a gate', () => {
  it('decides once about a text of up to 8192 letters, where the verdict lasts', async () => {
    const decide = counting(true)
    const [short, long] = ['a'.repeat(8_192), 'a'.repeat(8_193)]
    expect([await decide(short), await decide(short)]).toEqual(['1', '1'])
    expect([await decide(long), await decide(long)]).toEqual(['2', '3'])
  })

  it('decides each time where it does not last, or nothing is to be remembered', async () => {
    const [passing, forgetful] = [counting(false), counting(true, 0)]
    expect([await passing('a'), await passing('a')]).toEqual(['1', '2'])
    expect([await forgetful('a'), await forgetful('a')]).toEqual(['1', '2'])
  })

  it('decides about nothing that is given up, and asks first whether anything hinders it', async () => {
    const hindrance = refused('sql/hindered', 'Not now.')
    let isHindered = false
    const gate = createGate({
      decide: () => Promise.resolve({ verdict: { kind: 'accepted', value: vetted }, isLasting: true }),
      hindrance: () => (isHindered ? hindrance : null),
      cacheEntries: 10,
      process: { residentBytes: 7 },
    })
    await expect(gate.validate('a', AbortSignal.abort(new Error('given up')))).rejects.toThrow('given up')
    expect(await gate.validate('a', never)).toEqual({ kind: 'accepted', value: vetted })
    isHindered = true
    expect(await gate.validate('a', never)).toBe(hindrance)
    expect(gate.residentBytes).toBe(7)
  })
})

it('a statement that may run has one row more than its policy, by which more is noticed, and the limits there are', () => {
  expect(vetted).toMatchObject({ text: 'SELECT 1', source: 'shop', rowLimit: policy.rowLimit + 1, ...facts })
  expect(vetted).not.toHaveProperty('maximumBytes')
  expect(vetted).not.toHaveProperty('timeoutMilliseconds')
  const limited = { ...policy, rowLimit: 5, maximumBytes: 10, timeoutMilliseconds: 20 }
  const limits = { rowLimit: 6, maximumBytes: 10, timeoutMilliseconds: 20 }
  expect(vetStatement('SELECT 1', facts, { source: 'shop', policy: limited })).toMatchObject(limits)
})

describe('the planner', () => {
  const asked = (plan: PlanEstimate | Error, maximumCost = 100) => {
    const estimate = () => (plan instanceof Error ? Promise.reject(plan) : Promise.resolve(plan))
    const tooExpensive = (cost: number) => `It costs ${cost}.`
    return Promise.resolve(askPlanner(vetted, { estimate, maximumCost, tooExpensive }, never))
  }

  it('lets a statement through that costs what it may, which lasts', async () => {
    const accepted = { verdict: { kind: 'accepted', value: vetted }, isLasting: true }
    expect(await asked({ cost: 100, rows: 1, relations: ['public.orders'] })).toEqual(accepted)
    expect(await asked({ cost: 0, rows: 1, relations: [] })).toEqual(accepted)
  })

  it.each<[string, PlanEstimate | Error, string, string]>([
    ['costs more', { cost: 100.6, rows: 1, relations: [] }, 'sql/too-expensive', 'It costs 101.'],
    [
      'reads a table that was not resolved',
      { cost: 1, rows: 1, relations: ['public.orders', 'public.others'] },
      'sql/plan-differs',
      'The plan reads a table that was not resolved.',
    ],
    [
      'cannot be planned',
      new ServiceError('query-failed', 'There is no such function.'),
      'sql/cannot-be-planned',
      'There is no such function.',
    ],
  ])('has one refused that %s, for now', async (_claim, plan, rule, message) => {
    expect(await asked(plan)).toEqual({ verdict: refused(rule, message), isLasting: false })
  })

  it('passes on what is a fault and no refusal', async () => {
    await expect(asked(new ServiceError('database-unavailable', 'gone'))).rejects.toThrow('gone')
    await expect(asked(new Error('broken'))).rejects.toThrow('broken')
  })
})
