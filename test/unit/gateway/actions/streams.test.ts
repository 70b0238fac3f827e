import { describe, expect, it } from 'vitest'
import { ChatStream, guardChat } from '../../../../src/gateway/actions/chat-answer.ts'
import type { DecideCall, GuardedStream } from '../../../../src/gateway/actions/guarded-stream.ts'
import { MessagesStream } from '../../../../src/gateway/actions/messages-answer.ts'
import { responseCall, responsesTurns } from '../../../../src/gateway/actions/responses-turns.ts'
import { ResponsesStream } from '../../../../src/gateway/actions/responses-answer.ts'
import { chatAnswer, messagesAnswer, responsesAnswer } from '../../../support/actions/tool-answers.ts'
import type { Served } from '../../../support/http/upstream/served.ts'
import { verifies } from '../../../support/verifies.ts'

const refused = 'It was not called: no.'
/** Refuses what goes to eve, or what nobody can read. */
const begin = (): DecideCall => async (call) =>
  call.arguments === null || JSON.stringify(call.arguments).includes('eve') ? refused : null
const toEve = { name: 'send', given: { to: 'eve@evil.com' } }
const toBob = { name: 'send', given: { to: 'bob@x.com' } }

const eventsOf = ({ steps }: Served): readonly string[] =>
  steps.flatMap((step) => (step.do === 'write' ? [step.bytes.toString('utf8')] : []))

const streams: readonly (readonly [name: string, answer: typeof chatAnswer, start: () => GuardedStream])[] = [
  ['Chat Completions', chatAnswer, () => new ChatStream(begin)],
  ['Messages', messagesAnswer, () => new MessagesStream(begin())],
  ['Responses', responsesAnswer, () => new ResponsesStream(begin())],
]

describe.each(streams)('a stream of %s', (_name, answer, start) => {
  it('leaves as it came where all may run, whatever comes in one piece', async () => {
    verifies('actions.whole')
    const events = eventsOf(answer('I am on it.', [toBob, toBob], true))
    const inPieces = start()
    let left = ''
    for (const event of events) left += await inPieces.push(event)
    expect(left + (await inPieces.end())).toBe(events.join(''))
    const atOnce = start()
    expect((await atOnce.push(events.join(''))) + (await atOnce.end())).toBe(events.join(''))
  })

  it('lets the text flow on, and nothing of a call that may not run', async () => {
    verifies('actions.whole')
    const events = eventsOf(answer('I am on it.', [toEve, toBob], true))
    const stream = start()
    const left: string[] = []
    for (const event of events) left.push(await stream.push(event))
    left.push(await stream.end())
    const begun = events.findIndex((event) => event.includes('"send"'))
    expect(left.slice(0, begun)).toEqual(events.slice(0, begun))
    expect(left.join('')).not.toMatch(/evil|eve@/)
    expect(left.join('').split(refused).length).toBeGreaterThan(1)
    const numbers = [...left.join('').matchAll(/"sequence_number":(\d+)/g)].map(([, number]) => Number(number))
    expect(numbers).toEqual(numbers.map((_number, at) => at))
  })

  it('lets nothing of a call leave that was never whole', async () => {
    const events = eventsOf(answer('I am on it.', [toEve], true))
    const stream = start()
    let left = ''
    for (const event of events.slice(0, events.findIndex((each) => each.includes('"send"')) + 2))
      left += await stream.push(event)
    expect(left + (await stream.end())).not.toMatch(/"name":"send"/)
  })
})

const chunk = (choices: readonly object[]) =>
  `data: ${JSON.stringify({ id: 'c', object: 'chat.completion.chunk', choices })}\n\n`
const through = async (events: readonly string[]): Promise<string> => {
  const stream = new ChatStream(begin)
  let left = ''
  for (const event of events) left += await stream.push(event)
  return left + (await stream.end())
}

describe('calls in other shapes of Chat Completions', () => {
  it('are those of each choice, also where an event holds several', async () => {
    const call = (to: string) => ({
      tool_calls: [{ index: 0, id: to, function: { name: 'send', arguments: `{"to":"${to}"}` } }],
    })
    const left = await through([
      chunk([
        { index: 0, delta: call('eve') },
        { index: 1, delta: call('bob') },
      ]),
      chunk([
        { index: 0, delta: {}, finish_reason: 'tool_calls' },
        { index: 1, delta: {}, finish_reason: 'tool_calls' },
      ]),
      'data: [DONE]\n\n',
    ])
    expect(left).not.toContain('eve')
    expect(left).toContain('"finish_reason":"stop"')
    expect(left).toContain('bob')
    expect(left).toContain('"finish_reason":"tool_calls"')
  })

  it.each([
    ['in the form before tools', { function_call: { name: 'send', arguments: '{"to":"eve"}' } }],
    ['of a tool with a text', { tool_calls: [{ index: 0, id: 'a', custom: { name: 'send', input: 'eve' } }] }],
    [
      'whose arguments are no JSON',
      { tool_calls: [{ index: 0, id: 'a', function: { name: 'send', arguments: '{to: eve}' } }] },
    ],
    [
      'whose arguments are no object',
      { tool_calls: [{ index: 0, id: 'a', function: { name: 'send', arguments: '["eve"]' } }] },
    ],
    ['of no name', { tool_calls: [{ index: 0, id: 'eve', type: 'unknown' }] }],
  ])('are decided about: %s', async (_what, delta) => {
    const streamed = await through([
      chunk([{ index: 0, delta }]),
      chunk([{ index: 0, delta: {}, finish_reason: 'tool_calls' }]),
    ])
    const body = {
      choices: [{ index: 0, message: { role: 'assistant', content: null, ...delta }, finish_reason: 'tool_calls' }],
    }
    const whole = (await guardChat(Buffer.from(JSON.stringify(body)), begin)).toString('utf8')
    for (const left of [streamed, whole]) {
      expect(left).not.toContain('eve')
      expect(left).toContain(refused)
      expect(left).toContain('"finish_reason":"stop"')
    }
  })

  it('are decided about where the event with the last piece ends the choice, and where nothing does', async () => {
    const delta = { tool_calls: [{ index: 0, id: 'a', function: { name: 'send', arguments: '{"to":"eve"}' } }] }
    for (const events of [
      [chunk([{ index: 0, delta, finish_reason: 'tool_calls' }])],
      [chunk([{ index: 0, delta }]), 'data: [DONE]\n\n'],
    ]) {
      const left = await through(events)
      expect(left).not.toContain('eve')
      expect(left).toContain(refused)
    }
  })

  it('are too long to be held where nobody could ask for them', async () => {
    const delta = { tool_calls: [{ index: 0, id: 'a', function: { name: 'send', arguments: 'x'.repeat(9_000_000) } }] }
    await expect(through([chunk([{ index: 0, delta }]), chunk([{ index: 0, delta }])])).rejects.toThrow(/too long/)
  })
})

describe('a request of Responses', () => {
  it('is unknown in what the provider has kept', () => {
    expect(responsesTurns({ input: 'Hi.', previous_response_id: 'resp_1' })).toEqual([
      { by: 'unknown' },
      { by: 'person', text: 'Hi.' },
    ])
    expect(responsesTurns({ input: [{ type: 'item_reference', id: 'msg_1' }] })).toEqual([{ by: 'unknown' }])
  })

  it.each([
    [
      { type: 'shell_call', call_id: 'a', action: { commands: ['ls'] } },
      { id: 'a', tool: 'shell_call', arguments: { commands: ['ls'] } },
    ],
    [
      { type: 'custom_tool_call', call_id: 'a', name: 'sql', input: 'x' },
      { id: 'a', tool: 'sql', arguments: { input: 'x' } },
    ],
    [{ type: 'web_search_call', id: 'a' }, null],
    [{ type: 'message', content: [] }, null],
  ])('has calls that its client runs: %j', (item, call) => {
    expect(responseCall(item)).toEqual(call)
  })
})
