import { beforeAll, describe, expect, it } from 'vitest'
import { bindPolicy } from '../../../../../../src/validators/sql/bind-policy.ts'
import { createExaminer, type Examination } from '../../../../../../src/validators/sql/postgresql/examine.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../../../../../src/validators/sql/options.ts'
import { createFakeCatalog } from '../../../../../support/sql/fake-shadow.ts'

const catalog = createFakeCatalog({
  people: { id: 'integer', name: 'text', email: 'text', ssn: 'text', salary: 'numeric', region: 'text' },
  orders: { id: 'integer', person: 'integer', amount: 'numeric' },
})
const policy = bindPolicy(
  sqlPolicyOptions.parse({
    row_limit: 10,
    relations: {
      people: {
        columns: { email: { mask: 'partial' }, ssn: 'deny', salary: 'aggregate-only' },
        other_columns: 'allow',
        entity_key: 'id',
      },
      orders: '*',
    },
  }),
  catalog,
)
let examine: (source: string) => Examination

beforeAll(async () => {
  examine = await createExaminer({ policy, major: 18, options: sqlGateOptions.parse({}) })
})

function value(examination: Examination) {
  if (examination.kind !== 'examined') throw new Error(JSON.stringify(examination))
  return examination.value
}

function rules(sql: string): string[] {
  const examination = examine(sql)
  return examination.kind === 'refused' ? examination.findings.map((finding) => finding.rule) : []
}

describe('a star over a table with restricted columns', () => {
  it('means the columns that may be read', () => {
    expect(value(examine('SELECT * FROM people')).canonical).toBe(
      'SELECT people.id, people.name, people.email, people.region FROM public.people LIMIT 11',
    )
    expect(value(examine('SELECT p.*, o.* FROM people p JOIN orders o ON o.person = p.id')).canonical).toContain(
      'SELECT p.id, p.name, p.email, p.region, o.id, o.person, o.amount FROM',
    )
  })

  it('is left alone elsewhere', () => {
    expect(value(examine('SELECT * FROM orders')).canonical).toContain('SELECT * FROM public.orders')
  })

  it('is refused where it cannot be written out', () => {
    expect(rules('SELECT * FROM people NATURAL JOIN orders')).toEqual(['sql/star-not-expandable'])
    expect(rules('SELECT x.b FROM people AS x(a, b, c, d, e, f)')).toEqual(['sql/columns-renamed'])
  })
})

describe('a masked column', () => {
  it('is a masked output where it stands plainly in the outermost SELECT', () => {
    const { plan } = value(examine('SELECT id, p.email AS contact FROM people p'))
    expect(plan.masks).toEqual([{ position: 1, relation: 'public.people', column: 'email', how: 'partial' }])
    expect(plan.residue).toBe('SELECT id, NULL AS masked_1 FROM public.people AS p')
  })

  it('stays in the residue everywhere else, where the analyzer finds it', () => {
    const kept = (sql: string) => value(examine(sql)).plan.residue
    expect(kept("SELECT id FROM people WHERE email = 'x'")).toContain("email = 'x'")
    expect(kept('SELECT email FROM people ORDER BY lower(email)')).toContain('ORDER BY pg_catalog.lower(email)')
    expect(kept('SELECT lower(email) FROM people')).toContain('lower(email)')
    expect(kept('SELECT e FROM (SELECT email AS e FROM people) q')).toContain('email AS e')
    expect(kept('SELECT email FROM people UNION SELECT name FROM people')).toContain('SELECT email')
  })

  it('cannot be sorted by its number or its name, or made distinct', () => {
    expect(rules('SELECT email FROM people ORDER BY 1')).toEqual(['sql/column-masked'])
    expect(rules('SELECT email FROM people ORDER BY email')).toEqual(['sql/column-masked'])
    expect(rules('SELECT email AS id FROM people ORDER BY id')).toEqual(['sql/column-masked'])
    expect(rules('SELECT DISTINCT email FROM people')).toEqual(['sql/column-masked'])
    expect(rules('SELECT email, count(*) FROM people GROUP BY 1')).toEqual(['sql/column-masked'])
    expect(rules('SELECT email, count(*) FROM people GROUP BY ROLLUP (1)')).toEqual(['sql/column-masked'])
    expect(rules('SELECT email, id FROM people GROUP BY GROUPING SETS ((2), (2, 1))')).toEqual(['sql/column-masked'])
    expect(rules('SELECT email, id FROM people GROUP BY CUBE ((1, 2))')).toEqual(['sql/column-masked'])
  })
})

describe('an aggregate-only column', () => {
  it('is aggregated over groups of enough entities', () => {
    const { canonical, plan } = value(examine('SELECT region, avg(salary) FROM people GROUP BY region'))
    expect(canonical).toContain(
      'HAVING pg_catalog.count(DISTINCT people.id) FILTER (WHERE people.salary IS NOT NULL) >= 5',
    )
    expect(plan.residue).not.toContain('salary')
    expect(plan.guards).toEqual(['public.people.id'])
  })

  it('keeps a HAVING that was there, which is not looked at for small groups: how it fails could tell', () => {
    const { canonical } = value(examine('SELECT region, avg(salary) a FROM people p GROUP BY 1 HAVING count(*) > 1'))
    const guard =
      'HAVING CASE WHEN pg_catalog.count(DISTINCT p.id) FILTER (WHERE p.salary IS NOT NULL) >= 5 THEN pg_catalog.count(*) > 1 ELSE false END'
    expect(canonical).toContain(guard)
  })

  it.each([
    'SELECT salary FROM people',
    'SELECT max(salary) FROM people',
    'SELECT avg(salary + 0) FROM people',
    'SELECT avg(salary) FILTER (WHERE salary > 1) FROM people',
    'SELECT avg(salary) OVER (PARTITION BY id) FROM people',
    'SELECT region FROM people ORDER BY salary',
    'SELECT avg(s) FROM (SELECT salary + 0 AS s FROM people) q',
  ])('stays in the residue of %s', (sql) => {
    expect(value(examine(sql)).plan.residue).toContain('salary')
  })

  it('W12: is that of an inner SELECT or the outer one by where its table stands, whatever a subquery names its outputs', () => {
    const sql = 'SELECT sum(salary) FROM (SELECT region, avg(salary) AS salary FROM people GROUP BY region) q'
    const { plan } = value(examine(sql))
    expect(plan.residue).toMatch(/sum\(salary\) FROM \( ?SELECT region, pg_catalog.avg\(NULL::numeric\) AS salary/)
    expect(plan.audits).toHaveLength(1)
  })

  it('with a FILTER is null where the rows it leaves are of too few, and leaves its condition to the analyzer', () => {
    const { canonical, plan } = value(examine("SELECT avg(salary) FILTER (WHERE name = 'x') FROM people"))
    expect(canonical).toContain(
      "CASE WHEN NOT (pg_catalog.count(DISTINCT people.id) FILTER (WHERE people.salary IS NOT NULL AND name = 'x') >= 5) THEN NULL ELSE pg_catalog.avg(salary) FILTER (WHERE name = 'x') END",
    )
    expect(plan.residue).toContain("avg(NULL::numeric) FILTER (WHERE name = 'x')")
  })

  it('is added up in double precision where it is real: the order of rows would show in the sum', () => {
    const real = createFakeCatalog({ people: { id: 'integer', salary: 'real' } })
    const columns = { salary: 'aggregate-only' }
    const options = { relations: { people: { columns, other_columns: 'allow', entity_key: 'id' } } }
    const given = { policy: bindPolicy(sqlPolicyOptions.parse(options), real), major: 18 }
    return createExaminer({ ...given, options: sqlGateOptions.parse({}) }).then((judge) => {
      const { canonical } = value(judge('SELECT sum(salary), avg(salary) FROM people'))
      expect(canonical).toContain(
        'SELECT CAST(pg_catalog.sum(CAST(salary AS double precision)) AS real), pg_catalog.avg(salary) FROM',
      )
    })
  })

  it('is refused where its groups cannot be counted', () => {
    expect(rules('SELECT (SELECT avg(p.salary) FROM orders) FROM people p')).toEqual(['sql/aggregate-form'])
  })
})

describe('the audit of an aggregate-only column', () => {
  const audits = (sql: string): string[] => value(examine(sql)).plan.audits.map(({ text }) => text)

  it('asks for the rows of the same groups, and computes nothing of what is protected', () => {
    const sql =
      'SELECT region r, 1 / sum(salary) FROM people p WHERE id > 3 GROUP BY r HAVING sum(salary) > 9 ORDER BY 2 LIMIT 3'
    const [audit = '', ...more] = audits(sql)
    expect(more).toEqual([])
    expect(audit).toMatch(
      /^SELECT region AS r, NULL AS nothing, pg_catalog.array_agg.* FROM public.people AS p WHERE id > 3 GROUP BY r/,
    )
    expect(audit).toMatch(/GROUP BY r HAVING pg_catalog.count\(DISTINCT p.id\) >= 5$/)
    expect(audit.match(/FILTER \(WHERE p.id IS NOT NULL OR p.salary IS NOT NULL\)/g)).toHaveLength(2)
    expect(audit).not.toMatch(/sum|ORDER|LIMIT/)
  })

  it.each([
    [
      'a function of several rows',
      'SELECT generate_series(sum(salary)::int, sum(salary)::int) FROM people WHERE id <> 7',
    ],
    ['one in a scalar subquery', 'SELECT (SELECT generate_series(1, sum(salary)::int) FROM people)'],
    ['one within CASE', "SELECT unnest(CASE WHEN sum(salary) > 9 THEN '{1}'::int[] END) FROM people"],
    ['a window over the aggregate', 'SELECT region, rank() OVER (ORDER BY sum(salary)) FROM people GROUP BY region'],
    ['a number that is no group', 'SELECT region, generate_series(1, 0), sum(salary) FROM people GROUP BY 1'],
    ['DISTINCT', 'SELECT DISTINCT round(avg(salary)) FROM people GROUP BY region'],
    ['a set operation', 'SELECT sum(salary) FROM people EXCEPT SELECT 7'],
  ])('L1: asks for rows alone beside %s', (_claim, sql) => {
    const found = audits(sql)
    expect(found).toHaveLength(1)
    expect(found[0]).not.toMatch(/generate_series|unnest|OVER|DISTINCT round|EXCEPT|sum|avg/)
  })

  it.each([
    'SELECT generate_series(1, 0) AS region, sum(salary) FROM people GROUP BY region',
    'SELECT o.*, generate_series(1, 0), sum(salary) FROM people JOIN (SELECT 1 AS x) o ON true GROUP BY 1, 2',
    'SELECT generate_series(1, 0) AS amount, sum(salary) FROM people JOIN orders o ON true GROUP BY amount',
    "SELECT unnest('{1}'::int[]) AS ctid, sum(salary) FROM people GROUP BY ctid",
  ])('L1: is not made where a function of several rows may or may not be a group: %s', (sql) => {
    expect(rules(sql)).toEqual(['sql/aggregate-form'])
  })

  it('keeps a function of several rows that is a group', () => {
    const sql = "SELECT unnest('{a,b}'::text[]) AS skill, avg(salary) FROM people GROUP BY skill"
    expect(audits(sql)[0]).toMatch(
      /^SELECT pg_catalog.unnest\(CAST\('{a,b}' AS text\[\]\)\) AS skill, NULL AS nothing, .* GROUP BY skill/,
    )
  })

  it('is made for every SELECT that aggregates, with the WITH queries it refers to', () => {
    const sql =
      'WITH a AS (SELECT id FROM people), b AS (SELECT 1) SELECT sum(salary) FROM people JOIN a USING (id) UNION ALL SELECT avg(salary) FROM people'
    const [first, second] = audits(sql)
    expect(first).toMatch(/^WITH a AS \(SELECT id FROM public.people\) SELECT/)
    expect(second).toMatch(/^SELECT NULL/)
  })

  it('is not made where no protected column is read', () => {
    expect(audits('SELECT region, count(*) FROM people GROUP BY 1')).toEqual([])
  })

  it.each([
    ['rows chosen at random', 'SELECT avg(salary) FROM people WHERE random() < 0.5'],
    ['groups chosen at random', 'SELECT random() < 0.5 AS g, avg(salary) FROM people GROUP BY g'],
    ['rows chosen by LIMIT', 'SELECT avg(salary) FROM people WHERE id IN (SELECT id FROM people LIMIT 9)'],
    [
      'rows chosen by DISTINCT ON',
      'SELECT avg(salary) FROM people WHERE id IN (SELECT DISTINCT ON (region) id FROM people)',
    ],
    [
      'rows chosen by a window',
      'SELECT avg(salary) FROM people JOIN (SELECT id, row_number() OVER () n FROM people) w USING (id)',
    ],
    ['a sample', 'SELECT avg(salary) FROM people TABLESAMPLE system (50)'],
    ['rows chosen by what is protected', 'SELECT avg(salary) FROM people WHERE id < (SELECT avg(salary) FROM people)'],
    [
      'a recursive WITH',
      'WITH RECURSIVE r AS (SELECT 1 AS id UNION SELECT id + 1 FROM r WHERE id < 9) SELECT avg(salary) FROM people JOIN r USING (id)',
    ],
  ])('refuses %s', (_claim, sql) => {
    const examination = examine(sql)
    expect(examination.kind).toBe('refused')
  })
})
