import { describe, expect, it } from 'vitest'
import type { AuthenticatedCall, CallFacts } from '../../../../src/core/model-call.ts'
import type { OwnedIds } from '../../../../src/core/owned-ids.ts'
import { chatCompletions } from '../../../../src/gateway/apis/chat-completions.ts'
import { messages } from '../../../../src/gateway/apis/messages.ts'
import { authorizeCall, type CallPolicy } from '../../../../src/gateway/calls/authorize-call.ts'
import { sealedIdsOf } from '../../../../src/gateway/calls/routing/sealed-items.ts'
import type { Route } from '../../../../src/models/routing/routes.ts'
import { ownedIdsInMemory } from '../../../support/http/owned-ids-in-memory.ts'
import { routeTarget, routeTo } from '../../../support/route-to.ts'
import { verifies } from '../../../support/verifies.ts'
import { authenticatedCall, callGrant } from '../../../support/received-call.ts'

const at = (upstream: string, model: string) => routeTarget({ upstream, model, renamed: true })
const served = (id: string, kind: Route['kind'], ...targets: Route['targets']): [string, Route] => [
  id,
  { ...routeTo(id, ...targets), kind },
]
const m = at('one', 'm-2026')
const claude = at('one', 'claude-2026')
const several = [at('one', 'm-2026'), at('two', 'm-eu'), at('one', 'm-mini')] as const
const routes = new Map([
  served('m', 'openai', m),
  served('claude', 'anthropic', claude),
  served('other', 'openai', at('one', 'other-2026')),
  served('several', 'openai', ...several),
])
const grant = { ...callGrant, models: ['m', 'claude', 'several', 'analyst'], hostedTools: ['web_search', 'mcp'] }

interface Asked {
  readonly facts?: Partial<CallFacts>
  readonly api?: typeof messages
  readonly ownedIds?: OwnedIds
  readonly upstreams?: readonly string[]
  readonly body?: object
}

async function authorized({ facts = {}, api = chatCompletions, ownedIds, upstreams = ['one'], body }: Asked) {
  const plain: AuthenticatedCall = authenticatedCall(facts)
  const call = body === undefined ? plain : { ...plain, body: Buffer.from(JSON.stringify(body)) }
  const asked: string[] = []
  const known = ownedIds ?? ownedIdsInMemory()
  const policy: CallPolicy = {
    grantFor: () => grant,
    routes,
    upstreamsOf: (kind) => (kind === api.kind ? upstreams : []),
    ownedIds: {
      ...known,
      owners: (upstream, ids) => {
        asked.push(`${upstream}: ${ids.join(' ')}`)
        return known.owners(upstream, ids)
      },
    },
  }
  return { call, asked, result: await authorizeCall(call, api, policy) }
}

/** Ids of ann, who asks, and of bob, at the upstream of that name. */
async function owned(made: Readonly<Record<string, { readonly ann?: string[]; readonly bob?: string[] }>>) {
  const ownedIds = ownedIdsInMemory()
  for (const [upstream, { ann = [], bob = [] }] of Object.entries(made)) {
    await ownedIds.remember({ principal: 'ann', upstream, ids: ann })
    await ownedIds.remember({ principal: 'bob', upstream, ids: bob })
  }
  return ownedIds
}

const named = (...names: readonly string[]) => names.map((name, index) => ({ name, parameter: `input[${index}].id` }))

describe('the model of a call', () => {
  it('is asked where it is served, under its name there, with the grant; nobody is asked about ids', async () => {
    const { call, asked, result } = await authorized({})
    expect(result).toEqual({ ...call, grant, candidates: [m], target: m })
    expect(asked).toEqual([])
  })

  it.each([
    ['outside the grant', 'other', 'There is no model "other".'],
    ['that nobody serves', 'none', 'There is no model "none".'],
    ['of a long name', 'x'.repeat(300), `There is no model "${'x'.repeat(200)}".`],
    [
      'that the other kind of upstream serves',
      'claude',
      'There is no model "claude" here; it is asked at /v1/messages.',
    ],
    ['of the agent', 'analyst', 'There is no model "analyst" here; it is asked at /v1/chat/completions.'],
  ])('%s is answered as if there were none', async (_claim, model, message) => {
    await expect(authorized({ facts: { model } })).rejects.toMatchObject({
      code: 'model-not-found',
      message,
      parameter: 'model',
    })
  })

  it('of an upstream of OpenAI is pointed out to a call of Anthropic', async () => {
    await expect(authorized({ api: messages, facts: { model: 'm' } })).rejects.toMatchObject({
      message: 'There is no model "m" here; it is asked at /v1/chat/completions.',
    })
    const { result } = await authorized({ api: messages, facts: { model: 'claude' } })
    expect(result.target).toEqual(claude)
  })
})

describe('a name for several models', () => {
  const of = async (facts: Partial<CallFacts>, ownedIds?: OwnedIds) => {
    const asked = ownedIds === undefined ? {} : { ownedIds }
    const { result } = await authorized({ ...asked, facts: { model: 'several', ...facts } })
    expect(result.target).toBe(result.candidates[0])
    return result.candidates
  }

  it('has each of them for a candidate, in their order', async () => {
    expect(await of({})).toEqual(several)
  })

  it('leaves those that are where what the call names is kept, and is nobody else', async () => {
    verifies('routing.kept-ids')
    const ownedIds = await owned({ one: { ann: ['a'], bob: ['c'] }, two: { ann: ['b'], bob: ['a', 'd'] } })
    expect(await of({ ids: named('a') }, ownedIds)).toEqual([several[0], several[2]])
    expect(await of({ ids: named('b') }, ownedIds)).toEqual([several[1]])
    expect(await of({ itemIds: named('x', 'd') }, ownedIds)).toEqual([several[0], several[2]])
    expect(await of({ itemIds: named('x') }, ownedIds)).toEqual(several)
    await expect(of({ ids: named('a', 'b') }, ownedIds)).rejects.toMatchObject({ code: 'not-found' })
    await expect(of({ itemIds: named('c', 'd') }, ownedIds)).rejects.toMatchObject({ code: 'not-found' })
  })
})

describe('reasoning that is sealed', () => {
  const sealed = { messages: [{ role: 'assistant', content: [{ type: 'thinking', signature: 'S1' }] }] }
  const of = async (ownedIds: OwnedIds, body: object = sealed) =>
    (await authorized({ ownedIds, body, facts: { model: 'several' } })).result.candidates

  it('leaves the targets of whoever made it, and of the first upstream where nobody knows it', async () => {
    verifies('routing.unknown-sealed')
    const [ids, ownedIds] = [sealedIdsOf(sealed), ownedIdsInMemory()]
    expect(await of(ownedIds)).toEqual([several[0], several[2]])
    await ownedIds.remember({ principal: 'bob', upstream: 'two', ids })
    expect(await of(ownedIds)).toEqual([several[1]])
    expect(await of(ownedIds, { messages: [] })).toEqual(several)
  })
})

describe('what a provider is to run by itself', () => {
  it('is let through where the group has the right to each', async () => {
    const hostedTools = named('web_search_20250305', 'mcp', 'web_search')
    await expect(authorized({ facts: { hostedTools } })).resolves.toBeDefined()
  })

  it('is refused for the first without a right, with what the operator can do', async () => {
    const hostedTools = named('mcp', 'code_interpreter', 'shell')
    await expect(authorized({ facts: { hostedTools } })).rejects.toMatchObject({
      code: 'forbidden',
      message: 'input[1].id: "code_interpreter" is not allowed for your group.',
      parameter: 'input[1].id',
      advice: 'Ask the operator: gateway.groups.default.hosted_tools has to list it.',
    })
  })

  it('is named in part where its name is long', async () => {
    await expect(authorized({ facts: { hostedTools: named('y'.repeat(300)) } })).rejects.toMatchObject({
      message: `input[0].id: "${'y'.repeat(100)}" is not allowed for your group.`,
    })
  })

  it('is told from a model that there is not, which comes first', async () => {
    await expect(authorized({ facts: { model: 'none', hostedTools: named('shell') } })).rejects.toMatchObject({
      code: 'model-not-found',
    })
  })
})

describe('what a call names as kept', () => {
  const refusal = (parameter: string, name: string) => ({
    code: 'not-found',
    message: `${parameter}: nothing of yours has the id "${name}".`,
    parameter,
    advice: 'Ids are known of what was made through this service with the same key.',
  })

  it("is let through where all of it is the caller's own, and each id is asked about once", async () => {
    const ownedIds = await owned({ one: { ann: ['a', 'b'] } })
    const { call, asked, result } = await authorized({
      ownedIds,
      facts: { ids: named('a', 'b', 'a'), itemIds: named('b') },
    })
    expect(result).toEqual({ ...call, grant, candidates: [m], target: m })
    expect(asked).toEqual(['one: a b'])
  })

  it.each([
    ["somebody else's", named('a', 'c', 'd'), 'input[1].id', 'c'],
    ["nobody's", named('x', 'a'), 'input[0].id', 'x'],
  ])('is refused for the first that is %s', async (_claim, ids, parameter, name) => {
    const ownedIds = await owned({ one: { ann: ['a'], bob: ['c', 'd'] } })
    await expect(authorized({ ownedIds, facts: { ids } })).rejects.toMatchObject(refusal(parameter, name))
  })

  it('is refused where it was made at another upstream', async () => {
    const ownedIds = await owned({ two: { ann: ['a'] } })
    await expect(authorized({ ownedIds, upstreams: ['one', 'two'], facts: { ids: named('a') } })).rejects.toMatchObject(
      refusal('input[0].id', 'a'),
    )
  })

  it("may be an item of the client's own making, and none of somebody else's", async () => {
    const ownedIds = await owned({ one: { ann: ['a'], bob: ['c'] } })
    await expect(authorized({ ownedIds, facts: { itemIds: named('x', 'a') } })).resolves.toBeDefined()
    await expect(authorized({ ownedIds, facts: { itemIds: named('x', 'a', 'c') } })).rejects.toMatchObject(
      refusal('input[2].id', 'c'),
    )
  })

  it('is named by what it refers to, before the items that it carries', async () => {
    const ownedIds = await owned({ one: { bob: ['c', 'd'] } })
    const facts = { ids: named('c'), itemIds: [{ name: 'd', parameter: 'input[9].id' }] }
    await expect(authorized({ ownedIds, facts })).rejects.toMatchObject(refusal('input[0].id', 'c'))
  })

  it('is named in part where its id is long', async () => {
    await expect(authorized({ facts: { ids: named('z'.repeat(300)) } })).rejects.toMatchObject(
      refusal('input[0].id', 'z'.repeat(100)),
    )
  })
})

describe('a call about something kept, which names no model', () => {
  const facts = { model: null, ids: [{ name: 'resp_1', parameter: 'response_id' }] }
  const kept = { upstream: 'two', model: null, renamed: false }

  it("goes to the first upstream of its kind at which that is its caller's, and no further", async () => {
    const ownedIds = await owned({ two: { ann: ['resp_1'] }, three: { ann: ['resp_1'] } })
    const { call, asked, result } = await authorized({ ownedIds, facts, upstreams: ['one', 'two', 'three'] })
    expect(result).toEqual({ ...call, grant, candidates: [kept], target: kept })
    expect(asked).toEqual(['one: resp_1', 'two: resp_1'])
  })

  it.each([
    ['at none of them', ['one', 'two']],
    ['where there is none', []],
  ])("is answered as if it did not exist where that is its caller's %s", async (_claim, upstreams) => {
    const ownedIds = await owned({ two: { bob: ['resp_1'] } })
    await expect(authorized({ ownedIds, facts, upstreams })).rejects.toMatchObject({
      code: 'not-found',
      message: 'response_id: nothing of yours has the id "resp_1".',
      parameter: 'response_id',
    })
  })

  it('is not let through for naming nothing', async () => {
    await expect(authorized({ facts: { model: null }, upstreams: [] })).rejects.toMatchObject({
      code: 'not-found',
      message: ': nothing of yours has the id "".',
    })
  })
})
