import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attackLists } from '../support/sql/attack-lists.ts'
import { gateOfAttacks, recordingOf, ShadowRecorder } from '../support/sql/recorded-shadow.ts'
import { sqlAttackRows } from '../support/sql/sql-attack-rows.ts'
import { describeVerdict, openGate, type GateUnderTest } from '../support/sql/sql-gate.ts'

const rows = sqlAttackRows('sql-aggregates')
const groups = [...new Set(rows.map((row) => row.group))]

describe('the SQL gate of aggregate-only columns', () => {
  let gate: GateUnderTest

  beforeAll(async () => {
    gate = await openGate(attackLists['sql-aggregates'].schema, attackLists['sql-aggregates'].policy)
  })

  afterAll(() => gate[Symbol.asyncDispose]())

  it.each(groups)('gives every statement its verdict: %s', async (group) => {
    const wrong: string[] = []
    for (const { sql, expect: expected, rule } of rows.filter((row) => row.group === group)) {
      const verdict = await gate.judge(sql)
      const isRight =
        expected === 'allow'
          ? verdict === 'allow'
          : verdict !== 'allow' && (rule === undefined || verdict.some((finding) => finding.rule === rule))
      if (!isRight) wrong.push(`${expected} ${rule ?? ''}: ${sql} → ${describeVerdict(verdict)}`)
    }
    expect(wrong).toEqual([])
  })

  // `vitest run --project attack test/attack/sql-aggregates.test.ts -u` records anew after a change of list, schema or gate.
  it('gives the answers that were recorded for the tests without a database', async () => {
    const { catalog, process } = gate
    const recorder = new ShadowRecorder(catalog, gate.shadow)
    const recorded = await gateOfAttacks('sql-aggregates', { catalog, shadow: recorder.shadow, process })
    for (const { sql } of rows) await recorded.validate(sql, AbortSignal.timeout(60_000))
    await expect(recorder.text).toMatchFileSnapshot(fileURLToPath(recordingOf('sql-aggregates')))
  })
})
