import { describe, expect, it } from 'vitest'
import type { ReceivedCall, UpstreamAnswer } from '../../../src/core/model-call.ts'
import type { Quota } from '../../../src/gateway/admit/quota.ts'
import { quotaInMemory, tokensLeft } from '../../support/quota-in-memory.ts'
import { attemptOptions } from '../../../src/gateway/calls/attempts/options.ts'
import { createRouting } from '../../../src/gateway/calls/routing/routing.ts'
import { createCallPipeline, type Deliver } from '../../../src/gateway/pipeline.ts'
import type { Moderation } from '../../../src/gateway/moderate/moderation.ts'
import { noModeration } from '../../../src/gateway/moderate/no-moderation.ts'
import type { MaskedCall, Privacy } from '../../../src/gateway/privacy/privacy.ts'
import { PrivacyReceipts } from '../../../src/gateway/privacy/receipts/receipts.ts'
import { never } from '../../support/filters/filter-fixtures.ts'
import { ownedIdsInMemory } from '../../support/http/owned-ids-in-memory.ts'
import { authenticatedCall, callFacts, callGrant } from '../../support/received-call.ts'
import { routeTarget, routeTo } from '../../support/route-to.ts'
import { verifies } from '../../support/verifies.ts'
import { allowsPayloads } from '../../support/policy/allows-payloads.ts'

const ann = { id: 'ann', kind: 'api-key', group: 'default' } as const
const created = '{"id":"resp_1","output":[],"usage":{"input_tokens":30,"output_tokens":4}}'
const whole = (text: string): UpstreamAnswer => ({
  kind: 'json',
  status: 201,
  headers: ['x-a', 'b'],
  body: Buffer.from(text),
})

interface Setup {
  readonly received?: Partial<ReceivedCall>
  readonly answer?: () => UpstreamAnswer
  readonly deliver?: Deliver
  readonly signal?: AbortSignal
  /** Ids of the caller's own. */
  readonly own?: readonly string[]
  /** Does a route have the upstream beside another? */
  readonly several?: boolean
  /** Output tokens that its group gives a call which does not say how many. */
  readonly answerTokens?: number
  /** The privacy profile that the rules demand. */
  readonly demanded?: string
  /** Told once a call is held, before it is sent. */
  readonly onHeld?: () => void
  /** What the filters of content refuse it by. */
  readonly blockedBy?: Error
}

const single = ['m', routeTo('m', routeTarget({ upstream: 'one', model: 'm-1', renamed: true }))] as const
const both = [
  'both',
  routeTo('both', single[1].targets[0], routeTarget({ upstream: 'two', model: 'm-1', renamed: true })),
] as const

/** Passes a call of Responses of 80 bytes on, with a log of what happened in which order. */
async function passed({
  received = {},
  answer = () => whole(created),
  deliver,
  signal = never,
  own = [],
  several = false,
  demanded,
  onHeld,
  blockedBy,
  ...more
}: Setup) {
  const log: string[] = []
  const quota: Quota = quotaInMemory({ concurrentRequests: 1, tokensPerDay: 1_000 })
  const begin = quota.begin.bind(quota)
  quota.begin = async (...given) => {
    const reservation = await begin(...given)
    const waive = reservation.waive.bind(reservation)
    return Object.assign(reservation, { waive: () => (log.push('waive'), waive()) })
  }
  const known = ownedIdsInMemory()
  await known.remember({ principal: 'ann', upstream: 'one', ids: own })
  const masking = {
    receipt: { id: 'receipt_1' },
    answered: async (_upstream: string, ids: readonly string[]) => void log.push(`answered ${ids.join(' ')}`),
  }
  const privacy: Privacy = {
    receipts: new PrivacyReceipts(),
    mask: async (call, _signal, instead) => {
      const profile = call.grant.privacyProfile
      log.push(instead === undefined ? 'mask' : `mask as ${profile} instead of ${instead.body?.toString()}`)
      return {
        ...call,
        body: Buffer.from(instead === undefined ? 'masked' : `masked as ${profile}`),
        masking,
      } as MaskedCall
    },
    forget: async ({ facts }) => void log.push(`forget masked ${facts.ids.map(({ name }) => name).join(' ')}`),
    restore: async (screened, call) => (
      log.push(`restore of ${call.body?.toString()}`),
      { ...screened, headers: ['restored', ''] }
    ),
  }
  const attempts = attemptOptions.parse({ retries: 0 })
  const routes = new Map(several ? [single, both] : [single])
  const pass = createCallPipeline({
    attempts,
    routing: createRouting(routes, attempts),
    identify: async () => (log.push('identify'), ann),
    quota,
    payload:
      demanded === undefined && onHeld === undefined
        ? allowsPayloads
        : {
            ...allowsPayloads,
            ofCall: async (call) => {
              onHeld?.()
              return demanded === undefined ? call : { ...call, grant: { ...call.grant, privacyProfile: demanded } }
            },
          },
    privacy,
    moderation:
      blockedBy === undefined
        ? noModeration
        : ({ of: () => ({ input: () => Promise.reject(blockedBy) }) } as unknown as Moderation),
    policy: {
      grantFor: () => ({ ...callGrant, budget: { ...callGrant.budget, ...more } }),
      routes,
      upstreamsOf: () => ['one'],
      ownedIds: {
        ...known,
        remember: async (entry) => {
          log.push(`remember ${entry.principal} ${entry.upstream} ${entry.ids.join(' ')}`)
          await known.remember(entry)
        },
        forget: async (upstream, ids) => {
          log.push(`forget ${upstream} ${ids.join(' ')}`)
          await known.forget(upstream, ids)
        },
      },
    },
  })
  const { principal: _principal, ...call } = authenticatedCall({}, 80)
  let outcome: unknown
  try {
    outcome = await pass(
      { ...call, api: 'responses', ...received },
      {
        dispatch: async (masked, given) => {
          log.push(`dispatch ${masked.body?.toString()} to ${masked.target.model}`)
          expect(given).toBe(signal)
          return answer()
        },
        deliver: async (screened) => {
          log.push(`deliver ${screened.status} ${screened.headers.slice(0, 2).join(':')}`)
          expect(screened.headers).toContain('ratelimit')
          // Its group may not see it.
          expect(screened.headers).not.toContain('x-sallyport-route')
          await deliver?.(screened)
        },
      },
      signal,
    )
  } catch (thrown) {
    outcome = thrown
  }
  return { log, outcome, quota }
}

/** What is left of the 1,000 tokens of the day; nothing where the call still has its place. */
const left = (quota: Quota): Promise<number> => tokensLeft(quota, ann, 1_000)

describe('a call that is passed on', () => {
  it('is masked again, in the place of what it was masked as, where rules demand another profile', async () => {
    verifies('policy.stricter-profiles')
    const { log } = await passed({ demanded: 'strict' })
    expect(log.filter((line) => /^(?:mask|dispatch)/.test(line))).toEqual([
      'mask',
      'mask as strict instead of masked',
      'dispatch masked as strict to m-1',
    ])
  })

  it('goes through every stage in order, leaves masked and comes back restored', async () => {
    const { log, outcome } = await passed({})
    expect(log).toEqual([
      'identify',
      'mask',
      'dispatch masked to m-1',
      'remember ann one resp_1',
      'answered resp_1',
      'restore of masked',
      'deliver 201 restored:',
    ])
    expect(outcome).toEqual({ status: 201, usage: { inputTokens: 30, outputTokens: 4 } })
  })

  it('has the sealed items of its answer kept with its upstream, where that is not the only one of a route', async () => {
    verifies('routing.sealed')
    const reasoning =
      '{"id":"resp_1","output":[{"type":"reasoning","encrypted_content":"E1"}],"usage":{"input_tokens":3,"output_tokens":4}}'
    const lines = async (several: boolean) =>
      (await passed({ several, answer: () => whole(reasoning) })).log.filter((line) =>
        /^(?:remember|answered)/.test(line),
      )
    expect(await lines(true)).toEqual([
      expect.stringMatching(/^remember ann one resp_1 sealed:[0-9a-f]{64}$/),
      'answered resp_1',
    ])
    expect(await lines(false)).toEqual(['remember ann one resp_1', 'answered resp_1'])
  })

  it('is held as it leaves: by the text in which its values are hidden', async () => {
    verifies('quotas.as-sent')
    // 80 bytes came, and the six of "masked" leave.
    const { outcome } = await passed({ received: { facts: { ...callFacts, outputTokens: 995 } } })
    expect(outcome).toMatchObject({ message: expect.stringContaining('this request may need 1001.') })
    const { log } = await passed({ received: { facts: { ...callFacts, outputTokens: 994 } } })
    expect(log).toContain('dispatch masked to m-1')
  })

  it('holds what its group gives it to write, where it does not say so itself', async () => {
    verifies('quotas.given-output-limit')
    const { outcome } = await passed({ answerTokens: 995 })
    expect(outcome).toMatchObject({ message: expect.stringContaining('this request may need 1001.') })
    const { log } = await passed({ answerTokens: 994 })
    expect(log).toContain('dispatch "max_output_tokens":994,masked to m-1')
  })

  it('that is blocked by its content is not sent, and what may be held of it already counts as nothing', async () => {
    verifies('content.blocked-input')
    const { log, outcome, quota } = await passed({ blockedBy: new Error('blocked') })
    expect(log).toEqual(['identify', 'waive'])
    expect(outcome).toMatchObject({ message: 'blocked' })
    expect(await left(quota)).toBe(1_000)
  })

  it('that does not fit as it would leave is not sent, and counts nothing', async () => {
    const { log, quota } = await passed({ received: { facts: { ...callFacts, outputTokens: 995 } } })
    expect(log).toEqual(['identify', 'mask'])
    expect(await left(quota)).toBe(1_000)
  })

  it('is charged what the provider counted, and gives its place back', async () => {
    expect(await left((await passed({})).quota)).toBe(966)
  })

  it('is charged an estimate of the bytes that were sent where the caller leaves before the answer is delivered', async () => {
    const leave = new AbortController()
    const stream = (async function* () {
      leave.abort()
      yield Buffer.from('data: {"type":"response.x"}\n\n')
    })()
    const { quota, outcome } = await passed({
      received: { facts: { ...callFacts, streamed: true } },
      answer: () => ({ kind: 'events', status: 200, headers: [], body: stream, leave: () => undefined }),
      deliver: async ({ body }) => {
        for await (const _piece of body as AsyncIterable<Buffer>) leave.signal.throwIfAborted()
      },
      signal: leave.signal,
    })
    // Whoever hears of a failure is told which receipt belongs to it.
    expect(outcome).toMatchObject({ code: 'cancelled', receipt: 'receipt_1' })
    // 6 bytes went there and 29 came back.
    expect(await left(quota)).toBe(991)
  })

  it('whose caller leaves before it is sent costs nothing', async () => {
    verifies('quotas.unsent')
    const leave = new AbortController()
    const { log, outcome, quota } = await passed({
      signal: leave.signal,
      onHeld: () => {
        leave.abort()
        leave.signal.throwIfAborted()
      },
    })
    expect(log).toEqual(['identify', 'mask'])
    expect(outcome).toMatchObject({ code: 'cancelled' })
    expect(await left(quota)).toBe(1_000)
  })

  it('that the upstream fails costs nothing, and nothing is delivered', async () => {
    const answer = () => {
      throw new Error('the upstream is down')
    }
    const { log, outcome, quota } = await passed({ answer })
    expect(log.at(-1)).toBe('dispatch masked to m-1')
    expect(outcome).toMatchObject({ message: 'the upstream is down' })
    expect(await left(quota)).toBe(1_000)
  })

  it('whose answer cannot be read is charged, and nothing is delivered', async () => {
    const { log, outcome, quota } = await passed({ answer: () => whole('no JSON.') })
    expect(log.at(-1)).toBe('dispatch masked to m-1')
    expect(outcome).toMatchObject({ code: 'model-protocol' })
    expect(await left(quota)).toBe(996)
  })

  const about = (method: 'GET' | 'DELETE'): Setup => ({
    received: {
      method,
      body: null,
      facts: { ...callFacts, model: null, ids: [{ name: 'resp_1', parameter: 'response_id' }] },
    },
    answer: () => whole('{"id":"resp_1","deleted":true}'),
    own: ['resp_1'],
  })

  it('forgets what its caller has deleted, before the answer says so', async () => {
    const { log } = await passed(about('DELETE'))
    expect(log.slice(-4)).toEqual([
      'forget masked resp_1',
      'forget one resp_1',
      'restore of masked',
      'deliver 201 restored:',
    ])
    expect((await passed(about('GET'))).log.join()).not.toContain('forget')
  })

  it('forgets nothing that the upstream has not deleted', async () => {
    const answer = () => {
      throw new Error('the upstream is down')
    }
    expect((await passed({ ...about('DELETE'), answer })).log.join()).not.toContain('forget')
  })

  it('reaches no upstream for a model, a tool or an id that its caller may not use', async () => {
    const named = [{ name: 'x', parameter: 'tools[0].type' }]
    for (const [facts, code] of [
      [{ model: 'none' }, 'model-not-found'],
      [{ hostedTools: named }, 'forbidden'],
      [{ ids: named }, 'not-found'],
    ] as const) {
      const { log, outcome } = await passed({ received: { facts: { ...callFacts, ...facts } } })
      expect(outcome).toMatchObject({ code })
      expect(log).toEqual(['identify'])
    }
  })

  it('is read by the API that it came for', async () => {
    const answer = () =>
      whole('{"id":"resp_1","choices":[{"message":{}}],"usage":{"prompt_tokens":7,"completion_tokens":2}}')
    const { log, outcome } = await passed({ received: { api: 'chat-completions' }, answer })
    expect(outcome).toMatchObject({ usage: { inputTokens: 7, outputTokens: 2 } })
    expect(log.join()).not.toContain('remember')
  })
})
