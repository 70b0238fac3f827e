import { makeEmployees, payrollPolicy, payrollScript } from './payroll.ts'
import { solveIntervals, type Sum } from './interval-solver.ts'

// What an attacker asks and solves who knows who is in which group, and that pay is between two numbers, and nothing of how
// answers are kept.

export const count = 120
const employees = makeEmployees(count, 11)
const range = { low: 20_000, high: 110_000 }
const onePercent = (range.high - range.low) / 100
export const everyone = employees.map(({ id }) => id)
export const pay = (ids: readonly number[]): number => ids.reduce((sum, id) => sum + (employees[id - 1]?.pay ?? 0), 0)

export const script = `${payrollScript(employees)}
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
export const policy = {
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
export const unwatched = { ...policy, differencing_ledger: false }

/** A statement whose first cell is the pay of these people together, if anything. */
export interface Question {
  readonly sql: string
  readonly members: readonly number[]
}

const where = (is: (one: (typeof employees)[number]) => boolean): number[] => employees.filter(is).map(({ id }) => id)
const sumOf = (table: string, condition: string, members: readonly number[]): Question => ({
  sql: `SELECT sum(pay) FROM ${table} WHERE ${condition}`,
  members,
})

/** Everybody, and everybody but a few, in each way that the same people can be reached. */
export function questions(): Question[] {
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

/** A sum that was answered about one tree of tables. */
export interface Told extends Sum {
  readonly tree: string
}

export function toldBy({ sql, members }: Question, total: number): Told {
  const tree = ['wages', 'income'].find((name) => sql.includes(name)) ?? 'staff'
  return { tree, weights: new Map(members.map((id) => [id - 1, 1])), total }
}

/**
 * People whose pay is known to within a hundredth of the range from these sums. Each tree has people of its own: that the
 * same amounts stand in three tables is for the tests to be short, and nothing that a policy could know of.
 */
export function knownBy(told: readonly Told[]): number[] {
  const trees = new Set(told.map(({ tree }) => tree))
  const known = [...trees].flatMap((tree) => {
    const sums = told.filter((sum) => sum.tree === tree)
    const intervals = solveIntervals(sums, { unknowns: count, ...range })
    return intervals.flatMap(({ low, high }, index) => (high - low <= onePercent ? [index + 1] : []))
  })
  return [...new Set(known)]
}
