import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { ensureServer } from '../support/databases/postgres-binaries.ts'
import { startCluster } from '../support/databases/postgres-cluster.ts'
import { ensureRedis, startRedis } from '../support/databases/redis-server.ts'
import { ScriptedUpstream } from '../support/routing/scripted-upstream.ts'
import { answeredBy, ServedTogether, type Caller } from '../support/routing/served-together.ts'
import { verifies } from '../support/verifies.ts'

const problem = ensureServer() ?? ensureRedis()
if (problem !== null) process.stderr.write(`SKIPPED: routes of several processes, ${problem}\n`)

const processes = 4
/** Millionths of the currency that a call of 10 and 5 tokens costs. */
const costs = { dear: 10 * 3 + 5 * 5, cheap: 10 + 5 }
/** What one that is limited may cost in a day, in the group `tight`. */
const most = 100_000

const text = (content: string, more: object = {}) => ({
  messages: [{ role: 'user', content }],
  max_tokens: 50,
  ...more,
})

describe.skipIf(problem !== null)('routes of four processes with one PostgreSQL and one Redis', () => {
  const stack = new AsyncDisposableStack()
  let one: ScriptedUpstream
  let two: ScriptedUpstream
  let together: ServedTogether
  let caller: Caller
  let trying: Caller
  let masked: Caller
  /** Each has used nothing. */
  const tight: Caller[] = []

  beforeAll(async () => {
    one = stack.use(await ScriptedUpstream.start())
    two = stack.use(await ScriptedUpstream.start())
    const [cluster, redis] = [stack.use(await startCluster()), stack.use(await startRedis())]
    together = stack.use(await ServedTogether.start(processes, configuration(one, two), { cluster, redis }))
    const groups = ['all', 'trying', 'masked', 'tight', 'tight', 'tight']
    const [all, free, hidden, ...limited] = await together.newCallers(groups)
    if (all === undefined || free === undefined || hidden === undefined) throw new Error('no keys were made')
    ;[caller, trying, masked] = [all, free, hidden]
    tight.push(...limited)
  })
  afterAll(() => stack.disposeAsync())
  beforeEach(() => {
    one.startOver()
    two.startOver()
  })

  /** Asks each process so many times, one call after another in each. */
  async function askEach(times: number, body: (number: number) => object, who: Caller = caller) {
    const asked = Array.from({ length: processes }, async (_, number) => {
      const answers = []
      for (let count = 0; count < times; count += 1) {
        const answer = await together.ask(who, number, body(number * times + count))
        expect([answer.status, answer.text]).toEqual([200, expect.anything()])
        answers.push(answeredBy(answer))
      }
      return answers
    })
    return Promise.all(asked)
  }

  it('by order ask the first, and by cost the cheapest, in each process', async () => {
    verifies('routing.processes')
    verifies('routing.cost')
    const before = (await together.used(caller, 'money')) ?? 0
    expect((await askEach(3, () => text('Hi', { model: 'by-order' }))).flat()).toEqual(Array(12).fill('dear'))
    expect([one.models, two.models]).toEqual([Array(12).fill('dear'), []])
    expect((await askEach(3, () => text('Hi', { model: 'by-cost' }))).flat()).toEqual(Array(12).fill('cheap'))
    expect([one.models.length, two.models]).toEqual([12, Array(12).fill('cheap')])
    await expect.poll(() => together.used(caller, 'money')).toBe(before + 12 * costs.dear + 12 * costs.cheap)
  })

  it('by latency ask the one that is soonest, after each process has measured both', async () => {
    verifies('routing.processes')
    verifies('routing.latency')
    // Longer than a busy machine takes for the other.
    one.behave = () => ({ milliseconds: 2_500 })
    const told = await askEach(8, () => text('Hi', { model: 'by-latency' }))
    // In each process the first two are for measuring.
    for (const answers of told) {
      expect(new Set(answers.slice(0, 2))).toEqual(new Set(['fast', 'slow']))
      expect(answers.slice(2)).toEqual(Array(6).fill('fast'))
    }
    expect([one.models.length, two.models.length]).toEqual([processes, 7 * processes])
  })

  it('by weights keep each conversation at one target in all processes, in the shares of the weights', async () => {
    verifies('routing.processes')
    verifies('routing.weighted')
    const conversations = 240
    const opening = (number: number) => ({ role: 'user', content: `Conversation ${number}` })
    const turn = (number: number) => [
      opening(number),
      { role: 'assistant', content: 'Yes?' },
      { role: 'user', content: 'Go on' },
    ]
    const first = await askEach(conversations / processes, (number) => ({
      model: 'by-weight',
      messages: [opening(number)],
      max_tokens: 5,
    }))
    // The next turn of each comes to another process.
    const rotated = (number: number) => (number + conversations / processes) % conversations
    const second = await askEach(conversations / processes, (number) => ({
      model: 'by-weight',
      messages: turn(rotated(number)),
      max_tokens: 5,
    }))
    const [opened, gone] = [first.flat(), second.flat()]
    expect(gone.map((_, number) => gone[number])).toEqual(opened.map((_, number) => opened[rotated(number)]))
    const heavy = opened.filter((name) => name === 'heavy').length
    // Three of four, within six standard deviations.
    expect(Math.abs(heavy - (conversations * 3) / 4)).toBeLessThan(6 * Math.sqrt(conversations * 0.75 * 0.25))
    expect(one.models.length).toBe(2 * heavy)
    expect(two.models.length).toBe(2 * (conversations - heavy))
  })

  it('by load share what is under way in each process', async () => {
    verifies('routing.processes')
    verifies('routing.least-busy')
    const release = Promise.withResolvers<void>()
    one.behave = two.behave = () => ({ until: release.promise })
    const asked: Promise<unknown>[] = []
    for (let number = 0; number < processes; number += 1) {
      for (let count = 0; count < 4; count += 1) {
        asked.push(together.ask(caller, number, text('Hi', { model: 'by-load' })))
        const all = asked.length
        await expect.poll(() => one.calls.length + two.calls.length).toBe(all)
      }
      expect([one.calls.length, two.calls.length]).toEqual([2 * (number + 1), 2 * (number + 1)])
    }
    release.resolve()
    await Promise.all(asked)
  })

  it('by tiers ask that of the group, and the next one where that fails or is too dear', async () => {
    verifies('routing.processes')
    verifies('routing.tier')
    verifies('routing.downgrade')
    const body = () => text('Hi', { model: 'by-tier' })
    expect((await askEach(1, body)).flat()).toEqual(Array(processes).fill('high'))
    expect((await askEach(1, body, trying)).flat()).toEqual(Array(processes).fill('low'))
    one.startOver()
    one.behave = () => ({ status: 400 + 29 })
    const failed = await together.ask(caller, 0, body())
    expect([failed.status, failed.route.get('high'), answeredBy(failed)]).toEqual([
      200,
      'by=tier;failed=model-overloaded',
      'low',
    ])
    one.startOver()
    // All but what the cheap one may cost is used at another process.
    const who = tight[0] ?? caller
    two.behave = () => ({ usage: { input: most - 1_000, output: 0 } })
    expect((await together.ask(who, 1, text('Hi', { model: 'cheap' }))).status).toBe(200)
    two.behave = () => ({})
    await expect.poll(() => together.used(who, 'money')).toBe(most - 1_000)
    const lower = await together.ask(who, 2, text('Hi', { model: 'by-tier', max_tokens: 300 }))
    expect([lower.status, lower.route.get('high'), answeredBy(lower)]).toEqual([200, 'skipped=quota', 'low'])
    expect(one.calls).toEqual([])
  })

  it('keep the cost of every attempt in the ledger', async () => {
    verifies('routing.processes')
    verifies('faults.cost')
    const before = (await together.used(caller, 'money')) ?? 0
    one.behave = () => ({ breaks: 'counted', usage: { input: 100, output: 7 } })
    const answer = await together.ask(caller, 0, text('Hi', { model: 'held', stream: true }))
    expect([answer.status, answeredBy(answer), one.models, two.models]).toEqual([200, 'short', ['long'], ['short']])
    const both = before + 100 * 3 + 7 * 5 + costs.cheap
    await expect.poll(() => together.used(caller, 'money')).toBe(both)
    // What brings nothing costs nothing.
    one.behave = () => ({ breaks: 'at-once' })
    expect(answeredBy(await together.ask(caller, 1, text('Hi', { model: 'held' })))).toBe('short')
    await expect.poll(() => together.used(caller, 'money')).toBe(both + costs.cheap)
  })

  it('send a further attempt only where what it may cost is left beside the first, to the last millionth', async () => {
    verifies('faults.held')
    const body = text('Hi', { model: 'by-hold', stream: true })
    const asked = { body: JSON.stringify({ ...body, model: 'by-cost' }), group: 'all' }
    interface Told {
      readonly asked: readonly { readonly name: string; readonly figure: number }[]
    }
    const told = await together.admin<Told>('POST', '/routes/explain', asked)
    const second = told.asked.find(({ name }) => name === 'dear')?.figure ?? 0
    expect(second).toBeGreaterThan(50 * 5)
    // Its name is as long. The first attempt costs what leaves exactly so much, or one less.
    for (const [left, status, who = caller] of [
      [second, 200, tight[1]],
      [second - 1, 403, tight[2]],
    ] as const) {
      one.startOver()
      two.startOver()
      two.behave = () => ({ breaks: 'counted', usage: { input: most - left, output: 0 } })
      const answer = await together.ask(who, 3, body)
      expect([answer.status, two.models, one.models]).toEqual([status, ['short'], status === 200 ? ['long'] : []])
      const used = most - left + (status === 200 ? costs.dear : 0)
      await expect.poll(() => together.used(who, 'money')).toBe(used)
      if (status === 403) {
        expect(answer.text).toContain('The model failed, and another attempt costs more than is left.')
        expect(answer.text).toContain(`this request may need ${most + 1}`)
      }
    }
  })

  it('pass over what has failed in a row, let one call find it back, and return to it; each process for itself', async () => {
    verifies('routing.processes')
    verifies('routing.breaker-told')
    verifies('faults.breaker')
    const body = text('Hi', { model: 'frail-first' })
    const [here, elsewhere] = [0, 1]
    one.behave = () => ({ status: 503 })
    for (const _ of [1, 2]) {
      const { status, route } = await together.ask(caller, here, body)
      expect([status, route.get('frail')]).toEqual([200, 'by=order;failed=model-unavailable'])
    }
    expect(one.calls).toHaveLength(2)
    const passed = await together.ask(caller, here, body)
    expect([passed.status, passed.route.get('frail'), answeredBy(passed)]).toEqual([200, 'skipped=breaker', 'spare'])
    expect(one.calls).toHaveLength(2)
    expect(await explained(here, body)).toEqual({ asked: ['spare closed'], skipped: ['frail breaker'] })
    // Another process has not seen it fail.
    expect(await explained(elsewhere, body)).toEqual({ asked: ['frail closed', 'spare closed'], skipped: [] })
    one.startOver()
    const release = Promise.withResolvers<void>()
    one.behave = () => ({ until: release.promise })
    await expect.poll(() => explained(here, body)).toEqual({ asked: ['frail half-open', 'spare closed'], skipped: [] })
    const trial = together.ask(caller, here, body)
    await expect.poll(() => one.calls.length).toBe(1)
    // While one call finds out, the others go on where they went.
    const meanwhile = await Promise.all([1, 2, 3].map(() => together.ask(caller, here, body)))
    expect(meanwhile.map(answeredBy)).toEqual(['spare', 'spare', 'spare'])
    expect(one.calls).toHaveLength(1)
    release.resolve()
    expect(answeredBy(await trial)).toBe('frail')
    expect(await explained(here, body)).toEqual({ asked: ['frail closed', 'spare closed'], skipped: [] })
    expect(answeredBy(await together.ask(caller, here, body))).toBe('frail')
  })

  /** What a process says of where a body of the caller would go. */
  async function explained(number: number, body: object) {
    interface Told {
      readonly asked: readonly { readonly name: string; readonly breaker: string }[]
      readonly skipped: readonly { readonly name: string; readonly why: string }[]
    }
    const question = { body: JSON.stringify(body), principal: caller.id }
    const told = await together.admin<Told>('POST', '/routes/explain', question, together.process(number))
    return {
      asked: told.asked.map(({ name, breaker }) => `${name} ${breaker}`),
      skipped: told.skipped.map(({ name, why }) => `${name} ${why}`),
    }
  }

  it('mask a call for the strictest target before the first is asked, and give the values back from the second', async () => {
    verifies('routing.masked-for-all')
    const [person, card] = ['anna.meyer@example.com', '4111 1111 1111 1111']
    const body = text(`Write to ${person} about ${card}.`)
    one.behave = () => ({ breaks: 'at-once' })
    const answer = await together.ask(masked, 0, { ...body, model: 'across' })
    expect([answer.status, one.models, two.models]).toEqual([200, ['inside'], ['outside']])
    const sent = [...one.calls, ...two.calls].map((call) => call.body)
    for (const bytes of sent) {
      expect(bytes).not.toContain(person)
      expect(bytes).not.toContain('anna.meyer')
      expect(bytes.replaceAll(/\D/g, '')).not.toContain('4111111111111111')
    }
    const contentOf = (bytes: string) => (JSON.parse(bytes) as ReturnType<typeof text>).messages[0]?.content
    expect(contentOf(sent[0] ?? '')).toBe(contentOf(sent[1] ?? ''))
    expect(answer.text).toContain(`You said: Write to ${person} about ${card}.`)
    // By itself the first is shown what the region allows.
    one.startOver()
    expect((await together.ask(masked, 0, { ...body, model: 'inside' })).status).toBe(200)
    expect(one.calls[0]?.body).toContain(person)
  })

  it('send sealed reasoning back to the provider that made it, from another process', async () => {
    verifies('routing.sealed')
    verifies('routing.unknown-sealed')
    const answers = '/v1/responses'
    const body = (input: unknown) => ({
      model: 'thinking',
      input,
      include: ['reasoning.encrypted_content'],
      store: false,
    })
    one.behave = () => ({ breaks: 'at-once' })
    two.behave = () => ({ sealed: 'c2VhbGVkIGJ5IHR3bw' })
    const first = await together.ask(caller, 2, body('Think.'), answers)
    expect([first.status, answeredBy(first)]).toEqual([200, 'second-maker'])
    one.startOver()
    two.startOver()
    const { output } = JSON.parse(first.text) as { readonly output: readonly object[] }
    const turn = (items: readonly object[]) =>
      body([{ role: 'user', content: 'Think.' }, ...items, { role: 'user', content: 'On.' }])
    // The first target is well again, in a process that has seen nothing of all this.
    const next = await together.ask(caller, 3, turn(output), answers)
    expect([next.status, answeredBy(next), next.route.get('first-maker')]).toEqual([
      200,
      'second-maker',
      'skipped=kept-elsewhere',
    ])
    expect([one.calls, two.models]).toEqual([[], ['second-maker']])
    // And where its maker fails, the call fails.
    two.behave = () => ({ status: 503 })
    expect((await together.ask(caller, 1, turn(output), answers)).status).toBeGreaterThanOrEqual(500)
    expect(one.calls).toEqual([])
    two.startOver()
    const strange = { type: 'reasoning', id: 'rs_9', summary: [], encrypted_content: 'bm9ib2R5IGtub3dz' }
    expect(answeredBy(await together.ask(caller, 3, turn([strange]), answers))).toBe('first-maker')
    expect(two.calls).toEqual([])
    // Of two makers nobody can read both.
    one.behave = () => ({ sealed: 'c2VhbGVkIGJ5IG9uZQ' })
    const other = await together.ask(caller, 0, body('Think.'), answers)
    const both = [...output, ...(JSON.parse(other.text) as { readonly output: readonly object[] }).output]
    expect((await together.ask(caller, 1, turn(both), answers)).status).toBe(400)
  })
})

function configuration(one: ScriptedUpstream, two: ScriptedUpstream): object {
  const price = (input: number, output: number) => ({ price: { input: input * 1_000_000, output: output * 1_000_000 } })
  const tiers = [
    { model: 'high', tier: 'premium' },
    { model: 'low', tier: 'free' },
  ]
  const routes = {
    'by-order': { targets: ['dear', 'cheap'] },
    'by-cost': { strategy: 'cost', targets: ['dear', 'cheap'] },
    'by-latency': { strategy: 'latency', targets: ['slow', 'fast'] },
    'by-weight': { strategy: 'weighted', targets: [{ model: 'heavy', weight: 3 }, 'light'] },
    'by-load': { strategy: 'least-busy', targets: ['left', 'right'] },
    'by-tier': { strategy: 'tier', downgrade: true, targets: tiers },
    held: { recovery: 'hold', targets: ['long', 'short'] },
    'by-hold': { recovery: 'hold', targets: ['short', 'long'] },
    'frail-first': { targets: ['frail', 'spare'] },
    thinking: { targets: ['first-maker', 'second-maker'] },
    across: { targets: ['inside', 'outside'] },
  }
  const group = (more: object = {}) => ({
    models: ['*'],
    tier: 'premium',
    show_routes: true,
    concurrent_requests: 64,
    limits: [{ per: 'key', unit: 'money', most: 1_000_000_000, every: 'day' }],
    ...more,
  })
  const limits = [{ per: 'key', unit: 'money', most, every: 'day' }]
  const names = [...Object.keys(routes), 'cheap', 'inside']
  const all = (dearer: readonly string[], others: readonly string[], cost: object) =>
    Object.fromEntries([...dearer.map((name) => [name, cost]), ...others.map((name) => [name, price(1, 1)])])
  // No two tests share a model, whose breakers and measurements would be those of both.
  const ofOne = all(['dear', 'high', 'long'], ['slow', 'heavy', 'left', 'inside', 'frail', 'first-maker'], price(3, 5))
  const ofTwo = all([], ['cheap', 'low', 'short', 'fast', 'light', 'right', 'outside', 'spare', 'second-maker'], {})
  return {
    upstreams: {
      one: { kind: 'openai', base_url: one.baseUrl, region: 'eu', models: ofOne },
      two: { kind: 'openai', base_url: two.baseUrl, region: 'us', models: ofTwo },
    },
    routes,
    privacy: { key: { env: 'TOGETHER_KEY' }, profiles: { across: { masking: 'all', regions: { eu: 'none' } } } },
    gateway: {
      attempts: { retries: 0, breaker_failures: 2, breaker_open_ms: 4_000 },
      groups: {
        default: { models: ['cheap'] },
        all: group({ models: names }),
        trying: group({ models: names, tier: 'free' }),
        tight: group({ models: names, limits }),
        masked: group({ models: names, privacy_profile: 'across' }),
      },
    },
  }
}
