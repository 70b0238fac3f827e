import { describe, expect, it } from 'vitest'
import type { ConversationItem, KeptItem, ToolOutcome } from '../../../../src/core/conversations.ts'
import { describeRunTable, tablesOfRun } from '../../../../src/sessions/results/run-tables.ts'

type Result = Extract<ToolOutcome, { readonly kind: 'result' }>

const columns = ['id', 'email', 'card'].map((name) => ({ name, type: 'text' }))
const rows = [
  [1, '[email]', 'x'],
  [2, '[email]', 'y'],
]
const result: Result = {
  kind: 'result',
  number: 3,
  milliseconds: 1,
  cell: null,
  table: { columns, rows, totalRows: 2 },
  ranIn: 'pglite',
  summary: '2 rows',
}

const kept = (item: ConversationItem, run: string | null = 'run_1'): KeptItem => ({
  id: 'item_1',
  conversation: 'conv_1',
  place: 0,
  run,
  made: new Date(0),
  item,
})

const used = (changes: Partial<Result> = {}): KeptItem =>
  kept({ type: 'tool-use', callId: 'c', tool: 'run_sql', source: null, outcome: { ...result, ...changes } })

const read = { asOf: '2026-01-01T00:00:00.000Z', masked: [2], truncated: null }

describe('tables of a run', () => {
  it('say of each column whether policy or a filter changed its values', () => {
    const table = { columns, rows, totalRows: 2, replaced: [1, 2] }
    const [found] = tablesOfRun([used({ table, reading: read })])
    expect(found).toMatchObject({ run: 'run_1', call: 3, masks: [null, 'filter', 'policy'], cut: null })
    expect(found && describeRunTable(found)).toBe('2 rows · email, card masked')
  })

  it('say what cut them: the source, the sandbox, or what filters look at', () => {
    const cutOf = (changes: Partial<Result>) => tablesOfRun([used(changes)])[0]?.cut
    const more = { columns, rows, totalRows: 10_000 }
    const findings = [{ rule: 'filter/result-cut', line: 1, column: 1, message: 'cut' }]
    expect(cutOf({ reading: { ...read, truncated: 'rows' } })).toBe('rows')
    expect(cutOf({ reading: { ...read, truncated: 'bytes' } })).toBe('bytes')
    expect(cutOf({ table: more })).toBe('rows')
    expect(cutOf({ table: more, findings, reading: { ...read, truncated: 'rows' } })).toBe('characters')
    const [found] = tablesOfRun([used({ table: more })])
    expect(found && describeRunTable(found)).toBe('10,000 rows · truncated at 2 rows')
  })

  it('leave out what has no number, no rows, or no run', () => {
    const { number: _none, ...unnumbered } = result
    const items = [
      kept({ type: 'tool-use', callId: 'c', tool: 'run_sql', source: null, outcome: unnumbered }),
      kept({
        type: 'tool-use',
        callId: 'c',
        tool: 'run_sql',
        source: null,
        outcome: { kind: 'failure', message: 'x' },
      }),
      kept({ type: 'message', role: 'user', content: 'x' }),
      kept({ type: 'tool-use', callId: 'c', tool: 'run_sql', source: null, outcome: result }, null),
      used({ table: null }),
    ]
    expect(tablesOfRun(items)).toEqual([])
  })
})
