import { describe, expect, it } from 'vitest'
import { printCanonical } from '../../../../../../src/validators/sql/postgresql/grammar/canonical.ts'
import { findPart, type Part } from '../../../../../../src/validators/sql/postgresql/grammar/find-part.ts'
import type { Struct } from '../../../../../../src/validators/sql/syntax-tree.ts'
import { selectOf } from '../../../../../support/sql/visits.ts'

function textOf(statement: Struct): string {
  const printed = printCanonical(statement, () => true)
  return 'finding' in printed ? 'cannot be written' : printed.text
}

/** What is found where a statement whose tree holds the mark is not right, and the statements that are asked about. */
function find(sql: string, mark: string): { readonly part: Part; readonly asked: readonly string[] } {
  const asked: string[] = []
  const part = findPart(selectOf(sql), (statement) => {
    asked.push(textOf(statement))
    return !JSON.stringify(statement).includes(`"${mark}":`)
  })
  return { part, asked }
}

const otherwise = 'Write it in another way, with brackets around its parts, or leave it out.'

describe('the smallest part of a statement that is not right', () => {
  it.each([
    ['A_Expr', 'SELECT a FROM t WHERE b < 1', '< 1', 'this comparison or operator', /^Put brackets around both/],
    ['TypeCast', 'SELECT a, b::text FROM t', '::text FROM t', 'this cast', /^Write CAST\(value AS type\) with a plain/],
    ['SubLink', 'SELECT a IN (SELECT b FROM u)', 'IN (SELECT b FROM u)', 'this subquery', /a name in WITH and join it/],
    [
      'RangeSubselect',
      'SELECT a FROM s, (SELECT b) q',
      'b) q',
      'this subquery in FROM',
      /^Give it a name: \(SELECT …\)/,
    ],
    [
      'RangeFunction',
      'SELECT a FROM s, now() q',
      'now() q',
      'this function in FROM',
      /^Write FROM function\(…\) AS name/,
    ],
    [
      'SortBy',
      'SELECT a FROM t ORDER BY b DESC',
      'b DESC',
      'this item of ORDER BY',
      /^Sort by a column of the select list/,
    ],
    [
      'GroupingSet',
      'SELECT 1 GROUP BY a, CUBE (b)',
      'CUBE (b)',
      'this item of GROUP BY',
      /^Group by plain columns; UNION ALL/,
    ],
    [
      'WindowDef',
      'SELECT 1 WINDOW w AS (ORDER BY a)',
      '(ORDER BY a)',
      'this window',
      /^Write OVER \(PARTITION BY … ORDER BY …\) at/,
    ],
    [
      'CommonTableExpr',
      'WITH q AS (SELECT 1) SELECT 2',
      'q AS (SELECT 1) SELECT 2',
      'this query in WITH',
      /as a subquery in FROM/,
    ],
    [
      'JsonObjectConstructor',
      "SELECT json_object('k': a)",
      "json_object('k': a)",
      'this JSON constructor',
      /^Use json_build_object/,
    ],
    [
      'JsonArrayConstructor',
      'SELECT 1, json_array(a)',
      'json_array(a)',
      'this JSON constructor',
      /^Use json_build_array\(value/,
    ],
    [
      'JsonObjectAgg',
      "SELECT 1, json_objectagg('k': a)",
      "json_objectagg('k': a)",
      'this JSON aggregate',
      /^Use json_object_agg/,
    ],
    ['JsonArrayAgg', 'SELECT 1, json_arrayagg(a)', 'json_arrayagg(a)', 'this JSON aggregate', /^Use json_agg\(value\)/],
    ['JsonIsPredicate', 'SELECT 1 WHERE a IS JSON', 'a IS JSON', 'this IS JSON', /^Leave it out, or test json_typeof/],
    [
      'FuncCall',
      'SELECT 1 WHERE public.f(a)',
      'public.f(a)',
      'this call of "f"',
      /^Write it as name\(argument, …\), with plain/,
    ],
    ['FuncCall', 'SELECT 1, a AT LOCAL', 'a AT LOCAL', 'this AT LOCAL', /^Write AT TIME ZONE 'zone'/],
    ['name', 'SELECT 1, a AS b FROM t', 'a AS b FROM t', 'this column', otherwise],
    ['name', 'SELECT 1, 2 AS b FROM t', '2 AS b FROM t', 'what begins here', otherwise],
    ['RangeTableSample', 'SELECT 1 FROM t TABLESAMPLE system(2)', 'system(2)', 'what begins here', otherwise],
    ['BoolExpr', 'SELECT 1 WHERE a AND b', 'AND b', 'what begins here', otherwise],
  ])('is named by its place and with what to write instead: %s of %s', (mark, sql, place, what, instead) => {
    const { part } = find(sql, mark)
    expect(sql.slice(part.offset)).toBe(place)
    expect(part.what).toBe(what)
    expect(part.instead).toMatch(instead)
  })

  it('is the JOIN, which has no place of its own, where its first side begins', () => {
    const { part } = find('SELECT 1 FROM s, t JOIN u ON v', 'JoinExpr')
    expect(part).toEqual({ offset: 17, what: 'this JOIN', instead: 'Write JOIN … ON with a condition.' })
  })

  it('is the whole statement, where what it is made of is right, and a side of UNION where that is not', () => {
    const instead = 'Write its clauses plainly, one SELECT to a query in WITH.'
    expect(find('SELECT a, b FROM t LIMIT 1', 'limitCount').part).toEqual({ offset: 7, what: 'this SELECT', instead })
    const both = 'SELECT a FROM t UNION SELECT b FROM u LIMIT 1'
    expect(find(both, 'limitCount').part).toEqual({ offset: 7, what: 'this SELECT', instead })
    const second = 'SELECT a FROM t UNION (SELECT b FROM u LIMIT 1)'
    expect(find(second, 'limitCount').part).toEqual({ offset: 30, what: 'this SELECT', instead })
  })

  it.each([
    ['SELECT f(a, x => 1)', ['SELECT f(a, x => 1)', 'SELECT f(a, x => 1)', 'SELECT a', 'SELECT 1']],
    ['SELECT a[1]', ['SELECT (a)[1]', 'SELECT (a)[1]', 'SELECT a', 'SELECT 1']],
    ['SELECT a IN (b, 1)', ['SELECT a IN (b, 1)', 'SELECT a IN (b, 1)', 'SELECT a', 'SELECT b', 'SELECT 1']],
    ['SELECT CASE WHEN a THEN 1 END', [...Array(2).fill('SELECT CASE WHEN a THEN 1 END'), 'SELECT a', 'SELECT 1']],
    ['SELECT json_object(a: 1)', [...Array(2).fill('SELECT JSON_OBJECT(a : 1 NULL ON NULL)'), 'SELECT a', 'SELECT 1']],
    ['SELECT FROM f(1) AS t(a int)', ['SELECT * FROM f(1) t (a int)', 'SELECT f(1)', 'SELECT 1']],
    [
      'SELECT FROM s JOIN t ON u < 1',
      ['SELECT * FROM s JOIN t ON u < 1', 'SELECT * FROM s', 'SELECT * FROM t', 'SELECT u < 1', 'SELECT u', 'SELECT 1'],
    ],
    ['SELECT FROM t TABLESAMPLE system(1)', ['SELECT * FROM t TABLESAMPLE system (1)', 'SELECT * FROM t', 'SELECT 1']],
    ['SELECT FROM (SELECT 1) q', ['SELECT * FROM ( SELECT 1 ) AS q', 'SELECT 1', 'SELECT 1', 'SELECT 1']],
    [
      'WITH q AS (SELECT 1) SELECT b',
      ['SELECT b', 'WITH q AS (SELECT 1) SELECT *', 'SELECT 1', 'SELECT 1', 'SELECT 1'],
    ],
    ['SELECT b ORDER BY a, 1', ['SELECT b', 'SELECT * ORDER BY a', 'SELECT * ORDER BY 1', 'SELECT 1']],
    ['SELECT b GROUP BY CUBE (a, 1)', ['SELECT b', 'SELECT * GROUP BY CUBE (a, 1)', 'SELECT a', 'SELECT 1']],
    [
      'SELECT b WINDOW w AS (ORDER BY 1)',
      ['SELECT b', 'SELECT * WINDOW w AS (ORDER BY 1)', 'SELECT * ORDER BY 1', 'SELECT 1'],
    ],
  ])('is looked for among statements that can be written: those of %s', (sql, asked) => {
    expect(find(sql, 'A_Const').asked).toEqual(asked)
  })

  it('is looked for among 400 parts, and is what is around them where it is none of these', () => {
    const columns = (before: number): string => `SELECT ${'a, '.repeat(before)}b::text`
    expect(find(columns(399), 'TypeCast').part.what).toBe('what begins here')
    expect(find(columns(398), 'TypeCast').part.what).toBe('this cast')
    expect(find(columns(400), 'TypeCast').part.what).toBe('this SELECT')
  })
})
