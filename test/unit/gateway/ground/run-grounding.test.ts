import { setImmediate } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { GroundingMode } from '../../../../src/core/grant.ts'
import type { AgentEvent } from '../../../../src/core/events.ts'
import type { ConversationMessage } from '../../../../src/core/request.ts'
import type { TableData } from '../../../../src/core/result.ts'
import { RunGrounding } from '../../../../src/gateway/ground/run-grounding.ts'
import { LoopShare } from '../../../../src/filters/loop-share.ts'
import { screenEvents } from '../../../../src/gateway/screen/events.ts'
import { collect, delta, end, replay, textOf, toolResult } from '../../../support/agent-events.ts'
import { limits, never, testScreener } from '../../../support/filters/filter-fixtures.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'
import { callGrant } from '../../../support/received-call.ts'
import { verifies } from '../../../support/verifies.ts'

const card = '4111111111111111'
const sales: TableData = {
  columns: [
    { name: 'name', type: 'text' },
    { name: 'total', type: 'numeric' },
    { name: 'card', type: 'text' },
  ],
  rows: [
    ['anna.berg@example.com', '1204.50', card],
    ['Books', 7, 'none'],
  ],
  totalRows: 2,
}
const result = toolResult({ number: 1, table: sales })
const question: ConversationMessage = { role: 'user', content: 'What was the revenue?' }

interface Setup {
  readonly mode?: GroundingMode
  readonly messages?: readonly ConversationMessage[]
  /** The most characters of a result that its reader is shown. */
  readonly shown?: number
  /** The most characters of one turn of the model. */
  readonly turn?: number
  readonly share?: LoopShare
}

const groundingOf = ({ mode = 'annotate', messages = [question], share = new LoopShare() }: Setup = {}) =>
  new RunGrounding({ messages, grant: { ...callGrant, grounding: mode } }, share)

/** The events of a run as they leave, through the filters. */
async function told(events: readonly AgentEvent[], setup: Setup = {}): Promise<AgentEvent[]> {
  const grounding = groundingOf(setup)
  const { shown: maximumResultCharacters = limits.maximumResultCharacters } = setup
  const { turn: maximumTurnCharacters = limits.maximumTurnCharacters } = setup
  const screener = testScreener({ limits: { ...limits, maximumResultCharacters, maximumTurnCharacters } })
  const options = { screener, onSql: () => {}, previewSql: true, passesUnread: false }
  return collect(grounding.told(screenEvents(grounding.fill(replay(events)), options, never)))
}

const endOf = (events: readonly AgentEvent[]) => {
  const last = events.at(-1)
  if (last?.type !== 'end') throw new Error('the last event is not end')
  return last
}

describe('the answer of a run', () => {
  it('lets others have their turns while it is held against large results', async () => {
    const rows = Array.from({ length: 20_000 }, (_, row) => [`Store ${row}`, row])
    const columns = sales.columns.slice(0, 2)
    const large = toolResult({ number: 1, table: { columns, rows, totalRows: rows.length } })
    // The checker is loaded with the first answer, which takes turns of its own.
    await collect(groundingOf().told(replay([result, delta('Books had 7.', 2), end()])))
    // Each look at the clock is a millisecond: a slice is over after a few steps.
    let now = 0
    const share = new LoopShare(() => (now += 1))
    let turns = 0
    const over = new AbortController()
    const others = (async () => {
      while (!over.signal.aborted) {
        await setImmediate()
        turns += 1
      }
    })()
    const text = rows.slice(0, 40).map(([name, total]) => `${name} has a total of ${total}.`)
    const out = await collect(groundingOf({ share }).told(replay([large, delta(text.join(' '), 2), end()])))
    over.abort()
    await others

    expect(endOf(out).grounding?.marks.filter(({ verdict }) => verdict === 'cell')).toHaveLength(40)
    expect(turns).toBeGreaterThan(12)
  })

  it('has the values that its model names, with the cell that each is from', async () => {
    const events = [
      result,
      { type: 'step-start', step: 2 } as const,
      delta('Books: {{run1:/Bo', 2),
      delta('oks/total}}, all: {{run1:/rows/0/total|0}} and {{run1:/sum}}.', 2),
      { ...delta('\n\n*Data as of 2026-11-29.*', 2), isRemark: true } as AgentEvent,
      end(),
    ]
    const out = await told(events)
    expect(textOf(out)).toBe('Books: 7, all: 1,205 and {{run1:/sum}}.\n\n*Data as of 2026-11-29.*')
    const { marks, unfilled } = endOf(out).grounding ?? { marks: [], unfilled: [] }
    expect(marks.filter(({ isReference }) => isReference)).toMatchObject([
      { text: '7', start: 7, verdict: 'cell', sources: [{ result: 1, row: 1, column: 'total' }] },
      { text: '1,205', start: 15, verdict: 'cell', sources: [{ result: 1, row: 0, column: 'total' }] },
    ])
    expect(unfilled).toEqual([{ text: '{{run1:/sum}}', why: 'it has no such column' }])
  })

  it('takes the form of a value that was not filled in for no figure', async () => {
    const { marks, unfilled } = endOf(await told([delta('The share is {{run7:/rows/0/share|2%}}.'), end()]))
      .grounding ?? {
      marks: null,
      unfilled: [],
    }
    expect([marks, unfilled.map(({ text }) => text)]).toEqual([[], ['{{run7:/rows/0/share|2%}}']])
  })

  it('says nothing of words that hold no figure', async () => {
    expect(endOf(await told([delta('Fine.'), end()]))).not.toHaveProperty('grounding')
  })

  it('is compared where it was cut short, too, or broke off', async () => {
    const ends = [end({ ending: 'model-length', message: 'Cut.' }), end({ ending: 'failed', message: 'Gone.' })]
    for (const last of ends) {
      const out = await told([result, delta('Books had a total of 9,999.', 2), last])
      expect(endOf(out).grounding?.marks).toMatchObject([{ text: '9,999', verdict: 'contradicted' }])
    }
    const left = await told([result, delta('Books had a total of 9,999.', 2), end({ ending: 'cancelled' })])
    expect(endOf(left)).not.toHaveProperty('grounding')
  })

  it('is compared with what was said before it, beside calls, once there was something to read', async () => {
    const call = (callId: string): AgentEvent => ({ type: 'tool-call', callId, tool: 'run_sql', source: null })
    const events = [
      delta('I begin with 1,234 rows.'),
      call('c1'),
      result,
      delta('Books had a total of 9,999, of 7 {{run1:/Books/total}}. Now 12 months.', 2),
      call('c2'),
      toolResult({ number: 2, callId: 'c2' }),
      delta('Done.', 3),
      end(),
    ]
    const { grounding } = endOf(await told(events))
    expect(grounding).toMatchObject({ marks: [], earlier: [{ text: '9,999', verdict: 'contradicted' }] })
    expect(endOf(await told(events, { mode: 'off' }))).not.toHaveProperty('grounding')
  })

  it.each([
    ['a statement that reads nothing', 'sql', "SELECT 'Books' AS name, 9999 AS total"],
    [
      'a statement that names it beside what it reads',
      'sql',
      "SELECT 'Books' AS name, 9999 AS total FROM orders LIMIT 1",
    ],
    ['rows that a statement makes', 'sql', "SELECT * FROM (VALUES ('Books', 9999)) made (name, total)"],
    ['a program', 'python', "print({'name': 'Books', 'total': 9_999})"],
  ] as const)('has no source in what its model wrote itself: %s', async (_name, language, text) => {
    const columns = ['name', 'total'].map((name) => ({ name, type: 'text' }))
    const table = { columns, rows: [['Books', 9999]], totalRows: 1 }
    const call: AgentEvent = { type: 'tool-call', callId: 'c1', tool: 'run_sql', source: { language, text } }
    const of = async (source: AgentEvent) =>
      endOf(
        await told([
          source,
          toolResult({ number: 1, callId: 'c1', table }),
          delta('The total of Books is 9,999, or {{run1:/Books/total}}.', 2),
          end(),
        ]),
      ).grounding?.marks.map(({ verdict, isReference }) => [verdict, isReference === true])
    expect(await of(call)).toEqual([['unsupported', false], ['unsupported', true]]) // prettier-ignore
    const read = { language: 'sql', text: 'SELECT name, total FROM orders WHERE total = 9999' } as const
    expect(await of({ ...call, source: read })).toEqual([['cell', false], ['cell', true]]) // prettier-ignore
  })

  it('has a source where its model has copied what another result has', async () => {
    const call: AgentEvent = {
      type: 'tool-call',
      callId: 'c2',
      tool: 'run_python',
      source: { language: 'python', text: 'print("mean:", 1204.5)' },
    }
    const cell = cellResult({ stdout: { text: 'mean: 1204.5', truncated: false } })
    const copied = toolResult({ number: 2, callId: 'c2', tool: 'run_python', cell })
    const said = delta('The mean is 1,204.5.', 3)
    const verdicts = async (events: readonly AgentEvent[]) =>
      endOf(await told(events)).grounding?.marks.map(({ verdict }) => verdict)
    expect(await verdicts([result, call, copied, said, end()])).toEqual(['cell'])
    expect(await verdicts([call, copied, said, end()])).toEqual(['unsupported'])
  })

  it('has a list that its model has made itself as one', async () => {
    const text = 'All is right.\n\n> ⚠ **the results of this run**  speak against\n> - nothing'
    const { grounding } = endOf(await told([delta(text), end()]))
    expect(grounding?.marks).toMatchObject([
      { text: 'the results of this run**  speak against', verdict: 'contradicted', kind: 'action' },
    ])
  })

  it('has bounds to what is told of it, however much there is', async () => {
    const references = Array.from({ length: 300 }, (_, at) => `{{run9:/a${at}}} `).join('')
    const lists = 'The results of this run speak against: '.repeat(100)
    const { marks, unfilled, notes } = endOf(await told([delta(references + lists), end()])).grounding ?? {
      marks: [],
      unfilled: [],
      notes: [],
    }
    expect([marks.length, unfilled.length]).toEqual([10, 100])
    expect(notes).toContain('The answer names more values that are not there than are told.')
  })

  it('is read to its end where its model says what stands behind answers, and the service does not', async () => {
    const remark = '*Data as of 2026-11-29.*'
    const said = await told([result, delta(`${remark}\n\nBooks had a total of 9,999.`, 2), end()])
    expect(endOf(said).grounding?.marks.map(({ text }) => text)).toContain('9,999')
    // The service's own is cut off behind it, and what says so is no claim of the model's.
    const own = { ...delta(`\n\n${remark}`, 2), isRemark: true } as AgentEvent
    const behind = await told([result, delta(`${remark}\n\nBooks had a total of 9,999.`, 2), own, end()], { turn: 600 })
    const cut = await told([result, delta(`${remark}\n\nBooks had a total of 9,999.`, 2), own, end()], { turn: 60 })
    expect(textOf(cut)).toContain('The answer was cut after 60 characters')
    const marked = endOf(cut).grounding?.marks.map(({ text }) => text)
    expect(marked).toContain('9,999')
    expect(marked).not.toContain('60')
    expect(endOf(behind).grounding?.marks.map(({ text }) => text)).toEqual(marked)
  })

  it('reads references in the last words of a run whose stream ends within one', async () => {
    expect(textOf(await told([result, delta('It is {{run1:/Books/total}}', 2), end()]))).toBe('It is 7')
    expect(textOf(await told([result, delta('It is {{run1:/Books/to', 2), end()]))).toBe('It is {{run1:/Books/to')
  })
})

describe('a reference as a way to read what is not shown', () => {
  it('brings a hidden value as it was hidden in the result', async () => {
    verifies('groundedness.oracle')
    const text = textOf(await told([result, delta('{{run1:/rows/0/name}} {{run1:/rows/0/card}}', 2), end()]))
    expect(text).not.toContain('anna.berg')
    expect(text).not.toContain(card)
  })

  it('brings no row that was cut from what its reader is shown', async () => {
    const rows = ['a', 'b', 'c'].map((name) => [name, name.repeat(30)])
    const table = { columns: ['k', 'v'].map((name) => ({ name, type: 'text' })), rows, totalRows: 3 }
    const events = [
      toolResult({ number: 1, table, summary: '' }),
      delta('{{run1:/rows/0/v}} {{run1:/rows/2/v}}', 2),
      end(),
    ]
    expect(textOf(await told(events, { shown: 70 }))).toBe(`${'a'.repeat(30)} {{run1:/rows/2/v}}`)
  })

  it('is screened once more in the words of the answer', async () => {
    // Three columns that hold nothing by themselves make a number of a card in one sentence.
    const table = {
      columns: ['a', 'b'].map((name) => ({ name, type: 'text' })),
      rows: [['card 4111', '11111111 1111']],
      totalRows: 1,
    }
    const out = await told([toolResult({ number: 1, table }), delta('{{run1:/a}} {{run1:/b}}', 2), end()])
    expect(textOf(out)).not.toContain('1111')
  })

  it.each([
    ['another run', '{{run2:/total}}'],
    ['a result of another caller', '{{run7:/rows/0/total}}'],
    ['a column that the result does not have', '{{run1:/Books/margin}}'],
    ['a link', '[x](https://a.example/?q={{run1:/Books/total}})'],
    ['a picture', '![x](https://a.example/{{run1:/Books/total}}.png)'],
    ['code', '`{{run1:/Books/total}}`'],
    ['a quotation', '> {{run1:/Books/total}}'],
  ])('brings nothing of %s', async (_name, text) => {
    const out = textOf(await told([result, delta(text, 2), end()]))
    expect(out).toContain('{{')
    expect(out).not.toMatch(/1204|\b7\b/)
  })

  it('brings nothing to a plan, to a call, or to an answer that comes before the result', async () => {
    const text = '{{run1:/Books/total}}'
    const events: AgentEvent[] = [
      delta(text),
      { type: 'plan', steps: [{ text, status: 'pending' }] },
      { type: 'tool-call', callId: 'c2', tool: 'run_python', source: { language: 'python', text } },
      result,
      end(),
    ]
    const out = await told(events)
    expect(textOf(out)).toBe(text)
    expect(out).toContainEqual({ type: 'plan', steps: [{ text, status: 'pending' }] })
    expect(out).toContainEqual(expect.objectContaining({ source: { language: 'python', text } }))
  })

  it.each([
    ['the question', { messages: [{ role: 'user', content: 'Say {{run1:/Books/total}}.' }] }],
    ['an earlier answer', { messages: [{ role: 'assistant', content: 'It is {{run1:/Books/total|1}}.' }, question] }],
  ] as const)('is text where it stands in %s', async (_name, setup) => {
    expect(textOf(await told([result, delta('{{run1:/Books/total}}', 2), end()], setup))).toBe('{{run1:/Books/total}}')
  })

  it('is text where it stands in rows, or in what the model has read besides', async () => {
    const table = { columns: [{ name: 'note', type: 'text' }], rows: [['{{run1:/Books/total}}']], totalRows: 1 }
    const rows = [result, toolResult({ number: 2, table }), delta('{{run1:/Books/total}}', 2), end()]
    expect(textOf(await told(rows))).toBe('{{run1:/Books/total}}')
    const grounding = groundingOf()
    grounding.review.onRead('A file says {{run1:/Books/total}}.')
    const events = replay([result, delta('{{run1:/Books/total}} {{run1:/rows/1/total}}', 2), end()])
    expect(textOf(await collect(grounding.told(grounding.fill(events))))).toBe('{{run1:/Books/total}} 7')
  })

  it('says nothing of what a filter has hidden in the words beside it', async () => {
    const out = await told([result, delta(`{{run1:/Books/total}} for ${card} {{run1:/${card}/x}}`, 2), end()])
    expect(JSON.stringify(endOf(out))).not.toContain(card)
  })
})
