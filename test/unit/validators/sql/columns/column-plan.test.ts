import { beforeAll, describe, expect, it } from 'vitest'
import { bindPolicy } from '../../../../../src/validators/sql/bind-policy.ts'
import { createExaminer, type Examination } from '../../../../../src/validators/sql/examine.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../../../../src/validators/sql/options.ts'
import { createFakeCatalog } from '../../../../support/fake-shadow.ts'

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
    'SELECT avg(salary) FILTER (WHERE id = 1) FROM people',
    'SELECT avg(salary) OVER (PARTITION BY id) FROM people',
    'SELECT region FROM people ORDER BY salary',
    'SELECT avg(s) FROM (SELECT salary AS s FROM people) q',
  ])('stays in the residue of %s', (sql) => {
    expect(value(examine(sql)).plan.residue).toContain('salary')
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
    expect(audit).toMatch(/^SELECT region AS r, 1 \/ NULL::numeric, .* FROM public.people AS p WHERE id > 3 GROUP BY r/)
    expect(audit).toMatch(
      /GROUP BY r HAVING pg_catalog.count\(DISTINCT p.id\) FILTER \(WHERE p.salary IS NOT NULL\) >= 5$/,
    )
    expect(audit.match(/FILTER \(WHERE p.salary IS NOT NULL\)/g)).toHaveLength(3)
    expect(audit).not.toMatch(/sum|ORDER|LIMIT/)
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
