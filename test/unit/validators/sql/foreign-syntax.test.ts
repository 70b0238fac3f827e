import { describe, expect, it } from 'vitest'
import { insteadOfForeignSyntax } from '../../../../src/validators/sql/foreign-syntax.ts'

describe('what other databases write', () => {
  it.each([
    ['SELECT TOP 5 a FROM t', ' Write LIMIT at the end for TOP.'],
    ['SELECT DISTINCT TOP 5 a FROM t', ' Write LIMIT at the end for TOP.'],
    ['SELECT [order id] FROM t', ' Names stand in quotes, not in brackets.'],
    [
      'SELECT a FROM t QUALIFY b = 1',
      ' Put the window function into a subquery and write WHERE around it for QUALIFY.',
    ],
    ['SELECT * EXCEPT (a) FROM t', ' Name the columns: a star has no exceptions here.'],
    ['SELECT a FROM t GROUP BY ALL', ' Name what GROUP BY groups by.'],
    ['SELECT a, FROM t', ' A comma stands where a list ends.'],
  ])('is told for both dialects: %s', (sql, instead) => {
    expect(insteadOfForeignSyntax(sql, 'postgresql')).toBe(instead)
    expect(insteadOfForeignSyntax(sql.toLowerCase(), 'mysql')).toBe(instead)
  })

  it.each([
    ['SELECT `a` FROM t', ' Names stand in double quotes, not in backticks.'],
    ['SELECT a FROM t LIMIT 5, 10', ' Write LIMIT rows OFFSET start.'],
  ])('is told for PostgreSQL alone: %s', (sql, instead) => {
    expect(insteadOfForeignSyntax(sql, 'postgresql')).toBe(instead)
    expect(insteadOfForeignSyntax(sql, 'mysql')).toBe('')
  })

  it.each([
    ['SELECT a FROM t FETCH FIRST 5 ROWS ONLY', ' Write LIMIT for FETCH.'],
    ['SELECT a FROM t FETCH NEXT ROW ONLY', ' Write LIMIT for FETCH.'],
    ['SELECT sum(a) FILTER (WHERE b) FROM t', ' Write SUM(CASE WHEN condition THEN value END) for FILTER.'],
    [
      'SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY a) FROM t',
      ' For a percentile number the rows with ROW_NUMBER() and take the one that is meant.',
    ],
    ['TABLE t', ' Write SELECT * FROM for TABLE.'],
    ['(TABLE t)', ' Write SELECT * FROM for TABLE.'],
    ['VALUES (1)', ' Write SELECT … UNION ALL SELECT … for VALUES.'],
    ['SELECT a FROM t USE INDEX (b)', ' Leave hints about indexes out.'],
    ['SELECT SUBSTRING(a FROM 2) FROM t', ' Write SUBSTRING(value, start, length) with commas.'],
    ['SELECT STD(a) FROM t', ' Write STDDEV_POP(value) for STD.'],
    ['SELECT VARIANCE(a) FROM t', ' Write VAR_POP(value) for VARIANCE.'],
    ["SELECT POSITION('a' IN b) FROM t", ' Write LOCATE(part, value) for POSITION.'],
  ])('is told for MySQL alone: %s', (sql, instead) => {
    expect(insteadOfForeignSyntax(sql, 'mysql')).toBe(instead)
    expect(insteadOfForeignSyntax(sql, 'postgresql')).toBe('')
  })

  it.each([
    'SELECT a FROM t LIMIT 5',
    "SELECT 'TOP 5 [a] QUALIFY, FROM `b`'",
    'SELECT a[b] FROM t',
    'SELECT ARRAY[b], "a"[b], f(a)[b] FROM t',
    'SELECT stop, tables, std FROM t',
  ])('is not seen in what is not that: %s', (sql) => {
    expect(insteadOfForeignSyntax(sql, 'postgresql')).toBe('')
    expect(insteadOfForeignSyntax(sql, 'mysql')).toBe('')
  })
})
