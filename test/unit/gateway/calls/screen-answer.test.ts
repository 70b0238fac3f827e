import { describe, expect, it, vi } from 'vitest'
import type { CallFacts, UpstreamAnswer, WholeAnswer } from '../../../../src/core/model-call.ts'
import { chatCompletions } from '../../../../src/gateway/apis/chat-completions.ts'
import { messages } from '../../../../src/gateway/apis/messages.ts'
import { responses } from '../../../../src/gateway/apis/responses.ts'
import { CallMeter } from '../../../../src/gateway/calls/call-meter.ts'
import { verifies } from '../../../support/verifies.ts'
import { screenAnswer, type ScreenedStream } from '../../../../src/gateway/calls/screen-answer.ts'

const head = { status: 201, headers: ['x-a', 'b'] }
const refusal = (what: string) => ({ code: 'model-protocol', message: `The upstream answered ${what}.` })

interface Screening {
  readonly api?: typeof messages
  readonly streamed?: boolean
  readonly method?: 'POST' | 'DELETE'
}

const factsOf = (streamed: boolean): CallFacts => ({
  model: 'm',
  streamed,
  outputTokens: null,
  hostedTools: [],
  ids: [],
  itemIds: [],
  answerIsKept: true,
})

/** What is screened, with a log of what was kept and what left, in order. */
function screening({ api = chatCompletions, streamed = false, method = 'POST' }: Screening = {}) {
  const meter = new CallMeter()
  const log: string[] = []
  const keep = async (ids: readonly string[]) => {
    await new Promise((resolve) => setImmediate(resolve))
    log.push(`kept ${ids.join(' ')}`)
  }
  const options = { api, facts: factsOf(streamed), method, keep, meter }
  return { meter, log, screen: (answer: UpstreamAnswer) => screenAnswer(answer, options) }
}

const wholeOf = (text: string): UpstreamAnswer & WholeAnswer => ({ ...head, kind: 'json', body: Buffer.from(text) })

async function* piecesOf(pieces: readonly string[]): AsyncGenerator<Buffer> {
  for (const piece of pieces) yield Buffer.from(piece)
}

/** Reads a stream of these pieces to its end, or to what is thrown. */
async function read(pieces: readonly string[], api: typeof messages = chatCompletions) {
  const { meter, log, screen } = screening({ api, streamed: true })
  const screened = await screen({ ...head, kind: 'events', body: piecesOf(pieces), leave: () => log.push('left') })
  expect(screened).toEqual({ ...head, body: screened.body })
  let thrown: unknown = null
  try {
    for await (const { bytes } of (screened.body as ScreenedStream).events) log.push(bytes.toString())
  } catch (error) {
    thrown = error
  }
  return { meter, log, thrown }
}

describe('a meter', () => {
  it('begins at nothing, and takes the most of each count', () => {
    const meter = new CallMeter()
    expect([meter.usage, meter.bytes]).toEqual([null, 0])
    meter.count(null)
    expect(meter.usage).toBeNull()
    for (const [input, output, expected] of [
      [5, 1, [5, 1]],
      [3, 7, [5, 7]],
      [9, 2, [9, 7]],
      [0, 0, [9, 7]],
    ] as const) {
      meter.count({ inputTokens: input, outputTokens: output })
      expect([meter.usage?.inputTokens, meter.usage?.outputTokens]).toEqual(expected)
    }
    meter.count(null)
    expect(meter.usage).toEqual({ inputTokens: 9, outputTokens: 7 })
  })

  it('takes the most of each part and each use of a tool, whichever event names it', () => {
    const meter = new CallMeter()
    const tokens = { inputTokens: 1, outputTokens: 1 }
    meter.count({ ...tokens, parts: { cached_input: 5, reasoning: 2 } })
    expect(meter.usage).toStrictEqual({ ...tokens, parts: { cached_input: 5, reasoning: 2 } })
    meter.count({ ...tokens, parts: { cached_input: 3, reasoning: 4, audio_input: 1 }, toolUses: { web_search: 2 } })
    const both = { parts: { cached_input: 5, reasoning: 4, audio_input: 1 }, toolUses: { web_search: 2 } }
    expect(meter.usage).toStrictEqual({ ...tokens, ...both })
    meter.count({ ...tokens, toolUses: { web_search: 1, web_fetch: 3 } })
    expect(meter.usage).toStrictEqual({ ...tokens, ...both, toolUses: { web_search: 2, web_fetch: 3 } })
    meter.count(tokens)
    expect(meter.usage).toStrictEqual({ ...tokens, ...both, toolUses: { web_search: 2, web_fetch: 3 } })
  })
})

describe('a whole answer', () => {
  it('leaves as the same bytes, with its status and headers, counted and kept', async () => {
    const { meter, log, screen } = screening({ api: responses })
    const answer = wholeOf('{ "id":"resp_1", "output":[{"id":"é"}], "usage":{"input_tokens":3,"output_tokens":4}}')
    const screened = await screen(answer)
    expect(screened).toEqual({ ...head, body: answer.body })
    expect(screened.body).toBe(answer.body)
    expect(log).toEqual(['kept resp_1 é'])
    expect(meter).toMatchObject({ usage: { inputTokens: 3, outputTokens: 4 }, bytes: answer.body.length })
  })

  const whole = '{"choices":[{"message":{}}]}'

  it('of which nothing is kept and nothing counted is passed on as well', async () => {
    const { meter, log, screen } = screening()
    await screen(wholeOf(whole))
    expect([log, meter.usage, meter.bytes]).toEqual([[], null, whole.length])
  })

  it.each([
    '{}',
    '{"detail":"Internal Server Error"}',
    '{"choices":[{"message":{"content":"x"},"finish_reason":null}]}',
  ])('that is none, whatever its status, is refused: %s', async (text) => {
    const fault = { ...refusal('JSON that is no whole answer'), repeat: 'again' }
    await expect(screening().screen(wholeOf(text))).rejects.toMatchObject(fault)
  })

  it('that has failed is a failure of a call, and the state of what the provider keeps', async () => {
    const failed = '{"id":"resp_1","object":"response","status":"failed","error":{"code":"server_error"},"output":[]}'
    const { screen } = screening({ api: responses })
    await expect(screen(wholeOf(failed))).rejects.toMatchObject({ code: 'model-unavailable', repeat: 'again' })
    for (const asked of [{ model: null }, { runsOn: true as const }]) {
      const facts = { ...factsOf(false), ...asked }
      const options = {
        api: responses,
        facts,
        method: 'GET' as const,
        keep: async () => undefined,
        meter: new CallMeter(),
      }
      expect((await screenAnswer(wholeOf(failed), options)).body).toEqual(Buffer.from(failed))
    }
  })

  it('that is a refusal by policy stays one where a stream was asked for', async () => {
    const refused = '{"error":{"message":"m","code":"content_filter"}}'
    const fault = { code: 'model-refused', repeat: 'never', isPolicy: true }
    await expect(screening({ streamed: true }).screen(wholeOf(refused))).rejects.toMatchObject(fault)
  })

  it.each(['', '{', '[{}]', 'null', '"text"', '7', '<html>'])('that is no object is refused: %j', async (text) => {
    const { meter, log, screen } = screening()
    await expect(screen(wholeOf(text))).rejects.toMatchObject(refusal('JSON that cannot be read'))
    expect([log, meter.usage, meter.bytes]).toEqual([[], null, text.length])
  })

  it('is refused where a stream was asked for', async () => {
    const { meter, screen } = screening({ streamed: true })
    await expect(screen(wholeOf('{}'))).rejects.toMatchObject(refusal('no stream, which was asked for'))
    expect(meter.bytes).toBe(0)
  })

  it('does not leave where its ids cannot be kept', async () => {
    const keep = () => Promise.reject(new Error('the storage is full'))
    const options = { api: responses, facts: factsOf(false), method: 'POST' as const, keep, meter: new CallMeter() }
    await expect(screenAnswer(wholeOf('{"id":"resp_1","output":[]}'), options)).rejects.toThrow('the storage is full')
  })
})

describe('an answer of nothing', () => {
  const nothing: UpstreamAnswer = { status: 204, headers: ['x-a', 'b'], kind: 'nothing' }

  it('says that something is deleted', async () => {
    expect(await screening({ method: 'DELETE' }).screen(nothing)).toEqual({
      status: 204,
      headers: ['x-a', 'b'],
      body: Buffer.alloc(0),
    })
  })

  it('is none of any other call', async () => {
    await expect(screening().screen(nothing)).rejects.toMatchObject(refusal('nothing'))
  })
})

/** Why the answer ends, and the mark of it. */
const reason = 'data: {"choices":[{"finish_reason":"stop"}]}\n\n'
const end = `${reason}data: [DONE]\n\n`

describe('a stream', () => {
  it('that was not asked for is refused, and its upstream let go', async () => {
    const { meter, log, screen } = screening()
    const leave = () => void log.push('left')
    await expect(
      screen({ ...head, kind: 'events', body: piecesOf(['data: [DONE]\n\n']), leave }),
    ).rejects.toMatchObject(refusal('a stream that was not asked for'))
    expect([log, meter.bytes]).toEqual([['left'], 0])
  })

  it('leaves event by event, and counts its bytes', async () => {
    const events = ['data: {"choices":[{"delta":{"content":"é"}}]}\n\n', 'data: {}\n\n', reason, 'data: [DONE]\n\n']
    const { meter, log, thrown } = await read(events)
    expect([log, thrown]).toEqual([events, null])
    expect(meter).toMatchObject({ usage: null, bytes: Buffer.byteLength(events.join('')) })
  })

  it.each(['\n', '\r\n', '\r'])('is counted in whichever event says it, with line ends %j', async (end) => {
    const counted = `event: a${end}data: {"choices":[],${end}data:"usage" : {"prompt_tokens":3,"completion_tokens":4}}${end}${end}`
    const { meter, thrown } = await read([
      `data: {}${end}${end}${counted}data: {"choices":[{"finish_reason":"stop"}]}${end}${end}data: [DONE]${end}${end}`,
    ])
    expect([meter.usage, thrown]).toEqual([{ inputTokens: 3, outputTokens: 4 }, null])
  })

  it('is counted by the most that any of its events says', async () => {
    const { meter } = await read(
      [
        'data: {"type":"message_start","message":{"usage":{"input_tokens":9,"output_tokens":1}}}\n\n',
        'data: {"type":"message_delta","usage":{"output_tokens":5}}\n\ndata: {"type":"message_stop"}\n\n',
      ],
      messages,
    )
    expect(meter.usage).toEqual({ inputTokens: 9, outputTokens: 5 })
  })

  it('is not counted by what is no object, no data or no usage', async () => {
    const usage = '{"usage":{"prompt_tokens":3,"completion_tokens":4}}'
    const events = [`: ${usage}`, `event: ${usage}`, `event: ping\ndata:`].map((event) => `${event}\n\n`)
    const { meter, log, thrown } = await read([...events, 'data: {"usage":null}\n\n', end])
    expect([meter.usage, thrown]).toEqual([null, null])
    expect(log).toHaveLength(5)
  })

  const first = 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n'
  const rest = `data: {"usage":{"prompt_tokens":3,"completion_tokens":4}}\n\n${end}`

  it.each([
    'data: {"usage":{\n\n',
    'data: {"choices":[{"delta":{"content": \n\n',
    'data: [{"choices":[]}]\n\n',
    'data: "a"\n\n',
    'data: null\n\n',
    'data: upstream connect error\n\n',
    // Clients that decode line by line read what is behind it.
    '\uFEFFdata: {"error":{"message":"m"}}\n\n',
    '\uFEFFevent: error\ndata: {"choices":[]}\n\n',
    'event: message\ndata: {\n\n',
    // Lines of data are lines: no number goes on in the next one.
    'data: {"usage":{"prompt_tokens":1\ndata:2,"completion_tokens":4}}\n\n',
  ])('ends before an event that cannot be read, which may have brought some of the answer: %j', async (event) => {
    verifies('faults.unreadable-events')
    for (const pieces of [
      [first, event, rest],
      [first + event + rest],
      [first.slice(0, 9), first.slice(9) + event.slice(0, 4), event.slice(4) + rest],
    ]) {
      const { meter, log, thrown } = await read(pieces)
      expect([log.join(''), meter.usage]).toEqual([first, null])
      expect(thrown).toMatchObject({ ...refusal('an event that cannot be read'), repeat: 'again' })
    }
  })

  it.each(['event: ping\ndata: {}\n\n', 'data:\n\n', ': {\n\n', 'retry: x\n\n'])(
    'goes on behind what brings nothing of the answer, whatever it is: %j',
    async (event) => {
      const { log, thrown } = await read([first + event, rest])
      expect([log.join(''), thrown]).toEqual([first + event + rest, null])
    },
  )

  it.each(['event: ping\ndata: {\n\n', 'event: keepalive\ndata: ok\n\n'])(
    'goes on without a ping that cannot be read: %j',
    async (event) => {
      const { log, thrown } = await read([first + event + event + first, event, rest])
      expect([log.join(''), thrown]).toEqual([first + first + rest, null])
    },
  )

  it.each<[string, typeof messages, string, string]>([
    [
      'an error object',
      chatCompletions,
      'data: {"error":{"message":"m","type":"server_error"}}\n\n',
      'model-unavailable',
    ],
    ['an error that is a text', chatCompletions, 'data: {"error":"m"}\n\n', 'model-unavailable'],
    ['a limit', chatCompletions, 'data: {"error":{"message":"m","code":429}}\n\n', 'model-overloaded'],
    ['a reason to finish', chatCompletions, 'data: {"choices":[{"finish_reason":"error"}]}\n\n', 'model-unavailable'],
    ['a policy', chatCompletions, 'data: {"error":{"message":"m","code":"content_filter"}}\n\n', 'model-refused'],
    ['an event', responses, 'event: error\ndata: {"type":"error","code":"server_error"}\n\n', 'model-unavailable'],
    ['an overload', messages, 'data: {"type":"error","error":{"type":"overloaded_error"}}\n\n', 'model-overloaded'],
  ])('that tells of a failure by %s fails there, and what it says does not leave', async (_by, api, event, code) => {
    verifies('faults.told-in-streams')
    for (const pieces of [['data: {}\n\n', event, rest], [`data: {}\n\n${event}${rest}`]]) {
      const { log, thrown } = await read(pieces, api)
      expect(log.join('')).toBe('data: {}\n\n')
      expect(thrown).toMatchObject({ code, repeat: code === 'model-refused' ? 'never' : 'again' })
      expect(String(thrown)).not.toContain('"m"')
    }
  })

  it.each<[string, typeof messages, string]>([
    ['chat completions', chatCompletions, 'data: {"choices":[{"delta":{"content":"a"}}]}\n\n|data: [DONE]\n\n'],
    ['chat completions of nothing', chatCompletions, '|data: [DONE]\n\n'],
    [
      'messages',
      messages,
      'data: {"type":"content_block_delta","delta":{"text":"a"}}\n\n|data: {"type":"message_stop"}\n\n',
    ],
  ])('of %s that has the mark of its end without a reason is cut off before it', async (_by, api, events) => {
    verifies('faults.missing-ends')
    const [before = '', mark = ''] = events.split('|')
    const { log, thrown } = await read([before, mark], api)
    expect(log.join('')).toBe(before)
    expect(thrown).toMatchObject({ ...refusal('a stream that ended without saying why'), repeat: 'again' })
  })

  it('is cut off where only one of the answers that were asked for has its reason, for all its mark', async () => {
    const facts = { ...factsOf(true), choices: 2 }
    const options = {
      api: chatCompletions,
      facts,
      method: 'POST' as const,
      keep: async () => undefined,
      meter: new CallMeter(),
    }
    const { body } = await screenAnswer(
      { ...head, kind: 'events', body: piecesOf([end]), leave: () => undefined },
      options,
    )
    const reading = (async () => {
      for await (const _events of (body as ScreenedStream).events) continue
    })()
    await expect(reading).rejects.toMatchObject(refusal('a stream that ended without saying why'))
  })

  const stopped = 'data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}\n\n'
  const completed = 'data: {"type":"response.completed","response":{}}\n\n'
  const stop = 'event: message_stop\ndata: {"type":"message_stop"}\n\n'

  it.each<[string, typeof messages, string, string, string]>([
    ['chat completions', chatCompletions, reason, 'data: {"error":{"message":"m"}}\n\n', reason],
    ['chat completions with their mark', chatCompletions, end, 'data: {"error":{"message":"m"}}\n\n', end],
    ['chat completions with no event behind', chatCompletions, end, 'data: {\n\n', end],
    ['messages', messages, stopped, 'data: {"type":"error","error":{"message":"m"}}\n\n', stopped + stop],
    ['responses', responses, completed, 'event: error\ndata: {"type":"error","code":"c"}\n\n', completed],
  ])('of %s that has said why it ends is whole, whatever comes behind it', async (_by, api, whole, behind, left) => {
    for (const pieces of [[whole, behind, behind], [whole + behind + behind]]) {
      const { log, thrown } = await read(pieces, api)
      expect([log.join(''), thrown]).toEqual([left, null])
    }
  })

  it('that is taken back by policy behind its reason is a refusal all the same', async () => {
    const taken = 'data: {"error":{"message":"m","code":"content_filter"}}\n\n'
    for (const pieces of [[reason, taken], [reason + taken]]) {
      expect((await read(pieces)).thrown).toMatchObject({ code: 'model-refused', isPolicy: true })
    }
  })

  it.each<[string, typeof messages, string]>([
    ['messages', messages, 'event: error\ndata: {"message":"m"}\n\n'],
    ['chat completions', chatCompletions, 'event: error\ndata: {"message":"m"}\n\n'],
    ['responses', responses, 'event: error\ndata: {"error":{"message":"m"}}\n\n'],
  ])('of %s fails at an event that is named so, by which clients go', async (_by, api, event) => {
    const { log, thrown } = await read([event], api)
    expect([log, thrown]).toMatchObject([[], { code: 'model-unavailable', repeat: 'again' }])
  })

  it.each([
    'Output blocked by content filtering policy',
    'Invalid prompt: your prompt was flagged as potentially violating our usage policy.',
    "The response was filtered due to the prompt triggering Azure OpenAI's content management policy.",
    'Content violates usage guidelines.',
  ])('that ends with a refusal by policy is one also where only its words say so: %s', async (message) => {
    const error = { type: 'invalid_request_error', message }
    for (const [api, event] of [
      [messages, { type: 'error', error }],
      [chatCompletions, { error }],
      [responses, { ...error, type: 'error', code: 'invalid_request_error' }],
    ] as const) {
      const { thrown } = await read([`data: ${JSON.stringify(event)}\n\n`], api)
      expect(thrown).toMatchObject({ code: 'model-refused', repeat: 'never', isPolicy: true })
      expect(String(thrown)).not.toContain(message)
    }
  })

  it('shows a response that has failed, and fails behind it', async () => {
    const failed = 'data: {"type":"response.failed","response":{"id":"resp_2","error":{"code":"server_error"}}}\n\n'
    const { log, thrown } = await read([failed], responses)
    expect(log).toEqual(['kept resp_2', failed])
    expect(thrown).toMatchObject({ code: 'model-unavailable', message: expect.stringContaining('(server_error)') })
  })

  it.each([
    ['a stop', '{"type":"message_delta","delta":{"stop_reason":"end_turn"}}', true],
    ['a refusal', '{"type":"message_delta","delta":{"stop_reason":"refusal"}}', true],
    ['no reason', '{"type":"message_delta","delta":{"stop_reason":null}}', false],
  ])(
    'of messages that has said %s and lacks its end is given one only where that was a reason',
    async (_by, data, is) => {
      verifies('faults.missing-ends')
      const { log, thrown } = await read([`data: ${data}\n\n`], messages)
      expect(log.slice(1)).toEqual(is ? ['event: message_stop\ndata: {"type":"message_stop"}\n\n'] : [])
      expect(thrown === null).toBe(is)
    },
  )

  it.each([
    ['chat completions', chatCompletions, 'data: {"choices":[{"finish_reason":"stop"}]}\n\n'],
    ['messages', messages, 'data: {"type":"message_delta","delta":{"stop_reason":"end_turn"}}\n\n'],
    ['responses', responses, 'data: {"type":"response.completed","response":{}}\n\n'],
  ])('of %s that is over and stays open is ended soon, and its upstream let go', async (_by, api, last) => {
    verifies('faults.missing-ends')
    vi.useFakeTimers()
    try {
      const waiting = Promise.withResolvers<never>()
      const left = vi.fn(() => waiting.reject(new Error('let go')))
      const open = async function* () {
        yield Buffer.from(last)
        await waiting.promise
      }
      const { screen } = screening({ api, streamed: true })
      const { body } = await screen({ ...head, kind: 'events', body: open(), leave: left })
      let count = 0
      const reading = (async () => {
        for await (const _events of (body as ScreenedStream).events) count += 1
      })()
      await vi.advanceTimersByTimeAsync(4_900)
      expect(left).not.toHaveBeenCalled()
      await vi.advanceTimersByTimeAsync(200)
      await reading
      expect(count).toBeGreaterThan(0)
      expect(left).toHaveBeenCalled()
    } finally {
      vi.useRealTimers()
    }
  })

  it('says which events bring something of the answer', async () => {
    const of = async (api: typeof messages, events: readonly object[]) => {
      const { screen } = screening({ api, streamed: true })
      const text = events.map((event) => `data: ${JSON.stringify(event)}\n\n`)
      const { body } = await screen({ ...head, kind: 'events', body: piecesOf(text), leave: () => undefined })
      const seen: boolean[] = []
      try {
        for await (const { hasContent } of (body as ScreenedStream).events) seen.push(hasContent)
      } catch {
        // None of them has its end.
      }
      return seen
    }
    const delta = (content: object) => ({ choices: [{ index: 0, delta: content, finish_reason: null }] })
    expect(
      await of(chatCompletions, [
        delta({ role: 'assistant', content: '', refusal: null, tool_calls: [] }),
        { choices: [], usage: null },
        delta({ content: 'a' }),
        delta({ reasoning_content: 'b' }),
        delta({ tool_calls: [{ index: 0 }] }),
        { choices: [{ index: 0, delta: {}, finish_reason: '' }] },
      ]),
    ).toEqual([false, false, true, true, true, false])
    expect(
      await of(responses, [
        { type: 'response.created', response: {} },
        { type: 'response.in_progress', response: {} },
        { type: 'response.output_item.added', item: { type: 'message' } },
        { type: 'response.content_part.added' },
        { type: 'response.output_item.added', item: { type: 'reasoning' } },
        { type: 'response.output_text.delta', delta: 'a' },
        { type: 'response.output_text.delta', delta: '' },
        { type: 'response.heartbeat' },
        { type: 'keepalive' },
        {},
      ]),
    ).toEqual([false, false, false, false, true, true, false, false, false, false])
    expect(
      await of(messages, [
        { type: 'message_start', message: {} },
        { type: 'ping' },
        { type: 'content_block_start', content_block: { type: 'text', text: '' } },
        { type: 'content_block_start', content_block: { type: 'thinking', thinking: '' } },
        { type: 'content_block_delta', delta: { type: 'text_delta', text: 'a' } },
        // By whatever name an endpoint keeps its connection open.
        { type: 'content_block_delta', delta: { type: 'text_delta', text: '' } },
        { type: 'heartbeat' },
        {},
      ]),
    ).toEqual([false, false, false, true, true, false, false, false])
  })

  it('names what is kept before the event with its id leaves', async () => {
    const created = 'data: {"type":"response.created","response":{"id":"resp_é"}}\n\n'
    const added = 'data: {"type":"response.output_item.added","item":{"id":"msg_1"}}\n\n'
    const delta = 'data: {"type":"response.output_text.delta","item_id":"msg_1"}\n\n'
    const done =
      'data: {"type":"response.completed","response":{"id":"resp_é","output":[{"id":"msg_1"}]}}\n\n' +
      'data: {"type":"response.incomplete","response":{"id":"resp_2"}}\n\n'
    const { log, thrown } = await read([created, added, delta, done], responses)
    // What was kept once is not kept again.
    expect([log, thrown]).toEqual([['kept resp_é', created, 'kept msg_1', added, delta, 'kept resp_2', done], null])
  })

  it('keeps nothing of an event that is read for its count alone', async () => {
    const counted =
      'data: {"type":"response.in_progress","response":{"id":"resp_1","usage":{"input_tokens":3,"output_tokens":4}}}\n\n'
    const { log, meter } = await read([counted, 'data: {"type":"response.incomplete","response":{}}\n\n'], responses)
    expect(log).toHaveLength(2)
    expect(meter.usage).toEqual({ inputTokens: 3, outputTokens: 4 })
  })

  it('may go on behind its end', async () => {
    const end = 'data: {"choices":[{"finish_reason":"stop"}]}\n\n'
    const { log, thrown } = await read([end, 'data: {"choices":[]}\n\n'])
    expect([log.length, thrown]).toEqual([2, null])
  })

  it.each<[readonly string[]]>([[[]], [['data: {}\n\n']], [['data: {"choices":[{"finish_reason":null}]}\n\n']]])(
    'without its end is refused behind the last event: %j',
    async (events) => {
      const { log, thrown } = await read(events)
      expect(log).toEqual(events)
      expect(thrown).toMatchObject(refusal('a stream that broke off before its end'))
    },
  )

  it.each([
    'data: [DONE]',
    'data:[DONE]',
    'data: [DONE]\n',
    'data: [DONE]\r\n',
    'data: {"choices":[{"finish_reason":"stop"}]}',
    'data: {"choices":[{"finish_reason":"stop"}]}\n',
  ])('may lack the empty line behind its end: %j', async (last) => {
    const { log, thrown } = await read([reason, last])
    expect([log, thrown]).toEqual([[reason, last], null])
  })

  it.each([
    'data: {}',
    'data: {"choices":[{"finish_reason":"stop"}]',
    '{"choices":[{"finish_reason":"stop"}]}',
    'data: [DONE] and more',
    'event: end\ndata: [DONE]',
    'data: [DONE',
  ])('that breaks off within an event is refused: %j', async (last) => {
    const { log, thrown } = await read(['data: {}\n\n', last])
    expect(log).toEqual(['data: {}\n\n'])
    expect(thrown).toMatchObject({ code: 'model-protocol', message: expect.stringContaining('middle of an event') })
  })
})
