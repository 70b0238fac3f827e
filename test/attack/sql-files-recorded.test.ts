import { describe, expect, it } from 'vitest'
import { openRecordedFilesGate } from '../support/sql/recorded-duckdb.ts'
import { sqlAttackRows } from '../support/sql/sql-attack-rows.ts'
import { verdictLines } from '../support/sql/verdict-lines.ts'

const rows = sqlAttackRows('sql-files')

// What DuckDB made of each statement was recorded by sql-files.test.ts, which asks it again. A tree that is rebuilt
// differently than at the recording cannot be printed here, so the statement is refused.
describe('the gate of a source of files over the recorded trees of DuckDB', () => {
  const gate = openRecordedFilesGate()

  it.each([...new Set(rows.map((row) => row.group))])('gives every statement its verdict: %s', async (group) => {
    const wrong: string[] = []
    for (const row of rows.filter((each) => each.group === group)) {
      const verdict = await gate.validate(row.sql, new AbortController().signal)
      const found = verdict.kind === 'refused' ? verdict.findings.map(({ rule }) => rule) : []
      const isRight =
        row.expect === 'allow'
          ? verdict.kind === 'accepted'
          : found.length > 0 && (row.rule === undefined || found.includes(row.rule))
      if (!isRight) wrong.push(`${row.expect} ${row.rule ?? ''}: ${row.sql.slice(0, 200)} → ${found.join()}`)
    }
    expect(wrong).toEqual([])
  })

  it('gives every statement the text or the findings that were recorded', async () => {
    await expect(await verdictLines(gate, rows)).toMatchFileSnapshot('./sql-files-verdicts.jsonl')
  })
})
