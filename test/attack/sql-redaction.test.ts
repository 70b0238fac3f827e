import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { QueryResult } from '../../src/databases/database.ts'
import { openGuardedDatabase, type GuardedDatabase } from '../support/differencing/guarded-database.ts'
import { canary, redactionRows } from '../support/sql/redaction-rows.ts'
import { sqlAttackPolicy } from '../support/sql/sql-attack-policy.ts'
import { sqlAttackRows } from '../support/sql/sql-attack-rows.ts'
import { verifies } from '../support/verifies.ts'

const read = (name: string): string => readFileSync(new URL(name, import.meta.url), 'utf8')
const restricted = new Set([
  'a denied column',
  'a masked column',
  'a masked column, passed on',
  'an aggregate-only column',
  'around restricted columns',
  'through a view',
])
const rows = sqlAttackRows('sql').filter(({ group }) => restricted.has(group))
const attempts = rows.filter((row) => row.expect === 'refuse')
const uses = rows.filter((row) => row.expect === 'allow')

describe('restricted columns, on a real database', () => {
  let shop: GuardedDatabase

  beforeAll(async () => {
    shop = await openGuardedDatabase(read('./sql-schema.sql') + redactionRows(), sqlAttackPolicy)
  })

  afterAll(() => shop[Symbol.asyncDispose]())

  it('are attempted and used in as many ways as promised', () => {
    expect([attempts.length >= 60, uses.length >= 60]).toEqual([true, true])
  })

  it('give nothing of themselves to any attempt: no row, no error, no finding', async () => {
    verifies('masks.never-seen')
    const leaks: string[] = []
    for (const { sql } of attempts) {
      const outcome = await shop.ask(sql)
      if (outcome.kind === 'rows') leaks.push(`answered: ${sql}`)
      if (canary.test(JSON.stringify(outcome))) leaks.push(`${sql} → ${JSON.stringify(outcome)}`)
    }
    expect(leaks).toEqual([])
  })

  it('would give them to many of these without the gate', async () => {
    const open = await Promise.all(attempts.map(({ sql }) => shop.unguarded(sql).catch(() => null)))
    const told = open.filter((result) => result !== null && canary.test(JSON.stringify(result.rows)))
    expect(told.length).toBeGreaterThan(30)
  })

  it('leave every legitimate use its rows, masked where they are to be', async () => {
    const wrong: string[] = []
    for (const { sql } of uses) {
      const outcome = await shop.ask(sql)
      const plain = await shop.unguarded(sql)
      if (outcome.kind !== 'rows') wrong.push(`${sql} → ${outcome.said}`)
      else {
        const [given, due] = [sorted(outcome.result.rows), sorted(redacted(plain, outcome.result))]
        if (canary.test(JSON.stringify(given))) wrong.push(`${sql} gave a canary`)
        if (JSON.stringify(given) !== JSON.stringify(due)) wrong.push(`${sql} → ${JSON.stringify([given[0], due[0]])}`)
      }
    }
    expect(wrong).toEqual([])
  })
})

function sorted(list: readonly (readonly unknown[])[]): string[] {
  return list.map((row) => JSON.stringify(row)).toSorted()
}

/** What the reader should see of the plain result: the columns the given one has, in order, with e-mails masked. */
function redacted(plain: QueryResult, given: QueryResult): unknown[][] {
  let next = 0
  const columns = given.columns.map(({ name }) => {
    const at = plain.columns.findIndex((column, index) => index >= next && column.name === name)
    next = at + 1
    return at
  })
  const isMasked = (at: number): boolean => /\.(e?mail)$/.test(originOf(plain, at))
  return plain.rows.map((row) =>
    columns.map((at) => (isMasked(at) ? `•••${JSON.stringify(row[at]).slice(-5, -1)}` : (row[at] ?? null))),
  )
}

function originOf(result: QueryResult, at: number): string {
  const origin = result.columns[at]?.origin ?? null
  return origin === null ? '' : `${origin.relation}.${origin.column}`
}
