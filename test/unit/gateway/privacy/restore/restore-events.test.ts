import { describe, expect, it } from 'vitest'
import type { ModelApi } from '../../../../../src/core/model-call.ts'
import { positionsOf } from '../../../../../src/gateway/privacy/positions/api-positions.ts'
import { positionTree } from '../../../../../src/gateway/privacy/positions/position.ts'
import { eventReaderFor } from '../../../../../src/gateway/privacy/restore/events/event-readers.ts'
import { EventRestorer } from '../../../../../src/gateway/privacy/restore/restore-events.ts'
import { bookWith, spellings } from '../../../../support/privacy/private-calls.ts'

const book = bookWith(1)
const value = 'kim@x.example'
const token = book.tokenFor('pii/email', value)
const [head, tail] = [token.slice(0, 8), token.slice(8)]

function restorerFor(api: ModelApi, tools: readonly string[] = []): EventRestorer {
  const restoring = {
    book,
    spellings,
    form: 'prose',
    mayReach: (tool: string) => tools.includes(tool),
    onToken: () => undefined,
    newValues: null,
  } as const
  return new EventRestorer(restoring, positionTree(positionsOf[api].event), eventReaderFor[api]())
}

const event = (data: unknown): string => `data: ${JSON.stringify(data)}\n\n`
const chunk = (index: number, delta: object, finish_reason: string | null = null) =>
  event({ id: 'c', choices: [{ index, delta, finish_reason }] })
const said = (index: number, content: string) => chunk(index, { content })

/** What leaves after each event. */
async function leaving(restorer: EventRestorer, events: readonly string[]): Promise<string[]> {
  const left: string[] = []
  for (const each of events) left.push(await restorer.push(each))
  return [...left, await restorer.end()]
}

describe('events of a chat completion', () => {
  it('leave at once and to the byte where they hold no beginning of a token', async () => {
    const events = [said(0, 'Hello'), ': a comment\n\n', 'event: x\ndata:{"choices":[ ],"n":1.0}\n\n', said(0, ' you.')]
    expect(await leaving(restorerFor('chat-completions'), events)).toEqual([...events, ''])
  })

  it('wait for the rest of a token, and those behind them with them', async () => {
    const events = [said(0, `to ${head}`), ': hb\n\n', said(0, `${tail} we`), said(0, ' is')]
    expect(await leaving(restorerFor('chat-completions'), events)).toEqual([
      '',
      '',
      said(0, 'to ') + ': hb\n\n' + said(0, `${value} we`),
      said(0, ' is'),
      '',
    ])
  })

  it('keep the texts of choices apart', async () => {
    const events = [said(0, head), said(1, 'EMAIL'), said(0, `${tail}. `), said(1, ' is a word.')]
    expect(await leaving(restorerFor('chat-completions'), events)).toEqual([
      '',
      '',
      said(0, ''),
      said(1, '') + said(0, `${value}. `) + said(1, 'EMAIL is a word.'),
      '',
    ])
  })

  it.each([
    ['with the chunk that says why it ended', [said(0, 'see E'), chunk(0, {}, 'stop')]],
    ['with the mark of the end', [said(0, 'see E'), 'data: [DONE]\n\n']],
    ['with the end of the stream', [said(0, 'see E')]],
  ])('give what they held back %s', async (_when, events) => {
    expect((await leaving(restorerFor('chat-completions'), events)).join('')).toBe(
      [said(0, 'see E'), ...events.slice(1)].join(''),
    )
  })

  it('restore a token at the very end of a text', async () => {
    const left = await leaving(restorerFor('chat-completions'), [said(0, head), chunk(0, { content: tail }, 'stop')])
    expect(left.join('')).toBe(said(0, '') + chunk(0, { content: value }, 'stop'))
  })

  it('restore arguments for a tool that may have values, told by the first chunk of its call, and for no other', async () => {
    const calls = (index: number, name: string) => [
      chunk(0, { tool_calls: [{ index, function: { name, arguments: '' } }] }),
      chunk(0, { tool_calls: [{ index, function: { arguments: `{"a":"${head}` } }] }),
      chunk(0, { tool_calls: [{ index, function: { arguments: `${tail}"}` } }] }),
    ]
    const events = [...calls(0, 'mine'), ...calls(1, 'other'), chunk(0, {}, 'tool_calls')]
    const left = (await leaving(restorerFor('chat-completions', ['mine']), events)).join('')
    expect(left.match(/kim@x\.example/g)).toHaveLength(1)
    expect(left.endsWith([...calls(1, 'other'), chunk(0, {}, 'tool_calls')].join(''))).toBe(true)
  })

  it('keep their other lines, whatever their line ends are', async () => {
    const framed = (content: string) =>
      `id: 7\r\nevent: x\r\ndata: ${JSON.stringify({ choices: [{ delta: { content } }] })}\r\nretry: 5\r\n\r\n`
    const left = await leaving(restorerFor('chat-completions'), [framed(`a ${token} b`)])
    expect(left.join('')).toBe(framed(`a ${value} b`))
  })

  it('are not held without end', async () => {
    const restorer = restorerFor('chat-completions')
    expect(await restorer.push(said(0, 'E'))).toBe('')
    let left = ''
    for (let count = 0; count < 1_100; count += 1) left += await restorer.push(said(1, 'x '))
    expect(left.startsWith(said(0, 'E') + said(1, 'x '))).toBe(true)
  })
})

describe('an event of a chat completion', () => {
  it.each([
    ['no data', 'event: x\n\n'],
    ['data that is no JSON', `data: ${token}\n\n`],
    ['JSON that is no object', `data: ["${token}"]\n\n`],
    ['a comment with the word', `: data: {"choices":[{"delta":{"content":"${token}"}}]}\n\n`],
    ['a field of a like name', `datax: {"choices":[{"delta":{"content":"${token}"}}]}\n\n`],
  ])('with %s leaves as it came', async (_what, other) => {
    expect(await leaving(restorerFor('chat-completions'), [other, said(0, `${token} x`)])).toEqual([
      other,
      said(0, `${value} x`),
      '',
    ])
  })

  it.each(['data: [DONE]\n\n', 'data:[DONE]\r\n\r\n', 'event: x\ndata: [DONE] \n\n'])(
    'that is the mark of the end, %j, has all that was held before it',
    async (end) => {
      expect(await leaving(restorerFor('chat-completions'), [said(0, 'an e'), end])).toEqual([
        '',
        said(0, 'an e') + end,
        '',
      ])
    },
  )

  it.each(['data: [DONE]x\n\n', 'data: x[DONE]\n\n', ': [DONE]\n\n'])(
    'that is none, %j, waits with the others',
    async (other) => {
      expect((await leaving(restorerFor('chat-completions'), [said(0, 'an e'), other]))[1]).toBe('')
    },
  )

  it('of a choice that has ended holds nothing, and one that begins anew goes on by itself', async () => {
    const events = [said(0, head), chunk(0, {}, 'stop'), said(0, `${tail} x `), said(0, `${token} x`)]
    expect(await leaving(restorerFor('chat-completions'), events)).toEqual([
      '',
      events[0] + (events[1] ?? ''),
      events[2],
      said(0, `${value} x`),
      '',
    ])
  })

  it('has the names and the spelling of its members, and the last of two where one is there twice', async () => {
    const twice = (one: string, other: string) =>
      `data: { "choices":[{"delta":{"content":"${one}", "content" : "${other}"}} ] ,"n":1.0}\n\n`
    expect((await leaving(restorerFor('chat-completions'), [twice('x', `${token} x`)])).join('')).toBe(
      twice('x', `${value} x`),
    )
  })

  it('is held with a thousand others, at most', async () => {
    const restorer = restorerFor('chat-completions')
    await restorer.push(said(0, 'E'))
    for (let count = 1; count < 1_024; count += 1) expect(await restorer.push(said(1, 'x '))).toBe('')
    expect((await restorer.push(said(1, 'x '))).split('\n\n')).toHaveLength(1_026)
    expect(await restorer.push(said(1, 'y '))).toBe(said(1, 'y '))
  })

  it('has values beside its pieces where the table has them', async () => {
    const done = (text: string) => event({ type: 'response.output_text.done', item_id: 'm', text })
    expect(await leaving(restorerFor('responses'), [done(token)])).toEqual([done(value), ''])
  })
})

describe('events of a response', () => {
  const part = { item_id: 'm', output_index: 0, content_index: 0 }
  const typed = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
  const delta = (text: string) => typed('response.output_text.delta', { ...part, delta: text })

  it.each<readonly [ModelApi, (text: string) => object]>([
    ['chat-completions', (title) => ({ choices: [{ delta: { annotations: [{ url_citation: { title } }] } }] })],
    ['chat-completions', (text) => ({ choices: [{ delta: {}, stop_reason: text }] })],
    ['responses', (filename) => ({ type: 'response.output_text.annotation.added', annotation: { filename } })],
    ['responses', (title) => ({ type: 'response.content_part.done', part: { annotations: [{ title }] } })],
    [
      'responses',
      (title) => ({ type: 'response.output_item.done', item: { content: [{ annotations: [{ title }] }] } }),
    ],
    ['responses', (title) => ({ response: { output: [{ content: [{ annotations: [{ title }] }] }] } })],
    ['messages', (cited_text) => ({ type: 'content_block_delta', delta: { citation: { cited_text } } })],
    ['messages', (title) => ({ type: 'content_block_start', content_block: { citations: [{ title }] } })],
    ['messages', (text) => ({ type: 'message_delta', delta: { stop_sequence: text } })],
  ])('of %s have values in what a text refers to and in the stop text that was met: %o', async (api, of) => {
    expect((await leaving(restorerFor(api), [event(of(token))])).join('')).toBe(event(of(value)))
  })

  it('have values in every place where a client reads the text', async () => {
    const wholes = (text: string) => [
      typed('response.output_text.done', { ...part, text }),
      typed('response.content_part.done', { ...part, part: { type: 'output_text', text } }),
      typed('response.output_item.done', {
        output_index: 0,
        item: { id: 'm', content: [{ type: 'output_text', text }] },
      }),
      typed('response.completed', { response: { output: [{ content: [{ text }] }], instructions: `not ${text}` } }),
    ]
    const left = await leaving(restorerFor('responses'), [delta(head), delta(tail), ...wholes(token)])
    expect(left.join('')).toBe([delta(''), delta(value), ...wholes(value)].join(''))
  })

  it.each([
    'response.output_text.done',
    'response.content_part.done',
    'response.completed',
    'response.incomplete',
    'error',
  ])('give what they held back before %s', async (type) => {
    const last = typed(type, part)
    expect((await leaving(restorerFor('responses'), [delta('an e'), last]))[1]).toBe(delta('an e') + last)
  })

  it.each([
    ['response.reasoning_summary_text.delta', 'restored'],
    ['response.refusal.delta', 'restored'],
    ['response.mcp_call_arguments.delta', 'left'],
    ['response.code_interpreter_call_code.delta', 'left'],
    ['response.audio.delta', 'left'],
  ])('%s is %s', async (type, outcome) => {
    const left = await leaving(restorerFor('responses'), [
      typed(type, { item_id: 'r', summary_index: 0, delta: token }),
    ])
    expect(left.join('').includes(value)).toBe(outcome === 'restored')
  })
})

describe('what a tool was called with, told again whole', () => {
  const item = { id: 'i', type: 'mcp_call', name: 'mine' }
  const done = event({
    type: 'response.mcp_call_arguments.done',
    item_id: 'i',
    arguments: JSON.stringify({ to: token }),
  })

  it.each([
    ['has its values for a tool that may have them', ['mine'], value],
    ['has none for another', ['other'], token],
  ])('%s, though only an earlier event says which it is', async (_what, tools, told) => {
    const left = await leaving(restorerFor('responses', tools), [
      event({ type: 'response.output_item.added', item }),
      done,
    ])
    expect(left[1]).toBe(done.replace(token, told))
  })

  it('has none where no event said which tool it is, or the event says that it is another', async () => {
    const other = done.replace('"item_id"', '"name":"other","item_id"')
    const begun = event({ type: 'response.output_item.added', item })
    expect(await leaving(restorerFor('responses', ['mine']), [done, begun, other])).toEqual([done, begun, other, ''])
  })
})

describe('events of a message', () => {
  const typed = (type: string, more: object) => `event: ${type}\ndata: ${JSON.stringify({ type, ...more })}\n\n`
  const delta = (index: number, inner: object) => typed('content_block_delta', { index, delta: inner })

  it('restore words, the input of tools that may have values, and nothing that is signed', async () => {
    const events = [
      delta(0, { type: 'thinking_delta', thinking: token }),
      delta(0, { type: 'signature_delta', signature: token }),
      delta(1, { type: 'text_delta', text: token }),
      typed('content_block_stop', { index: 1 }),
      typed('content_block_start', { index: 2, content_block: { type: 'tool_use', id: 't', name: 'mine', input: {} } }),
      delta(2, { type: 'input_json_delta', partial_json: `{"a":"${head}` }),
      delta(2, { type: 'input_json_delta', partial_json: `${tail}"}` }),
      typed('content_block_stop', { index: 2 }),
      typed('message_stop', {}),
    ]
    const left = (await leaving(restorerFor('messages', ['mine']), events)).join('')
    expect(left).toBe(
      [
        ...events.slice(0, 2),
        delta(1, { type: 'text_delta', text: value }),
        ...events.slice(3, 5),
        delta(2, { type: 'input_json_delta', partial_json: '{"a":"' }),
        delta(2, { type: 'input_json_delta', partial_json: `${value}"}` }),
        ...events.slice(7),
      ].join(''),
    )
    expect((await leaving(restorerFor('messages'), events)).join('')).toBe(
      [...events.slice(0, 2), delta(1, { type: 'text_delta', text: value }), ...events.slice(3)].join(''),
    )
  })
})

describe('the lines of an event', () => {
  const content = JSON.stringify({ choices: [{ index: 0, delta: { content: `a\u2028${token}\u2029 b` } }] })
  const restored = content.replace(token, value)

  it.each(['\n', '\r\n', '\r'])('end in nothing but line ends: U+2028 in JSON ends none, with %j', async (end) => {
    const event = `id: 7${end}data: ${content}${end}retry: 10${end}${end}`
    const restorer = restorerFor('chat-completions')
    expect((await restorer.push(event)) + (await restorer.end())).toBe(event.replace(content, restored))
  })

  it('of data become one, where it came in several', async () => {
    const restorer = restorerFor('chat-completions')
    const event = `data: {"choices":\ndata:[{"index":0,"delta":{"content":"${token} b"}}]}\n\n`
    expect((await restorer.push(event)) + (await restorer.end())).toBe(
      `data: {"choices":\n[{"index":0,"delta":{"content":"${value} b"}}]}\n\n`.replace('\n[', '['),
    )
  })
})
