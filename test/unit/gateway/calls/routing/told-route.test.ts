import { describe, expect, it } from 'vitest'
import { toldRoute } from '../../../../../src/gateway/calls/routing/told-route.ts'
import { routeTarget, routeTo } from '../../../../support/route-to.ts'
import { verifies } from '../../../../support/verifies.ts'

const at = (name: string) => routeTarget({ upstream: 'one', model: name, renamed: false }, { name })
const [down, well, blind] = [at('down'), at('well'), at('blind')]
const route = { ...routeTo('r', down, well, blind), strategy: 'cost' as const }
const skipped = [{ target: blind, why: 'needs-tools' as const }]

describe('what operators are told of a route', () => {
  it('is what is asked, in order, and why the others are not', () => {
    verifies('routing.breaker-told')
    const ranked = [
      { target: down, figure: 1, breaker: 'open' as const },
      { target: well, figure: 2.6 },
    ]
    expect(toldRoute({ route, plan: { route: 'r', by: 'cost', ranked, skipped } })).toEqual({
      route: 'r',
      by: 'cost',
      asked: [{ name: 'well', upstream: 'one', why: 'cost', figure: 3, breaker: 'closed' }],
      skipped: [
        { name: 'down', upstream: 'one', why: 'breaker' },
        { name: 'blind', upstream: 'one', why: 'needs-tools' },
      ],
    })
  })

  it('is the open one where there is no other, and the figure 0', () => {
    const ranked = [down, well].map((target) => ({ target, figure: 0, breaker: 'open' as const }))
    expect(toldRoute({ route, plan: { route: 'r', by: 'least-busy', ranked, skipped: [] } })).toMatchObject({
      asked: [{ name: 'down', upstream: 'one', why: 'least-busy', figure: 0, breaker: 'open' }],
      skipped: [{ name: 'well', why: 'breaker' }],
    })
  })

  it('is the only one where there is nothing to choose from', () => {
    expect(toldRoute({ route, plan: null })).toMatchObject({ by: 'single', asked: [{ name: 'down', why: 'single' }] })
  })
})
