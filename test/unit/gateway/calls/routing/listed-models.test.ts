import { describe, expect, it } from 'vitest'
import { createListModels } from '../../../../../src/gateway/calls/routing/listed-models.ts'
import { routesOptions } from '../../../../../src/models/routing/options.ts'
import { routesOf } from '../../../../../src/models/routing/routes.ts'
import { upstreamsOptions } from '../../../../../src/models/upstreams/options.ts'
import { passedModels } from '../../../../../src/models/upstreams/passed-models.ts'
import { Traffic } from '../../../../../src/telemetry/traffic/traffic.ts'
import { verifies } from '../../../../support/verifies.ts'

const upstreams = upstreamsOptions.parse({
  one: {
    kind: 'openai',
    base_url: 'https://one.example/v1',
    api_key: 'a-secret',
    models: { small: { name: 'small-1', price: { input: 1, output: 2 }, abilities: ['tools'] } },
  },
  two: { kind: 'openai', base_url: 'https://two.example/v1', models: ['large'], region: 'eu' },
})
const routes = routesOptions.parse({
  fast: { strategy: 'weighted', targets: [{ model: 'small', weight: 3 }, 'large'] },
})

describe('the models that an operator sees', () => {
  it('are those of each provider, with their breakers and calls, and routes over several', () => {
    verifies('operators.providers')
    const traffic = new Traffic(() => 0)
    traffic.called('one', 'answered', 100)
    traffic.called('one', 'failed', 100)
    const list = createListModels({
      config: { model: {}, upstreams, routes },
      model: { id: 'demo', scripted: true },
      routes: routesOf(routes, passedModels(upstreams)),
      breakerOf: ({ upstream }) => (upstream === 'one' ? 'open' : 'closed'),
      sumUpTraffic: traffic.sumUp,
    })
    const listed = list()
    expect(listed).toMatchObject({
      own: { model: 'demo', scripted: true, address: null },
      upstreams: [
        {
          name: 'one',
          address: 'https://one.example/v1',
          region: null,
          calls: { answered: 1, failed: 1, cancelled: 0 },
          models: [{ name: 'small', model: 'small-1', breaker: 'open', abilities: ['tools'], hasPrice: true }],
        },
        {
          name: 'two',
          region: 'eu',
          calls: { answered: 0, latency: null },
          models: [{ name: 'large', model: 'large', breaker: 'closed', abilities: null, hasPrice: false }],
        },
      ],
      routes: [
        {
          name: 'fast',
          strategy: 'weighted',
          targets: [
            { name: 'small', upstream: 'one', weight: 3, breaker: 'open' },
            { name: 'large', upstream: 'two', weight: 1, breaker: 'closed' },
          ],
        },
      ],
    })
    expect(JSON.stringify(listed)).not.toContain('a-secret')
  })

  it('are at addresses without a name or a password', () => {
    const list = createListModels({
      config: { model: { base_url: 'https://user:hunter2@own.example/v1?key=hunter3' }, upstreams: {}, routes: {} },
      model: { id: 'm', scripted: false },
      routes: new Map(),
      breakerOf: () => 'closed',
      sumUpTraffic: new Traffic().sumUp,
    })
    expect(list().own.address).toBe('https://own.example/v1')
  })
})
