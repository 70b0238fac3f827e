import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { strategies } from '../../src/models/routing/options.ts'
import { sallyportHere } from '../support/cli/sallyport-here.ts'
import { serve, type Served } from '../support/cli/sallyport-process.ts'
import { createRandom } from '../support/random.ts'
import { ScriptedUpstream } from '../support/routing/scripted-upstream.ts'
import { adminOf, toldRoute } from '../support/routing/served-together.ts'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

interface Told {
  readonly by: string
  readonly asked: readonly { readonly name: string; readonly why: string; readonly figure: number | null }[]
  readonly skipped: readonly { readonly name: string; readonly why: string }[]
}

const names = ['a', 'b', 'c', 'd']
/** By the name of its model, as the upstream is told: the status of what fails now. */
const failing = new Map<string, number>()

describe('what a service says of a request', () => {
  let upstream: ScriptedUpstream
  let service: Served
  let operator: string
  const callers: { readonly id: string; readonly key: string }[] = []

  beforeAll(async () => {
    upstream = await ScriptedUpstream.start()
    upstream.behave = ({ model }) => {
      const status = failing.get(model)
      return status === undefined ? {} : { status }
    }
    const file = join(temporaryFolder('sallyport-explained-'), 'sallyport.yaml')
    // JSON is YAML.
    writeFileSync(file, JSON.stringify(configuration(upstream.baseUrl)))
    service = await serve({ SALLYPORT_CONFIG: file })
    const made = await sallyportHere(['keys', 'create', 'operator', '--scopes', 'admin'], service)
    operator = /sp-[\w-]+/.exec(made.stdout)?.[0] ?? ''
    for (const group of ['high', 'low', 'high']) {
      callers.push((await admin('/keys', { name: 'test', group })) as (typeof callers)[number])
    }
  })
  afterAll(async () => {
    await service[Symbol.asyncDispose]()
    await upstream[Symbol.asyncDispose]()
  })

  async function admin(path: string, body: object): Promise<unknown> {
    const response = await fetch(`${adminOf(service)}/admin/v1${path}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${operator}`, 'content-type': 'application/json' },
      body: JSON.stringify(body),
    })
    return { status: response.status, ...((await response.json()) as object) }
  }

  it('is what becomes of it, for many requests to models some of which fail', async () => {
    verifies('routing.explain-server')
    verifies('routing.breaker-told')
    const random = createRandom(1_711)
    const pick = <T>(values: readonly T[]): T => values[Math.floor(random() * values.length)] as T
    const seen = new Map<string, number>()
    const note = (what: string): void => void seen.set(what, (seen.get(what) ?? 0) + 1)
    for (let round = 0; round < 400; round += 1) {
      const strategy = pick(strategies)
      const caller = pick(callers)
      const failed = names.filter(() => random() < 0.15)
      failing.clear()
      for (const name of failed) failing.set(`${strategy}-${name}`, pick([500, 503, 429]))
      const body = JSON.stringify({
        model: `by-${strategy}`,
        messages: [{ role: 'user', content: 'x'.repeat(Math.floor(random() * 600)) }],
        max_tokens: 1 + Math.floor(random() * 300),
        ...(random() < 0.2 ? { tools: [{ type: 'function', function: { name: 'f' } }] } : {}),
        ...(random() < 0.3 ? { stream: true } : {}),
      })
      const told = (await admin('/routes/explain', { body, principal: caller.id })) as Told & {
        readonly status: number
      }
      const response = await fetch(`${service.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${caller.key}`, 'content-type': 'application/json' },
        body,
      })
      await response.arrayBuffer()
      expect(told.status).toBe(200)
      const first = told.asked.find(({ name }) => !failing.has(name))
      if (first === undefined) {
        expect(response.status).toBeGreaterThanOrEqual(429)
        note('nobody answered')
        continue
      }
      expect(response.status).toBe(200)
      const route = [...toldRoute(response.headers)]
      const asked = route.filter(([, what]) => what.startsWith('by='))
      expect(asked.map(([name]) => name)).toEqual(told.asked.map(({ name }) => name))
      const figures = asked.map(([, what]) => /figure=(-?\d+)/.exec(what)?.[1] ?? null)
      expect(figures).toEqual(told.asked.map(({ figure }) => (figure === null ? null : String(figure))))
      expect(asked.map(([, what]) => /by=([\w-]+)/.exec(what)?.[1])).toEqual(told.asked.map(({ why }) => why))
      expect(asked.find(([, what]) => what.includes('answered'))?.[0]).toBe(first.name)
      const skipped = route.flatMap(([name, what]) => {
        const why = /skipped=([\w-]+)/.exec(what)?.[1]
        return why === undefined ? [] : [`${name} ${why}`]
      })
      expect(skipped.toSorted()).toEqual(told.skipped.map(({ name, why }) => `${name} ${why}`).toSorted())
      note(strategy)
      for (const { why } of told.skipped) note(`skipped for ${why}`)
      if (asked.some(([, what]) => what.includes('failed='))) note('another had failed')
    }
    const expected = [
      ...strategies,
      'skipped for breaker',
      'skipped for needs-tools',
      'skipped for tier',
      'another had failed',
    ]
    expect(expected.filter((what) => (seen.get(what) ?? 0) < 5)).toEqual([])
  })

  it('is told at the command line of another machine, with the health of each target', async () => {
    verifies('routing.explain-server')
    failing.set('well-a', 503)
    const body = JSON.stringify({ model: 'well', messages: [{ role: 'user', content: 'Hi' }] })
    const ask = (key = '') =>
      fetch(`${service.url}/v1/chat/completions`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
        body,
      })
    const explain = async (...words: readonly string[]) => {
      const file = join(temporaryFolder('sallyport-request-'), 'request.json')
      writeFileSync(file, body)
      const environment = {
        PATH: process.env['PATH'] ?? '',
        XDG_CONFIG_HOME: temporaryFolder('sallyport-elsewhere-'),
        NO_COLOR: '1',
        SALLYPORT_KEY: operator,
      }
      return sallyportHere(['models', 'explain', file, '--server', adminOf(service), ...words], { environment })
    }
    const [caller] = callers
    const before = await explain('--caller', caller?.id ?? '')
    expect(before).toMatchObject({ code: 0, stdout: '1. well-a (one): order\n2. well-b (one): order\n' })
    for (const _ of [1, 2]) expect((await ask(caller?.key)).status).toBe(200)
    expect((await explain('--group', 'low')).stdout).toBe(
      '1. well-b (one): order\n- well-a (one): not asked, breaker\n',
    )
    expect(await explain('--caller', 'nobody')).toMatchObject({
      code: expect.not.toSatisfy((code) => code === 0) as number,
      stderr: expect.stringContaining('There is no caller of this id.') as string,
    })
  })
})

function configuration(baseUrl: string): object {
  const cost = { a: 9, b: 1, c: 4, d: 2 } as Readonly<Record<string, number>>
  const abilities = (name: string) => (name === 'b' ? { abilities: ['json'] } : {})
  const models = strategies.flatMap((strategy) =>
    names.map((name) => {
      const price = { input: (cost[name] ?? 1) * 1_000_000, output: 1_000_000 }
      return [`${strategy}-${name}`, { price, ...abilities(name) }] as const
    }),
  )
  const routes = strategies.map((strategy) => {
    const targets = names.map((name, index) => ({
      model: `${strategy}-${name}`,
      weight: index + 1,
      tier: index < 2 ? 'premium' : 'free',
    }))
    return [`by-${strategy}`, { strategy, downgrade: true, targets }] as const
  })
  const well = { a: 'well-a', b: 'well-b' }
  const all = Object.fromEntries([...models, [well.a, {}], [well.b, {}]])
  const group = (tier: string) => ({ models: ['*'], tier, show_routes: true, tokens_per_day: 1_000_000_000 })
  return {
    upstreams: { one: { kind: 'openai', base_url: baseUrl, models: all } },
    routes: { ...Object.fromEntries(routes), well: { targets: [well.a, well.b] } },
    gateway: {
      // Long enough that no target comes back between the question and the request.
      attempts: { retries: 0, breaker_failures: 2, breaker_open_ms: 3_600_000 },
      groups: { default: { models: ['well'] }, high: group('premium'), low: group('free') },
    },
  }
}
