import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../../../src/core/events.ts'
import type { Received } from '../../../src/core/request.ts'
import { quotaInMemory, tokensLeft } from '../../support/quota-in-memory.ts'
import { profileSchema, type FilterProfile } from '../../../src/filters/profile.ts'
import { createIdentify } from '../../../src/gateway/authenticate/authenticate.ts'
import type { KeyStore } from '../../../src/gateway/authenticate/keys.ts'
import { createGrantFor } from '../../../src/gateway/authorize/groups.ts'
import { gatewayOptions } from '../../../src/gateway/options.ts'
import { type Answerer, createPipeline, type PipelineOptions, type Run } from '../../../src/gateway/pipeline.ts'
import type { ContentNotice } from '../../../src/core/facts.ts'
import { namedProfiles } from '../../../src/filters/pipeline/named-profiles.ts'
import { createContentPipeline } from '../../../src/filters/pipeline/pipeline.ts'
import { digestOf } from '../../../src/gateway/authorize/approvals/digest.ts'
import { createModerateQuestion, type ModerateQuestion } from '../../../src/gateway/moderate/moderate-question.ts'
import { createModerateRun, type ModerateRun } from '../../../src/gateway/moderate/moderate-run.ts'
import { createScreenerFor } from '../../../src/gateway/screen/screener-for.ts'
import { refuseUnfitLimits } from '../../../src/core/requested-limits.ts'
import { sandboxCeilings } from '../../support/sandbox/sandbox-ceilings.ts'
import { collect, delta, end, received, replay, sqlCall, textOf } from '../../support/agent-events.ts'
import { chain, limits, never } from '../../support/filters/filter-fixtures.ts'
import { createWordDetector } from '../../support/moderation/word-detector.ts'
import { verifies } from '../../support/verifies.ts'
import { allowsPayloads } from '../../support/policy/allows-payloads.ts'

const keys = {
  find: async (key) => (key.reveal() === 'sp-test' ? { id: 'k1', kind: 'api-key', group: 'default' } : null),
} as KeyStore

interface Setup {
  readonly events?: readonly AgentEvent[]
  readonly run?: Run
  readonly linkHosts?: readonly string[]
  readonly tokensPerDay?: number
  readonly group?: object
  readonly profiles?: Readonly<Record<string, FilterProfile>>
  readonly moderateQuestion?: ModerateQuestion
  readonly moderateRun?: ModerateRun
  readonly payload?: PipelineOptions['payload']
}

function pipeline({
  events = [delta('fine'), end()],
  linkHosts = [],
  run = () => replay(events),
  tokensPerDay = 1_000_000,
  group = {},
  profiles = {},
  moderateQuestion,
  moderateRun,
  payload = allowsPayloads,
}: Setup = {}) {
  const { groups } = gatewayOptions.parse({
    groups: { operator: {}, default: { budget: { tokens: 1_000 }, ...group } },
  })
  const quota = quotaInMemory({ concurrentRequests: 2, tokensPerDay })
  const piped = createPipeline({
    identify: createIdentify(keys),
    grantFor: createGrantFor({
      groups,
      dataSources: ['shop', 'other'],
      models: ['analyst'],
      sandboxCeilings,
      processors: 8,
    }),
    quota,
    payload,
    moderateQuestion: moderateQuestion ?? (async (request) => request),
    moderateRun: moderateRun ?? ((_request, events) => events),
    screenerFor: createScreenerFor({ chain, limits, profiles }),
    linkHosts,
  })
  const answer: Answerer = (request, signal) => piped(request, run, signal)
  return { answer, quota }
}

const statement = 'SELECT country, count(*) FROM customers WHERE city = $1 GROUP BY country ORDER BY 2'

describe('pipeline', () => {
  it('answers a request from end to end', async () => {
    const { answer } = pipeline()
    expect(textOf(await collect(answer(received(), never)))).toBe('fine')
  })

  it("leaves the person's own addresses and listed hosts as links, and writes any other as text", async () => {
    verifies('links.known-addresses')
    const events = [
      delta('See https://a.example.com/x, https://own.example.com/y and https://evil.example.com/z.'),
      end(),
    ]
    const { answer } = pipeline({ events, linkHosts: ['own.example.com'] })
    const asked = received({ messages: [{ role: 'user', content: 'What is at https://a.example.com/x?' }] })
    expect(textOf(await collect(answer(asked, never)))).toBe(
      'See https://a.example.com/x, https://own.example.com/y and https[:]//evil[.]example[.]com/z.',
    )
  })

  it('ends an answer whose content its profile blocks, and counts what was used of it', async () => {
    verifies('content.answers')
    const profile = {
      version: 1,
      inbound: {},
      outbound: { toxicity: { threshold: 0.5, action: 'block', mode: 'enforce' } },
    } as const
    const moderateRun = createModerateRun({
      pipeline: createContentPipeline({ filters: [createWordDetector()], deadlineMilliseconds: 5_000 }),
      profiles: namedProfiles({ default: profile }),
      rules: async (verdict) => ({ ...verdict, reason: null, rules: [], revision: null }),
      tell: async () => undefined,
    })
    const events = [delta('Because you asked, scurvyrogue. '), sqlCall(statement), end()]
    const { answer, quota } = pipeline({ tokensPerDay: 5_000, moderateRun, profiles: { default: profile }, events })
    const left = await collect(answer(received(), never))
    expect(left).toMatchObject([{ type: 'end', ending: 'model-filtered' }])
    const used = 5_000 - (await tokensLeft(quota, { id: 'k1', kind: 'api-key', group: 'default' }, 5_000))
    expect(used).toBeGreaterThan(0)
    expect(used).toBeLessThan(100)
  })

  it('asks no model a question whose content its profile blocks, and counts nothing of it', async () => {
    verifies('content.questions')
    const asked: string[] = []
    const told: ContentNotice[] = []
    const answerOf = (action: 'block' | 'mask', tokensPerDay: number) => {
      const profile = {
        version: 1,
        outbound: {},
        inbound: { toxicity: { threshold: 0.5, action, mode: 'enforce' } },
      } as const
      const moderateQuestion = createModerateQuestion({
        pipeline: createContentPipeline({ filters: [createWordDetector()], deadlineMilliseconds: 5_000 }),
        profiles: namedProfiles({ default: profile }),
        askPerson: async () => null,
        rules: async (verdict) => ({ ...verdict, reason: null, rules: [], revision: null }),
        tell: async (notice) => void told.push(notice),
      })
      return pipeline({
        tokensPerDay,
        moderateQuestion,
        profiles: { default: profile },
        run: ({ messages }) => (asked.push(...messages.map(({ content }) => content)), replay([end()])),
      })
    }
    const bad = received({ messages: [{ role: 'user', content: 'Who is it, you scurvyrogue?' }] })
    const { answer, quota } = answerOf('block', 5_000)
    await expect(collect(answer(bad, never))).rejects.toMatchObject({ code: 'content-blocked' })
    expect(asked).toEqual([])
    expect(await tokensLeft(quota, { id: 'k1', kind: 'api-key', group: 'default' }, 5_000)).toBe(5_000)
    await collect(answerOf('mask', 5_000).answer(bad, never))
    expect(asked).toEqual(['Who is it, you [withheld]?'])
    expect(told).toMatchObject([
      { api: 'analyst', action: 'block' },
      { api: 'analyst', action: 'mask' },
    ])
  })

  it.each(['human', 'mask'] as const)(
    'asks a person once about a question that a stricter profile looks at again, with %s beside',
    async (beside) => {
      verifies('content.human')
      const profileOf = (threshold: number) =>
        ({
          version: 1,
          outbound: {},
          inbound: {
            toxicity: { threshold: 0.5, action: 'human', mode: 'enforce' },
            'toxicity/profanity': { threshold, action: beside, mode: 'enforce' },
          },
        }) as const
      const profiles = { default: profileOf(0.5), strict: profileOf(0.4) }
      const asked: string[] = []
      let allowed = 1
      const moderateQuestion = createModerateQuestion({
        pipeline: createContentPipeline({ filters: [createWordDetector()], deadlineMilliseconds: 5_000 }),
        profiles: namedProfiles(profiles),
        askPerson: async ({ exact }) => {
          asked.push(exact()?.text ?? '')
          allowed -= 1
          return allowed < 0 ? { rule: 'policy/refused-by-a-person', line: 1, column: 1, message: 'No.' } : null
        },
        rules: async (verdict) => ({ ...verdict, reason: null, rules: [], revision: null }),
        tell: async () => undefined,
      })
      const { answer } = pipeline({
        moderateQuestion,
        profiles,
        payload: {
          ...allowsPayloads,
          ofRequest: async (request) => ({ ...request, grant: { ...request.grant, filterProfile: 'strict' } }),
        },
      })
      const question = () => received({ messages: [{ role: 'user', content: 'Blimey, you scurvyrogue.' }] })
      expect(textOf(await collect(answer(question(), never)))).toBe('fine')
      expect(asked).toHaveLength(1)
      // What was allowed was one question.
      await expect(collect(answer(question(), never))).rejects.toMatchObject({ code: 'content-blocked' })
      expect(asked).toHaveLength(2)
    },
  )

  it('asks a person about a question with the data and the session that it goes to', async () => {
    verifies('content.human')
    const asked: string[] = []
    const profile = {
      version: 1,
      outbound: {},
      inbound: { toxicity: { threshold: 0.5, action: 'human', mode: 'enforce' } },
    } as const
    const moderateQuestion = createModerateQuestion({
      pipeline: createContentPipeline({ filters: [createWordDetector()], deadlineMilliseconds: 5_000 }),
      profiles: namedProfiles({ default: profile }),
      askPerson: async ({ exact }) => {
        const action = exact()
        asked.push(action === null ? '' : digestOf(action))
        return null
      },
      rules: async (verdict) => ({ ...verdict, reason: null, rules: [], revision: null }),
      tell: async () => undefined,
    })
    const { answer } = pipeline({ moderateQuestion, profiles: { default: profile } })
    const ask = async (more: Partial<Received>) =>
      collect(answer(received({ messages: [{ role: 'user', content: 'Who is it, scurvyrogue?' }], ...more }), never))
    await ask({})
    await ask({ dataSource: 'shop' })
    await ask({ dataSource: 'other' })
    await ask({ sessionId: 'ses-1' })
    const [first, named, elsewhere, inSession] = asked
    // Without a name it is the first of the group.
    expect(named).toBe(first)
    expect(new Set([first, elsewhere, inSession]).size).toBe(3)
  })

  it('runs nothing for a caller without a known key', async () => {
    verifies('path.order')
    let ran = false
    const { answer } = pipeline({ run: () => ((ran = true), replay([])) })
    await expect(collect(answer(received({ credential: null }), never))).rejects.toMatchObject({
      code: 'unauthenticated',
    })
    expect(ran).toBe(false)
  })

  it.each([
    ['a model', received({ model: 'gpt' }), 'There is no model "gpt".'],
    ['a data source', received({ dataSource: 'payroll' }), 'There is no data source "payroll".'],
  ])('does not know %s outside the grant', async (_claim, request, message) => {
    verifies('security.group-decides')
    await expect(collect(pipeline().answer(request, never))).rejects.toMatchObject({ code: 'model-not-found', message })
  })

  it("grants the sandbox ceilings of the group, and the defaults' where it names none", async () => {
    const { groups } = gatewayOptions.parse({ groups: { default: { sandbox: { memory_mb: 64, cpus: 2.5 } } } })
    const grantFor = createGrantFor({ groups, dataSources: [], models: [], sandboxCeilings, processors: 8 })
    const grant = grantFor({ id: 'k1', kind: 'api-key', group: 'default' })
    expect(grant.sandboxCeilings).toEqual({ ...sandboxCeilings, memory_mb: 64, cpus: 2.5 })
    expect(() => gatewayOptions.parse({ groups: { default: { sandbox: { gpus: 1 } } } })).toThrow('gpus')
    expect(() => gatewayOptions.parse({ groups: { default: { sandbox: { memory_mb: -1 } } } })).toThrow('memory_mb')
  })

  it('grants no more processors than the machine has: a sandbox that asks for more never starts', async () => {
    const { groups } = gatewayOptions.parse({ groups: { default: { sandbox: { cpus: 64 } } } })
    const grantFor = createGrantFor({ groups, dataSources: [], models: [], sandboxCeilings, processors: 2 })
    const { sandboxCeilings: ceilings } = grantFor({ id: 'a', kind: 'api-key', group: 'default' })
    expect(ceilings.cpus).toBe(2)
    expect(() => refuseUnfitLimits({ limits: { cpus: 3 }, ceilings })).toThrow(
      'cpus may be at most 2 for this group, and 3 was asked for.',
    )
  })

  it('takes the first data source of the group where none is named', async () => {
    let source: string | null = null
    const { answer } = pipeline({ run: (request) => ((source = request.dataSource), replay([end()])) })
    await collect(answer(received(), never))
    expect(source).toBe('shop')
  })

  it('takes secrets out of what the model reads, and leaves personal data that the question is about', async () => {
    verifies('path.redacted')
    let seen = ''
    const { answer } = pipeline({ run: (request) => ((seen = request.messages[0]?.content ?? ''), replay([end()])) })
    const content = 'Find bob@example.com with postgresql://app:hunter2@db/shop'
    await collect(answer(received({ messages: [{ role: 'user', content }] }), never))
    expect(seen).toBe('Find bob@example.com with postgresql://app:[secret]@db/shop')
  })

  it('shows SQL in the answer only where the question asks for it', async () => {
    const events = [sqlCall(statement), delta(`I ran ${statement}`), end()]
    const { answer } = pipeline({ events })
    expect(textOf(await collect(answer(received(), never)))).toBe('I ran [SQL withheld]')
    const asking = received({ messages: [{ role: 'user', content: 'Revenue? Show me the SQL.' }] })
    expect(textOf(await collect(answer(asking, never)))).toBe(`I ran ${statement}`)
    const declining = received({ messages: [{ role: 'user', content: 'Revenue? Do not show the SQL.' }] })
    expect(textOf(await collect(answer(declining, never)))).toBe('I ran [SQL withheld]')
  })

  it.each([
    ['never', 'I ran [SQL withheld]', null],
    ['on-request', `I ran ${statement}`, statement],
    ['always', `I ran ${statement}`, statement],
  ])('of a group that may see SQL %s, to one who asks for it, says %j', async (reveal_sql, text, preview) => {
    const { answer } = pipeline({
      events: [sqlCall(statement), delta(`I ran ${statement}`), end()],
      group: { reveal_sql },
    })
    const asking = received({ messages: [{ role: 'user', content: 'Show me the SQL.' }] })
    const out = await collect(answer(asking, never))
    expect(textOf(out)).toBe(text)
    const call = out.find((event) => event.type === 'tool-call')
    expect(call?.source?.text ?? null).toBe(preview)
  })

  it('lets files that no filter reads pass to the local command line alone', async () => {
    const artifact = { name: 'a.xlsx', mediaType: 'application/vnd.ms-excel', content: 'UEsDBA==' }
    const { answer } = pipeline({ events: [{ type: 'artifact', artifact }, end()] })
    const types = async (request: Received) => (await collect(answer(request, never))).map(({ type }) => type)
    expect(await types(received({ channel: 'cli', credential: null }))).toEqual(['artifact', 'end'])
    expect(await types(received())).toEqual(['text-delta', 'end'])
  })

  it('hands the signal to what runs, so that a caller who leaves stops it', async () => {
    let seen: AbortSignal | null = null
    const { answer } = pipeline({ run: (_request, signal) => ((seen = signal), replay([end()])) })
    await collect(answer(received(), never))
    expect(seen).toBe(never)
  })

  it('gives its place and its tokens back where the question itself is withheld', async () => {
    const strict = profileSchema.parse({ inbound: { pii: { action: 'block' } } })
    let ran = false
    const { answer, quota } = pipeline({
      run: () => ((ran = true), replay([])),
      tokensPerDay: 1_000,
      group: { filter_profile: 'strict' },
      profiles: { strict },
    })
    const question = received({ messages: [{ role: 'user', content: 'Who is bob@example.com?' }] })
    await expect(collect(answer(question, never))).rejects.toMatchObject({ code: 'refused' })
    expect(ran).toBe(false)
    const principal = { id: 'k1', kind: 'api-key', group: 'default' } as const
    await quota.reserve(principal, { tokens: 1_000 })
    await quota.reserve(principal, { tokens: 0 })
  })

  it('runs nothing for a caller over quota, and says when to come again', async () => {
    let ran = false
    const { answer, quota } = pipeline({ run: () => ((ran = true), replay([])), tokensPerDay: 1_000 })
    await quota.reserve({ id: 'k1', kind: 'api-key', group: 'default' }, { tokens: 1 })
    await expect(collect(answer(received(), never))).rejects.toMatchObject({
      code: 'rate-limited',
      message: 'Of 1000 tokens a day, 999 are left; this request may need 1000. Requests of yours that run hold 1.',
    })
    expect(ran).toBe(false)
  })

  it('charges what the provider counted', async () => {
    verifies('path.provider-counts')
    const { answer, quota } = pipeline({ tokensPerDay: 1_010 })
    await collect(answer(received(), never))
    const principal = { id: 'k1', kind: 'api-key', group: 'default' } as const
    await expect(quota.reserve(principal, { tokens: 1_000 })).rejects.toThrow(/995 are left/)
  })

  it('charges an estimate when the caller leaves midway, and gives the rest back', async () => {
    verifies('path.settled')
    const { answer, quota } = pipeline({
      events: [delta('x'.repeat(400)), sqlCall('SELECT 1'), delta('more'), end()],
      tokensPerDay: 1_100,
    })
    for await (const event of answer(received(), never)) if (event.type === 'tool-call') break
    const principal = { id: 'k1', kind: 'api-key', group: 'default' } as const
    await expect(quota.reserve(principal, { tokens: 1_000 })).rejects.toThrow(/(9\d\d) are left/)
  })
})
