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
const taken = { plan, candidates: [cheap, dear], answered: cheap, attempts: 1 }

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

  it('is who has answered in the end, and how often a model was asked', () => {
    const [, value] = routeHeaders({ ...taken, answered: dear, attempts: 3 })
    expect(value).toContain('"dear";upstream="two";by=exploring;figure=2060;answered;attempts=3')
    expect(value?.match(/answered/g)).toHaveLength(1)
  })

  it('is one target where there was nothing to choose, and nothing where no model was asked for', () => {
    const odd = at('a"b')
    expect(routeHeaders({ plan: null, candidates: [odd], answered: odd, attempts: 1 })).toEqual([
      'x-sallyport-route',
      String.raw`"a\"b";upstream="one";by=single;answered;attempts=1`,
    ])
    const kept = { upstream: 'one', model: null, renamed: false }
    expect(routeHeaders({ plan: null, candidates: [kept], answered: kept, attempts: 1 })).toEqual([])
  })
})
