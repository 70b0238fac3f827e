import { describe, expect, it } from 'vitest'
import { checkCartesian } from '../../../../../../src/validators/sql/postgresql/budgets/cartesian.ts'
import { seriesRows } from '../../../../../../src/validators/sql/postgresql/budgets/series.ts'
import type { RelationUse } from '../../../../../../src/validators/sql/postgresql/names/relations.ts'
import { visitsOf } from '../../../../../support/sql/visits.ts'

const rows: Readonly<Record<string, number | null>> = { ten: 10, hundred: 100, empty: 0, unknown: null }

function check(sql: string, maximum: number) {
  const visits = visitsOf(sql)
  const uses = visits
    .filter(({ type, struct }) => type === 'RangeVar' && typeof struct['relname'] === 'string')
    .map(({ struct }) => ({ struct, relation: { estimatedRows: rows[struct['relname'] as string] } }) as RelationUse)
  return checkCartesian(visits, uses, maximum)
}

describe('tables that nothing connects', () => {
  it.each([
    [1_000, 'SELECT 1 FROM ten, hundred'],
    [1_000, 'SELECT 1 FROM ten CROSS JOIN hundred'],
    [1_000, 'SELECT 1 FROM ten JOIN hundred ON true'],
    [1_000, 'SELECT 1 FROM ten a JOIN hundred b ON a.x = 1 AND b.y = 2'],
    [10_000, 'SELECT 1 FROM hundred a, hundred b'],
    [100_000, 'SELECT 1 FROM hundred, unknown'],
    [1_000, 'SELECT 1 FROM ten a, hundred b, ten c WHERE a.x = c.x'],
    [1_000, 'SELECT 1 FROM ten a, hundred b, ten c WHERE b.x = c.x'],
    [10, 'SELECT 1 FROM ten, empty'],
    [10, 'SELECT 1 FROM ten, (SELECT * FROM hundred) s'],
    [50, 'SELECT 1 FROM ten, generate_series(1, 5)'],
    [10_000, 'SELECT 1 FROM ten, generate_series(1, x)'],
    [10_000, 'SELECT 1 FROM ten, unnest(x)'],
    [100, 'SELECT 1 FROM ten, ROWS FROM (generate_series(1, 3), generate_series(1, 10)) s'],
    [1_000, 'SELECT 1 FROM ten, hundred TABLESAMPLE SYSTEM (1)'],
    [10, 'SELECT 1 FROM ten, LATERAL generate_series(1, 5) s'],
    [1_000, 'SELECT (SELECT count(*) FROM ten, hundred) FROM ten'],
  ])('make %d rows: %s', (product, sql) => {
    expect(check(sql, product)).toEqual([])
    const [finding] = check(sql, product - 1)
    expect(finding).toMatchObject({ rule: 'sql/cartesian-product' })
    expect(finding?.message).toContain(`make about ${product.toExponential(0)} rows. Join them with ON.`)
  })

  it.each([
    'SELECT 1 FROM hundred',
    'SELECT 1 FROM ten a JOIN hundred b ON a.x = b.x',
    'SELECT 1 FROM ten a, hundred b WHERE a.x = b.x',
    'SELECT 1 FROM ten a, hundred b, ten c WHERE a.x = b.x AND b.y = c.y',
    'SELECT 1 FROM ten JOIN hundred USING (x)',
    'SELECT 1 FROM ten NATURAL JOIN hundred',
    'SELECT 1 FROM ten, hundred WHERE x = y',
  ])('are none where a condition connects them: %s', (sql) => {
    expect(check(sql, 100)).toEqual([])
  })
})

describe('the rows of a series', () => {
  const rowsOf = (call: string) => {
    const visit = visitsOf(`SELECT * FROM ${call}`).find(({ type }) => type === 'FuncCall')
    return visit === undefined ? undefined : seriesRows(visit.struct)
  }

  it.each([
    [5, 'generate_series(1, 5)'],
    [3, 'generate_series(1, 5, 2)'],
    [5, 'generate_series(5, 1, -1)'],
    [0, 'generate_series(5, 1)'],
    [0, 'generate_series(1, 5, 0)'],
    [366, "generate_series('2024-01-01'::date, '2024-12-31', '1 day')"],
    [25, "generate_series('2024-01-01'::timestamp, '2024-01-02', '1 hour')"],
    [3, "generate_series('2024-01-15', '2024-01-01', '-1 week')"],
    [null, "generate_series('2024-01-01', now(), '1 day')"],
    [null, "generate_series('2024-01-01', '2024-12-31', step)"],
    [null, "generate_series('2024-01-01', '2024-12-31', '0 days')"],
    [null, 'generate_series(1, n)'],
    [null, 'unnest(a)'],
  ])('are %s: %s', (count, call) => {
    expect(rowsOf(call)).toBe(count)
  })
})
