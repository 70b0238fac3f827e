import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { attackLists } from '../support/sql/attack-lists.ts'
import { describeVerdict, openGate, type GateUnderTest } from '../support/sql/sql-gate.ts'
import { sqlAttackRows } from '../support/sql/sql-attack-rows.ts'
import { gateOfAttacks, recordingOf, ShadowRecorder } from '../support/sql/recorded-shadow.ts'
import { verifies } from '../support/verifies.ts'

const rows = sqlAttackRows('sql')
const groups = [...new Set(rows.map((row) => row.group))]

describe('the SQL gate', () => {
  let gate: GateUnderTest

  beforeAll(async () => {
    gate = await openGate(attackLists.sql.schema, attackLists.sql.policy)
  })

  afterAll(() => gate[Symbol.asyncDispose]())

  it.each(groups)('gives every statement its verdict: %s', async (group) => {
    verifies('gate.one-select')
    const wrong: string[] = []
    for (const row of rows.filter((row) => row.group === group)) {
      const verdict = await gate.judge(row.sql)
      const isRight =
        row.expect === 'allow'
          ? verdict === 'allow'
          : verdict !== 'allow' && (row.rule === undefined || verdict.some((finding) => finding.rule === row.rule))
      if (!isRight) wrong.push(`${row.expect} ${row.rule ?? ''}: ${row.sql} → ${describeVerdict(verdict)}`)
    }
    expect(wrong).toEqual([])
  })

  it('names no forbidden table, column or function in what it says', async () => {
    // A name written with escapes is said as it reads; it was the sender's own.
    const refused = rows.filter((row) => row.expect === 'refuse' && !row.sql.includes('U&'))
    const findings = await Promise.all(refused.map((row) => gate.judge(row.sql)))
    const leaks = findings.flatMap((verdict, index) => {
      const sent = refused[index]?.sql.toLowerCase() ?? ''
      const said = describeVerdict(verdict).toLowerCase()
      return ['secrets', 'token', 'phone', 'customer_cards', 'secdef_read'].filter(
        (name) => said.includes(name) && !sent.includes(name),
      )
    })
    expect(leaks).toEqual([])
  })

  it.each([
    ['SELECT NAME FROM customers', 'phone', 'phonx'],
    ['SELECT NAME, count(*) FROM customers', 'phone', 'phonx'],
    ["SELECT 1 FROM customers WHERE NAME = 'x'", 'phone', 'phonx'],
    ['SELECT c.NAME FROM customers c', 'phone', 'phonx'],
    ['SELECT * FROM NAME', 'secrets', 'secretz'],
    ['SELECT * FROM NAME', 'customer_cards', 'customer_carts'],
    ['SELECT NAME()', 'vol_write', 'vol_wrote'],
    ['SELECT NAME(1)', 'pg_sleep', 'pg_slept'],
  ])('says the same of what is denied and what is missing: %s', async (sql, denied, missing) => {
    verifies('gate.same-for-missing')
    const said = async (name: string) =>
      describeVerdict(await gate.judge(sql.replace('NAME', name))).replaceAll(name, 'NAME')
    expect(await said(denied)).toBe(await said(missing))
    expect(await said(denied)).not.toBe('allow')
  })

  it.each([
    "SELECT coalesce(pg_typeof(1), 'NAME')",
    "SELECT CASE WHEN id > 1 THEN pg_typeof(id) ELSE 'NAME' END FROM orders",
    "SELECT ARRAY[pg_typeof(1), 'NAME']",
    "SELECT pg_typeof(1) UNION SELECT 'NAME'",
    "SELECT count(*) FROM orders WHERE pg_typeof(id) IN ('NAME', 'integer')",
    "VALUES (pg_typeof(1)), ('NAME')",
  ])('takes no literal for the name of a type, since each table is one: %s', async (sql) => {
    const said = async (name: string) => describeVerdict(await gate.judge(sql.replace('NAME', name)))
    expect(await Promise.all(['secrets', 'secretz', 'public.customer_cards'].map(said))).toEqual(
      Array.from({ length: 3 }, () => 'allow'),
    )
  })

  it.each(["'a'", "'1'", "'orders'"])(
    'is not opened by a harmless statement that differs in literals only: %s',
    async (text) => {
      const opened: string[] = []
      let twins = 0
      for (const { sql } of rows.filter((row) => row.expect === 'refuse')) {
        const twin = sql.replaceAll(/'[^']*'|\b\d+(?:\.\d+)?\b/g, (literal) => (literal.startsWith("'") ? text : '1'))
        if (twin === sql) continue
        const fresh = gate.afresh()
        const first = await fresh.validate(twin, AbortSignal.timeout(60_000))
        if (first.kind === 'accepted') twins += 1
        const second = await fresh.validate(sql, AbortSignal.timeout(60_000))
        if (second.kind === 'accepted') opened.push(`${twin} opened ${sql}`)
      }
      expect(opened).toEqual([])
      expect(twins).toBeGreaterThan(10)
    },
  )

  // `vitest run --project attack test/attack/sql.test.ts -u` records anew after a change of the list, the schema or the gate.
  it('gives the answers that were recorded for the tests without a database', async () => {
    const recorder = new ShadowRecorder(gate.catalog, gate.shadow)
    const { catalog, process } = gate
    const recorded = await gateOfAttacks('sql', { catalog, shadow: recorder.shadow, process })
    for (const { sql } of rows) await recorded.validate(sql, AbortSignal.timeout(60_000))
    await expect(recorder.text).toMatchFileSnapshot(fileURLToPath(recordingOf('sql')))
  })

  it('needed no statement to be given up on', () => {
    expect(gate.events.filter((event) => event.kind === 'shadow-failed' || event.kind === 'gate-hung')).toEqual([])
  })
})
