import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { groundingModes, toolNames, type Grant } from '../../../../src/core/grant.ts'
import { toolLanguages } from '../../../../src/core/languages.ts'
import { forEachLimit, limitNames } from '../../../../src/core/requested-limits.ts'
import type { Restriction } from '../../../../src/gateway/authorize/decisions.ts'
import { tighten } from '../../../../src/gateway/authorize/tighten.ts'
import { sandboxCeilings } from '../../../support/sandbox/sandbox-ceilings.ts'
import { verifies } from '../../../support/verifies.ts'

const grant: Grant = {
  models: ['analyst', 'small'],
  hostedTools: ['web_search'],
  tools: ['describe_data', 'run_sql', 'run_python'],
  endpoints: [],
  dataSources: ['shop', 'stock'],
  budget: {
    maximumSteps: 12,
    maximumTokens: 9_000,
    wallMilliseconds: 60_000,
    maximumCorrections: 3,
    maximumCost: 700,
  },
  sandboxCeilings,
  filterProfile: 'default',
  privacyProfile: null,
  callFilterProfile: null,
  revealSql: 'on-request',
  findValues: 'group',
  grounding: 'annotate',
  tier: 'gold',
  routeOrders: {},
  showRoutes: true,
  actions: 'off',
  metrics: true,
}
const names = fc.array(fc.constantFrom('analyst', 'small', 'large', 'shop', 'stock', 'web_search', 'mcp'))
const number = fc.integer({ min: -5, max: 2_000_000 })
const restriction = fc.record(
  {
    rule: fc.constant('a'),
    models: names,
    tools: fc.array(fc.constantFrom(...toolNames)),
    hosted_tools: names,
    data_sources: names,
    languages: fc.array(fc.constantFrom(...toolLanguages)),
    budget: fc.record(
      { steps: number, tokens: number, wall_ms: number, corrections: number, cost: number },
      { requiredKeys: [] },
    ),
    sandbox: fc.record(forEachLimit(() => number)),
    reveal_sql: fc.constantFrom('never', 'on-request'),
    find_values: fc.constantFrom('none', 'own', 'group'),
    grounding: fc.constantFrom('annotate', 'regenerate', 'block'),
    routes: fc.dictionary(fc.constantFrom('r', 's'), names),
    show_routes: fc.constant(false),
    metrics: fc.constant(false),
  },
  { requiredKeys: ['rule'] },
) as fc.Arbitrary<Restriction>

const isWithin = (part: readonly string[], whole: readonly string[]): boolean =>
  part.every((name) => whole.includes(name))

const rights = { never: 0, 'on-request': 1, always: 2, none: 0, own: 1, group: 2, all: 3 } as const

describe('a grant under restrictions', () => {
  it('is never more than the grant, whatever they say', () => {
    verifies('policy.only-tightens')
    fc.assert(
      fc.property(fc.array(restriction, { maxLength: 4 }), (restrictions) => {
        const left = tighten(grant, restrictions)
        expect(isWithin(left.models, grant.models)).toBe(true)
        expect(isWithin(left.hostedTools, grant.hostedTools)).toBe(true)
        expect(isWithin(left.tools, grant.tools)).toBe(true)
        expect(isWithin(left.dataSources, grant.dataSources)).toBe(true)
        for (const name of Object.keys(grant.budget) as (keyof Grant['budget'])[]) {
          expect(left.budget[name]).toBeLessThanOrEqual(grant.budget[name] ?? 0)
        }
        for (const name of limitNames) {
          expect(left.sandboxCeilings[name]).toBeLessThanOrEqual(grant.sandboxCeilings[name])
        }
        expect(rights[left.revealSql]).toBeLessThanOrEqual(rights[grant.revealSql])
        expect(rights[left.findValues]).toBeLessThanOrEqual(rights[grant.findValues])
        expect(groundingModes.indexOf(left.grounding)).toBeGreaterThanOrEqual(groundingModes.indexOf(grant.grounding))
        expect(left.tier).toBe(grant.tier)
        for (const [route, order] of Object.entries(left.routeOrders)) {
          const named = restrictions.flatMap(({ routes }) => (routes?.[route] === undefined ? [] : [routes[route]]))
          expect(named.every((names) => isWithin(order, names))).toBe(true)
        }
        expect([left.filterProfile, left.privacyProfile]).toEqual([grant.filterProfile, grant.privacyProfile])
      }),
    )
  })

  it('is the same in whatever order they come', () => {
    fc.assert(
      fc.property(fc.array(restriction, { maxLength: 4 }), (restrictions) => {
        expect(tighten(grant, restrictions.toReversed())).toEqual(tighten(grant, restrictions))
      }),
    )
  })

  it('costs at most what any rule says, also where the configuration says nothing', () => {
    const { maximumCost: _none, ...budget } = grant.budget
    const costOf = (of: Grant, ...costs: readonly number[]) =>
      tighten(
        of,
        costs.map((cost) => ({ rule: 'a', budget: { cost } })),
      ).budget.maximumCost
    expect([costOf(grant, 900), costOf(grant, 600, 500)]).toEqual([700, 500])
    expect([costOf({ ...grant, budget }), costOf({ ...grant, budget }, 900, 950)]).toEqual([undefined, 900])
  })

  it('is itself without one', () => {
    expect(tighten(grant, [])).toEqual(grant)
    expect(tighten(grant, [{ rule: 'a' }])).toEqual(grant)
  })

  it('has of a route the targets that every rule leaves it, in the order that they give it together', () => {
    verifies('routing.policy')
    const ordersOf = (...orders: readonly Record<string, string[]>[]) =>
      tighten(
        grant,
        orders.map((routes) => ({ rule: 'a', routes })),
      ).routeOrders
    expect(ordersOf({ r: ['c', 'a', 'c'] })).toEqual({ r: ['c', 'a'] })
    expect(ordersOf({ r: ['c', 'a', 'b'] }, { s: ['x'] }, { r: ['a', 'c'] })).toEqual({ r: ['a', 'c'], s: ['x'] })
    expect(ordersOf({ r: ['a'] }, { r: ['b'] })).toEqual({ r: [] })
    expect(tighten(grant, [{ rule: 'a', show_routes: false }]).showRoutes).toBe(false)
  })

  it('looks at answers as strictly as the configuration or any rule says', () => {
    verifies('policy.grounding')
    const modeOf = (given: Grant['grounding'], ...modes: readonly ('annotate' | 'regenerate' | 'block')[]) =>
      tighten(
        { ...grant, grounding: given },
        modes.map((grounding) => ({ rule: 'a', grounding })),
      ).grounding
    expect([modeOf('off', 'annotate'), modeOf('annotate', 'block', 'regenerate')]).toEqual(['annotate', 'block'])
    expect([modeOf('block', 'annotate'), modeOf('regenerate')]).toEqual(['block', 'regenerate'])
  })

  it('loses what a restriction does not name, and the tools of a language that it does not name', () => {
    expect(
      tighten(grant, [
        { rule: 'a', models: ['small', 'large'], languages: ['sql'], budget: { steps: 2 }, metrics: false },
        { rule: 'b', data_sources: ['stock'], reveal_sql: 'never', find_values: 'own', sandbox: { memory_mb: 64 } },
      ]),
    ).toEqual({
      ...grant,
      models: ['small'],
      tools: ['describe_data', 'run_sql'],
      endpoints: [],
      dataSources: ['stock'],
      budget: { ...grant.budget, maximumSteps: 2 },
      sandboxCeilings: { ...sandboxCeilings, memory_mb: 64 },
      revealSql: 'never',
      findValues: 'own',
      metrics: false,
    })
  })
})
