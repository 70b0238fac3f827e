import type { JsonValue } from '../../../src/core/json.ts'
import type { Employee } from './payroll.ts'

/** The pay of these people together is this. */
export interface Equation {
  readonly members: readonly number[]
  readonly sum: number
}

export interface Attempt {
  readonly family: string
  readonly sql: string
  /**
   * What an answer says. Absent where any answer with a value in it would tell about a single person: the statement may
   * be refused, or come back with no row or with nulls.
   */
  readonly read?: (rows: readonly (readonly JsonValue[])[]) => Equation[]
}

type Family = (people: readonly Employee[], integer: (below: number) => number) => Attempt[]

const ids = (people: readonly Employee[]): number[] => people.map(({ id }) => id)

/** The sum over whom `is` holds, in one cell. */
function sumOf(people: readonly Employee[], family: string, where: string, is: (one: Employee) => boolean): Attempt {
  const members = ids(people.filter(is))
  return {
    family,
    sql: `SELECT sum(pay) FROM staff WHERE ${where}`,
    read: (rows) => rows.flatMap(([sum]) => (sum == null ? [] : [{ members, sum: Number(sum) }])),
  }
}

/** Sums by group, in the second cell of each row; the first names the group. */
function sumsBy(
  people: readonly Employee[],
  family: string,
  given: {
    readonly sql: string
    readonly of: (one: Employee) => string | number
    readonly where?: (one: Employee) => boolean
  },
): Attempt {
  const { sql, of, where = () => true } = given
  return {
    family,
    sql,
    read: (rows) =>
      rows.flatMap(([group, sum]) => {
        if (sum == null) return []
        const members = ids(
          people.filter((one) => where(one) && (group === null || JSON.stringify(of(one)) === JSON.stringify(group))),
        )
        return [{ members, sum: Number(sum) }]
      }),
  }
}

const families: Readonly<Record<string, Family>> = {
  'individual tracker': (people, integer) => {
    const target = people[integer(people.length)]
    if (target === undefined) return []
    const { id, team, level, born, site } = target
    const inTeam = (one: Employee): boolean => one.team === team
    const isOne = (one: Employee): boolean => one.level === level && one.born === born && one.site === site
    return [
      sumOf(people, 'individual tracker', `id <> ${id}`, (one) => one.id !== id),
      sumOf(people, 'individual tracker', `team = '${team}'`, inTeam),
      sumOf(
        people,
        'individual tracker',
        `team = '${team}' AND NOT (level = ${level} AND born = ${born} AND site = '${site}')`,
        (one) => inTeam(one) && !isOne(one),
      ),
    ]
  },
  'general tracker': (people, integer) => {
    const id = 1 + integer(people.length)
    const level = 2 + integer(4)
    return [
      sumOf(people, 'general tracker', `id = ${id} OR level <= ${level}`, (one) => one.id === id || one.level <= level),
      sumOf(
        people,
        'general tracker',
        `id = ${id} OR NOT level <= ${level}`,
        (one) => one.id === id || one.level > level,
      ),
      sumOf(people, 'general tracker', `level <= ${level}`, (one) => one.level <= level),
      sumOf(people, 'general tracker', `NOT level <= ${level}`, (one) => one.level > level),
    ]
  },
  'sliding window': (people, integer) => {
    const from = 1 + integer(people.length)
    const to = from + 1 + integer(60)
    return [sumOf(people, 'sliding window', `id BETWEEN ${from} AND ${to}`, (one) => one.id >= from && one.id <= to)]
  },
  'splitting groups': (people, integer) => {
    const parts = 2 + integer(60)
    const born = 1960 + integer(45)
    return [
      sumsBy(people, 'splitting groups', {
        sql: `SELECT id % ${parts}, sum(pay) FROM staff GROUP BY 1`,
        of: ({ id }) => id % parts,
      }),
      sumsBy(people, 'splitting groups', {
        sql: `SELECT id % ${parts}, sum(pay) FROM staff GROUP BY ROLLUP (1)`,
        of: ({ id }) => id % parts,
      }),
      sumsBy(people, 'splitting groups', {
        sql: `SELECT site || level, sum(pay) FROM staff WHERE born < ${born} GROUP BY 1`,
        of: ({ site, level }) => `${site}${level}`,
        where: (one) => one.born < born,
      }),
      sumsBy(people, 'splitting groups', {
        sql: 'SELECT team || site, sum(pay) FROM staff GROUP BY 1',
        of: ({ team, site }) => team + site,
      }),
    ]
  },
  'random halves': (people, integer) => {
    const members = ids(people.filter(() => integer(2) === 1))
    const chosen = new Set(members)
    const where = `id = ANY ('{${members.join(',')}}'::int[])`
    return [sumOf(people, 'random halves', where, ({ id }) => chosen.has(id))]
  },
  'one in many groups': (people, integer) => {
    const part = integer(12)
    const target = 1 + integer(3)
    const from = 4 + integer(8)
    return [
      sumOf(
        people,
        'one in many groups',
        `id = ${target} OR id % 12 = ${part}`,
        ({ id }) => id === target || id % 12 === part,
      ),
      sumOf(people, 'one in many groups', `id > ${from}`, ({ id }) => id > from),
    ]
  },
  union: (people, integer) => {
    const cut = 1 + integer(people.length)
    const gap = integer(4)
    return [
      {
        family: 'union',
        sql: `SELECT 1 AS part, sum(pay) FROM staff WHERE id <= ${cut} UNION ALL SELECT 2, sum(pay) FROM staff WHERE id > ${cut + gap}`,
        read: (rows) =>
          rows.flatMap(([part, sum]) => {
            const members = ids(people.filter(({ id }) => (part === 1 ? id <= cut : id > cut + gap)))
            return sum == null ? [] : [{ members, sum: Number(sum) }]
          }),
      },
    ]
  },
  'difference in one': (people, integer) => {
    const id = 1 + integer(people.length)
    return [
      {
        family: 'difference in one',
        sql: `SELECT (SELECT sum(pay) FROM staff) - (SELECT sum(pay) FROM staff WHERE id <> ${id})`,
        read: (rows) => rows.flatMap(([sum]) => (sum == null ? [] : [{ members: [id], sum: Number(sum) }])),
      },
    ]
  },
  'probing one': (people, integer) => {
    const id = 1 + integer(people.length)
    const guess = 30_000 + integer(60_000)
    const all = probes(id, guess)
    const first = integer(all.length)
    const some = Array.from({ length: 6 }, (_, index) => all[(first + index) % all.length] ?? '')
    return some.map((sql) => ({ family: 'probing one', sql }))
  },
}

/** Each would tell about one person, by a value, by a row that is there or not, or by how it fails. */
function probes(id: number, guess: number): string[] {
  return [
    `SELECT sum(pay) FROM staff WHERE id = ${id}`,
    `SELECT id, avg(pay) FROM staff GROUP BY id`,
    `SELECT max(pay) FROM staff WHERE id <= ${id + 10}`,
    `SELECT percentile_cont(0.5) WITHIN GROUP (ORDER BY pay) FROM staff`,
    `SELECT mode() WITHIN GROUP (ORDER BY pay) FROM staff`,
    `SELECT count(*) FROM staff WHERE pay > ${guess}`,
    `SELECT count(*) FILTER (WHERE pay > ${guess}) FROM staff`,
    `SELECT count(DISTINCT pay) FROM staff`,
    `SELECT sum(pay) FILTER (WHERE id = ${id}) FROM staff`,
    `SELECT sum(CASE WHEN id = ${id} THEN pay END) FROM staff`,
    `SELECT id FROM staff GROUP BY id HAVING sum(pay) > ${guess}`,
    `SELECT id FROM staff WHERE id = ${id} GROUP BY id HAVING 1 / (sum(pay) - ${guess}) > 0`,
    `SELECT id FROM staff WHERE id = ${id} GROUP BY id HAVING (sum(pay) * 1e5)::int > 0`,
    `SELECT count(*) FROM staff WHERE email LIKE 'p${id}%'`,
    `SELECT email, count(*) FROM staff GROUP BY email`,
    `SELECT sum(s.pay) FROM staff s JOIN generate_series(1, 1000) g ON s.id = ${id} OR g = 1`,
    `SELECT avg(s.pay) FROM staff s JOIN (VALUES (${id}), (${id}), (0)) v(id) ON v.id = s.id OR s.id % 2 <> ${id % 2}`,
    `SELECT s.id, (SELECT sum(t.pay) FROM staff t WHERE t.id <> s.id) FROM staff s`,
    `SELECT sum(pay) FROM staff WHERE id IN (SELECT id FROM staff ORDER BY id = ${id} LIMIT 20)`,
    `SELECT sum(pay) FROM staff WHERE random() < 0.5`,
    `SELECT sum(pay) FROM staff TABLESAMPLE bernoulli (50)`,
    `SELECT sum(pay) FROM staff WHERE id <> ${id} AND clock_timestamp() > now()`,
    `SELECT sum(pay) OVER (ORDER BY id) FROM staff`,
    `SELECT name FROM staff ORDER BY pay`,
    `SELECT avg(pay) FROM staff WHERE id < (SELECT avg(pay) - ${guess} FROM staff)`,
    `SELECT corr(pay, id) FROM staff`,
  ]
}

/** Attempts of every family in turn, without end. */
export function* attempts(people: readonly Employee[], random: () => number): Generator<Attempt, never> {
  const integer = (below: number): number => Math.floor(random() * below)
  for (;;) for (const family of Object.values(families)) yield* family(people, integer)
}

/** What somebody who solves all the equations knows of each person: best guess, and the share of it that is certain. */
export function solve(
  equations: readonly Equation[],
  prior: readonly number[],
): { readonly guesses: readonly number[]; readonly certainty: readonly number[] } {
  const guesses = [...prior]
  const certainty = prior.map(() => 0)
  const basis: { readonly vector: Float64Array; readonly excess: number }[] = []
  for (const { members, sum } of equations) {
    const vector = new Float64Array(prior.length)
    for (const id of members) vector[id - 1] = 1
    let excess = sum - members.reduce((total, id) => total + (prior[id - 1] ?? 0), 0)
    for (let pass = 0; pass < 2; pass += 1) {
      for (const other of basis) {
        const overlap = dot(vector, other.vector)
        vector.forEach((value, index) => (vector[index] = value - overlap * (other.vector[index] ?? 0)))
        excess -= overlap * other.excess
      }
    }
    const length = Math.sqrt(dot(vector, vector))
    if (length < 1e-6) continue
    basis.push({ vector: vector.map((value) => value / length), excess: excess / length })
  }
  for (const { vector, excess } of basis) {
    vector.forEach((value, index) => {
      guesses[index] = (guesses[index] ?? 0) + value * excess
      certainty[index] = (certainty[index] ?? 0) + value ** 2
    })
  }
  return { guesses, certainty }
}

function dot(left: Float64Array, right: Float64Array): number {
  return left.reduce((sum, value, index) => sum + value * (right[index] ?? 0), 0)
}
