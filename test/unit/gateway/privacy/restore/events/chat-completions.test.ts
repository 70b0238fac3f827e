import { describe, expect, it } from 'vitest'
import { createChatCompletionsReader } from '../../../../../../src/gateway/privacy/restore/events/chat-completions.ts'
import { keyFrom } from '../../../../../../src/gateway/privacy/restore/events/event-texts.ts'

const read = (...events: readonly object[]) => {
  const reader = createChatCompletionsReader()
  return events.map((event) => reader(event as Readonly<Record<string, unknown>>)).at(-1)
}

describe('the pieces of a chunk', () => {
  it.each(['content', 'refusal', 'reasoning_content', 'reasoning'])('%s is a text of its choice', (name) => {
    expect(
      read({
        choices: [
          { index: 0, delta: {} },
          { index: 3, delta: { [name]: 'a' } },
        ],
      })?.pieces,
    ).toEqual([{ path: ['choices', 1, 'delta', name], text: 'a', channel: `3 ${name}`, form: 'prose', tool: null }])
  })

  it.each([
    ['function', 'arguments', 'json'],
    ['custom', 'input', 'prose'],
  ])('%s.%s is what a tool is called with, whose name came before', (member, name, form) => {
    const call = (inner: object, index = 2) => ({
      choices: [{ index: 1, delta: { tool_calls: [{ index, [member]: inner }] } }],
    })
    expect(read(call({ name: 'mine' }), call({ [name]: 'a' }))?.pieces).toEqual([
      {
        path: ['choices', 0, 'delta', 'tool_calls', 0, member, name],
        text: 'a',
        channel: '1 call 2',
        form,
        tool: 'mine',
      },
    ])
    expect(read(call({ name: 'mine' }), call({ [name]: 'a' }, 3))?.pieces).toMatchObject([
      { channel: '1 call 3', tool: '' },
    ])
  })

  it('of calls without a number are told by their order', () => {
    const calls = (...inner: readonly object[]) => ({
      choices: [{ index: 0, delta: { tool_calls: inner.map((given) => ({ function: given })) } }],
    })
    const pieces = read(
      calls({ name: 'one', arguments: '' }, { name: 'two', arguments: '' }),
      calls({ arguments: 'a' }, { arguments: 'b' }),
    )?.pieces
    expect(pieces).toMatchObject([
      { channel: '0 call 0', tool: 'one', text: 'a' },
      { channel: '0 call 1', tool: 'two', text: 'b' },
    ])
  })

  it('of a function_call stand in it', () => {
    const call = (inner: object) => ({ choices: [{ index: 0, delta: { function_call: inner } }] })
    expect(read(call({ name: 'mine', arguments: '' }), call({ arguments: 'a' }))?.pieces).toEqual([
      {
        path: ['choices', 0, 'delta', 'function_call', 'arguments'],
        text: 'a',
        channel: '0 call',
        form: 'json',
        tool: 'mine',
      },
    ])
  })

  it('are none where there is no text', () => {
    for (const choices of [
      null,
      'x',
      [],
      [null],
      [{ delta: null }],
      [{ delta: { content: null, tool_calls: [null, { function: 5 }] } }],
    ]) {
      expect(read({ choices })?.pieces).toEqual([])
    }
  })
})

describe('a choice that has an end', () => {
  it('closes its own texts and no other’s', () => {
    const closes = read({
      choices: [
        { index: 1, delta: {}, finish_reason: 'stop' },
        { index: 2, delta: {}, finish_reason: null },
      ],
    })?.closes
    expect(['1 content', '1 call 0', '2 content', '11 content'].map((channel) => closes?.(channel))).toEqual([
      true,
      true,
      false,
      false,
    ])
    expect(read({ choices: [{ index: 1, delta: {} }] })?.closes('1 content')).toBe(false)
  })
})

describe('a key of a text', () => {
  it.each([
    ['a', 'a'],
    [5, '5'],
    [0, '0'],
    [null, ''],
    [undefined, ''],
    [{}, ''],
    [true, ''],
  ])('from %j is %j', (value, key) => {
    expect(keyFrom(value)).toBe(key)
  })
})
