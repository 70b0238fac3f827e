import { beforeAll, describe, expect, it } from 'vitest'
import {
  limitRows,
  printCanonical,
  qualifyNames,
} from '../../../../../../src/validators/sql/postgresql/grammar/canonical.ts'
import { loadGrammar, parseStatement } from '../../../../../../src/validators/sql/postgresql/grammar/parse.ts'
import { loadReplicaGrammar } from '../../../../../../src/validators/sql/postgresql/grammar/replica-grammar.ts'
import { bindPolicy } from '../../../../../../src/validators/sql/bind-policy.ts'
import { sqlPolicyOptions } from '../../../../../../src/validators/sql/options.ts'
import { createFunctionPolicy } from '../../../../../../src/validators/sql/postgresql/functions/function-policy.ts'
import { findRelations } from '../../../../../../src/validators/sql/postgresql/names/relations.ts'
import { walkStatement } from '../../../../../../src/validators/sql/postgresql/grammar/walk.ts'
import type { Struct } from '../../../../../../src/validators/sql/syntax-tree.ts'
import { createFakeCatalog } from '../../../../../support/sql/fake-shadow.ts'
import { verifies } from '../../../../../support/verifies.ts'

beforeAll(loadGrammar)

function selectOf(sql: string) {
  const parsed = parseStatement(sql)
  if (!('select' in parsed)) throw new Error(JSON.stringify(parsed.findings))
  return parsed.select
}

function print(sql: string): string {
  return textOf(selectOf(sql))
}

function textOf(select: Struct): string {
  const printed = printCanonical(select, () => true)
  return 'finding' in printed ? printed.finding.message : printed.text
}

describe('W4: what is printed', () => {
  it.each([
    ["SELECT pg_catalog.timezone('utc', now())", "SELECT pg_catalog.timezone('utc', now())"],
    ['SELECT pg_catalog.overlaps(a, b, c, d)', 'SELECT pg_catalog.overlaps(a, b, c, d)'],
    ['SELECT (a, b) OVERLAPS (c, d)', 'SELECT (a, b) OVERLAPS (c, d)'],
    ["SELECT a AT TIME ZONE 'utc'", "SELECT a AT TIME ZONE 'utc'"],
    ['SELECT d AT LOCAL', 'SELECT (d) AT LOCAL'],
  ])('is a call where it was a call, and syntax where it was syntax: %s', (sql, printed) => {
    expect(print(sql)).toBe(printed)
  })

  it.each([
    "a AT TIME ZONE ('u' || 'tc')",
    "(a || b) AT TIME ZONE 'utc'",
    "(a < b) AT TIME ZONE 'x'",
    '(a + b) AT LOCAL',
    "pg_catalog.timezone('utc', a) FILTER (WHERE b) OVER ()",
    '(a IS DISTINCT FROM b) IS TRUE',
    '(a BETWEEN b AND c) = d',
    'a BETWEEN (b AND c) AND d',
    '(a = b) IS NULL',
    '(NOT a) IS NULL',
    '(a IN (1, 2)) IN (true)',
    '(a LIKE b) LIKE c',
    'a LIKE (b LIKE c)',
    '(a BETWEEN 1 AND 2) BETWEEN b AND c',
    'NOT (a IS NFC NORMALIZED)',
    'position((a = b) in c)',
  ])('reads back as the same tree: %s', (expression) => {
    verifies('gate.round-trip')
    expect(print(`SELECT ${expression} FROM t WHERE ${expression}`)).toMatch(/^SELECT/)
  })
})

describe('C5: what cannot be printed', () => {
  const refusal = (sql: string, readsTheSame: (text: string, tree: unknown) => boolean) => {
    const printed = printCanonical(selectOf(sql), readsTheSame)
    if (!('finding' in printed)) throw new Error(printed.text)
    return { offset: printed.finding.offset, message: printed.finding.message }
  }

  it('is named by its place, and by what to write instead', () => {
    const { offset, message } = refusal('SELECT 1 FROM a WHERE b = trim(a, b, c)', () => true)
    expect(offset).toBe(26)
    expect(message).toContain('this call of "btrim" could not be written')
    expect(message).toContain('Write it as name(argument, …)')
  })

  it.each([
    ['SELECT x, y AT LOCAL FROM t', 10, "Write AT TIME ZONE 'zone'."],
    ["SELECT x, json_object('a': x) FROM t", 10, 'Use json_build_object(key, value, …).'],
    ['SELECT x FROM t WHERE true AND y IS JSON', 31, 'Leave it out, or test json_typeof(value::json).'],
    ['SELECT x FROM t WHERE EXISTS (SELECT x FROM (SELECT 1 AS x))', 52, 'Give it a name: (SELECT …) AS name.'],
  ])('by an older version is named so too: %s', async (sql, offset, instead) => {
    const refused = refusal(sql, await loadReplicaGrammar(15))
    expect(refused.message).toContain(instead)
    expect(refused.offset).toBe(offset)
  })
})

describe("what is printed in the library's stead", () => {
  it.each([
    'SELECT a, b FROM t GROUP BY DISTINCT ROLLUP (a), ROLLUP (b)',
    'SELECT (SELECT 1 FROM u GROUP BY c), \' GROUP BY \', "GROUP BY" FROM t GROUP BY DISTINCT a, b',
    'SELECT (SELECT 1 FROM u GROUP BY DISTINCT c) FROM t GROUP BY a',
    'SELECT a FROM t ORDER BY a FETCH FIRST (3) ROWS WITH TIES',
    'SELECT a FROM t ORDER BY a OFFSET 2 FETCH FIRST (3) ROWS WITH TIES',
    'SELECT (a).b, (a)[1], (a)[1:2], (a).*, (f(a)).b[1] FROM t',
    'SELECT ((a).b)."C" FROM t',
    'SELECT CAST(a AS pg_catalog."bit"), CAST(b AS pg_catalog."varbit"), CAST(\'1\' AS pg_catalog.bit(3)) FROM t',
    'SELECT CAST(a AS pg_catalog.bit[]), CAST(b AS int[]) FROM t',
    'SELECT public.timezone(a, b), pg_catalog.timezone(a, b) FROM t',
  ])('is what was written: %s', (sql) => {
    const [printed, again] = [print(sql), print(print(sql))]
    expect(printed.replaceAll(/[()]/g, '')).toBe(sql.replaceAll(/[()]/g, ''))
    expect(again).toBe(printed)
  })
})

describe('the limit of a statement', () => {
  it.each([
    ['SELECT a FROM t', 'SELECT a FROM t LIMIT 10'],
    ['SELECT a FROM t OFFSET 3', 'SELECT a FROM t LIMIT 10 OFFSET 3'],
    ['SELECT a FROM t LIMIT ALL', 'SELECT a FROM t LIMIT 10'],
    ['SELECT a FROM t LIMIT NULL', 'SELECT a FROM t LIMIT 10'],
    ['SELECT a FROM t LIMIT 0', 'SELECT a FROM t LIMIT 0'],
    ['SELECT a FROM t LIMIT 9', 'SELECT a FROM t LIMIT 9'],
    ['SELECT a FROM t LIMIT 11 OFFSET 3', 'SELECT a FROM t LIMIT 10 OFFSET 3'],
    ['SELECT a FROM t UNION SELECT b FROM t', 'SELECT a FROM t UNION SELECT b FROM t LIMIT 10'],
    ["SELECT a FROM t LIMIT '9'", "SELECT * FROM ( SELECT a FROM t LIMIT '9' ) AS limited LIMIT 10"],
    ['SELECT a FROM t LIMIT 3 + 4', 'SELECT * FROM ( SELECT a FROM t LIMIT 3 + 4 ) AS limited LIMIT 10'],
    ['SELECT a FROM t LIMIT 3.5', 'SELECT * FROM ( SELECT a FROM t LIMIT 3.5 ) AS limited LIMIT 10'],
    [
      'SELECT a FROM t ORDER BY a FETCH FIRST 3 ROWS WITH TIES',
      'SELECT * FROM ( SELECT a FROM t ORDER BY a FETCH FIRST (3) ROWS WITH TIES ) AS limited LIMIT 10',
    ],
  ])('is its own where that is a smaller number, and around it otherwise: %s', (sql, limited) => {
    expect(textOf(limitRows(selectOf(sql), 10))).toBe(limited)
  })
})

describe('the names of a statement', () => {
  const catalog = createFakeCatalog({ orders: { id: 'integer' } })
  const policy = bindPolicy(sqlPolicyOptions.parse({ relations: { orders: '*' } }), catalog)
  const functions = createFunctionPolicy(18, { functions: ['shop.vat(numeric)'], overloadedFunctions: ['lower'] })

  function qualified(sql: string, schemas?: readonly string[]): { readonly text: string; readonly open: number } {
    const select = selectOf(sql)
    const { uses } = findRelations(select, policy)
    const open = qualifyNames(walkStatement(select).visits, uses, { policy, functions, schemas })
    return { text: textOf(select), open: open.length }
  }

  it.each([
    ['SELECT upper(id) FROM orders', 'SELECT pg_catalog.upper(id) FROM public.orders'],
    ['SELECT vat(id), shop.vat(id) FROM orders o', 'SELECT shop.vat(id), shop.vat(id) FROM public.orders AS o'],
    ['WITH orders AS (SELECT 1) SELECT * FROM orders', 'WITH orders AS (SELECT 1) SELECT * FROM orders'],
    ["SELECT pg_table_size('orders')", "SELECT pg_catalog.pg_table_size('public.orders')"],
    ["SELECT pg_table_size('public.orders')", "SELECT pg_catalog.pg_table_size('public.orders')"],
    ["SELECT pg_table_size('Orders')", "SELECT pg_catalog.pg_table_size('Orders')"],
    ["SELECT pg_table_size('others')", "SELECT pg_catalog.pg_table_size('others')"],
    ["SELECT pg_table_size(5), length('orders')", "SELECT pg_catalog.pg_table_size(5), pg_catalog.length('orders')"],
    ['SELECT * FROM unnest(a) u', 'SELECT * FROM pg_catalog.unnest(a) AS u'],
    [
      'SELECT * FROM unnest(a, b) AS u (c, d)',
      'SELECT * FROM ROWS FROM (pg_catalog.unnest(a), pg_catalog.unnest(b)) AS u(c, d)',
    ],
    [
      'SELECT * FROM ROWS FROM (unnest(a, b), lower(c)) WITH ORDINALITY',
      'SELECT * FROM ROWS FROM (pg_catalog.unnest(a), pg_catalog.unnest(b), lower(c)) WITH ORDINALITY',
    ],
    [
      'SELECT * FROM unnest(a, b, c)',
      'SELECT * FROM ROWS FROM (pg_catalog.unnest(a), pg_catalog.unnest(b), pg_catalog.unnest(c))',
    ],
    ['SELECT unnest(a, b)', 'SELECT pg_catalog.unnest(a, b)'],
    ['SELECT * FROM shop.unnest(a, b)', 'SELECT * FROM shop.unnest(a, b)'],
    ['SELECT * FROM upper(a, b)', 'SELECT * FROM pg_catalog.upper(a, b)'],
  ])('are written in full: %s', (sql, text) => {
    expect(qualified(sql).text).toBe(text)
  })

  it('are left as they are where the types of what is called decide, until their schemas are known', () => {
    const sql = 'SELECT lower(id), upper(id), lower(a), shop.lower(a) FROM orders'
    const open = 'SELECT lower(id), pg_catalog.upper(id), lower(a), shop.lower(a) FROM public.orders'
    expect(qualified(sql)).toEqual({ text: open, open: 2 })
    const known = 'SELECT pg_catalog.lower(id), pg_catalog.upper(id), shop.lower(a), shop.lower(a) FROM public.orders'
    expect(qualified(sql, ['pg_catalog', 'shop'])).toEqual({ text: known, open: 2 })
  })
})
