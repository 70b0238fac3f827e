import { describe, expect, it } from 'vitest'
import { planRoute } from '../../../../src/models/routing/plan.ts'
import type { Route, RouteTarget } from '../../../../src/models/routing/routes.ts'
import { TargetLoads } from '../../../../src/models/routing/target-loads.ts'
import { routeTarget, routeTo } from '../../../support/route-to.ts'
import { verifies } from '../../../support/verifies.ts'

const at = (name: string) => routeTarget({ upstream: name, model: 'm', renamed: false }, { name })
const [near, far] = [at('near'), at('far')]
const route: Route = { ...routeTo('r', far, near), strategy: 'latency' }

/** Loads on a clock that goes by itself only. */
function loadsAt(start = 5) {
  const clock = { now: start }
  return { clock, loads: new TargetLoads(() => clock.now) }
}

/** Calls one after another, each a second after the last has ended, at targets that take so long; the targets asked. */
function called(
  count: number,
  { clock, loads }: ReturnType<typeof loadsAt>,
  takes: (target: RouteTarget) => number | null,
) {
  return Array.from({ length: count }, () => {
    const [first] = planRoute(
      route,
      {
        streamed: true,
        allowed: new Set(['near', 'far']),
        needs: new Set(),
        sizes: new Map(),
        conversation: '',
        tier: null,
        order: null,
      },
      loads,
    ).ranked
    if (first === undefined) return ''
    loads.chosen(route.id, first.isExplored === true)
    const call = loads.begin(first.target)
    const milliseconds = takes(first.target)
    clock.now += milliseconds ?? 1
    if (milliseconds !== null) call.began()
    call.ended(milliseconds === null ? 'failed' : 'whole')
    clock.now += 1_000
    return first.target.name
  })
}

const share = (names: readonly string[], name: string) => names.filter((each) => each === name).length / names.length

describe('what a process has seen of a target', () => {
  it('is how many of its calls are under way, whatever became of the others', () => {
    const { loads } = loadsAt()
    const [one, other] = [loads.begin(near), loads.begin(near)]
    loads.begin(far)
    one.ended('whole')
    one.ended('failed')
    expect([loads.inFlight(near), loads.inFlight(far)]).toEqual([1, 1])
    other.ended('failed')
    expect(loads.inFlight(near)).toBe(0)
  })

  it('is the time until an answer began and until it was whole, each by itself', () => {
    const { clock, loads } = loadsAt()
    const call = loads.begin(near)
    clock.now += 40
    call.began()
    clock.now += 60
    call.began()
    call.ended('whole')
    expect([loads.latency(near, true), loads.latency(near, false)]).toEqual([40, 100])
    expect(loads.latency(far, true)).toBeNull()
  })

  it('is nothing of how soon it fails', () => {
    const { clock, loads } = loadsAt()
    const call = loads.begin(near)
    clock.now += 1
    call.ended('failed')
    expect([loads.latency(near, true), loads.latency(near, false)]).toEqual([null, null])
  })

  it('weighs less the older it is: half after a minute, and never more than four fifths', () => {
    const { clock, loads } = loadsAt()
    const measure = (milliseconds: number) => {
      const call = loads.begin(near)
      clock.now += milliseconds
      call.ended('whole')
      return loads.latency(near, false)
    }
    measure(1_000)
    expect(measure(500)).toBeCloseTo(900)
    clock.now += 60_000 - 100
    expect(measure(100)).toBeCloseTo(500)
  })
})

describe('a route by latency', () => {
  it('tries each target once, and stays with the one that answers soonest', () => {
    verifies('routing.latency')
    const names = called(60, loadsAt(), (target) => (target === near ? 50 : 400))
    expect(names.slice(0, 2)).toEqual(['far', 'near'])
    expect(share(names.slice(2), 'near')).toBeGreaterThan(0.9)
  })

  it('looks at a slow one again, by one call in twenty at the most, and goes back to it when it has healed', () => {
    verifies('routing.latency')
    const at = loadsAt()
    const slow = called(200, at, (target) => (target === near ? 50 : 400))
    const explored = slow.slice(2).filter((name) => name === 'far').length
    expect(explored).toBeGreaterThan(0)
    expect(explored).toBeLessThanOrEqual(10)
    const healed = called(400, at, (target) => (target === near ? 50 : 5))
    expect(share(healed.slice(-100), 'far')).toBeGreaterThan(0.9)
  })

  it('does not come back at once to one that fails, however fast', () => {
    const names = called(100, loadsAt(), (target) => (target === near ? 50 : null))
    expect(names.filter((name) => name === 'far').length).toBeLessThanOrEqual(6)
  })

  it('sends one call at a time to measure', () => {
    const { loads } = loadsAt()
    expect(loads.mayExplore('r', far, true)).toBe(true)
    loads.begin(far)
    expect([loads.mayExplore('r', far, true), loads.mayExplore('r', near, true)]).toEqual([false, true])
  })
})
