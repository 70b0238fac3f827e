import { beforeAll, describe, expect, it } from 'vitest'
import { bindPolicy } from '../../../../../../src/validators/sql/bind-policy.ts'
import { createExaminer, type Examination } from '../../../../../../src/validators/sql/postgresql/examine.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../../../../../src/validators/sql/options.ts'
import { createFakeCatalog } from '../../../../../support/sql/fake-shadow.ts'

const catalog = createFakeCatalog({
  staff: { id: 'integer', team: 'text', site: 'text', level: 'integer', pay: 'numeric' },
  teams: { id: 'integer', team: 'text', head: 'text' },
})
const options = sqlPolicyOptions.parse({
  relations: {
    staff: { columns: { pay: 'aggregate-only' }, other_columns: 'allow', entity_key: 'id' },
    teams: '*',
  },
})
let examine: (source: string) => Examination

beforeAll(async () => {
  examine = await createExaminer({ policy: bindPolicy(options, catalog), major: 18, options: sqlGateOptions.parse({}) })
})

/** The canonical text without the condition on groups and the limit. */
function canonical(sql: string): string {
  const examination = examine(sql)
  if (examination.kind !== 'examined') throw new Error(JSON.stringify(examination))
  return examination.value.canonical.replace(/ HAVING .*| LIMIT \d+$/, '')
}

describe('W12: a subquery that only chooses rows of one table', () => {
  it.each([
    [
      'WITH s AS (SELECT * FROM staff WHERE level > 2) SELECT avg(pay) FROM s',
      'SELECT pg_catalog.avg(pay) FROM public.staff AS s WHERE s.level > 2',
    ],
    [
      'WITH s AS (SELECT * FROM staff) SELECT team, avg(x.pay) FROM s x WHERE x.level = 1 GROUP BY team',
      'SELECT team, pg_catalog.avg(x.pay) FROM public.staff AS x WHERE x.level = 1 GROUP BY team',
    ],
    [
      "SELECT avg(pay) FROM (SELECT id, pay, level FROM staff t WHERE t.site = 'x') q WHERE level > 1",
      "SELECT pg_catalog.avg(pay) FROM public.staff AS q WHERE q.site = 'x' AND level > 1",
    ],
    [
      'SELECT t.head, sum(s.pay) FROM (SELECT * FROM staff) s JOIN teams t ON t.team = s.team GROUP BY t.head',
      'SELECT t.head, pg_catalog.sum(s.pay) FROM public.staff AS s JOIN public.teams AS t ON t.team = s.team GROUP BY t.head',
    ],
    [
      'SELECT sum(x.pay) FROM (SELECT s.* FROM staff s WHERE s.level > 2) x',
      'SELECT pg_catalog.sum(x.pay) FROM public.staff AS x WHERE x.level > 2',
    ],
    [
      'WITH staff AS (SELECT * FROM staff WHERE level > 2) SELECT sum(pay) FROM staff',
      'SELECT pg_catalog.sum(pay) FROM public.staff AS staff WHERE staff.level > 2',
    ],
    [
      'SELECT sum(pay) FROM (SELECT * FROM (SELECT * FROM staff WHERE level > 1) a WHERE a.team = team) b',
      'SELECT pg_catalog.sum(pay) FROM public.staff AS b WHERE b.level > 1 AND b.team = b.team',
    ],
    [
      'WITH a AS (SELECT * FROM staff WHERE level > 1), b AS (SELECT id, pay FROM a WHERE level < 9) SELECT sum(b.pay) FROM b JOIN teams t ON t.id = b.id',
      'SELECT pg_catalog.sum(b.pay) FROM public.staff AS b JOIN public.teams AS t ON t.id = b.id WHERE b.level > 1 AND b.level < 9',
    ],
    [
      'WITH a AS (SELECT * FROM staff WHERE level > 1) SELECT sum(q.pay) FROM (WITH a AS (SELECT * FROM staff) SELECT * FROM a) q',
      'SELECT pg_catalog.sum(q.pay) FROM public.staff AS q',
    ],
    [
      'SELECT team, avg(salary) FROM (SELECT team, pay AS salary FROM staff WHERE level > 1) s GROUP BY team ORDER BY team',
      'SELECT s.team AS team, pg_catalog.avg(s.pay) FROM public.staff AS s WHERE s.level > 1 GROUP BY s.team',
    ],
    [
      'WITH m AS (SELECT site AS team, team AS site, pay AS money FROM staff) SELECT m.team, sum(money) FROM m WHERE m.site = team GROUP BY m.team',
      'SELECT m.site AS team, pg_catalog.sum(m.pay) FROM public.staff AS m WHERE m.team = m.site GROUP BY m.site',
    ],
    [
      'SELECT t.head, sum(money) FROM (SELECT team AS crew, pay AS money FROM staff) s JOIN teams t ON t.team = s.crew GROUP BY t.head',
      'SELECT t.head AS head, pg_catalog.sum(s.pay) FROM public.staff AS s JOIN public.teams AS t ON t.team = s.team GROUP BY t.head',
    ],
  ])('is the table with its condition: %s', (sql, text) => {
    expect(canonical(sql)).toBe(text)
  })

  it.each([
    ['passes on another name', 'SELECT avg(pay) FROM (SELECT id AS pay FROM staff) s'],
    ['passes on less than is asked for', 'SELECT avg(pay), max(level) FROM (SELECT pay FROM staff) s'],
    ['computes', 'SELECT avg(pay) FROM (SELECT pay, level + 1 AS level FROM staff) s'],
    ['is limited', 'SELECT avg(pay) FROM (SELECT * FROM staff LIMIT 9) s'],
    ['is distinct', 'SELECT avg(pay) FROM (SELECT DISTINCT pay FROM staff) s'],
    ['is sorted', 'SELECT avg(pay) FROM (SELECT pay FROM staff ORDER BY pay) s'],
    ['is grouped', 'SELECT avg(pay) FROM (SELECT pay FROM staff GROUP BY pay) s'],
    ['asks another table', 'SELECT avg(pay) FROM (SELECT pay FROM staff WHERE team IN (SELECT team FROM teams)) s'],
    ['is of two tables', 'SELECT avg(pay) FROM (SELECT pay FROM staff, teams) s'],
    ['is a set operation', 'SELECT avg(pay) FROM (SELECT pay FROM staff UNION ALL SELECT pay FROM staff) s'],
    [
      'may have no row',
      'SELECT avg(pay) FROM teams t LEFT JOIN (SELECT * FROM staff WHERE level > 1) s ON s.team = t.team',
    ],
    [
      'is joined by what it happens to have',
      'SELECT avg(pay) FROM teams NATURAL JOIN (SELECT * FROM staff WHERE level > 1) s',
    ],
    ['is shown as a row', 'SELECT avg(pay), s FROM (SELECT * FROM staff) s GROUP BY s'],
    ['is shown whole without its name', 'SELECT *, avg(pay) FROM (SELECT * FROM staff) s'],
    ['is shown whole', 'SELECT s.*, avg(pay) FROM (SELECT * FROM staff) s'],
    ['has names of its own', 'SELECT avg(pay) FROM (SELECT id, pay FROM staff) s(pay, id)'],
    ['has names of its own in WITH', 'WITH s(pay, id) AS (SELECT id, pay FROM staff) SELECT avg(pay) FROM s'],
    [
      'hides another of its name that computes',
      'WITH a AS (SELECT * FROM staff), b AS (WITH a AS (SELECT id, level AS pay FROM staff) SELECT * FROM a) SELECT avg(pay) FROM b',
    ],
    [
      'renames where a SELECT within could mean another column',
      'SELECT avg(money) FROM (SELECT pay AS money, team FROM staff) s WHERE team IN (SELECT team FROM teams)',
    ],
    [
      'renames what is joined by equal names',
      'SELECT avg(money) FROM (SELECT site AS team, pay AS money FROM staff) s JOIN teams USING (team)',
    ],
    [
      'renames to what an output is called',
      'SELECT level AS money, avg(money) FROM (SELECT pay AS money, level FROM staff) s GROUP BY level ORDER BY money',
    ],
    ['gives one name twice', 'SELECT avg(money) FROM (SELECT pay AS money, id AS money FROM staff) s'],
    ['is recursive', 'WITH RECURSIVE s AS (SELECT * FROM staff) SELECT avg(pay) FROM s'],
  ])('is left as it is where it %s', (_claim, sql) => {
    const examination = examine(sql)
    const audits = examination.kind === 'examined' ? examination.value.plan.audits : []
    expect(audits).toEqual([])
  })

  it('is left as it is where nothing is put together, with a WITH query that nothing reads', () => {
    expect(canonical('WITH unread AS (SELECT id FROM teams) SELECT avg(pay) FROM staff')).toBe(
      'WITH unread AS (SELECT id FROM public.teams) SELECT pg_catalog.avg(pay) FROM public.staff',
    )
  })

  it('is left as it is where nothing protected is aggregated', () => {
    expect(canonical('SELECT count(*) FROM (SELECT id FROM staff WHERE level > 1) s')).toContain('SELECT id FROM')
  })
})
