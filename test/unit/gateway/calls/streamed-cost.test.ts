import { describe, expect, it } from 'vitest'
import type { ModelApi, UpstreamAnswer } from '../../../../src/core/model-call.ts'
import { costOf, type ModelPrice } from '../../../../src/core/price.ts'
import { apis } from '../../../../src/gateway/apis/apis.ts'
import { CallMeter } from '../../../../src/gateway/calls/call-meter.ts'
import { screenAnswer } from '../../../../src/gateway/calls/screen-answer.ts'
import { callFacts } from '../../../support/received-call.ts'
import { verifies } from '../../../support/verifies.ts'

// Prices that are no round numbers, so that a count on the wrong side, or a part that is left out, shows.
const price: ModelPrice = {
  input: 1_250_003,
  output: 10_000_019,
  parts: {
    cached_input: 125_007,
    cache_write: 1_562_511,
    audio_input: 32_000_013,
    image_input: 5_000_027,
    reasoning: 9_000_031,
    audio_output: 64_000_037,
    image_output: 40_000_041,
  },
  request: 17,
  tools: { web_search: 10_007, file_search: 2_503, code_interpreter: 30_011 },
}

interface Shape {
  readonly api: ModelApi
  readonly whole: object
  readonly events: readonly object[]
  /** In millionths of millionths, before it is rounded up; what is asked and used beside tokens is added after. */
  readonly tokens: number
  readonly beside?: number
}

const chunk = (delta: object, usage: object | null = null) => ({
  id: 'c1',
  choices: usage === null ? [{ index: 0, delta, finish_reason: null }] : [],
  usage,
})

const chat = (usage: object, tokens: number): Shape => ({
  api: 'chat-completions',
  whole: { id: 'c1', choices: [{ index: 0, message: { role: 'assistant', content: 'Hi.' } }], usage },
  events: [
    chunk({ role: 'assistant', content: 'Hi.' }),
    { id: 'c1', choices: [{ index: 0, delta: {}, finish_reason: 'stop' }], usage: null },
    chunk({}, usage),
  ],
  tokens,
})

const responses = (usage: object, tokens: number, output: readonly object[] = [], beside = 0): Shape => ({
  api: 'responses',
  whole: { id: 'resp_1', object: 'response', status: 'completed', store: false, output, usage },
  events: [
    {
      type: 'response.created',
      response: { id: 'resp_1', status: 'in_progress', store: false, output: [], usage: null },
    },
    ...output.map((item, index) => ({ type: 'response.output_item.done', output_index: index, item })),
    { type: 'response.completed', response: { id: 'resp_1', status: 'completed', store: false, output, usage } },
  ],
  tokens,
  beside,
})

const messages = (start: object, last: object, tokens: number, beside = 0): Shape => ({
  api: 'messages',
  whole: { id: 'msg_1', type: 'message', content: [], usage: { ...start, ...last } },
  events: [
    {
      type: 'message_start',
      message: { id: 'msg_1', type: 'message', content: [], usage: { ...start, output_tokens: 1 } },
    },
    { type: 'content_block_delta', index: 0, delta: { type: 'text_delta', text: 'Hi.' } },
    { type: 'message_delta', delta: { stop_reason: 'end_turn' }, usage: last },
    { type: 'message_stop' },
  ],
  tokens,
  beside,
})

const shapes: readonly (readonly [string, Shape])[] = [
  ['plain tokens', chat({ prompt_tokens: 1_001, completion_tokens: 77 }, 1_001 * 1_250_003 + 77 * 10_000_019)],
  [
    'cached tokens',
    chat(
      { prompt_tokens: 1_001, completion_tokens: 1, prompt_tokens_details: { cached_tokens: 900 } },
      101 * 1_250_003 + 900 * 125_007 + 10_000_019,
    ),
  ],
  [
    'reasoning',
    chat(
      { prompt_tokens: 5, completion_tokens: 300, completion_tokens_details: { reasoning_tokens: 256 } },
      5 * 1_250_003 + 44 * 10_000_019 + 256 * 9_000_031,
    ),
  ],
  [
    'sound in both directions',
    chat(
      {
        prompt_tokens: 120,
        completion_tokens: 80,
        prompt_tokens_details: { audio_tokens: 100, cached_tokens: 0 },
        completion_tokens_details: { audio_tokens: 70 },
      },
      20 * 1_250_003 + 100 * 32_000_013 + 10 * 10_000_019 + 70 * 64_000_037,
    ),
  ],
  [
    'pictures that are sent',
    chat(
      { prompt_tokens: 800, completion_tokens: 9, prompt_tokens_details: { image_tokens: 765 } },
      35 * 1_250_003 + 765 * 5_000_027 + 9 * 10_000_019,
    ),
  ],
  ['a response', responses({ input_tokens: 36, output_tokens: 87 }, 36 * 1_250_003 + 87 * 10_000_019)],
  [
    'a response with cache and reasoning',
    responses(
      {
        input_tokens: 2_048,
        output_tokens: 700,
        input_tokens_details: { cached_tokens: 1_920 },
        output_tokens_details: { reasoning_tokens: 640 },
      },
      128 * 1_250_003 + 1_920 * 125_007 + 60 * 10_000_019 + 640 * 9_000_031,
    ),
  ],
  [
    'a response with tools of the provider',
    responses(
      { input_tokens: 10, output_tokens: 10 },
      10 * 1_250_003 + 10 * 10_000_019,
      [
        { id: 'ws_1', type: 'web_search_call' },
        { id: 'ws_2', type: 'web_search_call' },
        { id: 'ci_1', type: 'code_interpreter_call' },
        { id: 'fc_1', type: 'function_call' },
      ],
      2 * 10_007 + 30_011,
    ),
  ],
  ['a message', messages({ input_tokens: 25 }, { output_tokens: 15 }, 25 * 1_250_003 + 15 * 10_000_019)],
  [
    'a message that writes and reads a cache',
    messages(
      { input_tokens: 25, cache_creation_input_tokens: 2_000, cache_read_input_tokens: 18_000 },
      { output_tokens: 503 },
      25 * 1_250_003 + 2_000 * 1_562_511 + 18_000 * 125_007 + 503 * 10_000_019,
    ),
  ],
  [
    'a message with searches',
    messages(
      { input_tokens: 105 },
      { output_tokens: 510, server_tool_use: { web_search_requests: 3 } },
      105 * 1_250_003 + 510 * 10_000_019,
      3 * 10_007,
    ),
  ],
  [
    'a message whose input is counted again at its end',
    messages({ input_tokens: 10 }, { input_tokens: 10_000, output_tokens: 30 }, 10_000 * 1_250_003 + 30 * 10_000_019),
  ],
]

async function costOfAnswer({ api }: Shape, answer: UpstreamAnswer): Promise<number | null> {
  const meter = new CallMeter()
  const facts = { ...callFacts, streamed: answer.kind === 'events' }
  const keep = async (): Promise<void> => undefined
  const { body } = await screenAnswer(answer, { api: apis[api], facts, method: 'POST', keep, meter })
  if (!Buffer.isBuffer(body)) for await (const _piece of body.events);
  return meter.usage === null ? null : costOf(meter.usage, price)
}

const streamOf = ({ api, events }: Shape): string => {
  const lines = events.map((event) => `data: ${JSON.stringify(event)}\n\n`)
  return api === 'chat-completions' ? `${lines.join('')}data: [DONE]\n\n` : lines.join('')
}

const head = { status: 200, headers: [] }
const nothing = (): void => undefined

describe('what an answer costs', () => {
  it.each(shapes)('is the same streamed as whole, to the millionth, for %s', async (_name, shape) => {
    verifies('quotas.streamed-cost')
    const expected = Math.ceil(shape.tokens / 1_000_000) + (shape.beside ?? 0) + 17
    const whole = Buffer.from(JSON.stringify(shape.whole))
    expect(await costOfAnswer(shape, { ...head, kind: 'json', body: whole })).toBe(expected)
    const text = Buffer.from(streamOf(shape))
    for (const size of [text.length, 7]) {
      const pieces = async function* () {
        for (let at = 0; at < text.length; at += size) yield text.subarray(at, at + size)
      }
      const streamed: UpstreamAnswer = { ...head, kind: 'events', body: pieces(), leave: nothing }
      expect(await costOfAnswer(shape, streamed)).toBe(expected)
    }
  })

  it('is that of the input alone for an embedding', async () => {
    const body = Buffer.from('{"object":"list","data":[],"usage":{"prompt_tokens":8,"total_tokens":8}}')
    const shape: Shape = { api: 'embeddings', whole: {}, events: [], tokens: 0 }
    expect(await costOfAnswer(shape, { ...head, kind: 'json', body })).toBe(Math.ceil((8 * 1_250_003) / 1e6) + 17)
  })
})
