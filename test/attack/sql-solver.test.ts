import { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { builtInFunctions } from '../../src/validators/sql/functions/function-list.ts'
import { attemptsWith, type Signature } from '../support/function-attempts.ts'
import { openGuardedDatabase, type Asking, type GuardedDatabase } from '../support/guarded-database.ts'
import { solveIntervals, type Interval, type Sum } from '../support/interval-solver.ts'
import { makeEmployees, payrollPolicy, payrollScript } from '../support/payroll.ts'
import { serverFunctions } from '../support/server-functions.ts'

// An attacker who knows who is in which group, and that pay is between two numbers, and nothing of how answers are kept.

/** Each function is tried in so many ways, by turns; in all of them with a larger number. */
const ways = Number(process.env['SALLYPORT_SOLVER_WAYS'] ?? 3)
const count = 120
const employees = makeEmployees(count, 11)
const range = { low: 20_000, high: 110_000 }
const onePercent = (range.high - range.low) / 100
const everyone = employees.map(({ id }) => id)
const pay = (ids: readonly number[]): number => ids.reduce((sum, id) => sum + (employees[id - 1]?.pay ?? 0), 0)

const script = `${payrollScript(employees)}
  CREATE VIEW coin AS SELECT id FROM staff WHERE random() < 0.5;
  CREATE VIEW coin_again AS SELECT id FROM coin;
  CREATE TABLE wages (id int, site text, pay numeric) PARTITION BY LIST (site);
  CREATE TABLE wages_north PARTITION OF wages FOR VALUES IN ('Bergen', 'Espoo');
  CREATE TABLE wages_south PARTITION OF wages DEFAULT;
  INSERT INTO wages SELECT id, site, pay FROM staff;
  CREATE TABLE income (id int, level int, pay numeric);
  CREATE TABLE income_high () INHERITS (income);
  INSERT INTO income SELECT id, level, pay FROM staff WHERE level < 4;
  INSERT INTO income_high SELECT id, level, pay FROM staff WHERE level >= 4;`

const person = { columns: { pay: 'aggregate-only' }, other_columns: 'allow', entity_key: 'id' }
const policy = {
  ...payrollPolicy,
  relations: {
    ...payrollPolicy.relations,
    coin: '*',
    coin_again: '*',
    wages: person,
    wages_north: person,
    wages_south: person,
    income: person,
    income_high: person,
  },
}
const unwatched = { ...policy, differencing_ledger: false }

/** A statement whose first cell is the pay of these people together, if anything. */
interface Question {
  readonly sql: string
  readonly members: readonly number[]
}

const where = (is: (one: (typeof employees)[number]) => boolean): number[] => employees.filter(is).map(({ id }) => id)
const sumOf = (table: string, condition: string, members: readonly number[]): Question => ({
  sql: `SELECT sum(pay) FROM ${table} WHERE ${condition}`,
  members,
})

/** Everybody, and everybody but a few, in each way that the same people can be reached. */
function questions(): Question[] {
  const isNorth = ({ site }: { site: string }): boolean => site === 'Bergen' || site === 'Espoo'
  const targets = [1, 7, 30, 61, 90]
  const trees = targets.flatMap((id) => {
    const isOther = (one: { id: number }): boolean => one.id !== id
    return [
      sumOf('wages', `id <> ${id}`, where(isOther)),
      sumOf(
        'ONLY wages_north',
        `id <> ${id}`,
        where((one) => isNorth(one) && isOther(one)),
      ),
      sumOf(
        'wages_north',
        `id <> ${id}`,
        where((one) => isNorth(one) && isOther(one)),
      ),
      sumOf(
        'wages_south',
        `id <> ${id}`,
        where((one) => !isNorth(one) && isOther(one)),
      ),
      sumOf('income', `id <> ${id}`, where(isOther)),
      sumOf(
        'ONLY income',
        `id <> ${id}`,
        where((one) => one.level < 4 && isOther(one)),
      ),
      sumOf(
        'income_high',
        `id <> ${id}`,
        where((one) => one.level >= 4 && isOther(one)),
      ),
    ]
  })
  const slices = Array.from({ length: 60 }, (_, index) => {
    const from = 1 + ((index * 37) % 100)
    const to = from + 5 + ((index * 13) % 40)
    return sumOf(
      'staff',
      `id BETWEEN ${from} AND ${to}`,
      where(({ id }) => id >= from && id <= to),
    )
  })
  const residues = Array.from({ length: 40 }, (_, index) => {
    const parts = 2 + (index % 11)
    return sumOf(
      'staff',
      `id % ${parts} = ${index % parts}`,
      where(({ id }) => id % parts === index % parts),
    )
  })
  const wholes = ['staff', 'wages', 'income', 'wages_north', 'wages_south', 'ONLY income', 'income_high'].map((table) =>
    sumOf(table, 'true', whole(table)),
  )
  return [...wholes, ...trees, ...slices, ...residues]
}

function whole(table: string): number[] {
  if (table.startsWith('wages_')) {
    return where(({ site }) => (site === 'Bergen' || site === 'Espoo') === (table === 'wages_north'))
  }
  if (table === 'ONLY income') return where(({ level }) => level < 4)
  return table === 'income_high' ? where(({ level }) => level >= 4) : everyone
}

/** Sums that were told, and people whom they give away. */
async function campaign(asking: Asking): Promise<{ sums: Sum[]; known: number[] }> {
  const sums: Sum[] = []
  for (const { sql, members } of questions()) {
    const outcome = await asking.ask(sql)
    const cell = outcome.kind === 'rows' ? (outcome.result.rows[0]?.[0] ?? null) : null
    if (cell === null) continue
    expect(Number(cell)).toBe(pay(members))
    sums.push({ weights: new Map(members.map((id) => [id - 1, 1])), total: Number(cell) })
  }
  return { sums, known: given(solveIntervals(sums, { unknowns: count, ...range })) }
}

const given = (intervals: readonly Interval[]): number[] =>
  intervals.flatMap(({ low, high }, index) => (high - low <= onePercent ? [index + 1] : []))

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
  }, 240_000)

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
  }, 240_000)

  it('knows nobody’s with it, through partitions, children, ONLY and parents, asked in either order', async () => {
    const { sums, known } = await campaign(await payroll.under(policy))
    expect(sums.length).toBeGreaterThan(5)
    expect(known).toEqual([])
  }, 240_000)

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
        // Of one person there is no group.
        if (/WHERE id = \d+$/.test(sql) && outcome.result.rows.length === 0) continue
        // Only who chooses the one row, always, asks for everybody again.
        const cells = outcome.result.rows.flat()
        if (!sql.includes(' OR ascii(') || cells.length !== 1 || Number(cells[0]) !== total) told.push(sql)
      }
    }
    expect(asked).toBeGreaterThan(2_000)
    expect(told).toEqual([])
  }, 600_000)
})
