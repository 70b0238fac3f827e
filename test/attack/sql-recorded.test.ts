import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { GateProcess } from '../../src/validators/sql/process/gate-process.ts'
import type { SqlGate } from '../../src/validators/sql/sql-gate.ts'
import { openRecordedGate } from '../support/sql/recorded-shadow.ts'
import { sqlAttackRows } from '../support/sql/sql-attack-rows.ts'
import { verdictLines } from '../support/sql/verdict-lines.ts'

// What the analyzer answered was recorded by test/attack/sql.test.ts and sql-aggregates.test.ts, which ask it again. A
// statement that is sent to it in another form than the recorded one is not known here, and refused.
describe.each(['sql', 'sql-aggregates'] as const)('the SQL gate over the recorded answers to %s', (list) => {
  const rows = sqlAttackRows(list)
  const process = new GateProcess({ deadlineMilliseconds: 5_000, memoryMegabytes: 256 })
  let gate: SqlGate

  beforeAll(async () => {
    gate = await openRecordedGate(list, process)
  })

  afterAll(() => process[Symbol.asyncDispose]())

  it.each([...new Set(rows.map((row) => row.group))])('gives every statement its verdict: %s', async (group) => {
    const wrong: string[] = []
    for (const row of rows.filter((each) => each.group === group)) {
      const verdict = await gate.validate(row.sql, AbortSignal.timeout(60_000))
      const found = verdict.kind === 'refused' ? verdict.findings.map(({ rule }) => rule) : []
      const isRight =
        row.expect === 'allow'
          ? verdict.kind === 'accepted'
          : found.length > 0 &&
            !found.includes('sql/not-resolved') &&
            (row.rule === undefined || found.includes(row.rule))
      if (!isRight) wrong.push(`${row.expect} ${row.rule ?? ''}: ${row.sql} → ${found.join()}`)
    }
    expect(wrong).toEqual([])
  })

  it('gives every statement the text or the findings that were recorded', async () => {
    await expect(await verdictLines(gate, rows)).toMatchFileSnapshot(`./${list}-verdicts.jsonl`)
  })
})
