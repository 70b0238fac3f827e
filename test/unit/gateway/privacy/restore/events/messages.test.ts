import { describe, expect, it } from 'vitest'
import { createMessagesReader } from '../../../../../../src/gateway/privacy/restore/events/messages.ts'

const read = (...events: readonly object[]) => {
  const reader = createMessagesReader()
  return events.map((event) => reader(event as Readonly<Record<string, unknown>>)).at(-1)
}
const delta = (index: number, inner: unknown) => ({ type: 'content_block_delta', index, delta: inner })
const begin = (index: number, block: unknown) => ({ type: 'content_block_start', index, content_block: block })
const closed = (event: object) => ['0', '1', '11'].filter((channel) => read(event)?.closes(channel))

describe('the piece of an event of a message', () => {
  it('is a text of its block', () => {
    expect(read(delta(3, { type: 'text_delta', text: 'a' }))?.pieces).toEqual([
      { path: ['delta', 'text'], text: 'a', channel: '3', form: 'prose', tool: null, joined: 'text' },
    ])
  })

  it('is what a tool is called with, whose name came when its block began', () => {
    const piece = delta(1, { type: 'input_json_delta', partial_json: 'a' })
    const expected = {
      path: ['delta', 'partial_json'],
      text: 'a',
      channel: '1',
      form: 'json',
      tool: 'mine',
      joined: null,
    }
    expect(read(begin(1, { type: 'tool_use', name: 'mine' }), piece)?.pieces).toEqual([expected])
    expect(read(begin(2, { type: 'tool_use', name: 'mine' }), piece)?.pieces).toEqual([{ ...expected, tool: '' }])
    expect(read({ ...begin(1, { name: 'mine' }), type: 'later' }, piece)?.pieces).toMatchObject([{ tool: '' }])
    for (const block of [null, 'mine', { name: 5 }, {}])
      expect(read(begin(1, block), piece)?.pieces).toMatchObject([{ tool: '' }])
  })

  it.each([
    delta(0, { type: 'thinking_delta', thinking: 'a' }),
    delta(0, { type: 'signature_delta', signature: 'a' }),
    delta(0, { type: 'input_json_delta', text: 'a' }),
    delta(0, { type: 'text_delta', partial_json: 'a' }),
    delta(0, { type: 'text_delta', text: 5 }),
    delta(0, 'a'),
    delta(0, null),
    { type: 'later', index: 0, delta: { type: 'text_delta', text: 'a' } },
    { type: 'ping' },
    begin(0, { type: 'text', text: 'a' }),
  ])('is none in %j, which ends nothing', (event) => {
    expect(read(event)?.pieces).toEqual([])
    expect(closed(event)).toEqual([])
  })

  it('ends nothing', () => {
    expect(closed(delta(1, { type: 'text_delta', text: 'a' }))).toEqual([])
  })
})

describe('an event that ends', () => {
  it('a block closes it and no other', () => {
    expect(read({ type: 'content_block_stop', index: 1 })?.pieces).toEqual([])
    expect(closed({ type: 'content_block_stop', index: 1 })).toEqual(['1'])
  })

  it.each(['message_delta', 'message_stop', 'error'])('a message, %s, closes all', (type) => {
    expect(read({ type })?.pieces).toEqual([])
    expect(closed({ type, delta: { type: 'text_delta', text: 'a' } })).toEqual(['0', '1', '11'])
  })
})
