import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtInFunctions } from '../../src/validators/sql/postgresql/functions/function-list.ts'
import { attemptsWith, type Signature } from '../support/sql/function-attempts.ts'
import { openGuardedDatabase, type Asking, type GuardedDatabase } from '../support/differencing/guarded-database.ts'
import { solveIntervals, type Sum } from '../support/differencing/interval-solver.ts'
import {
  count,
  everyone,
  knownBy,
  pay,
  policy,
  questions,
  script,
  toldBy,
  type Told,
  unwatched,
} from '../support/differencing/payroll-questions.ts'
import { serverFunctions } from '../support/sql/server-functions.ts'

/** Each function is tried in so many ways, by turns; in all of them with a larger number. */
const ways = Number(process.env['SALLYPORT_SOLVER_WAYS'] ?? 1)

/** Sums that were answered, and people whom they give away. */
async function campaign(asking: Asking): Promise<{ sums: Told[]; known: number[] }> {
  const sums: Told[] = []
  for (const question of questions()) {
    const outcome = await asking.ask(question.sql)
    const cell = outcome.kind === 'rows' ? (outcome.result.rows[0]?.[0] ?? null) : null
    if (cell === null) continue
    expect(Number(cell)).toBe(pay(question.members))
    sums.push(toldBy(question, Number(cell)))
  }
  return { sums, known: knownBy(sums) }
}

async function signatures(): Promise<Signature[]> {
  await using server = await PGlite.create()
  const { rows } = await server.query<{ name: string; arguments: string; returnsSet: boolean }>(serverFunctions)
  const allowed = builtInFunctions(18)
  return rows
    .filter((row) => allowed.get(row.name)?.has(row.arguments) === true)
    .map(({ name, returnsSet, arguments: types }) => ({
      name,
      returnsSet,
      types: types === '' ? [] : types.split(', '),
    }))
}

describe('somebody who asks everything and solves it', () => {
  let payroll: GuardedDatabase

  beforeAll(async () => {
    payroll = await openGuardedDatabase(script, policy)
  })

  afterAll(() => payroll[Symbol.asyncDispose]())

  it('finds single values where the sums give them', () => {
    const sum = (members: readonly number[], total: number): Sum => ({
      weights: new Map(members.map((id) => [id, 1])),
      total,
    })
    const exact = solveIntervals([sum([0, 1, 2], 60), sum([1, 2], 35)], { unknowns: 4, low: 0, high: 100 })
    expect(exact[0]).toEqual({ low: 25, high: 25 })
    expect(exact[3]).toEqual({ low: 0, high: 100 })
    const near = solveIntervals([sum([0, 1], 199)], { unknowns: 2, low: 0, high: 100 })
    expect(near).toEqual([
      { low: 99, high: 100 },
      { low: 99, high: 100 },
    ])
  })

  it('knows the pay of many without the ledger', async () => {
    const { known } = await campaign(await payroll.under(unwatched))
    expect(known.length).toBeGreaterThan(10)
  })

  it('knows nobody’s with it, through partitions, children, ONLY and parents, asked in either order', async () => {
    const { sums, known } = await campaign(await payroll.under(policy))
    expect(sums.length).toBeGreaterThan(5)
    expect(known).toEqual([])
  })

  it('draws no other rows from views, and none twice', async () => {
    const asking = await payroll.under(policy)
    await asking.ask('SELECT sum(pay) FROM staff')
    for (const view of ['coin', 'coin_again', 'coin', 'coin_again']) {
      const outcome = await asking.ask(`SELECT sum(pay) FROM staff WHERE id <> 7 OR id IN (SELECT id FROM ${view})`)
      expect(outcome.kind).toBe('refused')
    }
  })

  it('gets the rest of everybody but one past no function: around the sum, beside it, inside it, in its groups, for its rows', async () => {
    const asking = await payroll.under(policy)
    const first = await asking.ask('SELECT sum(pay) FROM staff')
    const total = first.kind === 'rows' ? Number(first.result.rows[0]?.[0]) : NaN
    expect(total).toBe(pay(everyone))
    const told: string[] = []
    let asked = 0
    for (const [index, signature] of (await signatures()).entries()) {
      const all = attemptsWith(signature, 1 + (index % count))
      const some = all.map((_, turn) => all[(turn + index * ways) % all.length] ?? '').slice(0, ways)
      for (const sql of some) {
        asked += 1
        const outcome = await asking.ask(sql)
        if (outcome.kind !== 'rows') continue
        // One person alone is never a group.
        if (/WHERE id = \d+$/.test(sql) && outcome.result.rows.length === 0) continue
        // Only who chooses the one row, always, asks for everybody again.
        const cells = outcome.result.rows.flat()
        if (!sql.includes(' OR ascii(') || cells.length !== 1 || Number(cells[0]) !== total) told.push(sql)
      }
    }
    expect(asked).toBeGreaterThan(ways * 650)
    expect(told).toEqual([])
  }, 600_000)
})
