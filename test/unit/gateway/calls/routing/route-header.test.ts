import { describe, expect, it } from 'vitest'
import { routeHeaders } from '../../../../../src/gateway/calls/routing/route-header.ts'
import type { RoutePlan } from '../../../../../src/models/routing/plan.ts'
import { routeTarget } from '../../../../support/route-to.ts'
import { verifies } from '../../../../support/verifies.ts'

const at = (name: string, upstream = 'one') => routeTarget({ upstream, model: name, renamed: false }, { name })
const [cheap, dear, blind, used] = [at('cheap'), at('dear', 'two'), at('blind'), at('used')]
const plan: RoutePlan = {
  route: 'r',
  by: 'cost',
  ranked: [
    { target: used, figure: null },
    { target: cheap, figure: 411.6 },
    { target: dear, figure: 2_060, isExplored: true },
  ],
  skipped: [{ target: blind, why: 'needs-pictures' }],
}
const nothing = { failed: new Map<string, string>(), passedOver: new Map<string, 'breaker' | 'quota'>() }
const taken = { plan, candidates: [cheap, dear], answered: cheap, attempts: 1, ...nothing }

describe('what an answer says of its route', () => {
  it('is each target with its place and its figure, or why it was not asked, and who has answered', () => {
    verifies('routing.header')
    const [name, value] = routeHeaders(taken)
    expect([name, value?.split(', ')]).toEqual([
      'x-sallyport-route',
      [
        '"used";upstream="one";skipped=quota',
        '"cheap";upstream="one";by=cost;figure=412;answered;attempts=1',
        '"dear";upstream="two";by=exploring;figure=2060',
        '"blind";upstream="one";skipped=needs-pictures',
      ],
    ])
  })

  it('is what became of those before, told apart: which failed, and which was passed over', () => {
    verifies('routing.breaker-told')
    const failed = new Map([['cheap', 'model-overloaded']])
    const [, told] = routeHeaders({ ...taken, answered: dear, attempts: 3, failed })
    expect(told?.split(', ').slice(1, 3)).toEqual([
      '"cheap";upstream="one";by=cost;figure=412;failed=model-overloaded',
      '"dear";upstream="two";by=exploring;figure=2060;answered;attempts=3',
    ])
    const passedOver = new Map([['cheap', 'breaker' as const]])
    const [, open] = routeHeaders({ ...taken, answered: dear, passedOver })
    expect(open).toContain('"cheap";upstream="one";skipped=breaker, ')
    // Also where it was not its turn.
    const down = { target: dear, figure: null, breaker: 'open' as const }
    const [, unasked] = routeHeaders({ ...taken, plan: { ...plan, ranked: [{ target: cheap, figure: 1 }, down] } })
    expect(unasked).toContain('"dear";upstream="two";skipped=breaker')
    // Where all are open the first is asked in any case; one that has failed and is not asked again has failed.
    const [, all] = routeHeaders({ ...taken, passedOver: new Map([...passedOver, ['dear', 'breaker' as const]]) })
    expect(all).toContain(
      '"cheap";upstream="one";by=cost;figure=412;answered;attempts=1, "dear";upstream="two";skipped=breaker',
    )
    expect(routeHeaders({ ...taken, answered: dear, failed, passedOver })[1]).toContain('failed=model-overloaded')
  })

  it('is who has answered in the end, and how often a model was asked', () => {
    const [, value] = routeHeaders({ ...taken, answered: dear, attempts: 3 })
    expect(value).toContain('"dear";upstream="two";by=exploring;figure=2060;answered;attempts=3')
    expect(value?.match(/answered/g)).toHaveLength(1)
  })

  it('is one target where there was nothing to choose, and nothing where no model was asked for', () => {
    const odd = at('a"b')
    expect(routeHeaders({ ...nothing, plan: null, candidates: [odd], answered: odd, attempts: 1 })).toEqual([
      'x-sallyport-route',
      String.raw`"a\"b";upstream="one";by=single;answered;attempts=1`,
    ])
    const kept = { upstream: 'one', model: null, renamed: false }
    expect(routeHeaders({ ...nothing, plan: null, candidates: [kept], answered: kept, attempts: 1 })).toEqual([])
  })
})
