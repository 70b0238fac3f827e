import { BadRequestError as AnthropicBadRequestError } from '@anthropic-ai/sdk'
import { BadRequestError } from 'openai'
import { describe, expect, it } from 'vitest'
import { otherKey } from '../support/http/pass-service.ts'
import { calls, clientsOf, embed, startModerated } from '../support/moderation/moderated-service.ts'
import { verifies } from '../support/verifies.ts'

const bad = 'Answer me, you scurvyrogue.'
const mild = 'Answer me, you landlubber.'
const block = { callers: { inbound: { toxicity: { action: 'block' }, pii: { action: 'allow' } } } }
const asking = { ...calls, embeddings: embed }

const sentTo = ({ openai, anthropic }: Awaited<ReturnType<typeof startModerated>>) => [
  ...openai.requests,
  ...anthropic.requests,
]

describe.each(Object.entries(asking))('a blocked question, %s', (title, call) => {
  it('reaches no model, costs nothing, and is an error of the API that its client knows', async () => {
    verifies('content.blocked-input')
    await using service = await startModerated({ profiles: block })
    const thrown: unknown = await call(clientsOf(service), bad).catch((error: unknown) => error)
    expect(sentTo(service)).toEqual([])
    expect(await service.tokensLeft()).toBe(1_000_000)
    const [notice] = service.told
    expect(notice).toMatchObject({
      direction: 'inbound',
      action: 'block',
      profile: { name: 'callers', version: 1 },
      detectors: { words: '7' },
      findings: [{ category: 'toxicity/harassment', decided: 'block', effective: 'block', score: 0.9, count: 1 }],
    })
    expect(JSON.stringify(service.told)).not.toContain('scurvyrogue')
    if (title.startsWith('messages')) {
      expect(thrown).toBeInstanceOf(AnthropicBadRequestError)
      expect(thrown).toMatchObject({
        status: 400,
        error: { type: 'error', error: { type: 'invalid_request_error' }, decision_id: notice?.decision },
      })
    } else {
      expect(thrown).toBeInstanceOf(BadRequestError)
      expect(thrown).toMatchObject({ status: 400, code: 'content_filter', type: 'invalid_request_error' })
    }
    const { headers } = thrown as { readonly headers: Headers }
    expect(headers.get('x-sallyport-decision')).toBe(notice?.decision)
  })

  it('is one also where it begins like the address of a file', async () => {
    verifies('content.blocked-input')
    await using service = await startModerated({ profiles: block })
    for (const head of ['data:text/plain,', 'data:image/png;base64,', 'data:image/png;base64,iVBORw0KGgo= ']) {
      await expect(call(clientsOf(service), `${head}${bad}`)).rejects.toMatchObject({ status: 400 })
    }
    expect(sentTo(service)).toEqual([])
  })

  it('goes on where nothing is found', async () => {
    await using service = await startModerated({ profiles: block })
    await call(clientsOf(service), 'How many orders are there?')
    expect(sentTo(service)).toHaveLength(1)
    expect(service.told).toEqual([])
  })
})

describe('the content of a question', () => {
  it('comes to what the profile of each group says, with its own threshold', async () => {
    verifies('content.groups')
    const rule = (threshold: number) => ({ inbound: { toxicity: { action: 'block', threshold } } })
    await using service = await startModerated({ profiles: { callers: rule(0.5), others: rule(0.8) } })
    const outcome = async (apiKey: string | undefined, question: string) =>
      calls['chat completions']?.(clientsOf(service, apiKey), question).then(
        () => 'passed',
        () => 'blocked',
      )
    const asked = [bad, mild, 'Hello.']
    expect(await Promise.all(asked.map((each) => outcome(undefined, each)))).toEqual(['blocked', 'blocked', 'passed'])
    expect(await Promise.all(asked.map((each) => outcome(otherKey, each)))).toEqual(['blocked', 'passed', 'passed'])
  })

  it('is found wherever it stands: system, history, tool results, arguments and descriptions', async () => {
    await using service = await startModerated({ profiles: block })
    const { openai, anthropic } = clientsOf(service)
    const user = { role: 'user', content: 'Go on.' } as const
    const toolCall = (argument: string) => ({
      id: 'c1',
      type: 'function' as const,
      function: { name: 'f', arguments: JSON.stringify({ q: argument }) },
    })
    const bodies: readonly (() => Promise<unknown>)[] = [
      () => openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'system', content: bad }, user] }),
      () => openai.chat.completions.create({ model: 'gpt-5', messages: [{ role: 'assistant', content: bad }, user] }),
      () =>
        openai.chat.completions.create({
          model: 'gpt-5',
          messages: [
            user,
            { role: 'assistant', tool_calls: [toolCall(bad)] },
            { role: 'tool', tool_call_id: 'c1', content: 'x' },
          ],
        }),
      () =>
        openai.chat.completions.create({
          model: 'gpt-5',
          messages: [
            user,
            { role: 'assistant', tool_calls: [toolCall('x')] },
            { role: 'tool', tool_call_id: 'c1', content: bad },
          ],
        }),
      () =>
        openai.responses.create({
          model: 'gpt-5',
          input: 'Go on.',
          tools: [{ type: 'function', name: 'f', description: bad, parameters: {}, strict: false }],
        }),
      () => openai.responses.create({ model: 'gpt-5', input: 'Go on.', instructions: bad }),
      () =>
        anthropic.messages.create({
          model: 'claude-sonnet-5',
          max_tokens: 10,
          messages: [
            {
              role: 'user',
              content: [
                {
                  type: 'document',
                  source: {
                    type: 'base64',
                    media_type: 'text/plain' as never,
                    data: Buffer.from(bad).toString('base64'),
                  },
                },
              ],
            },
          ],
        }),
    ]
    for (const ask of bodies) await expect(ask()).rejects.toMatchObject({ status: 400 })
    expect(sentTo(service)).toEqual([])
  })

  it('is sent with its spans replaced, and every other byte as it was', async () => {
    verifies('content.mask')
    const profiles = { callers: { inbound: { toxicity: { action: 'mask' }, pii: { action: 'allow' } } } }
    await using service = await startModerated({ profiles })
    const body =
      '{"model":"gpt-5", "n":1.0,"messages":[ {"role":"user","content":"\\u0048i scurvyrogue, write to ann@example.com"}]}'
    const answer = await fetch(`${service.service.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { authorization: 'Bearer sp-test', 'content-type': 'application/json' },
      body,
    })
    expect(answer.status).toBe(200)
    expect(service.openai.requests[0]?.body.toString()).toBe(body.replace('\\u0048i scurvyrogue', 'Hi [withheld]'))
  })

  it('is told of and changes nothing in shadow mode', async () => {
    verifies('content.shadow-changes-nothing')
    const profiles = { callers: { inbound: { toxicity: { action: 'block', mode: 'shadow' } } } }
    await using service = await startModerated({ profiles })
    await calls['chat completions']?.(clientsOf(service), bad)
    expect(service.openai.requests[0]?.body.toString()).toContain('scurvyrogue')
    expect(service.told).toMatchObject([{ action: 'allow', findings: [{ decided: 'block', effective: 'allow' }] }])
  })

  it('passes once a person has allowed exactly this body', async () => {
    verifies('content.human')
    let verdict: 'waits' | 'allowed' | 'refused' = 'waits'
    const profiles = { callers: { inbound: { toxicity: { action: 'human' } } } }
    await using service = await startModerated({
      profiles,
      askPerson: async ({ requestId }) => {
        if (verdict === 'allowed') return null
        if (verdict === 'refused') return { rule: 'policy/refused-by-a-person', line: 1, column: 1, message: 'No.' }
        const { ServiceError } = await import('../../src/core/errors.ts')
        throw new ServiceError('approval-required', `A person has to allow ${requestId}.`)
      },
    })
    const ask = () => calls['chat completions']?.(clientsOf(service), bad)
    await expect(ask()).rejects.toMatchObject({ status: 403 })
    verdict = 'refused'
    await expect(ask()).rejects.toMatchObject({ status: 400, code: 'content_filter' })
    expect(service.openai.requests).toEqual([])
    verdict = 'allowed'
    await ask()
    expect(service.openai.requests).toHaveLength(1)
    const [first, second] = service.asked.map(({ exact }) => exact())
    expect(first).toEqual(second)
    expect(first).toMatchObject({ tool: 'model-call', text: service.openai.requests[0]?.body.toString() })
  })

  it('is blocked where a detector that has to answer does not, and goes on where it need not', async () => {
    verifies('content.unchecked-calls')
    const rule = (onFailure: string) => ({ inbound: { toxicity: { action: 'block', on_failure: onFailure } } })
    for (const [onFailure, sent] of [
      ['closed', 0],
      ['open', 1],
    ] as const) {
      await using service = await startModerated({ profiles: { callers: rule(onFailure) }, fails: () => true })
      await calls['chat completions']?.(clientsOf(service), 'Hello.').catch(() => undefined)
      expect(service.openai.requests).toHaveLength(sent)
      expect(service.told).toMatchObject([{ failures: [{ detector: 'words', onFailure, why: 'fault' }] }])
    }
  })

  it('is not read where the group has no profile for it', async () => {
    let asked = 0
    await using service = await startModerated({
      profiles: block,
      group: { call_filter_profile: null },
      fails: () => ((asked += 1), true),
    })
    await calls['chat completions']?.(clientsOf(service), bad)
    expect(asked).toBe(0)
    expect(service.openai.requests).toHaveLength(1)
  })
})
