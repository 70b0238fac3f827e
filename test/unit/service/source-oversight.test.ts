import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import type { Database } from '../../../src/databases/database.ts'
import { createSourceOversight } from '../../../src/service/source-oversight.ts'
import { sourceOptions } from '../../../src/sources/options.ts'
import type { Sources } from '../../../src/sources/sources.ts'
import { verifies } from '../../support/verifies.ts'

const database = { kind: 'postgresql', url: 'postgres://reader@db.example/shop', maximum_lag_ms: 60_000 }

function oversee(given: Partial<Database>) {
  let asked = 0
  const clock = { now: 0 }
  const proven: Partial<Database> = {
    kind: 'postgresql',
    prove: async () => {
      asked += 1
      clock.now += 20
      return { role: 'reader', inRecovery: true, excess: [] }
    },
    state: async () => ({ asOf: new Date('2026-11-30T12:00:00Z'), lagMilliseconds: 250 }),
  }
  const sources = { database: () => ({ ...proven, ...given }) } as unknown as Sources
  const oversight = createSourceOversight({
    config: { sources: { shop: sourceOptions.parse({ database }) } },
    groups: { all: { data_sources: ['*'] }, named: { data_sources: ['shop'] }, other: { data_sources: ['stock'] } },
    sources: async () => sources,
    clock: () => clock.now,
  })
  return { oversight, clock, asked: () => asked }
}

describe('the sources that an operator watches', () => {
  it('are listed without being asked, and say how old it is what was found when they were', async () => {
    verifies('operators.sources')
    const { oversight, clock, asked } = oversee({})
    const facts = { name: 'shop', kind: 'postgresql', groups: ['all', 'named'], maximumLagMilliseconds: 60_000 }
    expect(oversight.list()).toEqual([{ ...facts, look: null }])
    const freshness = { asOf: new Date('2026-11-30T12:00:00Z'), lagMilliseconds: 250, lagEstimated: true }
    const found = { state: 'usable', role: 'reader', standby: true, excess: [], freshness }
    expect(await oversight.check('shop')).toEqual({ ...facts, look: { ago: 0, took: 20, found } })
    clock.now += 1_000
    expect(oversight.list()).toEqual([{ ...facts, look: { ago: 1_000, took: 20, found } }])
    expect(asked()).toBe(1)
  })

  it('are asked once for all who ask at the same time', async () => {
    const { oversight, asked } = oversee({})
    await Promise.all([oversight.check('shop'), oversight.check('shop'), oversight.check('shop')])
    expect(asked()).toBe(1)
    await oversight.check('shop')
    expect(asked()).toBe(2)
  })

  it.each<[string, Partial<Database>, string]>([
    [
      'does not answer',
      { prove: () => Promise.reject(new ServiceError('database-unavailable', 'It does not answer.')) },
      'database-unavailable',
    ],
    [
      'has a role that may write',
      { prove: async () => ({ role: 'reader', inRecovery: true, excess: ['can write to public.orders'] }) },
      'invalid-config',
    ],
    ['is a primary', { prove: async () => ({ role: 'reader', inRecovery: false, excess: [] }) }, 'invalid-config'],
    [
      'tells nothing of its age',
      { state: () => Promise.reject(new ServiceError('database-unavailable', 'It has gone.')) },
      'database-unavailable',
    ],
  ])('are not usable where one %s, and say why', async (_what, given, code) => {
    verifies('operators.sources')
    const { oversight } = oversee(given)
    expect((await oversight.check('shop')).look?.found).toMatchObject({ state: 'unusable', code })
  })

  it('tell nothing of their age where their kind does not', async () => {
    const { oversight } = oversee({ state: undefined as never })
    expect((await oversight.check('shop')).look?.found).toMatchObject({ state: 'usable', freshness: null })
  })

  it('are those of the configuration', async () => {
    await expect(oversee({}).oversight.check('none')).rejects.toMatchObject({ code: 'not-found' })
  })
})
