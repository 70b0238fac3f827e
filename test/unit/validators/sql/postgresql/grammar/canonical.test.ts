import { beforeAll, describe, expect, it } from 'vitest'
import { printCanonical } from '../../../../../../src/validators/sql/postgresql/grammar/canonical.ts'
import { loadGrammar, parseStatement } from '../../../../../../src/validators/sql/postgresql/grammar/parse.ts'
import { loadReplicaGrammar } from '../../../../../../src/validators/sql/postgresql/grammar/replica-grammar.ts'
import { verifies } from '../../../../../support/verifies.ts'

beforeAll(loadGrammar)

function selectOf(sql: string) {
  const parsed = parseStatement(sql)
  if (!('select' in parsed)) throw new Error(JSON.stringify(parsed.findings))
  return parsed.select
}

function print(sql: string): string {
  const printed = printCanonical(selectOf(sql), () => true)
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
