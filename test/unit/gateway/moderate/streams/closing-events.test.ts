import { describe, expect, it } from 'vitest'
import type { ModelApi } from '../../../../../src/core/model-call.ts'
import { createSentSoFar } from '../../../../../src/gateway/moderate/streams/closing-events.ts'

const told = { decision: 'dec-7', why: 'it holds toxicity/hate.', appeal: '/v1/appeals' }
const sentence = 'The answer was withheld by a content filter (decision dec-7): it holds toxicity/hate.'
const member = { sallyport: { decision_id: 'dec-7', appeal: '/v1/appeals' } }

/** The events that end a stream of which these have left. */
function closing(api: ModelApi, sent: readonly Record<string, unknown>[], choices = 1) {
  const so = createSentSoFar(api, choices)
  for (const each of sent) so.sent(each)
  return so
    .closing(told)
    .split('\n\n')
    .filter((event) => event !== '')
    .map(parsed)
}

function parsed(event: string): Record<string, unknown> {
  const [, name = null] = /^event: (.*)$/m.exec(event) ?? []
  const [, data = ''] = /^data: (.*)$/m.exec(event) ?? []
  return data === '[DONE]' ? { data } : { name, ...JSON.parse(data) }
}

describe('a stream of Chat Completions that is blocked', () => {
  const head = { id: 'c1', object: 'chat.completion.chunk', created: 7, model: 'm' }
  const choice = (index: number) => ({
    index,
    delta: { refusal: sentence },
    logprobs: null,
    finish_reason: 'content_filter',
  })

  it('ends every choice that has not ended, and those that were asked for, too', () => {
    const chunk = (choices: unknown) => ({ ...head, choices })
    expect(
      closing('chat-completions', [chunk([{ index: 1, delta: {}, finish_reason: 'stop' }, { delta: {} }])], 3),
    ).toEqual([{ name: null, ...head, choices: [choice(0), choice(2)], ...member }, { data: '[DONE]' }])
    expect(
      closing('chat-completions', [chunk([{ delta: {}, finish_reason: 'stop' }, { index: 4 }, 'none']), { usage: {} }]),
    ).toEqual([{ name: null, ...head, choices: [choice(4)], ...member }, { data: '[DONE]' }])
  })

  it('has a head of its own where nothing has left', () => {
    expect(closing('chat-completions', [])).toEqual([
      { name: null, id: '', object: 'chat.completion.chunk', created: 0, model: '', choices: [choice(0)], ...member },
      { data: '[DONE]' },
    ])
  })
})

describe('a stream of Messages that is blocked', () => {
  const end = (tokens: number) => [
    {
      name: 'message_delta',
      type: 'message_delta',
      delta: { stop_reason: 'refusal', stop_sequence: null },
      usage: { output_tokens: tokens },
      ...member,
    },
    { name: 'message_stop', type: 'message_stop' },
  ]
  const start = { type: 'message_start', message: { id: 'm1', usage: { input_tokens: 3, output_tokens: 4 } } }
  const open = { type: 'content_block_start', index: 2 }

  it('closes the block that is open, and no other', () => {
    const stop = { name: 'content_block_stop', type: 'content_block_stop', index: 2 }
    expect(closing('messages', [start, open])).toEqual([stop, ...end(4)])
    expect(closing('messages', [start, open, { type: 'content_block_stop', index: 2 }])).toEqual(end(4))
    expect(closing('messages', [{ type: 'message_start', message: { id: 'm1' } }])).toEqual(end(0))
  })

  it('begins where nothing has left', () => {
    const [first, ...rest] = closing('messages', [])
    expect(first).toMatchObject({
      name: 'message_start',
      message: {
        id: 'dec-7',
        role: 'assistant',
        content: [],
        stop_reason: null,
        usage: { input_tokens: 0, output_tokens: 0 },
      },
    })
    expect(rest).toEqual(end(0))
  })
})

describe('a stream of Responses that is blocked', () => {
  const created = {
    type: 'response.created',
    sequence_number: 0,
    response: { id: 'r1', status: 'in_progress', model: 'm' },
  }
  const message = { id: 'msg1', type: 'message', status: 'in_progress', content: [] }
  const typesOf = (events: ReturnType<typeof closing>) => events.map((event) => event['type'])

  it('says all of what was begun: the text, its part, its item', () => {
    const part = { type: 'output_text', text: '' }
    const at = { output_index: 0, item_id: 'msg1', content_index: 0 }
    const events = closing('responses', [
      created,
      { type: 'response.output_item.added', sequence_number: 1, output_index: 0, item: message },
      { type: 'response.content_part.added', sequence_number: 2, ...at, part },
      { type: 'response.output_text.delta', sequence_number: 3, ...at, delta: 'All ' },
      { type: 'response.output_text.delta', sequence_number: 4, ...at, delta: 'well' },
    ])
    const whole = { type: 'output_text', text: 'All well' }
    const item = { ...message, status: 'incomplete', content: [whole] }
    expect(events).toEqual([
      {
        name: 'response.output_text.done',
        type: 'response.output_text.done',
        ...at,
        text: 'All well',
        logprobs: [],
        sequence_number: 5,
      },
      {
        name: 'response.content_part.done',
        type: 'response.content_part.done',
        ...at,
        part: whole,
        sequence_number: 6,
      },
      {
        name: 'response.output_item.done',
        type: 'response.output_item.done',
        output_index: 0,
        item,
        sequence_number: 7,
      },
      {
        name: 'response.incomplete',
        type: 'response.incomplete',
        response: {
          id: 'r1',
          model: 'm',
          status: 'incomplete',
          incomplete_details: { reason: 'content_filter' },
          output: [item],
          ...member,
        },
        sequence_number: 8,
      },
    ])
  })

  it('closes the summary of a reasoning as one, and what a tool is called with as its own', () => {
    const reasoning = { id: 'rs1', type: 'reasoning', summary: [] }
    const at = { output_index: 0, item_id: 'rs1', summary_index: 1 }
    const events = closing('responses', [
      created,
      { type: 'response.output_item.added', sequence_number: 1, output_index: 0, item: reasoning },
      {
        type: 'response.reasoning_summary_part.added',
        sequence_number: 2,
        ...at,
        part: { type: 'summary_text', text: 'So' },
      },
      { type: 'response.reasoning_summary_text.delta', sequence_number: 3, ...at, delta: ' far' },
    ])
    expect(typesOf(events)).toEqual([
      'response.reasoning_summary_text.done',
      'response.reasoning_summary_part.done',
      'response.output_item.done',
      'response.incomplete',
    ])
    expect(events[0]).toMatchObject({ summary_index: 1, text: 'So far' })
    expect(events[0]).not.toHaveProperty('logprobs')
    const call = closing('responses', [
      created,
      { type: 'response.output_item.added', sequence_number: 1, output_index: 0, item: { id: 'fc1', arguments: '' } },
      { type: 'response.function_call_arguments.delta', sequence_number: 2, output_index: 0, delta: '{"a"' },
    ])
    expect(call[0]).toEqual({
      name: 'response.function_call_arguments.done',
      type: 'response.function_call_arguments.done',
      output_index: 0,
      item_id: 'fc1',
      arguments: '{"a"',
      sequence_number: 3,
    })
  })

  it('says nothing once more of what was done: of a text, of a part, of an item', () => {
    const at = { output_index: 0, item_id: 'msg1', content_index: 0 }
    const begun = [
      created,
      { type: 'response.output_item.added', sequence_number: 1, output_index: 0, item: message },
      { type: 'response.content_part.added', sequence_number: 2, ...at, part: { type: 'output_text', text: 'Said' } },
      { type: 'response.output_text.done', sequence_number: 3, ...at, text: 'Said' },
    ]
    expect(typesOf(closing('responses', begun))).toEqual([
      'response.content_part.done',
      'response.output_item.done',
      'response.incomplete',
    ])
    const closed = [...begun, { type: 'response.content_part.done', sequence_number: 4, ...at, part: {} }]
    expect(typesOf(closing('responses', closed))).toEqual(['response.output_item.done', 'response.incomplete'])
    const done = [...closed, { type: 'response.output_item.done', sequence_number: 5, output_index: 0, item: message }]
    const [last, ...none] = closing('responses', done)
    expect(none).toEqual([])
    expect(last).toMatchObject({ sequence_number: 6, response: { output: [message] } })
  })

  it('has its items in their order, and begins where nothing has left', () => {
    const item = (output_index: number, id: string) => ({
      type: 'response.output_item.done',
      sequence_number: output_index,
      output_index,
      item: { id },
    })
    const events = closing('responses', [
      created,
      item(1, 'b'),
      item(0, 'a'),
      { type: 'response.output_text.delta', output_index: 9, delta: 'x' },
    ])
    expect(events.at(-1)).toMatchObject({ response: { output: [{ id: 'a' }, { id: 'b' }] } })
    const alone = closing('responses', [])
    expect(typesOf(alone)).toEqual(['response.created', 'response.incomplete'])
    expect(alone).toMatchObject([
      { sequence_number: 0, response: { id: 'dec-7', status: 'in_progress' } },
      { sequence_number: 1, response: { id: 'dec-7', status: 'incomplete', output: [] } },
    ])
  })
})
