import { describe, expect, it } from 'vitest'
import { atOnce } from '../../../../src/grounding/steps.ts'
import { indexEvidence, preparing } from '../../../../src/grounding/tables/evidence.ts'
import type { JsonValue } from '../../../../src/core/json.ts'

/** One column of such cells, found out at once and step by step. */
function columns(cells: readonly JsonValue[]) {
  const index = () => {
    const [table] = indexEvidence([{ id: 'run1', columns: [{ name: 'c' }], rows: cells.map((cell) => [cell]) }]).tables
    const [column] = table?.columns ?? []
    if (table === undefined || column === undefined) throw new Error('The table has no column.')
    return { table, column }
  }
  const prepared = index()
  atOnce(preparing(prepared.table))
  return [index().column, prepared.column]
}

describe('a column of a result', () => {
  it.each<readonly [string, string, readonly JsonValue[]]>([
    ['numbers', 'number', Array.from({ length: 3000 }, (_, row) => (row % 7 === 0 ? null : row / 4))],
    ['numbers as texts, with a unit', 'number', ['€ 1,204.50', 'n/a', '€ 3', '€ 12']],
    ['days', 'date', ['2026-01-05', '2026-02-28', '-', 'March 2026']],
    ['texts', 'text', Array.from({ length: 3000 }, (_, row) => `name ${row}`)],
    [
      'texts that begin with numbers',
      'text',
      [...Array.from({ length: 40 }, () => '7'), ...Array.from({ length: 400 }, () => 'x')],
    ],
    ['nothing', 'text', [null, '', 'n/a']],
  ])('is the same found out at once and step by step: %s', (_, kind, cells) => {
    const [atOnceFound, prepared] = columns(cells)

    expect(prepared?.kind).toBe(kind)
    for (const member of ['kind', 'unit', 'numbers', 'ends', 'filled', 'sorted', 'sum', 'isYears', 'distinct'] as const)
      expect(prepared?.[member]).toEqual(atOnceFound?.[member])
  })

  it('has as many different values as texts, whatever they are written as', () => {
    const [column] = columns([5, '5', 5.0, '5.0', 'five', '', null, true, 'true', 1e21, '1e+21'])

    expect(column?.distinct).toBe(['5', '5.0', 'five', 'true', '1e+21'].length)
  })

  it('has the rows of a year where four digits stand alone in a short text', () => {
    const [column] = columns(['2004-05', '1995 - 2004', '12004', 'the season of 2004', '2004 2004', 'x'])

    expect(column?.rowsOfYear('2004')).toEqual([0, 1, 4])
    expect(column?.rowsOfYear('1996')).toEqual([])
  })
})
