import { describe, expect, it } from 'vitest'
import type { ConversationItem, KeptItem, Run } from '../../../src/core/conversations.ts'
import { replayedCalls } from '../../../src/sessions/replayed-calls.ts'
import { cellResult } from '../../support/sandbox/cell-result.ts'

type ToolUse = Extract<ConversationItem, { readonly type: 'tool-use' }>
type Outcome = Extract<ToolUse['outcome'], { readonly kind: 'result' }>

const outcome = (own: Partial<Outcome> = {}): Outcome => ({
  kind: 'result',
  milliseconds: 1,
  cell: null,
  table: null,
  ranIn: 'test',
  summary: 'done',
  ...own,
})
const used = (tool: string, text: string | null, own: Partial<ToolUse> = {}): ToolUse => ({
  type: 'tool-use',
  callId: 'c',
  tool,
  source: text === null ? null : { language: tool === 'run_sql' ? 'sql' : 'python', text },
  outcome: outcome(tool === 'run_python' ? { cell: cellResult({}) } : { savedAs: 'result_7.parquet' }),
  ...own,
})
const callsOf = (...items: ConversationItem[]) =>
  replayedCalls(
    items.map((item, place): KeptItem => ({
      id: `${place}`,
      conversation: 'c',
      place,
      run: 'r',
      made: new Date(0),
      item,
    })),
    [{ id: 'r', model: 'analyst:shop' } as Run],
  )

describe('what of a conversation is run again', () => {
  it('is what left something in a sandbox, in its order, with the name of its rows and the source that was asked', () => {
    const model = 'analyst:shop'
    expect(callsOf(used('run_sql', 'SELECT 1'), { type: 'plan', steps: [] }, used('run_python', 'x = 1'))).toEqual([
      { tool: 'run_sql', text: 'SELECT 1', result: 7, mayFail: false, model },
      { tool: 'run_python', text: 'x = 1', result: null, mayFail: false, model },
    ])
  })

  it.each<[string, ToolUse]>([
    ['a query whose rows are no file', used('run_sql', 'SELECT 1', { outcome: outcome() })],
    ['a file of another name', used('run_sql', 'SELECT 1', { outcome: outcome({ savedAs: '../result_1.parquet' }) })],
    ['what was refused', used('run_python', 'x', { outcome: { kind: 'refusal', findings: [], message: 'no' } })],
    ['what came to nothing', used('run_python', 'x', { outcome: { kind: 'failure', message: 'no' } })],
    ['JavaScript, which leaves nothing', used('run_javascript', 'x')],
    ['what the schema says', used('describe_data', null)],
    ...(['timeout', 'out-of-memory', 'cancelled', 'sandbox-lost'] as const).map((ended): [string, ToolUse] => [
      `a program that ended by ${ended}`,
      used('run_python', 'x', { outcome: outcome({ cell: cellResult({ outcome: ended }) }) }),
    ]),
  ])('is not %s', (_what, item) => {
    expect(callsOf(item)).toEqual([])
  })

  it('has no text where that is not what ran, and may fail where it has', () => {
    const failed = outcome({ cell: cellResult({ outcome: 'user-error' }) })
    const changed = { language: 'python', text: 'x = "[email]"', isChanged: true } as const
    expect(
      callsOf(
        used('run_sql', null),
        used('run_python', null, { source: changed }),
        used('run_python', '1 / 0', { outcome: failed }),
      ).map(({ text, mayFail }) => [text, mayFail]),
    ).toEqual([
      [null, false],
      [null, false],
      ['1 / 0', true],
    ])
  })
})
