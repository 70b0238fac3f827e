import { describe, expect, it } from 'vitest'
import type { AdmittedCall, ModelApi, ScreenedAnswer } from '../../../../src/core/model-call.ts'
import type { MaskedConversations } from '../../../../src/core/masked-conversations.ts'
import { createDetectorsFor } from '../../../../src/gateway/privacy/detect/detectors.ts'
import { privacyOptions } from '../../../../src/gateway/privacy/profiles/options.ts'
import { createPrivacy, type CreatePrivacyOptions, type Privacy } from '../../../../src/gateway/privacy/privacy.ts'
import { TokenKeys } from '../../../../src/gateway/privacy/keys/token-keys.ts'
import { KeyRing } from '../../../../src/sealed/key-ring.ts'
import { Vault } from '../../../../src/gateway/privacy/vault/vault.ts'
import { verifies } from '../../../support/verifies.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'
import { maskedConversationsInMemory } from '../../../support/http/masked-conversations-in-memory.ts'
import { admittedCall, callGrant } from '../../../support/received-call.ts'

const email = 'kim.wexler@hamlin.example'
const card = '4111 1111 1111 1111'
const receipt = 'x-sallyport-privacy-receipt'

function privacyWith(
  profile: object = {},
  stored: MaskedConversations = maskedConversationsInMemory(),
  headersTo: CreatePrivacyOptions['headersTo'] = (_upstream, headers) => headers,
): Privacy {
  const options = privacyOptions.parse({ profiles: { default: profile } })
  return createPrivacy({
    options,
    detectorsFor: createDetectorsFor(options),
    tokenKeys: async () => new TokenKeys(Buffer.alloc(32, 7)),
    vault: new Vault(stored, async () => new KeyRing(Buffer.alloc(32, 8), [])),
    headersTo,
    regionOf: () => null,
  })
}

interface Asked {
  readonly api?: ModelApi
  readonly principal?: string
  readonly profile?: string | null
  readonly ids?: readonly string[]
}

function callOf(body: unknown, { api = 'chat-completions', principal = 'ann', profile, ids = [] }: Asked = {}) {
  const { call } = admittedCall()
  return {
    ...call,
    api,
    body: body === null ? null : Buffer.from(typeof body === 'string' ? body : JSON.stringify(body)),
    principal: { ...call.principal, id: principal },
    grant: { ...callGrant, privacyProfile: profile === undefined ? 'default' : profile },
    facts: { ...call.facts, ids: ids.map((name) => ({ name, parameter: 'previous_response_id' })) },
  } satisfies AdmittedCall
}

const said = (content: string, more: object = {}) => ({ messages: [{ role: 'user', content }], ...more })
const answerOf = (body: unknown): ScreenedAnswer => {
  return { status: 201, headers: ['x-a', 'b'], body: Buffer.from(JSON.stringify(body)) }
}
const words = (content: string) => answerOf({ choices: [{ message: { content } }] })
const tokenIn = ({ body }: { readonly body: Buffer | null }): string =>
  /[A-Z]+_(?:[A-Z]\d){5}/.exec(body?.toString() ?? '')?.[0] ?? 'none'

/** What the caller gets where the model answers so. */
async function answered(privacy: Privacy, call: AdmittedCall, answer: (token: string) => ScreenedAnswer) {
  const masked = await privacy.mask(call, never)
  const restored = await privacy.restore(answer(tokenIn(masked)), masked)
  return { masked, restored, text: Buffer.isBuffer(restored.body) ? restored.body.toString() : '' }
}

describe('a call whose caller has a privacy profile', () => {
  it('is refused for a value in a header that its upstream is sent, but for a key of which it is sent a digest', async () => {
    verifies('pii.headers')
    const call = (...headers: string[]) => ({ ...callOf(said('hello')), headers })
    await expect(privacyWith().mask(call('x-user', email), never)).rejects.toMatchObject({ parameter: 'x-user' })
    const { body } = await privacyWith().mask(call('Idempotency-Key', email, 'x-user', 'u1'), never)
    expect(body?.toString()).toBe(JSON.stringify(said('hello')))
  })

  it('leaves without its values, comes back with them, and names a receipt of both', async () => {
    const privacy = privacyWith()
    const { masked, restored, text } = await answered(privacy, callOf(said(`I am ${email}.`)), (token) =>
      words(`${token} https://evil.example/${token} a.b@c.example`),
    )
    expect(masked.body?.toString()).toMatch(/^\{"messages":\[\{"role":"user","content":"I am EMAIL_\w+\."\}\]\}$/)
    expect(text).toBe(
      JSON.stringify({
        choices: [{ message: { content: `${email} https://evil.example/${tokenIn(masked)} [email]` } }],
      }),
    )
    const id = restored.headers[3] ?? ''
    expect([restored.status, restored.headers]).toEqual([201, ['x-a', 'b', receipt, id]])
    const place = { position: 'messages[0].content', kind: 'pii/email', count: 1 }
    expect(privacy.receipts.of('ann', id)).toEqual({
      id,
      requestId: 'r1',
      upstream: 'one',
      profile: 'default',
      level: 'all',
      masked: { count: 1, byKind: new Map([['pii/email', 1]]), places: [place] },
      annotated: { count: 0, byKind: new Map(), places: [] },
      unread: [],
      cacheMisses: [],
      surrogates: new Map(),
      withoutSurrogate: new Map(),
      restored: 1,
      left: 1,
      withheld: 1,
    })
    expect(privacy.receipts.of('bob', id)).toBeNull()
  })

  it('goes on as it came, and its answer too, where nothing is hidden from its upstream', async () => {
    for (const [profile, name] of [
      [{}, null],
      [{ masking: 'none' }, 'default'],
      [{ upstreams: { one: 'none' } }, 'default'],
    ] as const) {
      const call = callOf(said(email), { profile: name })
      const answer = words(email)
      const privacy = privacyWith(profile)
      const masked = await privacy.mask(call, never)
      expect([masked.masking, masked.body]).toEqual([null, call.body])
      expect(await privacy.restore(answer, masked)).toBe(answer)
    }
  })

  it('is masked as the profile has it for its upstream', async () => {
    for (const upstreams of [{ one: 'structured' }, { other: 'none' }]) {
      const privacy = privacyWith({ upstreams })
      const { masked, restored } = await answered(privacy, callOf(said(email)), words)
      expect(tokenIn(masked)).toMatch(/^EMAIL_/)
      const { level } = privacy.receipts.of('ann', restored.headers[3] ?? '') ?? {}
      expect(level).toBe('one' in upstreams ? 'structured' : 'all')
    }
  })

  it('is masked for the strictest upstream that may answer it, and looked through for what may reach any of them', async () => {
    verifies('routing.masked-for-all')
    const call = callOf(said(email))
    const at = (upstream: string) => ({ ...call.target, upstream })
    const among = { ...call, candidates: [at('house'), at('abroad')] as const, headers: ['x-note', email] }
    const privacy = privacyWith(
      { masking: 'none', upstreams: { abroad: 'structured' } },
      undefined,
      (upstream, headers) => (upstream === 'abroad' ? headers : []),
    )
    await expect(privacy.mask(among, never)).rejects.toMatchObject({ code: 'refused' })
    const { masked, restored } = await answered(privacy, { ...among, headers: [], target: at('house') }, words)
    expect(tokenIn(masked)).toMatch(/^EMAIL_/)
    const { level, upstream } = privacy.receipts.of('ann', restored.headers[3] ?? '') ?? {}
    expect([level, upstream]).toEqual(['structured', 'house'])
    const one = { ...call, candidates: [at('house')] as const, target: at('house') }
    expect((await privacy.mask(one, never)).masking).toBeNull()
  })

  it('that is masked again under another profile keeps one conversation, and has one receipt of what is sent', async () => {
    verifies('policy.stricter-profiles')
    const stored = maskedConversationsInMemory()
    const kept: string[] = []
    const keep: MaskedConversations['keep'] = (conversation, values) => {
      kept.push(conversation.id)
      return stored.keep(conversation, values)
    }
    const privacy = privacyWith({}, { ...stored, keep })
    const call = callOf({ input: `I am ${email}.` }, { api: 'responses' })
    const first = await privacy.mask(call, never)
    const second = await privacy.mask({ ...call, body: Buffer.from(`{"input":"${email}, ${card}"}`) }, never, first)
    expect(new Set(kept).size).toBe(1)
    expect(kept).toHaveLength(2)
    expect(tokenIn(second)).toBe(tokenIn(first))
    expect(privacy.receipts.of('ann', first.masking?.receipt.id ?? '')).toBeNull()
    expect(privacy.receipts.of('ann', second.masking?.receipt.id ?? '')?.masked.count).toBe(2)
  })

  it('has the very bytes of its body where nothing is found in them', async () => {
    const call = callOf(said('Nothing here.'))
    expect((await privacyWith().mask(call, never)).body).toBe(call.body)
    expect((await privacyWith().mask(callOf('null'), never)).body?.toString()).toBe('null')
  })

  it('is told what was found and sent, what was not read, and what no longer fits', async () => {
    const privacy = privacyWith({ rules: { 'pii/card': { action: 'annotate' } }, unread: 'pass' })
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }
    const messages = [
      { role: 'user', content: 'About kim.wexler: 536228145' },
      { role: 'assistant', content: 'Who is that?' },
      { role: 'user', content: [picture, { type: 'text', text: `${card}. My SSN is 536228145.` }] },
    ]
    const { restored } = await answered(privacy, callOf({ messages }), words)
    const { annotated, unread, cacheMisses } = privacy.receipts.of('ann', restored.headers[3] ?? '') ?? {}
    expect({ annotated: annotated?.places, unread, cacheMisses }).toEqual({
      annotated: [{ position: 'messages[2].content[1].text', kind: 'pii/card', count: 1 }],
      unread: ['messages[2].content[0].image_url.url'],
      cacheMisses: ['messages[0].content'],
    })
  })

  it('is refused where its body holds what the profile does not send', async () => {
    const picture = { type: 'image_url', image_url: { url: 'data:image/png;base64,AAAA' } }
    const call = callOf({ messages: [{ role: 'user', content: [picture] }] })
    await expect(privacyWith().mask(call, never)).rejects.toMatchObject({ code: 'refused' })
  })
})

describe('an answer', () => {
  it('has what the model says of people withheld, or passed, as the profile has it', async () => {
    const newOnes = (answers: string) =>
      answered(privacyWith({ answers }), callOf(said('Who?')), () => words('a.b@c.example'))
    expect((await newOnes('mask')).text).toContain('"[email]"')
    expect((await newOnes('pass')).text).toContain('"a.b@c.example"')
    const { text } = await answered(
      privacyWith({ rules: { 'pii/email': { action: 'allow' } } }),
      callOf(said(email)),
      () => words(email),
    )
    expect(text).toContain(email)
  })

  it('is not touched where nothing was hidden and nothing is withheld', async () => {
    const privacy = privacyWith({ answers: 'pass' })
    const masked = await privacy.mask(callOf(said('Who?')), never)
    const answer = words('EMAIL_B1C2D3F4G5')
    const restored = await privacy.restore({ ...answer, body: (async function* () {})() }, masked)
    expect(restored.headers.slice(0, 3)).toEqual(['x-a', 'b', receipt])
    const whole = await privacy.restore(answer, masked)
    expect(whole.body).toBe(answer.body)
    const stream = (async function* () {})()
    expect((await privacy.restore({ ...answer, body: stream }, masked)).body).toBe(stream)
  })

  it('is read as JSON where JSON was asked for', async () => {
    const number = '{"n":4111111111111111}'
    const asking = (more: object) => answered(privacyWith(), callOf(said('Who?', more)), () => words(number))
    expect((await asking({ response_format: { type: 'json_object' } })).text).toContain('{\\"n\\":0}')
    expect((await asking({})).text).toContain('{\\"n\\":[card]}')
  })

  it('gives values to the tools that the profile names, and to every one by a star', async () => {
    const call = (token: string) => {
      const calls = ['mine', 'other'].map((name) => ({ function: { name, arguments: `["${token}"]` } }))
      return answerOf({ choices: [{ message: { tool_calls: calls } }] })
    }
    const values = async (tools: readonly string[]) => {
      const { text } = await answered(privacyWith({ tools }), callOf(said(email)), call)
      const parsed = JSON.parse(text) as {
        choices: [{ message: { tool_calls: { function: { arguments: string } }[] } }]
      }
      return parsed.choices[0].message.tool_calls.map(({ function: { arguments: given } }) => given.includes(email))
    }
    expect(await values([])).toEqual([false, false])
    expect(await values(['mine'])).toEqual([true, false])
    expect(await values(['*'])).toEqual([true, true])
  })

  it('of vectors has no tokens to restore: words stand for values in what was sent', async () => {
    const masked = await privacyWith().mask(callOf({ input: `to ${email}` }, { api: 'embeddings' }), never)
    expect(masked.body?.toString()).toBe('{"input":"to email"}')
  })
})

describe('tokens', () => {
  const tokenFor = async (more: object, principal = 'ann') =>
    tokenIn(await privacyWith().mask(callOf(said(email, more), { principal }), never))

  it('are each caller’s own, and each end user’s', async () => {
    const tokens = [
      await tokenFor({}),
      await tokenFor({ user: 'u1' }),
      await tokenFor({ user: 'u2' }),
      await tokenFor({}, 'bob'),
    ]
    expect(new Set(tokens).size).toBe(4)
    expect(await tokenFor({ user: 'u1' })).toBe(tokens[1])
  })
})

describe('a conversation that the provider keeps', () => {
  const responses = (ids: readonly string[] = [], principal = 'ann') => ({ api: 'responses', ids, principal }) as const
  const repeating = (token: string) => answerOf({ output: [{ content: [{ text: `to ${token}` }] }] })

  async function begun(stored: MaskedConversations, more: object = {}) {
    const masked = await privacyWith({}, stored).mask(callOf({ input: `I am ${email}`, ...more }, responses()), never)
    await masked.masking?.answered('one', ['resp_1'])
    return tokenIn(masked)
  }

  it('has the same tokens in its later calls, and their answers the values of its earlier ones', async () => {
    const stored = maskedConversationsInMemory()
    const token = await begun(stored)
    const later = callOf({ input: email, previous_response_id: 'resp_1' }, responses(['resp_1']))
    expect(tokenIn(await privacyWith({}, stored).mask(later, never))).toBe(token)
    const read = await answered(privacyWith({}, stored), callOf(null, responses(['resp_1'])), () => repeating(token))
    expect(read.text).toContain(email)
    expect(read.masked.body).toBeNull()
  })

  it('is nobody else’s, and begins with no call that names one, or that has no body', async () => {
    const stored = maskedConversationsInMemory()
    const token = await begun(stored)
    const others = await answered(privacyWith({}, stored), callOf(null, responses(['resp_1'], 'bob')), () =>
      repeating(token),
    )
    expect(others.text).toContain(token)
    await others.masked.masking?.answered('one', ['resp_2'])
    expect(await stored.find({ principal: 'bob', upstream: 'one', id: 'resp_2' })).toBeNull()
  })

  it('is kept unless the call says that it is not to be stored', async () => {
    const [kept, unkept] = [maskedConversationsInMemory(), maskedConversationsInMemory()]
    await begun(kept, { store: true })
    await begun(unkept, { store: false })
    const of = { principal: 'ann', upstream: 'one', id: 'resp_1' }
    expect([await kept.find(of), await unkept.find(of)]).toEqual([expect.anything(), null])
  })

  it('is forgotten with its last answer', async () => {
    const stored = maskedConversationsInMemory()
    await begun(stored)
    await privacyWith({}, stored).forget(callOf(null, responses(['resp_0', 'resp_1'])))
    expect(await stored.find({ principal: 'ann', upstream: 'one', id: 'resp_1' })).toBeNull()
  })

  it('is of no other API: their calls bring all their turns with them', async () => {
    const stored = maskedConversationsInMemory()
    const masked = await privacyWith({}, stored).mask(callOf(said(email), { ids: ['resp_1'] }), never)
    await masked.masking?.answered('one', ['resp_1'])
    expect(await stored.find({ principal: 'ann', upstream: 'one', id: 'resp_1' })).toBeNull()
  })
})
