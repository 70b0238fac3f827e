import { describe, expect, it } from 'vitest'
import type { Admitted, Authorized } from '../../../../src/core/request.ts'
import { filtersOptions } from '../../../../src/filters/options.ts'
import { namedProfiles } from '../../../../src/filters/pipeline/named-profiles.ts'
import { createContentPipeline } from '../../../../src/filters/pipeline/pipeline.ts'
import { createCheckContent } from '../../../../src/gateway/check-content.ts'
import { createModerateQuestion } from '../../../../src/gateway/moderate/moderate-question.ts'
import { createModerateRun } from '../../../../src/gateway/moderate/moderate-run.ts'
import { createModeration } from '../../../../src/gateway/moderate/moderation.ts'
import { collect, delta, end, received, replay } from '../../../support/agent-events.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'
import { createWordDetector } from '../../../support/moderation/word-detector.ts'
import { watchedThresholds } from '../../../support/moderation/watched-thresholds.ts'
import { quotaInMemory } from '../../../support/quota-in-memory.ts'
import { verifies } from '../../../support/verifies.ts'
import { authorizedCall, callGrant } from '../../../support/received-call.ts'

const toxicity = { action: 'block', threshold: 0.7 }
const { profiles } = filtersOptions.parse({
  profiles: { calls: { version: 3, inbound: { toxicity }, outbound: { toxicity } } },
})
const mild = 'You landlubber.'

function parts(watched = watchedThresholds()) {
  const stages = {
    pipeline: createContentPipeline({ filters: [createWordDetector()], deadlineMilliseconds: 5_000 }),
    profiles: namedProfiles(profiles),
    thresholds: watched.thresholds,
    askPerson: async () => null,
    rules: async (verdict: Parameters<Parameters<typeof createModeration>[0]['rules']>[0]) => ({
      ...verdict,
      reason: null,
      rules: [],
      revision: null,
    }),
    tell: async () => undefined,
  }
  return { stages, decided: watched.decided }
}

const principal = { id: 'k1', kind: 'api-key', group: 'default' } as const
const grant = { ...callGrant, filterProfile: 'calls', callFilterProfile: 'calls' }
const asking = (content: string, more: Partial<Admitted> = {}): Admitted =>
  ({ ...received({ messages: [{ role: 'user', content }] }), principal, grant, ...more }) as Admitted

describe('what a question to the own model is decided by', () => {
  it('are the thresholds in force, and it is told by what score', async () => {
    const { stages, decided } = parts(watchedThresholds({ toxicity: 0.5 }))
    await expect(createModerateQuestion(stages)(asking(mild) as Authorized, never)).rejects.toThrow('blocked')
    expect(decided).toMatchObject([
      {
        principal: 'k1',
        direction: 'inbound',
        api: 'analyst',
        action: 'block',
        scores: [{ score: 0.6, isBound: false }],
      },
    ])
  })

  it('belongs to the conversation that it is kept in, once that has begun', async () => {
    const { stages, decided } = parts()
    const moderate = createModerateQuestion(stages)
    let begun: string | null = null
    await moderate(asking(mild), never)
    await moderate(asking(mild, { keep: { conversation: 'conv_1' } }), never)
    await moderate(asking(mild, { keep: { conversation: null }, keptIn: () => begun }), never)
    const ids = () => decided.map(({ conversation }) => (conversation === null ? 'none' : conversation.id()))
    expect(ids()).toEqual(['none', 'conv_1', null])
    begun = 'conv_2'
    expect(ids()).toEqual(['none', 'conv_1', 'conv_2'])
  })
})

describe('what an answer of the own model is decided by', () => {
  const run = async (toxic: number | undefined, events: Parameters<typeof replay>[0]) => {
    const { stages, decided } = parts(watchedThresholds(toxic === undefined ? {} : { toxicity: toxic }))
    await collect(createModerateRun(stages)(asking('What?'), replay(events), never))
    return decided
  }

  it('are the thresholds in force, told once of all that it says', async () => {
    expect(await run(undefined, [delta(mild), end()])).toMatchObject([
      { direction: 'outbound', action: 'allow', scores: [{ score: 0.6, isBound: false }] },
    ])
  })

  it('is a bound where the rest of the answer was withheld', async () => {
    expect(await run(0.5, [delta(mild), end()])).toMatchObject([
      { action: 'block', scores: [{ score: 0.6, threshold: 0.5, isBound: true }] },
    ])
  })
})

describe('whose a decision is', () => {
  it('is the person for whom an application has signed that it asks, without a name', async () => {
    const { stages, decided } = parts()
    const call = { ...authorizedCall(), grant, body: Buffer.from('{"model":"m","messages":[]}') }
    const asked = {
      ...call,
      body: Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: mild }] })),
    }
    for (const endUser of [undefined, 'anna', 'bert']) {
      const caller = { ...principal, ...(endUser === undefined ? {} : { endUser }) }
      await createModeration(stages)
        .of({ ...asked, principal: caller })
        ?.input(never)
    }
    const [own, anna, bert] = decided.map(({ principal: whose }) => whose)
    expect(own).toBe('k1')
    expect(anna).toMatch(/^user:[0-9a-f]{40,}$/)
    expect(new Set([own, anna, bert]).size).toBe(3)
  })

  it('is with the conversation of a provider that the call names', async () => {
    const { stages, decided } = parts()
    for (const parameter of ['conversation', 'conversation.id', 'previous_response_id']) {
      const call = authorizedCall({ ids: [{ name: 'conv_1', parameter }] })
      const body = Buffer.from(JSON.stringify({ model: 'm', messages: [{ role: 'user', content: mild }] }))
      await createModeration(stages)
        .of({ ...call, grant, body })
        ?.input(never)
    }
    expect(decided.map(({ conversation }) => conversation?.id() ?? null)).toEqual(['conv_1', 'conv_1', null])
  })
})

describe('texts that somebody only has looked at', () => {
  it('are decided by the thresholds in force, and belong to no figure', async () => {
    verifies('tuning.checks')
    const { stages, decided } = parts(watchedThresholds({ toxicity: 0.5 }))
    const quota = quotaInMemory({ concurrentRequests: 5, tokensPerDay: 1_000, limits: [] })
    const check = createCheckContent({ ...stages, grantFor: async () => grant, quota })
    const asked = { principal, requestId: 'r1', direction: 'inbound', profile: null } as const
    const { action } = await check({ ...asked, parts: [{ text: mild, provenance: 'user' }] }, never)
    expect([action, decided]).toEqual(['block', []])
  })
})
