import { describe, expect, it } from 'vitest'
import type { CallFacts } from '../../../../../src/core/model-call.ts'
import { routeCall } from '../../../../../src/gateway/calls/routing/route-call.ts'
import type { Route, RouteTarget } from '../../../../../src/models/routing/routes.ts'
import { TargetLoads } from '../../../../../src/models/routing/target-loads.ts'
import { authorizedCall } from '../../../../support/received-call.ts'
import { routeTarget, routeTo } from '../../../../support/route-to.ts'
import { verifies } from '../../../../support/verifies.ts'

const target = (name: string, more: Partial<RouteTarget> = {}) =>
  routeTarget({ upstream: name, model: 'm', renamed: true }, { name, ...more })
const priced = (name: string, input: number, output: number) =>
  target(name, { price: { input, output, parts: {}, request: 0, tools: {} } })

async function routed(route: Route, body: object, facts: Partial<CallFacts> = {}) {
  const call = { ...authorizedCall(facts), body: Buffer.from(JSON.stringify(body)) }
  const given = { ...call, candidates: route.targets, target: route.targets[0] }
  const result = await routeCall(given, route, new TargetLoads())
  expect(result.call.target).toBe(result.call.candidates[0])
  expect(result.call.body).toBe(given.body)
  return result.call.candidates.map(({ upstream }) => upstream)
}

const said = (content: unknown, more: object = {}) => ({ messages: [{ role: 'user', content }], ...more })

describe('a call of a route', () => {
  it('goes to the cheapest target for its own input and output', async () => {
    verifies('routing.cost')
    const [reads, writes] = [priced('reads', 1_000_000, 9_000_000), priced('writes', 5_000_000, 2_000_000)]
    const route: Route = { ...routeTo('r', reads, writes), strategy: 'cost' }
    expect(await routed(route, said('x'.repeat(4_000)), { outputTokens: 10 })).toEqual(['reads', 'writes'])
    expect(await routed(route, said('x'), { outputTokens: 4_000 })).toEqual(['writes', 'reads'])
  })

  it('goes by the prices of the tier of service that it asks for', async () => {
    const route: Route = {
      ...routeTo('r', priced('a', 1_000_000, 1_000_000), priced('b', 2_000_000, 2_000_000)),
      strategy: 'cost',
    }
    const [a, b] = route.targets
    const dearer = priced('a', 9_000_000, 9_000_000)
    const call = { ...authorizedCall(), body: Buffer.from('{}'), target: dearer }
    const result = await routeCall({ ...call, candidates: [dearer, b ?? a] }, route, new TargetLoads())
    expect(result.call.candidates).toEqual([b, dearer])
  })

  it('goes to a larger context where its prompt needs it', async () => {
    verifies('routing.context')
    const wide = (name: string, contextTokens: number) =>
      target(name, { counting: { tokenizer: null, pictureTokens: 1, contextTokens } })
    const route = routeTo('r', wide('small', 1_000), wide('large', 100_000))
    expect(await routed(route, said('x'))).toEqual(['small', 'large'])
    expect(await routed(route, said('x'.repeat(2_000)))).toEqual(['large'])
    expect(await routed(route, said('x'), { outputTokens: 999 })).toEqual(['large'])
  })

  it('goes to none that does not take what it asks for, and is refused where nobody does', async () => {
    verifies('routing.abilities')
    const route = routeTo(
      'r',
      target('plain', { abilities: new Set() }),
      target('tools', { abilities: new Set(['tools']) }),
    )
    const tools = [{ type: 'function', function: { name: 'f' } }]
    expect(await routed(route, said('x'))).toEqual(['plain', 'tools'])
    expect(await routed(route, said('x', { tools }))).toEqual(['tools'])
    await expect(routed(route, said([{ type: 'image_url' }, { type: 'file' }]))).rejects.toMatchObject({
      code: 'invalid-request',
      parameter: 'model',
      message: 'No model of "r" takes what the request asks for: pictures.',
    })
  })

  it('stays with its target in every turn of a conversation, and others do not', async () => {
    verifies('routing.weighted')
    const route: Route = { ...routeTo('r', target('a'), target('b'), target('c')), strategy: 'weighted' }
    const turns = (begin: string, count: number) => ({
      messages: Array.from({ length: count }, (_, index) => ({
        role: index % 2 ? 'assistant' : 'user',
        content: begin + index,
      })),
    })
    const firsts = await Promise.all(
      Array.from({ length: 60 }, async (_, index) => {
        const [short, long] = [await routed(route, turns(`${index} `, 1)), await routed(route, turns(`${index} `, 7))]
        expect(long).toEqual(short)
        return short[0]
      }),
    )
    expect(new Set(firsts)).toEqual(new Set(['a', 'b', 'c']))
  })

  it('is left as it is where there is nothing to choose', async () => {
    const call = authorizedCall()
    const single = routeTo('m', target('a', { abilities: new Set() }))
    for (const route of [undefined, single]) {
      const result = await routeCall(call, route, new TargetLoads())
      expect([result.plan, result.call]).toEqual([null, call])
    }
  })
})
