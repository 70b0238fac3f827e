import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Validator } from '../../src/validators/validator.ts'
import { fileOf, FilesSource } from '../support/databases/files-source.ts'
import { filesAttackPolicy, gateOfFiles, TreeRecorder, treeRecording } from '../support/sql/recorded-duckdb.ts'
import { sqlAttackRows } from '../support/sql/sql-attack-rows.ts'
import { verifies } from '../support/verifies.ts'

const rows = sqlAttackRows('sql-files')
const groups = [...new Set(rows.map((row) => row.group))]
const never = new AbortController().signal
const limits = { maximumRows: 1_000, maximumBytes: 1_000_000, timeoutMilliseconds: 20_000 }

describe('the gate of a source of files', () => {
  let source: FilesSource
  let gate: Validator<'sql'>

  beforeAll(async () => {
    source = new FilesSource({
      orders: fileOf(
        'orders.csv',
        'id,total,city,day\n1,10.5,Oslo,2024-01-02\n2,20,Paris,2024-02-03\n3,5,Oslo,2024-02-04\n4,8,Rome,2024-03-05\n',
      ),
      people: fileOf('people.csv', 'id,name,ssn,salary\n1,Ann,canary-111,5\n2,Bob,canary-222,6\n3,Cy,canary-333,7\n'),
      secrets: fileOf('secrets.csv', 'id,code\n1,canary-code\n'),
    })
    gate = await source.gate(filesAttackPolicy.relations)
  })

  afterAll(() => source[Symbol.asyncDispose]())

  it('is tried with enough of both', () => {
    expect(rows.filter((row) => row.expect === 'refuse').length).toBeGreaterThanOrEqual(60)
    expect(rows.filter((row) => row.expect === 'allow').length).toBeGreaterThanOrEqual(30)
  })

  it.each(groups)('gives every statement its verdict: %s', async (group) => {
    verifies('duckdb.attacks')
    const wrong: string[] = []
    for (const row of rows.filter((candidate) => candidate.group === group)) {
      const verdict = await gate.validate(row.sql, never)
      const found = verdict.kind === 'refused' ? verdict.findings.map(({ rule }) => rule) : []
      const got = verdict.kind === 'refused' ? 'refuse' : 'allow'
      const text = row.sql.slice(0, 200)
      if (got !== row.expect) wrong.push(`${got}: ${text} ${JSON.stringify(verdict).slice(0, 400)}`)
      else if (row.rule !== undefined && !found.includes(row.rule)) wrong.push(`${found.join()}: ${text}`)
      else if (verdict.kind === 'refused') expect(JSON.stringify(verdict.findings)).not.toContain('canary')
      else {
        const result = await source.database.query(verdict.value, limits, never)
        expect(JSON.stringify(result)).not.toContain('canary')
        if (row.rows !== undefined && result.rows.length !== row.rows) wrong.push(`${result.rows.length} rows: ${text}`)
      }
    }
    expect(wrong).toEqual([])
  })

  // `vitest run --project attack test/attack/sql-files.test.ts -u` records anew after a change of the list or the gate.
  it('makes the trees that were recorded for the tests without DuckDB', async () => {
    const catalog = await source.database.catalog(never)
    const recorder = new TreeRecorder({ ...catalog, fingerprint: 'recorded' }, source.database)
    const recorded = gateOfFiles(catalog, recorder.analyzer)
    for (const { sql } of rows) await recorded.validate(sql, never)
    await expect(recorder.text).toMatchFileSnapshot(fileURLToPath(treeRecording))
  })

  it('leaves the tables as they were', async () => {
    verifies('duckdb.attacks')
    const verdict = await gate.validate('SELECT (SELECT count(*) FROM orders), (SELECT count(*) FROM people)', never)
    expect(verdict.kind).toBe('accepted')
    if (verdict.kind === 'accepted')
      expect((await source.database.query(verdict.value, limits, never)).rows).toEqual([[4, 3]])
    expect((await source.database.prove(never)).excess).toEqual([])
  })
})
