import { describe, expect, it } from 'vitest'
import {
  checkStructure,
  type StructureLimits,
} from '../../../../../../src/validators/sql/postgresql/budgets/structure.ts'
import { visitsOf } from '../../../../../support/sql/visits.ts'

const generous: StructureLimits = {
  maximumDepth: 1_000,
  maximumNodes: 10_000,
  maximumRelations: 1_000,
  maximumSetOperations: 1_000,
  maximumLiteralBytes: 1_000_000,
}

function check(sql: string, limits: Partial<StructureLimits> = {}) {
  return checkStructure(visitsOf(sql), { ...generous, ...limits })
}

describe('the budgets on the shape of a statement', () => {
  it.each([
    [
      'maximumRelations',
      4,
      'SELECT 1 FROM a, b, (SELECT 1) c, generate_series(1, 2)',
      'tables, subqueries and functions',
    ],
    [
      'maximumRelations',
      3,
      'SELECT (SELECT 1 FROM a) FROM b JOIN c ON true',
      'tables, subqueries and functions in FROM',
    ],
    ['maximumSetOperations', 2, 'SELECT 1 UNION SELECT 2 INTERSECT SELECT 3', 'set operations'],
    ['maximumSetOperations', 1, 'SELECT * FROM (SELECT 1 UNION ALL SELECT 2) a', 'set operations'],
    ['maximumDepth', 4, 'SELECT 1', 'levels of nesting'],
    ['maximumDepth', 6, 'SELECT 1 + (1 + 1)', 'levels of nesting'],
    ['maximumNodes', 4, 'SELECT 1', 'parts'],
  ] as const)('%s may be %d and no less for: %s', (name, limit, sql, what) => {
    expect(check(sql, { [name]: limit })).toEqual([])
    expect(check(sql, { [name]: limit - 1 })).toEqual([
      {
        rule: 'sql/too-complex',
        offset: expect.any(Number) as number,
        message: expect.stringMatching(`has ${limit} ${what}.*; at most ${limit - 1} are allowed`) as string,
      },
    ])
  })

  it('points at the deepest part, and at the last table', () => {
    expect(check('SELECT 1, 2 + (3 + (4 + 5))', { maximumDepth: 5 })[0]?.offset).toBe(20)
    expect(check('SELECT 1 FROM a, b', { maximumRelations: 1 })[0]?.offset).toBe(17)
  })

  it.each([
    [4, "SELECT 'abcd'"],
    [4, "SELECT 'äö'"],
    [5, 'SELECT 12.34'],
    [8, "SELECT B'1010101'"],
  ])('a literal may have %d bytes: %s', (bytes, sql) => {
    expect(check(sql, { maximumLiteralBytes: bytes })).toEqual([])
    expect(check(sql, { maximumLiteralBytes: bytes - 1 })).toEqual([
      { rule: 'sql/value-too-large', offset: 7, message: `A literal is longer than ${bytes - 1} bytes.` },
    ])
  })

  it.each([
    ['1e400', '1e401'],
    ['1E+400', '1E+401'],
    ['1.5e-400', '1.5e-401'],
  ])('a number may be %s and not %s', (within, over) => {
    expect(check(`SELECT ${within}`)).toEqual([])
    expect(check(`SELECT ${over}`)).toMatchObject([{ rule: 'sql/value-too-large', offset: 7 }])
    expect(check(`SELECT '${over}'`)).toEqual([])
  })

  it.each([
    ['CUBE', 8],
    ['ROLLUP', 64],
    ['GROUPING SETS', 64],
  ])('%s may have %d elements', (kind, limit) => {
    const grouped = (count: number) =>
      `SELECT 1 FROM t GROUP BY ${kind} (${Array.from({ length: count }, (_, index) => `c${index}`).join(', ')})`
    expect(check(grouped(limit))).toEqual([])
    expect(check(grouped(limit + 1))).toEqual([
      {
        rule: 'sql/too-complex',
        offset: 25,
        message: `A grouping set of ${limit + 1} elements is too large; at most ${limit} are allowed.`,
      },
    ])
  })
})

describe('a recursive query', () => {
  const recursive = (second: string, more = '') =>
    check(`WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL ${second})${more} SELECT * FROM r`).map(({ rule }) => rule)

  it.each([
    'SELECT n + 1 FROM r WHERE n < 10',
    '(SELECT n + 1 FROM r LIMIT 10)',
    'SELECT t.id FROM r JOIN t ON t.parent = r.n',
    'SELECT id FROM r JOIN t USING (n)',
    'SELECT id FROM r NATURAL JOIN t',
    'SELECT t.id FROM (r JOIN t ON t.parent = r.n) CROSS JOIN u',
    'SELECT t.id FROM u CROSS JOIN (r JOIN t ON t.parent = r.n)',
    '(SELECT n FROM r WHERE n < 9 UNION SELECT 2)',
  ])('says why it ends: %s', (second) => {
    expect(recursive(second)).toEqual([])
  })

  it.each([
    'SELECT n + 1 FROM r',
    'SELECT n + 1 FROM r WHERE true',
    'SELECT n + 1 FROM r WHERE 1 < 2',
    'SELECT n + 1 FROM r CROSS JOIN t',
    'SELECT n + 1 FROM r JOIN t ON true',
    '(SELECT n FROM r UNION SELECT 2)',
  ])('without a condition is refused: %s', (second) => {
    expect(recursive(second)).toEqual(['sql/unbounded-recursion'])
  })

  it('may watch for cycles', () => {
    expect(recursive('SELECT n + 1 FROM r', ' CYCLE n SET seen USING path')).toEqual([])
  })

  it('is one only where it names itself, without a schema, under WITH RECURSIVE', () => {
    expect(check('WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT 2) SELECT * FROM r')).toEqual([])
    expect(check('WITH RECURSIVE r AS (SELECT 1 UNION ALL SELECT n FROM public.r) SELECT * FROM r')).toEqual([])
    expect(check('WITH r AS (SELECT 1 UNION ALL SELECT n FROM r) SELECT * FROM r')).toEqual([])
    expect(check('WITH RECURSIVE a AS (SELECT 1), r AS (SELECT n FROM r) SELECT 1')).toMatchObject([
      { rule: 'sql/unbounded-recursion', offset: 0, message: expect.stringContaining('"r"') as string },
    ])
  })
})
