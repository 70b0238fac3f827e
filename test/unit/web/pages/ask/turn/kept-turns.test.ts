import { describe, expect, it } from 'vitest'
import type { ConversationItem } from '../../../../../../src/core/conversations.ts'
import { toItem } from '../../../../../../src/surfaces/wire/conversations.ts'
import { keptTurns, settled } from '../../../../../../src/web/pages/ask/turn/kept-turns.ts'
import { answerOf, newTurn, stepsOf, wayOf } from '../../../../../../src/web/pages/ask/turn/turn.ts'

const [first, second] = ['a'.repeat(32), 'b'.repeat(32)] as const

const mark = {
  start: 7,
  end: 9,
  text: '12',
  kind: 'number',
  verdict: 'cell',
  sources: [{ result: 1, row: 0, column: 'total' }],
  sourceCount: 1,
  how: 'total in run1',
  expected: null,
  coincidence: 0.1,
  reason: 'This is total in run1.',
} as const

const said: readonly (readonly [run: string, item: ConversationItem])[] = [
  [first, { type: 'message', role: 'user', content: 'How much?' }],
  [first, { type: 'message', role: 'assistant', content: 'First I look.' }],
  [
    first,
    {
      type: 'tool-use',
      callId: 'a',
      tool: 'run_sql',
      source: { language: 'sql', text: 'SELECT 1' },
      outcome: { kind: 'refusal', message: 'No such table.', findings: [] },
    } as unknown as ConversationItem,
  ],
  [
    first,
    {
      type: 'artifact',
      name: 'chart (1).png',
      mediaType: 'image/png',
      bytes: 28_723,
      fileId: 'file_1',
    },
  ],
  [
    first,
    {
      type: 'message',
      role: 'assistant',
      content: 'It is **12**.'.replace('**', '').replace('**', ' '),
      grounding: { marks: [{ ...mark, start: 6, end: 8 }], unfilled: [], notes: ['Not all was compared.'] },
    },
  ],
  [second, { type: 'message', role: 'user', content: 'And by month?' }],
]

const made = (at: number): Date => new Date(Date.UTC(2026, 0, 1) + 1_000 * at)
const items = said.map(([run, item], at) =>
  toItem({ id: `item_${at}`, run: `run_${run}`, made: made(at), item } as unknown as Parameters<typeof toItem>[0]),
)

describe('turns of a kept conversation', () => {
  const [one, two, ...more] = keptTurns(items)

  it('are its questions, each with what was done and said for it', () => {
    expect(more).toEqual([])
    expect(one).toMatchObject({ question: 'How much?', state: 'completed', response: `resp_${first}` })
    expect(two).toMatchObject({ question: 'And by month?', state: 'incomplete', response: `resp_${second}`, items: [] })
    expect(one === undefined ? null : answerOf(one)?.text).toBe('It is 12 .')
    expect(one === undefined ? [] : wayOf(one).map(({ type }) => type)).toEqual(['words', 'step'])
    expect(one === undefined ? [] : stepsOf(one)).toMatchObject([
      { tool: 'run_sql', code: 'SELECT 1', state: 'failed', output: 'No such table.', begun: null },
    ])
  })

  it('have the times that their steps took, by the clock of the service, and of a step that was refused none', () => {
    const ran = { type: 'tool-use', callId: 'a', tool: 'run_sql', source: null } as const
    const outcome = { kind: 'result', milliseconds: 250, cell: null, table: null, ranIn: 'x', summary: '3 rows' }
    const kept = [
      { type: 'message', role: 'user', content: 'How much?' },
      { ...ran, outcome },
    ].map((item, at) => {
      const facts = { id: `item_${at}`, run: `run_${first}`, made: made(at), item }
      return toItem(facts as unknown as Parameters<typeof toItem>[0])
    })
    const [turn] = keptTurns(kept)
    expect(turn?.begun).toBe(made(0).getTime())
    expect(turn?.items).toMatchObject([{ begun: made(1).getTime() - 250, ended: made(1).getTime() }])
    expect(one?.items[1]).toMatchObject({ state: 'failed', begun: null, ended: null })
  })

  it('have their marks and their files', () => {
    expect(one?.files).toEqual([{ fileId: 'file_1', name: 'chart (1).png', mediaType: 'image/png' }])
    expect(one?.grounding).toMatchObject({
      marks: [{ text: '12', start: 6, sources: [{ run: 1, row: 0, column: 'total' }] }],
      notes: ['Not all was compared.'],
    })
  })

  it('are none of what is no item, and of an answer without a question there is one without words', () => {
    expect(keptTurns([null, 7, {}, { type: 'message', role: 'system', content: [] }])).toEqual([])
    expect(keptTurns(items.slice(4, 5))).toMatchObject([{ question: '', state: 'completed' }])
  })
})

describe('a turn that was seen running', () => {
  const seen = {
    ...newTurn('How much?', 1_000),
    state: 'completed' as const,
    response: `resp_${first}`,
    items: [
      { type: 'step', id: 's', tool: 'run_python', code: 'x', state: 'completed', output: '1', begun: 5, ended: 9 },
      { type: 'words', id: 'w', text: '> Scripted demo model\n\nIt is 12 .\n\n> No source was found' },
    ] as const,
  }

  it('has the words as they are kept when it is over, and keeps the times of its steps', () => {
    const turn = settled(seen, keptTurns(items))
    expect(answerOf(turn)?.text).toBe('It is 12 .')
    expect(turn.grounding?.marks).toHaveLength(1)
    expect(turn.files).toHaveLength(1)
    expect(stepsOf(turn)).toMatchObject([{ begun: 5, ended: 9, output: '1' }])
  })

  it('stays as it was seen where nothing is kept of it', () => {
    expect(settled(seen, [])).toBe(seen)
    expect(settled({ ...seen, response: null }, keptTurns(items))).toMatchObject({ items: seen.items })
  })
})
