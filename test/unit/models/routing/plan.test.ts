import { describe, expect, it } from 'vitest'
import type { CallTarget } from '../../../../src/core/model-call.ts'
import {
  askedOf,
  planRoute,
  type CallSize,
  type PlannedCall,
  type RoutingState,
} from '../../../../src/models/routing/plan.ts'
import type { Route, RouteTarget } from '../../../../src/models/routing/routes.ts'
import { routeTarget, routeTo } from '../../../support/route-to.ts'
import { verifies } from '../../../support/verifies.ts'

const quiet: RoutingState = { inFlight: () => 0, latency: () => null, mayExplore: () => false }
const at = (name: string, more: Partial<RouteTarget> = {}) =>
  routeTarget({ upstream: name, model: 'm', renamed: false }, { name, ...more })
const [a, b, c] = [at('a'), at('b'), at('c')]
const among = (strategy: Route['strategy'], ...targets: Route['targets']): Route => ({
  ...routeTo('r', ...targets),
  strategy,
})

function callOf({ targets }: Route, given: Partial<PlannedCall> = {}): PlannedCall {
  const everywhere = new Set(targets.map(({ name }) => name))
  return {
    streamed: false,
    allowed: everywhere,
    needs: new Set(),
    sizes: new Map(),
    conversation: 'one',
    tier: null,
    order: null,
    ...given,
  }
}

const order = (route: Route, given: Partial<PlannedCall> = {}, state: RoutingState = quiet) =>
  planRoute(route, callOf(route, given), state).ranked.map(({ target }) => target.name)
const skipped = (route: Route, given: Partial<PlannedCall>) =>
  planRoute(route, callOf(route, given), quiet).skipped.map(({ target, why }) => `${target.name} ${why}`)

const sizes = (entries: readonly (readonly [RouteTarget, Partial<CallSize>])[]) =>
  new Map(entries.map(([target, size]) => [target.name, { inputTokens: 0, outputTokens: null, money: null, ...size }]))

describe('the order of a route', () => {
  it('is that of the configuration, where nothing else is said', () => {
    expect(order(among('order', c, a, b))).toEqual(['c', 'a', 'b'])
  })

  it('is by what the call may cost, and what has no price is at the end', () => {
    verifies('routing.cost')
    const route = among('cost', a, b, c)
    expect(
      order(route, {
        sizes: sizes([
          [a, { money: 9 }],
          [b, { money: null }],
          [c, { money: 4 }],
        ]),
      }),
    ).toEqual(['c', 'a', 'b'])
    expect(
      order(route, {
        sizes: sizes([
          [a, { money: 4 }],
          [b, { money: 4 }],
          [c, { money: 4 }],
        ]),
      }),
    ).toEqual(['a', 'b', 'c'])
  })

  it('is by calls under way, and of equal ones as they are listed', () => {
    verifies('routing.least-busy')
    const calls = new Map([
      [a, 2],
      [b, 0],
      [c, 0],
    ])
    const state = { ...quiet, inFlight: (target: CallTarget) => calls.get(target as RouteTarget) ?? 0 }
    expect(order(among('least-busy', a, b, c), {}, state)).toEqual(['b', 'c', 'a'])
  })

  it('is by measured time, with what is to be measured in front', () => {
    verifies('routing.latency')
    const times = new Map([
      [a, 300],
      [b, 100],
    ])
    const state = { ...quiet, latency: (target: CallTarget) => times.get(target as RouteTarget) ?? null }
    const route = among('latency', a, b, c)
    expect(order(route, {}, state)).toEqual(['b', 'a', 'c'])
    const exploring = { ...state, mayExplore: (_route: string, target: CallTarget) => target === c }
    const [first] = planRoute(route, callOf(route), exploring).ranked
    expect(first).toEqual({ target: c, figure: null, isExplored: true })
  })
})

describe('targets that have failed in a row', () => {
  const states = new Map<CallTarget, 'open' | 'half-open'>([[a, 'open']])
  const failing = { ...quiet, breaker: (target: CallTarget) => states.get(target) ?? ('closed' as const) }
  const askedAmong = (route: Route) =>
    askedOf(planRoute(route, callOf(route), failing)).map(({ target: { name }, breaker }) => `${name} ${breaker}`)

  it('stand in the plan and are not asked, but where there is no other', () => {
    verifies('routing.breaker-told')
    expect(askedAmong(among('order', a, b))).toEqual(['b undefined'])
    expect(planRoute(among('order', a, b), callOf(among('order', a, b)), failing).ranked).toEqual([
      { target: a, figure: null, breaker: 'open' },
      { target: b, figure: null },
    ])
    expect(askedAmong(among('order', a))).toEqual(['a open'])
  })

  it('are tried in their place when it is time to', () => {
    verifies('routing.breaker-told')
    states.set(a, 'half-open')
    expect(askedAmong(among('order', a, b))).toEqual(['a half-open', 'b undefined'])
    states.set(a, 'open')
  })

  it('are not measured anew', () => {
    const exploring = { ...failing, mayExplore: (_route: string, target: CallTarget) => target === a }
    const route = among('latency', b, a)
    expect(planRoute(route, callOf(route), exploring).ranked.map(({ isExplored }) => isExplored)).toEqual([
      undefined,
      undefined,
    ])
  })
})

describe('rules about a route', () => {
  it('leave the targets that they name, in their order, whatever the strategy', () => {
    verifies('routing.policy')
    for (const strategy of ['order', 'cost', 'latency', 'weighted', 'least-busy', 'tier'] as const) {
      const route = among(strategy, a, b, c)
      const given = { order: ['c', 'nothing', 'a'], tier: 'other' }
      const plan = planRoute(route, callOf(route, given), quiet)
      expect([plan.by, order(route, given), skipped(route, given)]).toEqual(['policy', ['c', 'a'], ['b policy']])
    }
    expect(order(among('order', a), { order: [] })).toEqual([])
  })
})

describe('a route by tiers', () => {
  const [gold, silver, more] = [
    at('gold', { tier: 'gold' }),
    at('silver', { tier: 'silver' }),
    at('more', { tier: 'gold' }),
  ]

  it('has the targets of the tier, in their order, and lower tiers behind them where they may step in', () => {
    verifies('routing.tier')
    const route = among('tier', gold, silver, more)
    expect([order(route, { tier: 'gold' }), skipped(route, { tier: 'gold' })]).toEqual([
      ['gold', 'more'],
      ['silver tier'],
    ])
    const lower = { ...route, downgrade: true }
    expect(order(lower, { tier: 'gold' })).toEqual(['gold', 'more', 'silver'])
    expect(order(lower, { tier: 'silver' })).toEqual(['silver'])
    expect([order(lower, { tier: null }), order(lower, { tier: 'none' })]).toEqual([[], []])
  })
})

describe('a weighted route', () => {
  const conversations = Array.from({ length: 20_000 }, (_, index) => `conversation ${index}`)
  const firstOf = (route: Route) => conversations.map((conversation) => order(route, { conversation })[0])
  const shareOf = (names: readonly unknown[], name: string) =>
    names.filter((each) => each === name).length / names.length

  it('has the shares of its weights', () => {
    verifies('routing.weighted')
    const found = firstOf(among('weighted', at('a', { weight: 6 }), at('b', { weight: 3 }), at('c', { weight: 1 })))
    for (const [name, share] of [
      ['a', 0.6],
      ['b', 0.3],
      ['c', 0.1],
    ] as const) {
      // Five standard deviations of so many draws.
      expect(Math.abs(shareOf(found, name) - share)).toBeLessThan(5 * Math.sqrt((share * (1 - share)) / found.length))
    }
  })

  it('keeps each conversation at its target, also when another is taken away or listed elsewhere', () => {
    verifies('routing.weighted')
    const before = firstOf(among('weighted', a, b, c))
    expect(firstOf(among('weighted', c, b, a))).toEqual(before)
    const after = firstOf(among('weighted', a, b))
    expect(after.filter((name, index) => before[index] !== 'c' && before[index] !== name)).toEqual([])
  })

  it('asks a target without a weight only where others fail', () => {
    const none = at('none', { weight: 0 })
    expect(new Set(firstOf(among('weighted', none, a, b)))).toEqual(new Set(['a', 'b']))
    expect(order(among('weighted', none, a, b)).at(-1)).toBe('none')
  })
})

describe('a target that does not suit a call', () => {
  const wide = (name: string, contextTokens: number | null) =>
    at(name, { counting: { tokenizer: null, pictureTokens: 1, contextTokens } })

  it('is left out for what it does not take, and asked where nobody has said what it takes', () => {
    verifies('routing.abilities')
    const [blind, seeing] = [
      at('blind', { abilities: new Set(['tools']) }),
      at('seeing', { abilities: new Set(['pictures', 'tools']) }),
    ]
    const route = among('order', blind, seeing, a)
    expect(order(route, { needs: new Set(['tools']) })).toEqual(['blind', 'seeing', 'a'])
    const needs = new Set(['tools', 'pictures'] as const)
    expect([order(route, { needs }), skipped(route, { needs })]).toEqual([['seeing', 'a'], ['blind needs-pictures']])
  })

  it('is left out for a context that is too small for what comes and what is to be written', () => {
    verifies('routing.context')
    const [small, large, open] = [wide('small', 1_000), wide('large', 2_000), wide('open', null)]
    const route = among('order', small, large, open)
    const of = (inputTokens: number, outputTokens: number | null = null) => {
      const size = { inputTokens, outputTokens }
      return {
        sizes: sizes([
          [small, size],
          [large, size],
          [open, size],
        ]),
      }
    }
    expect(order(route, of(1_000))).toEqual(['small', 'large', 'open'])
    expect([order(route, of(990, 11)), skipped(route, of(990, 11))]).toEqual([['large', 'open'], ['small context']])
    expect(order(route, of(2_001))).toEqual(['open'])
  })

  it('is asked all the same where it has the most room and nobody has enough: a bound is no count', () => {
    verifies('routing.context')
    const [small, large, other] = [wide('small', 1_000), wide('large', 2_000), wide('other', 2_000)]
    const route = among('order', small, large, other)
    const size = { inputTokens: 9_000 }
    expect(
      order(route, {
        sizes: sizes([
          [small, size],
          [large, size],
          [other, size],
        ]),
      }),
    ).toEqual(['large', 'other'])
  })

  it('is left out where it has not what the call names, whatever the strategy', () => {
    for (const strategy of ['order', 'cost', 'latency', 'weighted', 'least-busy'] as const) {
      const route = among(strategy, a, b, c)
      const allowed = new Set(['b'])
      expect([order(route, { allowed }), skipped(route, { allowed })]).toEqual([
        ['b'],
        ['a kept-elsewhere', 'c kept-elsewhere'],
      ])
    }
  })
})
