import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { solve } from '../support/differencing/differencing-attacker.ts'
import { openGuardedDatabase, type Asking, type GuardedDatabase } from '../support/differencing/guarded-database.ts'
import { boundUnknowns, type Equation } from '../support/differencing/linear-program.ts'
import { makeEmployees, payrollPolicy, payrollScript, type Employee } from '../support/differencing/payroll.ts'
import { createRandom } from '../support/random.ts'

// Reconstruction: many overlapping sums, averages and counts over rows of all kinds, and one linear system of all
// answers. The attacker knows who is in which group and that pay is between 0 and the most anybody has, and nothing of
// how answers are kept.

/** Statements of one attacker; more on demand. */
const given = process.env['SALLYPORT_RECONSTRUCTION_STATEMENTS']
const budget = Number(given ?? 500)
/** By their seeds; each has all of the statements. */
const attackers = given === undefined ? [1, 2] : [1, 2, 3, 4]
const employees = makeEmployees(80, 17)
const high = Math.max(...employees.map(({ pay }) => pay))
const onePercent = high / 100
const nobodyKnows = employees.map(() => high / 2)

/** For the table of the documentation. */
function showFigures(figures: object): void {
  if (given !== undefined) process.stdout.write(`${JSON.stringify(figures)}\n`)
}

interface Question {
  readonly sql: string
  /** Per row of the answer, by its first cell where it has two: whose pay is added up. */
  readonly members: (group: unknown) => readonly Employee[]
  /** The last cell is a mean. */
  readonly isMean: boolean
}

interface Condition {
  readonly sql: string
  readonly is: (one: Employee) => boolean
}

/** Filters by everything that is known of people, and lists of them, put together at random. */
function condition(integer: (below: number) => number, depth = 0): Condition {
  const number = integer(1_000)
  const ids = new Set(employees.filter(() => integer(5) > number % 5).map(({ id }) => id))
  const plain: readonly Condition[] = [
    {
      sql: `id BETWEEN ${number % 40} AND ${(number % 40) + 6 + (number % 50)}`,
      is: ({ id }) => id >= number % 40 && id <= (number % 40) + 6 + (number % 50),
    },
    { sql: `id % ${2 + (number % 7)} = ${number % 2}`, is: ({ id }) => id % (2 + (number % 7)) === number % 2 },
    { sql: `level <= ${1 + (number % 5)}`, is: ({ level }) => level <= 1 + (number % 5) },
    {
      sql: `site IN ('Bergen', '${number % 2 === 0 ? 'Cadiz' : 'Delft'}')`,
      is: ({ site }) => site === 'Bergen' || site === (number % 2 === 0 ? 'Cadiz' : 'Delft'),
    },
    { sql: `born < ${1962 + (number % 41)}`, is: ({ born }) => born < 1962 + (number % 41) },
    { sql: `id = ANY ('{${[...ids].join(',')}}'::int[])`, is: ({ id }) => ids.has(id) },
    { sql: `id <> ${1 + (number % 80)}`, is: ({ id }) => id !== 1 + (number % 80) },
  ]
  const [first = plain[0], operator] = [plain[integer(plain.length)], integer(5)]
  if (first === undefined) throw new Error('no condition')
  if (depth > 1 || operator > 3) return first
  const second = condition(integer, depth + 1)
  if (operator === 0) return { sql: `(${first.sql} OR ${second.sql})`, is: (one) => first.is(one) || second.is(one) }
  if (operator === 1) return { sql: `(${first.sql} AND ${second.sql})`, is: (one) => first.is(one) && second.is(one) }
  if (operator === 2)
    return { sql: `(${first.sql} AND NOT ${second.sql})`, is: (one) => first.is(one) && !second.is(one) }
  return { sql: `NOT ${first.sql}`, is: (one) => !first.is(one) }
}

const groupings: readonly (readonly [sql: string, of: (one: Employee) => unknown])[] = [
  ['site', ({ site }) => site],
  ['level', ({ level }) => level],
  ['team', ({ team }) => team],
  ['born / 10', ({ born }) => Math.floor(born / 10)],
  ['id % 3', ({ id }) => id % 3],
]

function question(integer: (below: number) => number): Question {
  const { sql: where, is } = condition(integer)
  const isMean = integer(2) === 0
  const aggregate = isMean ? 'avg' : 'sum'
  const [by, of] = groupings[integer(groupings.length * 3)] ?? []
  if (by !== undefined && of !== undefined) {
    const sql = `SELECT ${by} AS g, ${aggregate}(pay) FROM staff WHERE ${where} GROUP BY 1`
    return { sql, isMean, members: (group) => employees.filter((one) => is(one) && of(one) === group) }
  }
  const sql =
    integer(3) === 0
      ? `SELECT ${aggregate}(pay) FILTER (WHERE ${where}) FROM staff`
      : `SELECT ${aggregate}(pay) FROM staff WHERE ${where}`
  return { sql, isMean, members: () => employees.filter(is) }
}

/** The answers so far, combined with others: unions, rests and differences of the groups, all but one and one more. */
function further(told: readonly (readonly Employee[])[], integer: (below: number) => number): Question {
  const [one = [], other = []] = [told[integer(told.length)], told[integer(told.length)]]
  const target = employees[integer(employees.length)]
  const sets = [
    employees.filter((person) => one.includes(person) !== other.includes(person)),
    employees.filter((person) => one.includes(person) || other.includes(person)),
    one.filter((person) => !other.includes(person)),
    employees.filter((person) => !one.includes(person)),
    one.filter((person) => person !== target),
    employees.filter((person) => one.includes(person) || person === target),
  ]
  const members = sets[integer(sets.length)] ?? []
  const sql = `SELECT sum(pay) FROM staff WHERE id = ANY ('{${members.map(({ id }) => id).join(',')}}'::int[])`
  return { sql, isMean: false, members: () => members }
}

async function reconstruct(asking: Asking, seed: number): Promise<Equation[]> {
  const random = createRandom(seed)
  const integer = (below: number): number => Math.floor(random() * below)
  const equations: Equation[] = []
  const told: (readonly Employee[])[] = []
  for (let turn = 0; turn < budget; turn += 1) {
    const { sql, members, isMean } = told.length > 3 && turn % 2 === 1 ? further(told, integer) : question(integer)
    const outcome = await asking.ask(sql)
    for (const row of outcome.kind === 'rows' ? outcome.result.rows : []) {
      const cell = row.at(-1) ?? null
      if (cell === null) continue
      const group = members(row[0])
      const total = Number(cell) * (isMean ? group.length : 1)
      const truth = group.reduce((sum, { pay }) => sum + pay, 0)
      expect(Math.abs(total - truth)).toBeLessThan(0.01)
      told.push(group)
      const coefficients = new Float64Array(employees.length)
      for (const { id } of group) coefficients[id - 1] = 1
      equations.push({ coefficients, total: truth })
    }
  }
  return equations
}

/** Largest share of one value that lies in the span of the answers: 1 is that value itself. */
function certainty(equations: readonly Equation[]): number[] {
  const known = equations.map(({ coefficients, total }) => ({
    members: [...coefficients].flatMap((value, index) => (value === 1 ? [index + 1] : [])),
    sum: total,
  }))
  return [...solve(known, nobodyKnows).certainty]
}

describe('somebody who reconstructs a table from all that is told of it', () => {
  let payroll: GuardedDatabase
  beforeAll(async () => {
    payroll = await openGuardedDatabase(payrollScript(employees), payrollPolicy)
  })
  afterAll(() => payroll[Symbol.asyncDispose]())

  it('solves what can be solved, and bounds the rest as closely as it can be', () => {
    const equation = (coefficients: number[], total: number): Equation => ({
      coefficients: Float64Array.from(coefficients),
      total,
    })
    // Three unknowns between 0 and 10: the first is 4 by two sums; of the others, which are 19 together, none is below 9.
    const solved = boundUnknowns([equation([1, 1, 1, 0], 23), equation([0, 1, 1, 0], 19)], { unknowns: 4, high: 10 })
    const rounded = solved.map(({ low, high }) => [low, high].map((end) => Math.round(end * 1e6) / 1e6 + 0))
    expect(rounded).toEqual([
      [4, 4],
      [9, 10],
      [9, 10],
      [0, 10],
    ])
    // Each pair is 10 together, so that all are 5: no single sum says so.
    const pairs = [equation([1, 1, 0], 10), equation([0, 1, 1], 10), equation([1, 0, 1], 10)]
    for (const { low, high } of boundUnknowns(pairs, { unknowns: 3, high: 10 })) {
      expect([low, high].map(Math.round)).toEqual([5, 5])
    }
    expect(() => boundUnknowns([equation([1], 20)], { unknowns: 1, high: 10 })).toThrow('nothing fits')
  })

  it('has every value without the ledger', async () => {
    const equations = await reconstruct(await payroll.under({ ...payrollPolicy, differencing_ledger: false }), 1)
    expect(Math.min(...certainty(equations))).toBeGreaterThan(1 - 1e-6)
  }, 600_000)

  it.each(attackers)(
    'has nobody’s value with it, exactly or to within a hundredth of the range, by all that was told (attacker %i)',
    async (seed) => {
      const equations = await reconstruct(await payroll.under(payrollPolicy), seed)
      expect(equations.length).toBeGreaterThan(10)
      expect(Math.max(...certainty(equations))).toBeLessThan(0.51)
      const bounds = boundUnknowns(equations, { unknowns: employees.length, high })
      for (const [index, { low, high: most }] of bounds.entries()) {
        const pay = employees[index]?.pay ?? NaN
        expect(low).toBeLessThanOrEqual(pay + 1)
        expect(most).toBeGreaterThanOrEqual(pay - 1)
      }
      const narrowest = Math.min(...bounds.map(({ low, high: most }) => most - low))
      showFigures({
        seed,
        told: equations.length,
        best: Math.max(...certainty(equations)),
        narrowest: narrowest / high,
      })
      expect(narrowest).toBeGreaterThan(onePercent)
    },
    600_000,
  )
})
