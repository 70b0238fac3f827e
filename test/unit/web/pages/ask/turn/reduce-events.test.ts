import { describe, expect, it } from 'vitest'
import type { AgentEvent } from '../../../../../../src/core/events.ts'
import { RunParts } from '../../../../../../src/sessions/run-parts.ts'
import { ResponseEvents } from '../../../../../../src/surfaces/openai/responses/response-events.ts'
import {
  endedAs,
  endOfStream,
  failedTurn,
  reduceEvent,
} from '../../../../../../src/web/pages/ask/turn/reduce-events.ts'
import { delta, end, toolResult } from '../../../../../support/agent-events.ts'
import {
  answerOf,
  newTurn,
  runOf,
  splitEnding,
  stepsOf,
  wayOf,
  type Turn,
} from '../../../../../../src/web/pages/ask/turn/turn.ts'
import { verifies } from '../../../../../support/verifies.ts'

const digits = '0123456789abcdef0123456789abcdef'
const statement = 'SELECT sum(total) AS total FROM orders'

const call = (callId: string, tool: 'run_sql' | 'run_python', text: string): AgentEvent => ({
  type: 'tool-call',
  callId,
  tool,
  source: { language: tool === 'run_sql' ? 'sql' : 'python', text },
})

/** What a run tells: words, a statement, words again, a program that is refused, and the answer. */
const events: readonly AgentEvent[] = [
  delta('First I '),
  delta('look.'),
  call('a', 'run_sql', statement),
  toolResult({ callId: 'a', summary: '1 row in 3 ms' }),
  call('b', 'run_python', 'import os'),
  { type: 'tool-refusal', callId: 'b', tool: 'run_python', message: 'import of os is not allowed', findings: [] },
  delta('It is **12**.', 3),
  end({
    steps: 3,
    milliseconds: 1_234,
    grounding: {
      marks: [
        {
          start: 8,
          end: 10,
          text: '12',
          kind: 'number',
          verdict: 'cell',
          sources: [{ result: 1, row: 0, column: 'total' }],
          sourceCount: 1,
          how: 'total in run1',
          expected: null,
          coincidence: 0.1,
          reason: 'This is total in run1.',
        },
      ],
      unfilled: [],
      notes: [],
    },
  }),
]

/** The events of a stream, written by the service itself. */
function sent(of: readonly AgentEvent[] = events) {
  const head = {
    id: `resp_${digits}`,
    created: 0,
    model: 'analyst',
    instructions: null,
    metadata: {},
    background: false,
    store: true,
    previous: null,
    conversation: null,
    maxOutputTokens: null,
    maxToolCalls: null,
    toolChoice: 'auto',
  } as const
  const told = new ResponseEvents({
    head,
    run: `run_${digits}`,
    requestId: 'r',
    containerId: 'cntr_1',
    label: null,
    tableRows: 10,
    linkFor: () => null,
  })
  const parts = new RunParts()
  return [...told.begin(), ...of.flatMap((event) => parts.next(event).flatMap((part) => told.next(part)))]
}

const reduced = (of: readonly unknown[]): Turn =>
  of.reduce<Turn>((turn, event, at) => reduceEvent(turn, event, 1_000 + at), newTurn('How much?', 1_000))

describe('a turn from the events of a stream', () => {
  it('has the answer apart from what was said and done on the way', () => {
    const turn = reduced(sent())
    expect(turn).toMatchObject({ state: 'completed', milliseconds: 1_234, fault: null })
    expect(answerOf(turn)?.text).toBe('It is **12**.')
    expect(wayOf(turn).map(({ type }) => type)).toEqual(['words', 'step', 'step'])
    expect(stepsOf(turn)).toMatchObject([
      { tool: 'run_sql', code: statement, state: 'completed', output: '1 row in 3 ms' },
      { tool: 'run_python', code: 'import os', state: 'failed', output: 'import of os is not allowed' },
    ])
    expect(turn.grounding?.marks).toMatchObject([{ text: '12', sources: [{ run: 1, row: 0, column: 'total' }] }])
    expect(runOf(turn)).toBe(`run_${digits}`)
  })

  it('knows of each step when it began and when it ended, by the clock of this browser', () => {
    const times = stepsOf(reduced(sent())).map(({ begun, ended }) => [begun, ended])
    for (const [begun, ended] of times) {
      expect(begun).toBeGreaterThan(1_000)
      expect(ended).toBeGreaterThan(begun ?? Infinity)
    }
  })

  it('shows what runs while it runs: its statement, and words as they come', () => {
    const all = sent()
    const begins = all.findIndex(({ type }) => type === 'response.mcp_call_arguments.done')
    const turn = reduced(all.slice(0, begins + 1))
    expect(stepsOf(turn)).toMatchObject([{ state: 'running', code: statement, output: null }])
    expect(answerOf(turn)).toBeNull()
    expect(turn.state).toBe('answering')
  })

  it('is the same when events come twice, as they do when a stream is taken up again', () => {
    // Up to the last words, behind which all of it is said once more.
    const told = sent()
    const all = told.slice(0, told.findLastIndex(({ type }) => type === 'response.output_text.delta') + 1)
    const strip = (turn: Turn) => ({
      ...turn,
      items: turn.items.map((item) => Object.assign({}, item, { begun: 0, ended: 0 })),
    })
    const twice = reduced(all.flatMap((event) => [event, event]))
    expect(strip(twice)).toEqual(strip(reduced(all)))
    expect(answerOf(twice)?.text).toBe('It is **12**.')
  })

  it('passes over events that it does not know, and those of no form', () => {
    verifies('web.streams')
    const strange = [
      { type: 'response.tomorrow', sequence_number: 5_000_000, output_index: 0 },
      { type: 'response.output_item.added', output_index: 1e9, item: { type: 'message', id: 'x', content: [] } },
      { type: 'response.output_item.added', output_index: -1, item: { type: 'message', id: 'x', content: [] } },
      { type: 'response.output_item.added', output_index: 0, item: { type: 'hologram', id: 'x' } },
      { type: 'response.output_text.delta', output_index: 0, delta: { text: 'x' } },
      { type: 'response.mcp_call_arguments.done', output_index: 0, arguments: '{"statement":' },
      { type: 'sallyport.approval_requested', approval: null },
      {
        type: 'response.output_item.done',
        output_index: 0,
        item: { type: 'message', content: [{ annotations: [7] }] },
      },
      'nonsense',
      null,
      7,
      [],
    ]
    for (const event of strange) {
      const turn = reduced([event])
      expect(answerOf(turn)).toBeNull()
      expect(turn.items.length).toBeLessThan(2)
    }
    // An unknown event takes no number away from those that follow.
    const all = sent()
    expect(answerOf(reduced([all[0], { type: 'response.tomorrow' }, ...all.slice(1)]))?.text).toBe('It is **12**.')
  })

  it('tells of a person who is asked, once, and takes nothing more when it is over', () => {
    const asked = { type: 'sallyport.approval_requested', approval: { id: 'apr_1', expires_at: 'later' } }
    const all = sent()
    expect(reduced([...all.slice(0, 6), asked, asked, ...all.slice(6)]).approvals).toEqual(['apr_1'])
    const late = { type: 'response.output_text.delta', output_index: 3, delta: 'more', sequence_number: 10_000 }
    expect(answerOf(reduced([...all, late]))?.text).toBe('It is **12**.')
  })
})

describe('a turn whose stream does not come to its end', () => {
  it.each(sent().map((_, at) => at))('is cut behind event %i, with all that came, and nothing of it runs on', (at) => {
    const turn = endOfStream(reduced(sent().slice(0, at)), 9_000)
    const isOver = at === sent().length
    expect(turn.state).toBe(isOver ? 'completed' : 'cut')
    expect(stepsOf(turn).filter(({ state }) => state === 'running')).toEqual([])
    expect(turn.milliseconds).toBe(8_000)
  })

  it('has failed where an error came behind the first byte, with its reason, its decision and its approval', () => {
    verifies('web.streams')
    const error = {
      type: 'error',
      sequence_number: 2,
      code: 'content-blocked',
      message: 'The question is blocked.',
      param: null,
      decision_id: 'dec-1',
      appeal: '/v1/appeals',
    }
    const turn = endOfStream(reduced([...sent().slice(0, 2), error]), 9_000)
    expect(turn).toMatchObject({
      state: 'failed',
      fault: { code: 'content-blocked', message: 'The question is blocked.' },
      decision: 'dec-1',
    })
  })

  it('has failed with the error that stands before the last event of a failed response', () => {
    const failed = end({ ending: 'failed', code: 'model-unavailable', message: 'The model does not answer.' })
    const turn = reduced(sent([...events.slice(0, 2), failed]))
    expect(turn.state).toBe('failed')
    expect(turn.fault?.message).toMatch(/model/i)
    expect(answerOf(turn)?.text).toMatch(/^First I look\./)
  })

  it('was never begun where the call itself was refused', () => {
    const turn = failedTurn(newTurn('How much?', 1_000), { code: 'quota-exceeded', message: 'Enough.' }, 2_000)
    expect(turn).toMatchObject({ state: 'failed', response: null, fault: { code: 'quota-exceeded' } })
  })

  it('is what the service says of it when it is asked later', () => {
    const all = sent()
    const cut = endOfStream(reduced(all.slice(0, 12)), 2_000)
    const { response } = all.at(-1) as unknown as { response: unknown }
    const turn = endedAs(cut, response, 9_000)
    expect(turn).toMatchObject({ state: 'completed', milliseconds: 1_234 })
    expect(answerOf(turn)?.text).toBe('It is **12**.')
    expect(endedAs(cut, { status: 'cancelled' }, 9_000)).toMatchObject({ state: 'cancelled', items: cut.items })
    expect(endedAs(cut, 'nonsense', 9_000).state).toBe('cut')
  })
})

describe('an answer that is not whole', () => {
  const words = (text: string, state: Turn['state']) =>
    splitEnding({ items: [{ type: 'words', id: 'm', text }], state })

  it.each([
    [
      'So far.\n\n**The answer broke off: The model does not answer.**',
      'So far.',
      'The answer broke off: The model does not answer.',
    ],
    ['**There was no answer after 12 steps, the limit.**', null, 'There was no answer after 12 steps, the limit.'],
    ['The total is **12**', 'The total is **12**', null],
    ['In all\n**12** of them', 'In all\n**12** of them', null],
  ])('has what the service says of its end apart: %j', (text, answer, sentence) => {
    const found = words(text, 'incomplete')
    expect([found.answer?.text ?? null, found.sentence]).toEqual([answer, sentence])
  })

  it.each(['completed', 'answering', 'elsewhere'] as const)('is read whole as long as it is %s', (state) => {
    expect(words('So.\n\n**In all: 12**', state)).toEqual({
      answer: { type: 'words', id: 'm', text: 'So.\n\n**In all: 12**' },
      sentence: null,
    })
  })
})
