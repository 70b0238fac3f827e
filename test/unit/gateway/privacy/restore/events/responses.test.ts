import { describe, expect, it } from 'vitest'
import { createResponsesReader } from '../../../../../../src/gateway/privacy/restore/events/responses.ts'

const read = (...events: readonly object[]) => {
  const reader = createResponsesReader()
  return events.map((event) => reader(event as Readonly<Record<string, unknown>>)).at(-1)
}

describe('the piece of an event of a response', () => {
  it.each([
    ['output_text', 'prose', null],
    ['refusal', 'prose', null],
    ['reasoning_text', 'prose', null],
    ['reasoning_summary_text', 'prose', null],
    ['function_call_arguments', 'json', 'mine'],
    ['mcp_call_arguments', 'json', 'mine'],
    ['custom_tool_call_input', 'prose', 'mine'],
    ['code_interpreter_call_code', 'prose', 'mine'],
  ])('of %s is %s, for the tool %j', (kind, form, tool) => {
    const begun = { type: 'response.output_item.added', output_index: 0, item: { id: 'i', name: 'mine' } }
    const piece = { type: `response.${kind}.delta`, item_id: 'i', content_index: 2, delta: 'a' }
    const joined = kind === 'output_text' ? kind : null
    expect(read(begun, piece)?.pieces).toEqual([
      { path: ['delta'], text: 'a', channel: `i 2 response.${kind}`, form, tool, joined },
    ])
    expect(read(begun, piece)?.closes(`i 2 response.${kind}`)).toBe(false)
    expect(read(piece)?.pieces).toMatchObject([{ tool: tool === null ? null : '' }])
  })

  it.each([
    [{ item_id: 'i', output_index: 5, content_index: 1, summary_index: 2 }, 'i 1'],
    [{ item_id: 'i', summary_index: 2 }, 'i 2'],
    [{ output_index: 5 }, '5 '],
    [{}, ' '],
  ])('with %j is of the text %j', (given, channel) => {
    const piece = { type: 'response.output_text.delta', ...given, delta: 'a' }
    expect(read(piece)?.pieces).toMatchObject([{ channel: `${channel} response.output_text` }])
  })

  it.each([
    [{ type: 'response.output_text.done', item_id: 'i', content_index: 2 }, 'i 2'],
    [{ type: 'response.content_part.done', output_index: 5, content_index: 0 }, '5 0'],
    [{ type: 'response.output_item.done', output_index: 5, item: { id: 'i' } }, 'i 0'],
    [{ type: 'response.output_item.done', output_index: 5, item: {} }, '5 0'],
    [{ type: 'response.refusal.done', item_id: 'i', content_index: 2 }, null],
    [{ type: 'response.completed', response: {} }, null],
  ])('is said again by %j: the text %j', (event, channel) => {
    expect(read(event)?.repeats).toBe(channel === null ? undefined : `${channel} response.output_text`)
  })

  it('is repeated whole for the tool of its item, and for none where no item said it', () => {
    const begun = { type: 'response.output_item.added', output_index: 0, item: { id: 'i', name: 'mine' } }
    const done = { type: 'response.mcp_call_arguments.done', item_id: 'i', arguments: '{}' }
    expect(read(begun, done)?.tool).toBe('mine')
    expect(read(done)?.tool).toBeUndefined()
    expect(read(begun, { ...done, item_id: 'j' })?.tool).toBeUndefined()
  })

  it('is for a tool that is named by its item or by its place', () => {
    const begun = { type: 'response.output_item.added', output_index: 3, item: { name: 'mine' } }
    const tool = (given: object, ...before: readonly object[]) =>
      read(...before, { type: 'response.function_call_arguments.delta', delta: 'a', ...given })?.pieces[0]?.tool
    expect(tool({ output_index: 3 }, begun)).toBe('mine')
    expect(tool({ item_id: 'i' }, { item: { id: 'i', name: 'mine' } })).toBe('mine')
    expect(tool({}, begun)).toBe('')
    expect(tool({}, { item: { name: 'mine' } })).toBe('')
    expect(tool({ item_id: 'i' }, { item: { id: 'i', name: 5 } })).toBe('')
    expect(tool({ item_id: 'i' }, { item: 'mine' })).toBe('')
    expect(tool({ item_id: 'i' }, { item: { id: 'j', name: 'mine' } })).toBe('')
  })

  it.each([
    { type: 'response.audio.delta', delta: 'a' },
    { type: 'toString', delta: 'a' },
    { type: 'response.output_text.delta', delta: 5 },
    { type: 'response.output_text.delta' },
    { delta: 'a' },
  ])('is none in %j, which ends nothing', (event) => {
    expect(read(event)?.pieces).toEqual([])
    expect(read(event)?.closes('i 0 response.output_text')).toBe(false)
  })
})

describe('an event that ends', () => {
  const channels = [
    'i 0 response.output_text',
    'i 1 response.output_text',
    'i 0 response.refusal',
    'ii 0 response.output_text',
  ]
  const closed = (event: object) => channels.filter((channel) => read(event)?.closes(channel))

  it.each(['response.completed', 'response.failed', 'response.incomplete', 'response.cancelled', 'error'])(
    'a response, %s, closes all',
    (type) => {
      expect(closed({ type })).toEqual(channels)
      expect(closed({ type: `${type}.x` })).toEqual([])
      expect(closed({ type: `x.${type}` })).toEqual([])
    },
  )

  it('an item closes all its texts', () => {
    const texts = channels.slice(0, 3)
    expect(closed({ type: 'response.output_item.done', item: { id: 'i' }, output_index: 5 })).toEqual(texts)
    expect(closed({ type: 'response.output_item.done', item: {}, output_index: 'i' })).toEqual(texts)
    expect(closed({ type: 'response.output_item.done', item: 'i' })).toEqual([])
  })

  it.each(['content', 'reasoning_summary'])('a part, response.%s_part.done, closes all its texts', (part) => {
    const done = { item_id: 'i', content_index: 0 }
    expect(closed({ type: `response.${part}_part.done`, ...done })).toEqual([channels[0], channels[2]])
    expect(closed({ type: `response.${part}_part.added`, ...done })).toEqual([])
    expect(closed({ type: `response.${part}_part.done.x`, ...done })).toEqual([])
    expect(closed({ type: `x.response.${part}_part.done`, ...done })).toEqual([])
  })

  it('a text closes it and no other', () => {
    expect(closed({ type: 'response.output_text.done', item_id: 'i', content_index: 1 })).toEqual([channels[1]])
    expect(closed({ type: 'response.output_text.added', item_id: 'i', content_index: 1 })).toEqual([])
  })
})
