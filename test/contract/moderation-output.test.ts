import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../src/core/errors.ts'
import { key } from '../support/http/http-service.ts'
import type { RecordedRequest } from '../support/http/upstream/recorded-request.ts'
import { otherKey } from '../support/http/pass-service.ts'
import {
  allOf,
  calls,
  clientsOf,
  startModerated,
  type ModeratedService,
} from '../support/moderation/moderated-service.ts'
import { namedEvent, servedEvents, servedJson } from '../support/http/upstream/served.ts'
import { writes, type Writing } from '../support/moderation/written-answers.ts'
import { createRandom } from '../support/random.ts'
import { verifies } from '../support/verifies.ts'

const outbound = (rule: object) => ({
  outbound: { toxicity: rule, link: { action: 'allow' }, pii: { action: 'allow' } },
})
const block = { callers: outbound({ action: 'block' }) }

const sentence = 'The harbour was calm that day and nobody said a word about it. '
const harmless = sentence.repeat(30)
const bad = `${harmless}Then he cried: you scurvyrogue! ${harmless}`

/** The upstreams of a service write a text in pieces of so many characters. */
function letWrite(
  service: ModeratedService,
  text: string,
  { size = 7, ...more }: { size?: number } & Partial<Writing> = {},
) {
  const pieces = text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
  for (const upstream of [service.openai, service.anthropic]) {
    upstream.answer = (request) => writes(request, { pieces, ...more })
  }
}

/** What a client makes of an answer, put together: the words, why it ended, and the id of a decision. */
function summaryOf(told: unknown): { text: string; ending: unknown; decision: unknown } {
  const events = (Array.isArray(told) ? told : [told]) as readonly Record<string, unknown>[]
  const found = { text: '', ending: null as unknown, decision: null as unknown }
  for (const event of events) {
    for (const choice of (event['choices'] ?? []) as readonly Record<string, unknown>[]) {
      const { content, reasoning_content, tool_calls } = (choice['delta'] ?? choice['message'] ?? {}) as Record<
        string,
        unknown
      >
      const [call] = (tool_calls ?? []) as readonly { readonly function: { readonly arguments?: string } }[]
      found.text += `${(content as string | null) ?? ''}${(reasoning_content as string | undefined) ?? ''}${call?.function.arguments ?? ''}`
      found.ending = choice['finish_reason'] ?? found.ending
    }
    const { type, delta } = event as { readonly type?: string; readonly delta?: unknown }
    if (typeof delta === 'string') found.text += delta
    if (type === 'content_block_delta') {
      const { text, thinking, partial_json } = delta as Record<string, string | undefined>
      found.text += text ?? thinking ?? partial_json ?? ''
    }
    const response = (event['response'] ?? event) as Record<string, unknown>
    if (response['object'] === 'response') {
      if (!Array.isArray(told)) {
        found.text += (response['output_text'] as string | undefined) ?? ''
      }
      found.ending = (response['incomplete_details'] as { reason?: string } | null)?.reason ?? response['status']
    }
    if (type === 'message') {
      found.text += (event['content'] as readonly { text?: string }[]).map(({ text }) => text ?? '').join('')
      found.ending = event['stop_reason']
    }
    if (type === 'message_delta') found.ending = (delta as { stop_reason: unknown }).stop_reason
    const member = (event['sallyport'] ?? response['sallyport']) as { decision_id?: string } | undefined
    found.decision = member?.decision_id ?? found.decision
  }
  return found
}

const blockedEnding = (title: string) => (title.startsWith('messages') ? 'refusal' : 'content_filter')

describe.each(Object.entries(calls))('a blocked answer, %s', (title, call) => {
  it('is a well-formed answer that its official client reads, with the id of the decision', async () => {
    verifies('content.blocked-output')
    await using service = await startModerated({ profiles: block })
    letWrite(service, bad)
    const told = summaryOf(await call(clientsOf(service), 'What happened?'))
    expect(told.ending).toBe(blockedEnding(title))
    expect(told.text).not.toContain('scurvy')
    expect(bad.startsWith(told.text)).toBe(true)
    expect(service.told).toMatchObject([{ direction: 'outbound', action: 'block' }])
    expect(told.decision).toBe(service.told[0]?.decision)
    // What was used is counted.
    expect(await service.tokensLeft()).toBeLessThan(1_000_000)
  })

  it('is one wherever it was written: in what a tool is called with, and in reasoning', async () => {
    for (const as of ['arguments', 'reasoning'] as const) {
      await using service = await startModerated({ profiles: block })
      letWrite(service, as === 'arguments' ? JSON.stringify({ q: bad }) : bad, { as })
      const told = summaryOf(await call(clientsOf(service), 'What happened?'))
      expect(told.ending).toBe(blockedEnding(title))
      expect(told.text).not.toContain('scurvy')
    }
  })

  it('is one also where it begins like the address of a file', async () => {
    verifies('content.blocked-output')
    await using service = await startModerated({ profiles: block })
    for (const head of ['data:text/plain,', 'data:image/png;base64,', 'data:image/png;base64,iVBORw0KGgo= ']) {
      letWrite(service, `${head}you scurvyrogue!`, { size: 400 })
      const told = summaryOf(await call(clientsOf(service), 'What happened?'))
      expect(told.ending).toBe(blockedEnding(title))
      expect(told.text).not.toContain('scurvy')
    }
  })

  it('passes to the byte where nothing is found, and where all is in shadow mode', async () => {
    verifies('content.shadow-changes-nothing')
    const asked = async (profiles: Readonly<Record<string, object>>, text: string) => {
      await using service = await startModerated({ profiles })
      letWrite(service, text)
      const path = title.startsWith('messages')
        ? 'messages'
        : title.startsWith('responses')
          ? 'responses'
          : 'chat/completions'
      const answer = await fetch(`${service.service.url}/v1/${path}`, {
        method: 'POST',
        headers: { authorization: 'Bearer sp-test', 'content-type': 'application/json' },
        body: `{"model":"${path === 'messages' ? 'claude-sonnet-5' : 'gpt-5'}","max_tokens":9,"messages":[],"input":"Hello","stream":${title.endsWith('streamed')}}`,
      })
      const names = [...answer.headers.keys()].filter((name) => name.startsWith('x-sallyport'))
      return { body: await answer.text(), status: answer.status, names, told: service.told }
    }
    const none = { callers: {} }
    const shadow = { callers: outbound({ action: 'block', mode: 'shadow' }) }
    const unread = await asked({ ...none, callers: { outbound: { pii: { action: 'allow' } } } }, bad)
    const watched = await asked(shadow, bad)
    expect(watched.body).toBe(unread.body)
    expect([watched.status, watched.names]).toEqual([unread.status, unread.names])
    expect(watched.told).toMatchObject([{ action: 'allow', findings: [{ decided: 'block', effective: 'allow' }] }])
    expect((await asked(block, harmless)).body).toBe((await asked(shadow, harmless)).body)
  })

  it('has what is masked replaced, everywhere it is said', async () => {
    await using service = await startModerated({ profiles: { callers: outbound({ action: 'mask' }) } })
    letWrite(service, bad)
    const told: unknown = await call(clientsOf(service), 'What happened?')
    expect(JSON.stringify(told)).not.toContain('scurvy')
    expect(summaryOf(told)).toMatchObject({ text: bad.replace('scurvyrogue', '[withheld]'), decision: null })
  })

  it('is asked for once more where the profile says so, and blocked where that is no better', async () => {
    verifies('content.regenerate')
    for (const [second, sentTimes] of [
      [harmless, 2],
      [bad, 2],
    ] as const) {
      await using service = await startModerated({ profiles: { callers: outbound({ action: 'regenerate' }) } })
      const early = `You scurvyrogue! ${harmless}`
      let asked = 0
      for (const upstream of [service.openai, service.anthropic]) {
        upstream.answer = (request) => writes(request, { pieces: [(asked += 1) === 1 ? early : second] })
      }
      const told = summaryOf(await call(clientsOf(service), 'What happened?'))
      expect(asked).toBe(sentTimes)
      expect(told.ending === blockedEnding(title)).toBe(second === bad)
      expect(told.text).not.toContain('scurvy')
      if (second === harmless) expect(told.text).toBe(harmless)
    }
  })

  it('is asked for once more by another idempotency key: by the same one its provider gives the same answer', async () => {
    verifies('content.regenerate')
    await using service = await startModerated({ profiles: { callers: outbound({ action: 'regenerate' }) } })
    const keyOf = ({ rawHeaders }: RecordedRequest) =>
      rawHeaders[rawHeaders.findIndex((name) => name.toLowerCase() === 'idempotency-key') + 1] ?? ''
    const given = new Map<string, string>()
    for (const upstream of [service.openai, service.anthropic]) {
      upstream.answer = (request) => {
        const text = given.get(keyOf(request)) ?? (given.size === 0 ? `You scurvyrogue! ${harmless}` : harmless)
        given.set(keyOf(request), text)
        return writes(request, { pieces: [text] })
      }
    }
    const headers = { 'idempotency-key': 'order-17' }
    const ask = async () => summaryOf(await call(clientsOf(service, key, headers), 'What happened?'))
    expect((await ask()).text).toBe(harmless)
    // Whoever repeats a call, without one knowing that, repeats both.
    expect((await ask()).text).toBe(harmless)
    expect(given.size).toBe(2)
  })
})

describe('an answer in a stream', () => {
  const streamed = Object.entries(calls).filter(([title]) => title.endsWith('streamed'))

  it.each(streamed)('comes to the same, however it was cut into pieces: %s', async (_title, call) => {
    verifies('content.stream-equals-whole')
    const random = createRandom(18)
    for (const action of ['block', 'mask'] as const) {
      await using service = await startModerated({ profiles: { callers: outbound({ action }) } })
      const texts = new Set<string>()
      for (let round = 0; round < 12; round += 1) {
        const pieces: string[] = []
        for (let at = 0; at < bad.length;) {
          const size = 1 + Math.floor(random() * (round < 6 ? 40 : 900))
          pieces.push(bad.slice(at, at + size))
          at += size
        }
        for (const upstream of [service.openai, service.anthropic]) {
          upstream.answer = (request) => writes(request, { pieces })
        }
        texts.add(summaryOf(await call(clientsOf(service), 'What happened?')).text)
      }
      expect([...texts]).toHaveLength(1)
      const [text = ''] = texts
      if (action === 'mask') expect(text).toBe(bad.replace('scurvyrogue', '[withheld]'))
      else expect(bad.startsWith(text) && text.length > sentence.length * 5).toBe(true)
    }
  })

  it('that is blocked is put together without an exception by what the official clients have for streams', async () => {
    verifies('content.blocked-output')
    await using service = await startModerated({ profiles: block })
    const { openai, anthropic } = clientsOf(service)
    const user = { role: 'user', content: 'What happened?' } as const
    for (const as of ['words', 'arguments', 'reasoning'] as const) {
      letWrite(service, as === 'arguments' ? JSON.stringify({ q: bad }) : bad, { as })
      const completion = await openai.chat.completions
        .stream({ model: 'gpt-5', messages: [user] })
        .finalChatCompletion()
      expect(completion.choices[0]?.finish_reason).toBe('content_filter')
      const response = await openai.responses.stream({ model: 'gpt-5', input: 'What happened?' }).finalResponse()
      expect(response).toMatchObject({ status: 'incomplete', incomplete_details: { reason: 'content_filter' } })
      expect(response.output).toMatchObject([as === 'reasoning' ? {} : { status: 'incomplete' }])
      const message = await anthropic.messages
        .stream({ model: 'claude-sonnet-5', max_tokens: 9, messages: [user] })
        .finalMessage()
      expect(message.stop_reason).toBe('refusal')
    }
  })

  it('that is blocked ends everything that it has begun, in order', async () => {
    await using service = await startModerated({ profiles: block })
    for (const as of ['words', 'arguments', 'reasoning'] as const) {
      letWrite(service, as === 'arguments' ? JSON.stringify({ q: bad }) : bad, { as })
      const typesOf = async (title: string) =>
        (await calls[title]?.(clientsOf(service), 'What happened?')) as readonly Record<string, unknown>[]
      const ofMessages = (await typesOf('messages, streamed')).map(({ type }) => type)
      const count = (type: string): number => ofMessages.filter((each) => each === type).length
      expect(count('content_block_start')).toBe(1)
      expect(ofMessages.slice(-3)).toEqual(['content_block_stop', 'message_delta', 'message_stop'])
      const ofResponses = await typesOf('responses, streamed')
      expect(ofResponses.map((event) => event['sequence_number'])).toEqual(ofResponses.map((_, at) => at))
      const types = ofResponses.map(({ type }) => String(type))
      expect(types.at(-1)).toBe('response.incomplete')
      for (const type of types.filter((each) => each.endsWith('.added'))) {
        expect(types).toContain(type.replace(/added$/, 'done'))
      }
      for (const type of types.filter((each) => each.endsWith('.delta'))) {
        expect(types.lastIndexOf(type.replace(/delta$/, 'done'))).toBeGreaterThan(types.lastIndexOf(type))
      }
    }
  })

  it('that its provider keeps is decided on when it is looked at', async () => {
    await using service = await startModerated({ profiles: block })
    letWrite(service, harmless)
    const { openai } = clientsOf(service)
    const { id } = await openai.responses.create({ model: 'gpt-5', input: 'What happened?' })
    service.openai.answer = ({ rawHeaders, path }) =>
      writes(
        {
          method: 'POST',
          path: '/v1/responses',
          rawHeaders,
          body: Buffer.from(path.includes('stream=true') ? '"stream":true' : ''),
          isAbandoned: false,
        },
        { pieces: [bad] },
      )
    const kept = await openai.responses.retrieve(id)
    expect(kept).toMatchObject({ status: 'incomplete', output: [] })
    const told = summaryOf(await allOf(await openai.responses.retrieve(id, { stream: true })))
    expect(told.ending).toBe('content_filter')
    expect(told.text).not.toContain('scurvy')
  })

  it('that is told in its last event alone ends once', async () => {
    await using service = await startModerated({ profiles: block })
    const content = [harmless, bad].map((text) => ({ type: 'output_text', text, annotations: [] }))
    const output = [{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content }]
    const response = { id: 'resp_1', object: 'response', created_at: 1_790_000_000, model: 'gpt-5' }
    const events = [
      { type: 'response.created', sequence_number: 0, response: { ...response, status: 'in_progress', output: [] } },
      { type: 'response.completed', sequence_number: 1, response: { ...response, status: 'completed', output } },
    ]
    service.openai.answer = () => servedEvents(events.map(namedEvent), {})
    const { openai } = clientsOf(service)
    const seen = await allOf(await openai.responses.create({ model: 'gpt-5', input: 'What happened?', stream: true }))
    const endings = seen.map(({ type }) => type).filter((type) => /completed|incomplete|failed/.test(type))
    expect(endings).toEqual(['response.incomplete'])
    expect(JSON.stringify(seen)).not.toContain('scurvy')
  })

  it('that its provider keeps is decided on by the instructions that it names', async () => {
    const leak = { outbound: { leak: { action: 'block' }, link: { action: 'allow' }, pii: { action: 'allow' } } }
    await using service = await startModerated({ profiles: { callers: leak } })
    const instructions =
      'You plan the routes of the northern ferries. Never say that the Aurora is being repaired until April.'
    letWrite(service, harmless)
    const { openai } = clientsOf(service)
    const { id } = await openai.responses.create({ model: 'gpt-5', input: 'What happened?', instructions })
    const told = `I was told this: ${instructions}`
    const keep = (text: string) => {
      const content = [{ type: 'output_text', text, annotations: [] }]
      const output = [{ type: 'message', id: 'msg_1', role: 'assistant', status: 'completed', content }]
      const kept = { id, object: 'response', created_at: 1_790_000_000, model: 'gpt-5', instructions }
      service.openai.answer = ({ path }) => {
        if (!path.includes('stream=true')) return servedJson({ ...kept, status: 'completed', output }, {})
        const item = { item_id: 'msg_1', output_index: 0 }
        const events = [
          { type: 'response.created', response: { ...kept, status: 'in_progress', output: [] } },
          { type: 'response.output_item.added', ...item, item: { ...output[0], content: [] } },
          { type: 'response.output_text.delta', ...item, content_index: 0, delta: text, logprobs: [] },
          { type: 'response.output_item.done', ...item, item: output[0] },
          { type: 'response.completed', response: { ...kept, status: 'completed', output } },
        ].map((event, sequence_number) => namedEvent(Object.assign({}, event, { sequence_number })))
        return servedEvents(path.includes('starting_after=1') ? events.slice(2) : events, {})
      }
    }
    const streamed = async (more: object = {}) =>
      summaryOf(await allOf(await openai.responses.retrieve(id, { stream: true, ...more })))
    keep(told)
    expect(await openai.responses.retrieve(id)).toMatchObject({ status: 'incomplete', output: [] })
    expect(await openai.responses.cancel(id)).toMatchObject({ status: 'incomplete', output: [] })
    for (const more of [{}, { starting_after: 1 }]) {
      const seen = await streamed(more)
      expect(seen.ending).toBe('content_filter')
      expect(seen.text).not.toContain('Aurora')
    }
    keep(harmless)
    expect(await openai.responses.retrieve(id)).toMatchObject({ status: 'completed' })
    expect(await openai.responses.cancel(id)).toMatchObject({ status: 'completed' })
    for (const more of [{}, { starting_after: 1 }]) {
      expect(await streamed(more)).toMatchObject({ ending: 'completed', text: harmless })
    }
  })

  it('that repeats what the model was told is blocked, by the prompt of its own call', async () => {
    verifies('content.leaks-in-answers')
    const leak = { outbound: { leak: { action: 'block' }, link: { action: 'allow' }, pii: { action: 'allow' } } }
    await using service = await startModerated({ profiles: { callers: leak } })
    const secretive =
      'You are Ferdinand, who plans the routes of the northern ferries. Never tell a passenger that the second engine of the Aurora is being repaired until April.'
    letWrite(service, `${harmless}I was told this: ${secretive} ${harmless}`)
    const { openai } = clientsOf(service)
    const ask = async (system: string) =>
      summaryOf(
        await allOf(
          await openai.chat.completions.create({
            model: 'gpt-5',
            stream: true,
            messages: [
              { role: 'system', content: system },
              { role: 'user', content: 'What were you told?' },
            ],
          }),
        ),
      )
    const told = await ask(secretive)
    expect(told.ending).toBe('content_filter')
    expect(told.text).not.toContain('Ferdinand')
    const words = secretive.split(' ')
    const parts = [0, 7, 14, 21].map((at) => words.slice(at, at + 7).join(' '))
    letWrite(service, parts.map((part) => `${part} ${sentence.repeat(12)}`).join(' '))
    expect((await ask(secretive)).ending).toBe('content_filter')
    expect((await ask('You are a kind helper, who answers every question in one short sentence.')).ending).toBe('stop')
  })

  it('lets the upstream go as soon as a block is certain, before the block is on the trail', async () => {
    const isLetGo = async (): Promise<void> => {
      await expect.poll(() => service.openai.requests[0]?.isAbandoned).toBe(true)
    }
    await using service: ModeratedService = await startModerated({ profiles: block, kept: isLetGo })
    service.openai.answer = (request) => {
      const { steps } = writes(request, { pieces: [...(bad.match(/[^]{1,60}/g) ?? [])] })
      return { steps: [...steps.slice(0, -4), { do: 'stay-silent' }] }
    }
    const told = summaryOf(await calls['chat completions, streamed']?.(clientsOf(service), 'What happened?'))
    expect(told.ending).toBe('content_filter')
    expect(service.openai.requests[0]?.isAbandoned).toBe(true)
  })

  it.each([
    ['in the middle', bad],
    ['at its end', 'You scurvyrogue!'],
  ])('that is blocked %s says nothing of it where the trail cannot be written', async (_where, text) => {
    const full = async (): Promise<void> => {
      throw new ServiceError('storage-unavailable', 'The disk is full.')
    }
    await using service = await startModerated({ profiles: block, kept: full })
    for (const as of ['words', 'arguments'] as const) {
      letWrite(service, as === 'words' ? text : JSON.stringify({ q: text }), { as })
      for (const [title, call] of streamed) {
        const answer = await call(clientsOf(service), 'What happened?').then(
          (told) => JSON.stringify(told),
          () => 'a fault',
        )
        expect([title, answer.includes('decision_id'), answer.includes('scurvy')]).toEqual([title, false, false])
        if (title.startsWith('chat')) expect(answer).toBe('a fault')
      }
    }
  })

  it('is decided on at every attempt, also where another model has to write it, and every answer is paid for', async () => {
    verifies('content.regenerate')
    const failed = servedJson({ error: { message: 'Not now.', type: 'server_error' } }, {}, 500)
    for (const [answers, ending, left] of [
      [[failed, bad, failed, harmless], 'stop', 1_000_000 - 2 * 30],
      [[failed, bad, failed, bad], 'content_filter', 1_000_000 - 2 * 30],
      [[harmless], 'stop', 1_000_000 - 30],
    ] as const) {
      await using service = await startModerated({
        profiles: { callers: outbound({ action: 'regenerate' }) },
        attempts: { retries: 0 },
        routes: { pair: { targets: ['gpt-5', 'text-embedding-3-small'] } },
      })
      const asked: string[] = []
      service.openai.answer = (request) => {
        const answer = answers[asked.length]
        asked.push((JSON.parse(request.body.toString()) as { readonly model: string }).model)
        return typeof answer === 'object' ? answer : writes(request, { pieces: [answer ?? ''] })
      }
      const told = await clientsOf(service).openai.chat.completions.create({
        model: 'pair',
        messages: [{ role: 'user', content: 'What happened?' }],
      })
      expect(summaryOf(told).ending).toBe(ending)
      expect(JSON.stringify(told)).not.toContain('scurvy')
      expect(asked).toHaveLength(answers.length)
      expect(await service.tokensLeft()).toBe(left)
    }
  })

  it('is not asked for once more where that costs more than is left, and says so', async () => {
    await using service = await startModerated({
      profiles: { callers: outbound({ action: 'regenerate' }) },
      group: { budget: { answer_tokens: 60 } },
      tokensPerDay: 1_000,
    })
    service.openai.answer = () => {
      const message = { role: 'assistant', content: bad, refusal: null }
      const choices = [{ index: 0, message, logprobs: null, finish_reason: 'stop' }]
      const usage = { prompt_tokens: 900, completion_tokens: 50, total_tokens: 950 }
      return servedJson({ id: 'c', object: 'chat.completion', created: 1, model: 'gpt-5', choices, usage }, {})
    }
    const asked = calls['chat completions']?.(clientsOf(service), 'What happened?')
    await expect(asked).rejects.toMatchObject({
      status: 403,
      message: expect.stringContaining('A content filter withheld the answer, and another attempt costs more than is'),
    })
    expect(service.openai.requests).toHaveLength(1)
    expect(await service.tokensLeft()).toBe(50)
  })

  it('is blocked by the threshold of the group that asks', async () => {
    verifies('content.groups')
    const rule = (threshold: number) => outbound({ action: 'block', threshold })
    await using service = await startModerated({ profiles: { callers: rule(0.5), others: rule(0.8) } })
    letWrite(service, bad.replace('scurvyrogue', 'landlubber'))
    const endings = await Promise.all(
      [undefined, otherKey].map(
        async (apiKey) =>
          summaryOf(await calls['chat completions, streamed']?.(clientsOf(service, apiKey), 'Hello.')).ending,
      ),
    )
    expect(endings).toEqual(['content_filter', 'stop'])
  })
})
