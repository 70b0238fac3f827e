import { describe, expect, it } from 'vitest'
import { createConfigSchema } from '../../../src/config/schema.ts'
import { routeCall } from '../../../src/gateway/calls/routing/route-call.ts'
import { strategies } from '../../../src/models/routing/options.ts'
import { routesOf } from '../../../src/models/routing/routes.ts'
import { TargetLoads } from '../../../src/models/routing/target-loads.ts'
import { passedModels } from '../../../src/models/upstreams/passed-models.ts'
import { openLocalRoutes } from '../../../src/service/local-routes.ts'
import { createRandom } from '../../support/random.ts'
import { authorizedCall } from '../../support/received-call.ts'
import { verifies } from '../../support/verifies.ts'

const base = { kind: 'openai', base_url: 'http://127.0.0.1:9/v1' }

/** A configuration with a route of each strategy over models that a lot decides. */
function drawn(random: () => number) {
  const price = () => ({ input: Math.floor(random() * 9e6), output: Math.floor(random() * 9e6) })
  const names = ['a', 'b', 'c', 'd']
  const model = () => ({
    ...(random() < 0.8 ? { price: price() } : {}),
    ...(random() < 0.5 ? { context_tokens: 200 + Math.floor(random() * 2_000) } : {}),
    ...(random() < 0.5 ? { abilities: ['tools', 'json'].filter(() => random() < 0.6) } : {}),
  })
  const models = Object.fromEntries(names.map((name) => [name, model()]))
  const targets = names.map((name) => ({
    model: name,
    weight: Math.ceil(random() * 9),
    tier: random() < 0.5 ? 'x' : 'y',
  }))
  const routes = Object.fromEntries(
    strategies.map((strategy) => [`by-${strategy}`, { strategy, targets, downgrade: random() < 0.5 }]),
  )
  return createConfigSchema('/nowhere', '/nowhere').parse({
    upstreams: { one: { ...base, models } },
    routes,
    gateway: {
      groups: { default: { models: ['*'], tier: random() < 0.5 ? 'x' : 'y', budget: { answer_tokens: 50 } } },
    },
  })
}

describe('what would become of a request', () => {
  it('is what becomes of it, in many configurations and for many calls', async () => {
    verifies('routing.explain')
    const random = createRandom(17)
    const outcomes = new Set<string>()
    let config = drawn(random)
    let local = openLocalRoutes(config)
    for (let round = 0; round < 1_000; round += 1) {
      if (round % 50 === 0) config = drawn(random)
      const strategy = strategies[Math.floor(random() * strategies.length)] ?? 'order'
      const body = {
        model: `by-${strategy}`,
        messages: [{ role: 'user', content: 'x'.repeat(Math.floor(random() * 1_500)) }],
        ...(random() < 0.3 ? { tools: [{ type: 'function', function: { name: 'f' } }] } : {}),
        ...(random() < 0.3 ? { response_format: { type: 'json_object' } } : {}),
        max_tokens: Math.floor(random() * 500),
      }
      const asked = { api: null, group: 'default' }
      if (round % 50 === 0) local = openLocalRoutes(config)
      const told = local.explain(JSON.stringify(body), asked)
      const route = routesOf(config.routes, passedModels(config.upstreams)).get(body.model)
      if (route === undefined) throw new TypeError('the route is configured')
      const plain = authorizedCall({ model: body.model, outputTokens: body.max_tokens })
      const grant = { ...plain.grant, tier: config.gateway.groups['default']?.tier ?? null }
      const principal = { id: 'local', kind: 'operator', group: 'default' } as const
      const call = { ...plain, principal, grant, body: Buffer.from(JSON.stringify(body)), candidates: route.targets }
      const done = routeCall({ ...call, target: route.targets[0] }, route, new TargetLoads())
      const [explained, happened] = await Promise.allSettled([told, done])
      if (explained.status === 'rejected' || happened.status === 'rejected') {
        expect(explained).toMatchObject({
          status: 'rejected',
          reason: { message: String(Reflect.get(happened, 'reason')?.message) },
        })
        outcomes.add(`${strategy} refused`)
        continue
      }
      expect(explained.value.plan).toEqual(happened.value.plan)
      expect(explained.value.plan?.ranked.map(({ target }) => target.name)).toEqual(
        happened.value.call.candidates.map(({ name }) => name),
      )
      outcomes.add(`${strategy} planned`)
    }
    expect(outcomes.size).toBeGreaterThan(strategies.length)
  })

  it('is refused for a group and a model that there is not, and for what is no request', async () => {
    const routes = openLocalRoutes(drawn(createRandom(1)))
    expect(() => routes.list('nobody')).toThrow('There is no group "nobody".')
    expect(routes.list('default').map(({ id }) => id)).toContain('by-cost')
    const asked = { api: null, group: 'default' }
    await expect(routes.explain('[]', asked)).rejects.toMatchObject({ code: 'invalid-request' })
    await expect(routes.explain('{"model":"none"}', asked)).rejects.toMatchObject({ code: 'model-not-found' })
  })
})
