import OpenAI from 'openai'
import { describe, expect, it } from 'vitest'
import type { ContentNotice } from '../../src/core/facts.ts'
import type { Admitted } from '../../src/core/request.ts'
import { filtersOptions } from '../../src/filters/options.ts'
import { namedProfiles } from '../../src/filters/pipeline/named-profiles.ts'
import { createContentPipeline } from '../../src/filters/pipeline/pipeline.ts'
import { createModerateRun } from '../../src/gateway/moderate/moderate-run.ts'
import { delta, end, replay, sqlCall, toolResult } from '../support/agent-events.ts'
import { key } from '../support/http/http-service.ts'
import { lab } from '../support/http/response-lab.ts'
import { createWordDetector } from '../support/moderation/word-detector.ts'
import { verifies } from '../support/verifies.ts'

/** What the analyst says, in pieces: words that may leave, a statement with its result, and words that may not. */
const said = [
  delta('The first part. '.repeat(60)),
  sqlCall('SELECT 1'),
  toolResult(),
  delta('And you, scurvy'),
  delta('rogue, pay. '),
  delta('More words.'),
  end(),
]

async function startAnalyst(mode: 'enforce' | 'shadow') {
  const told: ContentNotice[] = []
  const { profiles } = filtersOptions.parse({
    profiles: { public: { version: 2, outbound: { toxicity: { action: 'block', mode } } } },
  })
  const moderate = createModerateRun({
    pipeline: createContentPipeline({ filters: [createWordDetector()], deadlineMilliseconds: 5_000 }),
    profiles: namedProfiles(profiles),
    rules: async (verdict) => ({ ...verdict, reason: null, rules: [], revision: null }),
    tell: async (notice) => void told.push(notice),
  })
  const started = await lab({
    answer: (received, signal) => {
      const principal = { id: 'k1', kind: 'api-key', group: 'default' }
      const request = { ...received, principal, grant: { filterProfile: 'public' } } as unknown as Admitted
      return moderate(request, replay(said), signal)
    },
  })
  const client = new OpenAI({ baseURL: `${started.service.url}/v1`, apiKey: key, maxRetries: 0 })
  return { started, client, told }
}

const asked = { model: 'analyst', messages: [{ role: 'user', content: 'What do I owe?' }] } as const

interface Told {
  readonly sallyport: { readonly decision_id: string }
}

describe('an answer of the analyst that its profile withholds', () => {
  it('is one that a filter has ended to the official client of OpenAI, with what was decided before and the id of the decision', async () => {
    verifies('content.answers')
    const { started, client, told } = await startAnalyst('enforce')
    await using _started = started
    const input = 'What do I owe?'
    const completion = await client.chat.completions.create({ ...asked, messages: [...asked.messages] })
    const streamed = await client.chat.completions
      .stream({ ...asked, messages: [...asked.messages] })
      .finalChatCompletion()
    for (const { choices } of [completion, streamed]) {
      expect(choices[0]?.finish_reason).toBe('content_filter')
      expect(choices[0]?.message.content).toMatch(/^The first part\. .*withheld by a content filter \(decision dec-/s)
      expect(choices[0]?.message.content).not.toMatch(/scurvy|rogue|More words/)
    }
    const response = await client.responses.create({ model: 'analyst', input })
    const last = await client.responses.stream({ model: 'analyst', input }).finalResponse()
    for (const whole of [response, last]) {
      expect(whole).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'content_filter' } })
      expect(JSON.stringify(whole.output)).toMatch(/The first part.*decision dec-/s)
      expect(JSON.stringify(whole.output)).not.toMatch(/scurvy|rogue|More words/)
    }
    const ids = new Set(told.map(({ decision }) => decision))
    expect(ids.size).toBe(4)
    expect(
      told.every(({ action, direction, api }) => `${action} ${direction} ${api}` === 'block outbound analyst'),
    ).toBe(true)
    expect(completion.choices[0]?.message.content).toContain([...ids][0])
    // The same as a member, which nobody has to read out of the words.
    const members = [completion, response, last].map((whole) => (whole as unknown as Told).sallyport.decision_id)
    expect(members.every((id) => ids.has(id))).toBe(true)
    expect(new Set(members).size).toBe(3)
  })

  it('is whole in shadow mode, and told', async () => {
    verifies('content.shadow-changes-nothing')
    const { started, client, told } = await startAnalyst('shadow')
    await using _started = started
    const completion = await client.chat.completions.create({ ...asked, messages: [...asked.messages] })
    expect(completion.choices[0]).toMatchObject({ finish_reason: 'stop' })
    expect(completion.choices[0]?.message.content).toContain('And you, scurvyrogue, pay. More words.')
    expect(told).toMatchObject([{ action: 'allow', findings: [{ decided: 'block', effective: 'allow' }] }])
  })
})
