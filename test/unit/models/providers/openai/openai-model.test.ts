import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { ErrorCode } from '../../../../../src/core/error-table.ts'
import { ServiceError } from '../../../../../src/core/errors.ts'
import { Secret } from '../../../../../src/core/secret.ts'
import type { Model, ModelEvent, ModelRequest } from '../../../../../src/models/model.ts'
import { createOpenAiModel, type OpenAiModelOptions } from '../../../../../src/models/providers/openai/openai-model.ts'
import {
  ScriptedOpenAiServer,
  type Scenario,
  type ServedTurn,
} from '../../../../support/http/scripted-openai-server.ts'
import { verifies } from '../../../../support/verifies.ts'

const key = 'sk-test-0123456789abcdef'

function optionsFor(baseUrl: string, changes: Partial<OpenAiModelOptions> = {}): OpenAiModelOptions {
  return {
    name: 'scripted-1',
    baseUrl,
    apiKey: new Secret(key),
    timeoutMilliseconds: 20_000,
    idleTimeoutMilliseconds: 20_000,
    retries: 0,
    outputTokenField: 'max_tokens',
    ...changes,
  }
}

const tool = { name: 'run_sql', description: 'Runs SQL', parameters: { type: 'object', properties: {} } }
const request: ModelRequest = {
  messages: [
    { role: 'system', content: 'You are an analyst.' },
    { role: 'user', content: 'How many orders are there?' },
  ],
  tools: [tool],
  maximumOutputTokens: 500,
}

const live = new AbortController().signal

async function collect(model: Model, signal: AbortSignal = live, asked = request): Promise<ModelEvent[]> {
  const events: ModelEvent[] = []
  for await (const event of model.turn(asked, signal)) events.push(event)
  return events
}

function textOf(events: readonly ModelEvent[]): string {
  return events.map((event) => (event.type === 'text-delta' ? event.text : '')).join('')
}

function callsOf(events: readonly ModelEvent[]): unknown[] {
  return events.flatMap((event) => (event.type === 'tool-call' ? [event.call] : []))
}

async function play(
  scenario: Scenario | readonly ServedTurn[],
  changes: Partial<OpenAiModelOptions> = {},
): Promise<{ events: ModelEvent[]; error: ServiceError | null; server: ScriptedOpenAiServer }> {
  await using server = await ScriptedOpenAiServer.start(scenario)
  const events: ModelEvent[] = []
  try {
    for await (const event of createOpenAiModel(optionsFor(server.baseUrl, changes)).turn(request, live))
      events.push(event)
    return { events, error: null, server }
  } catch (error) {
    if (error instanceof ServiceError) return { events, error, server }
    throw error
  }
}

const choiceOf = (index: number, content: string, reason: string | null = null) => ({
  index,
  delta: { content },
  finish_reason: reason,
})

describe('a turn of an OpenAI-compatible model', () => {
  it('streams text and ends with the finish and the usage of the provider', async () => {
    verifies('model.any-endpoint')
    const { events } = await play([{ kind: 'turn', text: 'There are 42 orders. ✓' }])
    expect(textOf(events)).toBe('There are 42 orders. ✓')
    expect(events.filter((event) => event.type === 'text-delta').length).toBeGreaterThan(2)
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop', usage: { estimated: false } })
    expect(events.filter((event) => event.type === 'finish')).toHaveLength(1)
  })

  it('assembles parallel tool calls from their deltas', async () => {
    const { events } = await play([
      {
        kind: 'turn',
        text: 'Two queries.',
        calls: [
          { id: 'a', name: 'run_sql', arguments: '{"sql":"SELECT 1"}' },
          { id: 'b', name: 'run_sql', arguments: '{"sql":"SELECT 2"}' },
        ],
      },
    ])
    expect(callsOf(events)).toEqual([
      { callId: 'a', name: 'run_sql', argumentsText: '{"sql":"SELECT 1"}' },
      { callId: 'b', name: 'run_sql', argumentsText: '{"sql":"SELECT 2"}' },
    ])
    expect(events.at(-1)).toMatchObject({ reason: 'tool-calls' })
  })

  it('reads the plain answer of an endpoint that ignores stream', async () => {
    verifies('model.any-endpoint')
    const calls = [{ id: 'a', name: 'run_sql', arguments: '{}' }]
    const { events } = await play([{ kind: 'turn', text: 'Hello', calls, ignoresStream: true }])
    expect(textOf(events)).toBe('Hello')
    expect(callsOf(events)).toEqual([{ callId: 'a', name: 'run_sql', argumentsText: '{}' }])
  })

  it('estimates the usage, and says so, where the endpoint gives none', async () => {
    const { events } = await play([{ kind: 'turn', text: 'Hello there', withoutUsage: true }])
    const finish = events.at(-1)
    expect(finish).toMatchObject({ type: 'finish', usage: { estimated: true, outputTokens: 3 } })
  })

  it('reads a stream sent under another content type', async () => {
    const body = 'data: {"choices":[{"delta":{"content":"Hi"},"finish_reason":"stop"}]}\n\ndata: [DONE]\n\n'
    const { events } = await play([{ kind: 'raw', body, contentType: 'text/plain' }])
    expect(textOf(events)).toBe('Hi')
  })

  it('tells apart calls that all carry index 0, or no index and no id', async () => {
    const chunks = [
      { choices: [{ delta: { tool_calls: [{ index: 0, id: 'x', function: { name: 'one', arguments: '{}' } }] } }] },
      {
        choices: [{ delta: { tool_calls: [{ index: 0, id: 'y', function: { name: 'two', arguments: '{"a":1}' } }] } }],
      },
      { choices: [{ delta: {}, finish_reason: 'stop' }] },
    ]
    const body = chunks.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')
    const { events } = await play([{ kind: 'raw', body }])
    expect(callsOf(events)).toEqual([
      { callId: 'x', name: 'one', argumentsText: '{}' },
      { callId: 'y', name: 'two', argumentsText: '{"a":1}' },
    ])
    const bare = {
      choices: [{ delta: { tool_calls: [{ function: { name: 'one', arguments: { a: 1 } } }] }, finish_reason: 'stop' }],
    }
    const other = await play([{ kind: 'raw', body: `data: ${JSON.stringify(bare)}\n\n` }])
    expect(callsOf(other.events)).toEqual([{ callId: 'call_1', name: 'one', argumentsText: '{"a":1}' }])
    expect(other.events.at(-1)).toMatchObject({ reason: 'tool-calls' })
  })

  it.each([
    ['STOP', 'stop'],
    ['end_turn', 'stop'],
    ['eos', 'stop'],
    ['MAX_TOKENS', 'length'],
    ['model_length', 'length'],
    ['SAFETY', 'content-filter'],
    ['sensitive', 'content-filter'],
  ])('reads the reason %s, which other endpoints say, as %s', async (finishReason, reason) => {
    const { events } = await play([{ kind: 'turn', text: 'x', finishReason }])
    expect(events.at(-1)).toMatchObject({ reason })
  })

  it.each([
    ['in one chunk', [{ choices: [choiceOf(0, 'first'), choiceOf(1, 'second')] }]],
    ['one after the other', [{ choices: [choiceOf(0, 'first')] }, { choices: [choiceOf(1, 'second', 'length')] }]],
  ])('S6: mixes nothing of a second answer that nobody asked for into the first, %s', async (_how, chunks) => {
    const all = [...chunks, { choices: [choiceOf(1, 'more', 'stop'), choiceOf(0, '!', 'stop')] }]
    const body = all.map((chunk) => `data: ${JSON.stringify(chunk)}\n\n`).join('')
    const { events } = await play([{ kind: 'raw', body }])
    expect(textOf(events)).toBe('first!')
    expect(events.at(-1)).toMatchObject({ reason: 'stop' })
  })

  it('sends half a surrogate pair to no endpoint: they answer 400 to it', async () => {
    await using server = await ScriptedOpenAiServer.start([{ kind: 'turn', text: 'ok' }])
    const messages = [
      { role: 'user' as const, content: 'a\ud800b' },
      { role: 'assistant' as const, content: '\udc00', toolCalls: [] },
      { role: 'tool' as const, callId: 'a', content: '\ud83d' },
      { role: 'user' as const, content: '\ud83d\ude00' },
    ]
    await collect(createOpenAiModel(optionsFor(server.baseUrl)), live, { ...request, messages })
    const sent = server.requests[0]?.body.messages.map(({ content }) => content)
    expect(sent).toEqual(['a\ufffdb', '\ufffd', '\ufffd', '\ud83d\ude00'])
  })

  it('trusts no tool call of a turn that was cut at its length', async () => {
    const calls = [{ name: 'run_sql', arguments: '{"sql":"SELECT' }]
    const { events } = await play([{ kind: 'turn', text: 'x', calls, finishReason: 'length' }])
    expect(callsOf(events)).toEqual([])
    expect(events.at(-1)).toMatchObject({ reason: 'length' })
  })

  it('sends the conversation, the tools, the key and the limit', async () => {
    await using server = await ScriptedOpenAiServer.start([{ kind: 'turn', text: 'ok' }])
    const model = createOpenAiModel(optionsFor(server.baseUrl, { outputTokenField: 'max_completion_tokens' }))
    await collect(model, live, {
      ...request,
      messages: [
        ...request.messages,
        {
          role: 'assistant',
          content: '',
          toolCalls: [{ callId: 'a', name: 'run_sql', argumentsText: '{"sql": broken' }],
        },
        { role: 'tool', callId: 'a', content: 'refused' },
      ],
    })
    const [sent] = server.requests
    expect(sent?.authorization).toBe(`Bearer ${key}`)
    expect(sent?.body).toMatchObject({ model: 'scripted-1', max_completion_tokens: 500, stream: true })
    expect(sent?.body.tools?.map((entry) => entry.function.name)).toEqual(['run_sql'])
    // Malformed arguments in the history make strict endpoints fail, so they are sent as an empty object.
    expect(sent?.body.messages[2]).toMatchObject({ content: null, tool_calls: [{ function: { arguments: '{}' } }] })
    expect(sent?.body.messages[3]).toEqual({ role: 'tool', tool_call_id: 'a', content: 'refused' })
  })
})

describe('a call that is being written', () => {
  const chunks = (functions: readonly object[]): string => {
    const deltas = functions.map((part) => ({ delta: { tool_calls: [{ index: 0, function: part }] } }))
    const all = [...deltas, { delta: {}, finish_reason: 'tool_calls' }]
    return all.map((choice) => `data: ${JSON.stringify({ choices: [choice] })}\n\n`).join('')
  }
  const eventsOf = async (functions: readonly object[]) => {
    const { events } = await play([{ kind: 'raw', body: chunks(functions) }])
    return events.map((event) => (event.type === 'call-begin' ? event.name : `[${event.type}]`))
  }

  it('is told by the name of its tool before it is whole, once', async () => {
    const written = [
      { name: 'run_sql', arguments: '' },
      { arguments: '{"sql"' },
      { name: 'run_sql', arguments: ':"x"}' },
    ]
    expect(await eventsOf(written)).toEqual(['run_sql', '[tool-call]', '[finish]'])
  })

  it('is told with each piece of its name where that comes in pieces, and not at all where no tool has such a name', async () => {
    expect(await eventsOf([{ name: 'run_' }, { name: 'sql', arguments: '{}' }])).toEqual([
      'run_',
      'run_sql',
      '[tool-call]',
      '[finish]',
    ])
    expect(await eventsOf([{ name: 'x'.repeat(65), arguments: '{}' }])).toEqual(['[tool-call]', '[finish]'])
  })
})

describe('an endpoint that fails', () => {
  const cases: readonly { what: string; turn: ServedTurn; code: ErrorCode; says: RegExp }[] = [
    { what: 'answers with a web page', turn: { kind: 'page' }, code: 'model-protocol', says: /web page/ },
    {
      what: 'answers 404 with a web page',
      turn: { kind: 'status', status: 404, body: '<html>', headers: { 'content-type': 'text/html' } },
      code: 'model-protocol',
      says: /web page \(HTTP 404\)/,
    },
    {
      what: 'answers JSON of another shape',
      turn: { kind: 'raw', body: '{"hello":1}', contentType: 'application/json' },
      code: 'model-protocol',
      says: /another shape/,
    },
    {
      what: 'streams what is not JSON',
      turn: { kind: 'raw', body: 'data: nonsense\n\n' },
      code: 'model-protocol',
      says: /not JSON/,
    },
    {
      what: 'streams another shape',
      turn: { kind: 'raw', body: 'data: {"choices":7}\n\n' },
      code: 'model-protocol',
      says: /another shape/,
    },
    {
      what: 'ends its stream early',
      turn: { kind: 'truncated', text: 'The answer is' },
      code: 'model-protocol',
      says: /broke off/,
    },
    {
      what: 'cuts the connection',
      turn: { kind: 'cut', text: 'The answer is' },
      code: 'model-unavailable',
      says: /broke off/,
    },
    {
      what: 'reports an error within the stream',
      turn: { kind: 'raw', body: 'data: {"error":{"message":"overloaded"}}\n\n' },
      code: 'model-unavailable',
      says: /overloaded/,
    },
    { what: 'sends an empty stream', turn: { kind: 'raw', body: '' }, code: 'model-protocol', says: /broke off/ },
    {
      what: 'refuses the key',
      turn: { kind: 'status', status: 401, body: `{"error":{"message":"Incorrect API key provided: ${key}"}}` },
      code: 'model-rejected',
      says: /does not accept the key/,
    },
    {
      what: 'does not know the model',
      turn: { kind: 'status', status: 404, body: '{"error":{"message":"no such model"}}' },
      code: 'model-rejected',
      says: /does not know the model "scripted-1".*no such model/,
    },
    {
      what: 'refuses the request',
      turn: { kind: 'status', status: 400, body: '{"error":{"message":"context too long"}}' },
      code: 'model-rejected',
      says: /context too long/,
    },
    {
      what: 'is over its limit',
      turn: { kind: 'status', status: 429, body: '{"error":{"message":"slow down"}}', headers: { 'retry-after': '7' } },
      code: 'model-unavailable',
      says: /slow down/,
    },
    {
      what: 'fails',
      turn: { kind: 'status', status: 503, body: '{"error":{"message":"busy"}}' },
      code: 'model-unavailable',
      says: /HTTP 503/,
    },
  ]

  it.each(cases)('$what: $code', async ({ turn, code, says }) => {
    const { error, events } = await play([turn])
    expect(error?.code).toBe(code)
    expect(error?.message).toMatch(says)
    expect(`${error?.message} ${error?.advice}`).not.toContain(key)
    expect(events.some((event) => event.type === 'finish')).toBe(false)
  })

  it('advises to check the address where it is a web page', async () => {
    const { error } = await play([{ kind: 'page' }])
    expect(error?.advice).toMatch(/model\.base_url \(http:\/\/127\.0\.0\.1:\d+\/v1\): it usually ends in \/v1/)
  })

  it('says when to come back where the endpoint does', async () => {
    const { error } = await play([{ kind: 'status', status: 429, body: '{}', headers: { 'retry-after': '7' } }])
    expect(error?.retryAfterSeconds).toBe(7)
  })

  it('C4: names no longer wait than a year, whatever the endpoint says', async () => {
    const turn = { kind: 'status', status: 429, body: '{}', headers: { 'retry-after': '9'.repeat(30) } } as const
    const { error } = await play([turn])
    expect(error?.retryAfterSeconds).toBe(365 * 86_400)
  })

  it.each([204, 205, 304, 600, 999])('S6: answers %d, which no answer has: it did answer', async (status) => {
    const { error } = await play([{ kind: 'status', status, body: '' }])
    expect(error?.code).toBe('model-protocol')
    expect(error?.message).toContain(`answered HTTP ${status}, not an OpenAI-compatible response`)
  })

  it.each([
    ['is another protocol', 'SSH-2.0-OpenSSH_9.2\r\n'],
    ['has two lengths', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 9\r\n\r\nhello'],
    ['has no end of headers', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(20_000)}\r\n\r\n`],
    ['has a status of four digits', 'HTTP/1.1 1000 X\r\nContent-Length: 0\r\n\r\n'],
  ])('S6: sends what %s: it did answer, so nobody looks for a network that is down', async (_what, bytes) => {
    const { error } = await play([{ kind: 'bytes', bytes }])
    expect(error?.code).toBe('model-protocol')
    expect(error?.message).toMatch(/answered what is not HTTP/)
  })

  it.each(['error', 'abort', 'network_error', 'insufficient_system_resource', '\u001b[2J', 'constructor'])(
    'S6: ends half an answer with the reason %j: it is no whole one',
    async (reason) => {
      const { error, events } = await play([{ kind: 'turn', text: 'Revenue fell by', finishReason: reason }])
      expect(error).toMatchObject({ code: 'model-protocol', message: expect.stringMatching(/broke off/) as string })
      expect(error?.message).not.toContain('\u001b')
      expect(events.some((event) => event.type === 'finish')).toBe(false)
    },
  )

  it.each([
    '{"prompt_tokens":-5,"completion_tokens":1}',
    '{"prompt_tokens":1,"completion_tokens":1e300}',
    '{"prompt_tokens":999999999,"completion_tokens":1}',
    '{"prompt_tokens":1,"completion_tokens":999999999}',
    '7',
    '{}',
  ])('S6: counts tokens that cannot be: %s, and they are estimated', async (usage) => {
    const choice = '{"message":{"content":"Four."},"finish_reason":"stop"}'
    const body = `{"choices":[${choice}],"usage":${usage}}`
    const { events } = await play([{ kind: 'raw', contentType: 'application/json', body }])
    expect(events.at(-1)).toMatchObject({ type: 'finish', usage: { estimated: true, outputTokens: 2 } })
  })

  it('C4: says when to come back where the endpoint names milliseconds', async () => {
    const { error } = await play([{ kind: 'status', status: 503, body: '{}', headers: { 'retry-after-ms': '2500' } }])
    expect(error?.retryAfterSeconds).toBe(2.5)
  })

  it('C4: says when to come back where the endpoint names a date', async () => {
    const date = new Date(Date.now() + 90_000).toUTCString()
    const { error } = await play([{ kind: 'status', status: 503, body: '{}', headers: { 'retry-after': date } }])
    expect(error?.retryAfterSeconds).toBeGreaterThan(80)
    expect(error?.retryAfterSeconds).toBeLessThanOrEqual(90)
  })

  it.each([
    { 'retry-after': '3600' },
    { 'retry-after': new Date(Date.now() + 3_600_000).toUTCString() },
    { 'retry-after-ms': '3600000' },
    { 'retry-after-ms': '3600000', 'retry-after': '1' },
  ])('C2: is not asked again where it says to wait longer than a client does: %j', async (headers) => {
    const turn = { kind: 'status', status: 429, body: '{}', headers } as const
    const { server } = await play([turn], { retries: 2 })
    expect(server.requests).toHaveLength(1)
  })

  it('is down: model-unavailable, with the reason', async () => {
    const server = await ScriptedOpenAiServer.start([])
    const { baseUrl } = server
    await server[Symbol.asyncDispose]()
    const turn = collect(createOpenAiModel(optionsFor(baseUrl)))
    await expect(turn).rejects.toMatchObject({
      code: 'model-unavailable',
      message: expect.stringMatching(/cannot be reached \(ECONNREFUSED\)/) as string,
    })
  })

  it('never begins to answer: model-timeout', async () => {
    const { error } = await play([{ kind: 'hang' }], { timeoutMilliseconds: 50 })
    expect(error?.code).toBe('model-timeout')
  })

  it('falls silent within its answer: model-timeout, and the connection is closed', async () => {
    await using server = await ScriptedOpenAiServer.start([{ kind: 'stall', text: 'Well' }])
    const turn = collect(createOpenAiModel(optionsFor(server.baseUrl, { idleTimeoutMilliseconds: 50 })))
    await expect(turn).rejects.toMatchObject({ code: 'model-timeout', message: 'The model sent nothing for 0.05 s' })
    await expect.poll(() => server.abandoned).toBe(1)
  })

  it('finishes but keeps the stream open: the turn ends all the same', async () => {
    const { events } = await play([{ kind: 'linger', text: 'Done' }], { idleTimeoutMilliseconds: 400 })
    expect(textOf(events)).toBe('Done')
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'stop', usage: { estimated: true } })
  })

  it('S12: sends without end: model-protocol', async () => {
    const { error } = await play([{ kind: 'raw', body: ': still here\n\n'.repeat(100_000) }])
    expect(error).toMatchObject({
      code: 'model-protocol',
      message: expect.stringMatching(/more than 577536 bytes/) as string,
    })
  })

  it.each([
    ['text', { content: 'x'.repeat(500) }],
    ['arguments', { tool_calls: [{ index: 0, id: 'a', function: { name: 'f', arguments: 'x'.repeat(500) } }] }],
    ['names', { tool_calls: [{ index: 0, id: 'a', function: { name: 'n'.repeat(500), arguments: '' } }] }],
  ])('S12: writes more %s than its tokens can hold: cut there, as at its limit', async (_kind, delta) => {
    verifies('serve.long-turns')
    const event = `data: ${JSON.stringify({ choices: [{ delta }] })}\n\n`
    await using server = await ScriptedOpenAiServer.start([{ kind: 'raw', body: event.repeat(100) }])
    const events = await collect(createOpenAiModel(optionsFor(server.baseUrl)))
    expect(textOf(events).length).toBeLessThanOrEqual(request.maximumOutputTokens * 16)
    expect(callsOf(events)).toEqual([])
    expect(events.at(-1)).toMatchObject({ type: 'finish', reason: 'length' })
  })

  it('S12: begins more calls than its tokens can hold, each with nothing in it: cut there, as at its limit', async () => {
    const calls = Array.from({ length: 2_000 }, (_, index) => ({ index, id: `c${index}`, function: { name: 'f' } }))
    const events = calls.map((call) => `data: ${JSON.stringify({ choices: [{ delta: { tool_calls: [call] } }] })}\n\n`)
    const { events: seen } = await play([{ kind: 'raw', body: events.join('') }])
    expect(seen).toEqual([
      { type: 'call-begin', name: 'f' },
      expect.objectContaining({ type: 'finish', reason: 'length' }),
    ])
  })

  it('S12: is not blamed for the time its reader takes', async () => {
    await using server = await ScriptedOpenAiServer.start([{ kind: 'turn', text: 'word '.repeat(300) }])
    const model = createOpenAiModel(optionsFor(server.baseUrl, { idleTimeoutMilliseconds: 400 }))
    let text = ''
    for await (const event of model.turn(request, live)) {
      if (text === '') await sleep(1_000)
      if (event.type === 'text-delta') text += event.text
    }
    expect(text).toBe('word '.repeat(300))
  })

  it.each([301, 302, 307, 308])('S6: redirects with %d: it is not followed, and the key stays here', async (status) => {
    await using other = await ScriptedOpenAiServer.start([{ kind: 'turn', text: 'Mine.' }])
    const headers = { location: `${other.baseUrl}/chat/completions` }
    const { error } = await play([{ kind: 'status', status, body: '', headers }])
    expect(error).toMatchObject({ code: 'model-protocol', message: expect.stringMatching(/a redirect/) as string })
    expect(other.requests).toEqual([])
  })

  it('S6: writes control characters and marks of direction: none is repeated', async () => {
    const message = 'bad\u001b[2J\u0007\u009b31m\u202eevil\u2028line'
    const { error } = await play([{ kind: 'status', status: 400, body: JSON.stringify({ error: { message } }) }])
    expect(error?.message).toMatch(/bad \[2J 31m evil line$/)
  })

  it('S6: answers an error whose body never ends: its beginning is enough', async () => {
    const body = `{"error":{"message":"${'x'.repeat(2_000_000)}"}}`
    const { error } = await play([{ kind: 'status', status: 500, body }])
    expect(error?.code).toBe('model-unavailable')
    expect(error?.message.length).toBeLessThan(500)
  })
})

describe('retries', () => {
  it('tries again after 429 and 5xx, and then answers', async () => {
    const { events, server } = await play(
      [
        { kind: 'status', status: 429, body: '{}', headers: { 'retry-after-ms': '5' } },
        { kind: 'status', status: 500, body: '{}', headers: { 'retry-after-ms': '5' } },
        { kind: 'turn', text: 'Here' },
      ],
      { retries: 2 },
    )
    expect(textOf(events)).toBe('Here')
    expect(server.requests).toHaveLength(3)
  })

  it('never tries again once the answer has begun', async () => {
    const { error, server } = await play(
      [
        { kind: 'truncated', text: 'The' },
        { kind: 'turn', text: 'again' },
      ],
      { retries: 5 },
    )
    expect(error?.code).toBe('model-protocol')
    expect(server.requests).toHaveLength(1)
  })

  it('never tries again when the key is refused', async () => {
    const { server } = await play([{ kind: 'status', status: 401, body: '{}' }], { retries: 5 })
    expect(server.requests).toHaveLength(1)
  })
})

describe('cancelling a turn', () => {
  it.each(['hang', 'stall'] as const)(
    'ends it while the endpoint is in "%s", and closes the connection',
    async (kind) => {
      await using server = await ScriptedOpenAiServer.start([kind === 'hang' ? { kind } : { kind, text: 'Well' }])
      const controller = new AbortController()
      const turn = collect(createOpenAiModel(optionsFor(server.baseUrl)), controller.signal)
      setTimeout(() => controller.abort(), 50)
      await expect(turn).rejects.toMatchObject({ code: 'cancelled' })
      await expect.poll(() => server.abandoned).toBe(1)
    },
  )

  it('waits for no retry', async () => {
    await using server = await ScriptedOpenAiServer.start([
      { kind: 'status', status: 429, body: '{}', headers: { 'retry-after': '30' } },
    ])
    const controller = new AbortController()
    const turn = collect(createOpenAiModel(optionsFor(server.baseUrl, { retries: 3 })), controller.signal)
    setTimeout(() => controller.abort(), 50)
    await expect(turn).rejects.toMatchObject({ code: 'cancelled' })
  })

  it('closes the connection of a turn nobody reads to its end', async () => {
    await using server = await ScriptedOpenAiServer.start([{ kind: 'stall', text: 'Well' }])
    for await (const event of createOpenAiModel(optionsFor(server.baseUrl)).turn(request, live)) {
      expect(event.type).toBe('text-delta')
      break
    }
    await expect.poll(() => server.abandoned).toBe(1)
  })
})
