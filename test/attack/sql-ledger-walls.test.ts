import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import {
  openGuardedDatabase,
  type Asking,
  type GuardedDatabase,
  type Outcome,
} from '../support/differencing/guarded-database.ts'
import { makeEmployees, payrollPolicy, payrollScript } from '../support/differencing/payroll.ts'

const employees = makeEmployees(300, 5)
const total = 'SELECT sum(pay) FROM staff'

const script = `${payrollScript(employees)}
  ALTER TABLE staff ADD bonus numeric, ADD tenure interval, ADD joined timestamptz;
  UPDATE staff SET tenure = make_interval(days => id), joined = '2020-01-01'::timestamptz + make_interval(days => id * 3),
    bonus = CASE WHEN id % 10 = 7 AND id > 7 THEN id * 100 END;
  CREATE VIEW coin AS SELECT id, team FROM staff WHERE random() < 0.5;
  CREATE VIEW coin_again AS SELECT id FROM coin WHERE team <> 'board';
  CREATE VIEW tick AS SELECT id FROM staff WHERE id <> 13 OR extract(microseconds FROM statement_timestamp())::int % 2 = 0;
  CREATE VIEW fine AS SELECT id FROM staff WHERE id <> 13 OR extract(microseconds FROM now())::int % 2 = 0;
  CREATE VIEW first_ones AS SELECT id FROM staff ORDER BY name LIMIT 100;
  CREATE VIEW numbered AS SELECT id, row_number() OVER () AS n FROM staff;
  CREATE VIEW sized AS SELECT id FROM staff WHERE pg_relation_size('calendar') > 0;
  CREATE VIEW recent AS SELECT id, site FROM staff WHERE joined > CURRENT_DATE - 3650;
  CREATE MATERIALIZED VIEW kept AS SELECT id, site FROM staff WHERE random() < 0.5;
  CREATE VIEW rich AS SELECT id, name FROM staff WHERE pay > 70000;
  CREATE VIEW rich_again AS SELECT r.id, c.name AS month FROM rich r JOIN calendar c ON c.month = r.id % 12;
  CREATE VIEW by_pay AS SELECT id, name FROM staff ORDER BY pay;
  CREATE VIEW level_pay AS SELECT level FROM staff GROUP BY level HAVING avg(pay) > 60000;
  CREATE VIEW peers AS SELECT a.id, b.id AS other FROM staff a JOIN staff b ON a.pay = b.pay AND a.id < b.id;
  CREATE VIEW pays AS SELECT id FROM staff WHERE pay > 1 UNION ALL SELECT month FROM calendar;
  CREATE VIEW odd_pay AS SELECT DISTINCT ON (team) team, id FROM staff ORDER BY team, pay DESC;
  CREATE VIEW lifted AS SELECT id FROM (SELECT id, pay * 2 AS twice FROM staff) q WHERE twice > 140000;
  CREATE VIEW named_rich AS SELECT id, name FROM staff WHERE pay > 70000;
  CREATE VIEW plain AS SELECT id, name, site, pay FROM staff WHERE level > 2;
  CREATE MATERIALIZED VIEW kept_pay AS SELECT id, pay FROM staff;
  CREATE VIEW twice_pay AS SELECT id, pay * 2 AS pay FROM staff;
  CREATE VIEW again_pay AS SELECT id, pay FROM twice_pay;
  CREATE FUNCTION pay_but(int) RETURNS numeric LANGUAGE sql STABLE AS 'SELECT sum(pay) FROM public.staff WHERE id <> $1';
  CREATE FUNCTION pay_of(int) RETURNS numeric LANGUAGE plpgsql AS 'BEGIN RETURN (SELECT pay FROM public.staff WHERE id = $1); END';
  CREATE FUNCTION pay_always(int) RETURNS numeric LANGUAGE sql IMMUTABLE AS 'SELECT pay FROM public.staff WHERE id = $1';
  CREATE FUNCTION payroll() RETURNS TABLE (who int, pay numeric) LANGUAGE sql STABLE AS 'SELECT id, pay FROM public.staff';
  CREATE FUNCTION earns(int, int) RETURNS bool LANGUAGE sql STABLE AS 'SELECT pay > $2 FROM public.staff WHERE id = $1';
  CREATE OPERATOR ~> (FUNCTION = earns, LEFTARG = int, RIGHTARG = int);
  CREATE FUNCTION add_pay(numeric, int) RETURNS numeric LANGUAGE plpgsql AS 'BEGIN RETURN $1 + public.pay_of($2); END';
  CREATE AGGREGATE pays_of(int) (SFUNC = add_pay, STYPE = numeric, INITCOND = '0');
  CREATE FUNCTION tidy(text) RETURNS text LANGUAGE sql IMMUTABLE AS 'SELECT upper($1)';
  CREATE VIEW calls_total AS SELECT pay_but(0) AS total;
  CREATE VIEW calls_each AS SELECT month AS id, pay_of(month) AS found FROM calendar;
  CREATE VIEW calls_always AS SELECT month AS id, pay_always(month) AS found FROM calendar;
  CREATE VIEW calls_rows AS SELECT r.who, r.pay AS found FROM payroll() r;
  CREATE VIEW calls_choice AS SELECT month AS id FROM calendar WHERE earns(month, 70000);
  CREATE VIEW calls_operator AS SELECT month AS id, month ~> 70000 AS found FROM calendar;
  CREATE VIEW calls_aggregate AS SELECT pays_of(month) AS found FROM calendar;
  CREATE VIEW calls_again AS SELECT id FROM calls_choice;
  CREATE VIEW calls_text AS SELECT query_to_xml('SELECT pay FROM staff WHERE id = 7', false, false, '')::text AS found;
  CREATE MATERIALIZED VIEW calls_kept AS SELECT month AS id, pay_of(month) AS found FROM calendar;
  CREATE VIEW calls_tidy AS SELECT id, tidy(name) AS name FROM staff;
  CREATE VIEW calls_session AS SELECT id, name FROM staff WHERE site <> coalesce(current_setting('app.site', true), '');
  CREATE VIEW calls_plain AS SELECT id, upper(name) AS name FROM staff WHERE joined < now();`

const views = 'coin coin_again tick fine first_ones numbered sized recent kept'.split(' ')
const calling = 'total each always rows choice operator aggregate again text kept tidy session plain'
  .split(' ')
  .map((name) => `calls_${name}`)
const deciding = 'rich rich_again by_pay level_pay peers pays odd_pay lifted'.split(' ')

const policy = {
  ...payrollPolicy,
  relations: {
    ...payrollPolicy.relations,
    staff: {
      ...payrollPolicy.relations.staff,
      columns: {
        ...payrollPolicy.relations.staff.columns,
        bonus: 'aggregate-only',
        tenure: 'aggregate-only',
      },
    },
    ...Object.fromEntries([...views, ...deciding, ...calling, 'plain'].map((name) => [name, '*'])),
    named_rich: ['id', 'name'],
  },
}

/** The rule that refused it, or null where rows came back. */
function ruleOf(outcome: Outcome): string | null {
  if (outcome.kind === 'rows') return null
  return outcome.kind === 'refused' ? (outcome.rules[0] ?? '') : (/\[(.*?)\]/.exec(outcome.said)?.[1] ?? outcome.code)
}

describe('the walls around aggregate-only columns', () => {
  let payroll: GuardedDatabase

  beforeAll(async () => {
    payroll = await openGuardedDatabase(script, policy)
  })

  afterAll(() => payroll[Symbol.asyncDispose]())

  /** Rules of a statement asked after others, of a ledger of its own. */
  const afresh = async (statements: readonly string[]): Promise<(string | null)[]> => {
    const asking = await payroll.under(policy)
    return askAll(asking, statements)
  }
  const askAll = async (asking: Asking, statements: readonly string[]): Promise<(string | null)[]> => {
    const rules: (string | null)[] = []
    for (const statement of statements) rules.push(ruleOf(await asking.ask(statement)))
    return rules
  }

  it.each([
    'SELECT generate_series(sum(pay)::bigint, sum(pay)::bigint) FROM staff WHERE id <> 7',
    "SELECT string_to_table(sum(pay)::text, '') FROM staff WHERE id <> 7",
    "SELECT regexp_matches(sum(pay)::text, '.', 'g') FROM staff WHERE id <> 7",
    "SELECT regexp_split_to_table(sum(pay)::text, '') FROM staff WHERE id <> 7",
    'SELECT unnest(CASE WHEN sum(pay) > 9 THEN ARRAY[sum(pay)] END) FROM staff WHERE id <> 7',
    'SELECT json_array_elements(json_build_array(sum(pay))) FROM staff WHERE id <> 7',
    "SELECT jsonb_path_query(to_jsonb(sum(pay)), '$') FROM staff WHERE id <> 7",
    'SELECT generate_subscripts(ARRAY[sum(pay)], 1), sum(pay) FROM staff WHERE id <> 7',
    'SELECT (SELECT generate_series(s, s) FROM (SELECT sum(pay)::bigint AS s FROM staff WHERE id <> 7) q)',
    'SELECT generate_series(s, s) FROM (SELECT sum(pay)::bigint AS s FROM staff WHERE id <> 7) q',
    'WITH q AS (SELECT sum(pay)::bigint AS s FROM staff WHERE id <> 7) SELECT g FROM q, generate_series(q.s, q.s) g',
    'SELECT x.* FROM (SELECT sum(pay)::bigint AS s FROM staff WHERE id <> 7) q, LATERAL (SELECT generate_series(q.s, q.s)) x',
    'SELECT generate_series(1, 0) AS a, generate_series(1, 1), sum(pay) FROM staff WHERE id <> 7',
    'SELECT generate_series(1, 0) AS team, generate_series(1, sum(pay)::int % 7), sum(pay) FROM staff WHERE id <> 7 GROUP BY team',
    'SELECT sum(pay) FROM staff WHERE id <> 7 GROUP BY generate_series(1, (SELECT sum(pay) FROM staff)::int % 3)',
    'SELECT sum(pay) FROM staff WHERE id <> 7 GROUP BY generate_series(1, 2)',
    'SELECT sum(pay) FROM staff, generate_series(1, 3) WHERE id <> 7',
    'SELECT DISTINCT sum(pay) FROM staff WHERE id <> 7',
    'SELECT sum(pay) FROM staff WHERE id <> 7 HAVING sum(pay) > 0 ORDER BY sum(pay) LIMIT 1',
    'SELECT 1 FROM staff WHERE id <> 7 HAVING sum(pay) > 0',
    'SELECT 1 FROM staff WHERE id <> 7 ORDER BY sum(pay)',
    'SELECT 1 FROM staff WHERE id <> 7 LIMIT 1 OFFSET (SELECT sum(pay)::int % 2 FROM staff WHERE id <> 7)',
    'SELECT sum(pay) FROM staff WHERE id <> 7 UNION SELECT 1',
    'SELECT max(sum(pay)) OVER () FROM staff WHERE id <> 7',
    'SELECT 1 WHERE EXISTS (SELECT sum(pay) FROM staff WHERE id <> 7 HAVING sum(pay) > 1)',
    'SELECT name FROM calendar WHERE month < (SELECT sum(pay) FROM staff WHERE id <> 7)',
    'SELECT sum(pay) FILTER (WHERE id <> 7) FROM staff',
    'SELECT count(*), count(pay) FILTER (WHERE id <> 7) FROM staff',
    'SELECT avg(pay) FROM staff GROUP BY GROUPING SETS ((), (id = 7))',
    'SELECT id <> 7, sum(pay) FROM staff GROUP BY "?column?"',
    'SELECT id <> 7, sum(pay) FROM staff GROUP BY ROLLUP ("?column?")',
    'SELECT id <> 7 AS nothing, level < 3, avg(pay) FROM staff GROUP BY nothing, "?column?"',
    'SELECT greatest(id, 7) <> 7, sum(pay) FROM staff GROUP BY GROUPING SETS (("?column?"), ())',
  ])('L1: tells nothing of one in the rest of everybody: %s', async (sql) => {
    const [first, second] = await afresh([total, sql])
    expect(first).toBeNull()
    expect(second).toMatch(/^sql\/(differencing|aggregate)/)
  })

  const clocks = [
    'extract(microseconds FROM statement_timestamp())::bigint % 2 = 0',
    'extract(microseconds FROM clock_timestamp())::bigint % 2 = 0',
    'extract(microseconds FROM transaction_timestamp())::bigint % 2 = 0',
    'extract(microseconds FROM now())::bigint % 2 = 0',
    'extract(microseconds FROM CURRENT_TIMESTAMP)::bigint % 2 = 0',
    'extract(microseconds FROM LOCALTIMESTAMP)::bigint % 2 = 0',
    'extract(microseconds FROM CURRENT_TIME)::bigint % 2 = 0',
    'extract(microseconds FROM LOCALTIME)::bigint % 2 = 0',
    "extract(microseconds FROM 'now'::timestamptz)::bigint % 2 = 0",
    "extract(microseconds FROM timestamp 'now')::bigint % 2 = 0",
    "extract(microseconds FROM ('n' || 'ow')::timestamptz)::bigint % 2 = 0",
    "extract(microseconds FROM ('n' || 'ow')::time)::bigint % 2 = 0",
    "extract(microseconds FROM ((ARRAY['n' || 'ow'])::timestamptz[])[1])::bigint % 2 = 0",
    "extract(microseconds FROM lower(('[n' || 'ow,)')::tstzrange))::bigint % 2 = 0",
    "(SELECT extract(microseconds FROM t)::bigint % 2 = 0 FROM jsonb_to_record(jsonb_build_object('t', 'n' || 'ow')) AS x(t timestamptz))",
    "right(timeofday(), 10) LIKE '%1%'",
    "to_char(now(), 'US')::int % 2 = 0",
    "now()::text LIKE '%1'",
    "date_part('milliseconds', now())::int % 2 = 0",
    "now() - date_trunc('second', now()) < interval '500 milliseconds'",
    "extract(epoch FROM now() - '2020-01-01')::bigint % 2 = 0",
    "extract(epoch FROM age(now(), '2020-01-01'))::bigint % 2 = 0",
    '(SELECT extract(microseconds FROM n)::int % 2 = 0 FROM (SELECT now() AS n) q)',
    'hashtext(now()::text) % 2 = 0',
    "md5(now()::text) < '8'",
    'random() < 0.5',
    'random_normal() < 0',
    "gen_random_uuid()::text < '8'",
    "uuidv7()::text LIKE '%1'",
    "pg_relation_size('staff') % 2 = 0",
    "pg_total_relation_size('staff') > 1",
    "pg_table_size('staff') > 1",
    "pg_indexes_size('staff') > 1",
    'pg_column_size(name) > 1',
    '(array_shuffle(ARRAY[1, 2]))[1] = 1',
    '(array_sample(ARRAY[1, 2], 1))[1] = 1',
    '(SELECT (array_agg(s.id))[1] FROM staff s) = 1',
    '(ARRAY(SELECT s.id FROM staff s))[1] = 1',
    "(SELECT string_agg(s.id::text, '') FROM staff s) LIKE '1%'",
    '(SELECT any_value(s.id) FROM staff s) = 1',
    "(SELECT (json_agg(s.id))->>0 FROM staff s) = '1'",
    "JSON_ARRAY(SELECT s.id FROM staff s)::text LIKE '[1,%'",
  ]
  it.each(clocks)('L2: lets nothing choose rows that may be other in a moment: %s', async (condition) => {
    const refused = await afresh([`SELECT sum(pay) FROM staff WHERE id <> 13 OR ${condition}`])
    expect(refused[0]).toMatch(/^sql\/(aggregate-form|function-not-allowed)$/)
    const grouped = await afresh([
      `SELECT (${condition.replaceAll('name', "'x'")}) AS g, sum(pay) FROM staff GROUP BY g`,
    ])
    expect(grouped[0]).toMatch(/^sql\/(aggregate-form|function-not-allowed)$/)
  })

  it.each([
    "SELECT sum(pay) FROM staff WHERE joined > now() - interval '30 years'",
    'SELECT avg(pay) FROM staff WHERE joined > CURRENT_DATE - 9000',
    "SELECT avg(pay) FROM staff WHERE joined BETWEEN CURRENT_TIMESTAMP - interval '20 years' AND CURRENT_TIMESTAMP",
    "SELECT avg(pay) FROM staff WHERE joined >= date_trunc('year', now()) - interval '9 years'",
    'SELECT avg(pay) FROM staff WHERE extract(year FROM joined) <> extract(year FROM now()) + 1',
    "SELECT avg(pay) FROM staff WHERE joined > 'now'::timestamptz - interval '30 years'",
    "SELECT avg(pay) FROM staff WHERE joined < 'today'",
    "SELECT avg(pay) FROM staff WHERE age(joined) > interval '10 days'",
    "SELECT avg(pay) FROM staff WHERE now() - joined > interval '10 days'",
    'SELECT avg(pay) FROM staff WHERE extract(epoch FROM now() - joined) / 86400 > 10',
    'SELECT extract(year FROM age(joined)) AS years, avg(pay) FROM staff GROUP BY 1',
    "SELECT to_char(joined, 'YYYY-MM') AS month, sum(pay) FROM staff GROUP BY 1 ORDER BY 1",
    "SELECT date_trunc('month', joined) AS month, avg(pay), now() AS asked FROM staff GROUP BY 1",
    'SELECT extract(month FROM joined), count(pay), random() FROM staff GROUP BY 1',
    'SELECT joined::date - joined::date AS d, avg(pay) FROM staff GROUP BY 1',
    "SELECT avg(pay) FROM staff WHERE to_char(joined, 'YYYY') = to_char(now(), 'YYYY') OR id > 0",
    'SELECT avg(pay) FROM staff WHERE id = ANY (ARRAY(SELECT id FROM staff WHERE level > 2))',
    "SELECT CASE WHEN site = 'Delft' THEN 'today' ELSE 'other' END, avg(pay) FROM staff GROUP BY 1",
    "SELECT avg(pay) FILTER (WHERE site = 'Delft'), avg(pay) FILTER (WHERE site = 'Espoo') FROM staff",
    'SELECT extract(epoch FROM avg(tenure)) / 86400 FROM staff',
    'SELECT avg(tenure), sum(tenure) FROM staff',
    'SELECT sum(pay) FROM (SELECT site, avg(pay) AS pay FROM staff GROUP BY site) q',
  ])('L2: answers ordinary questions of time: %s', async (sql) => {
    const asking = await payroll.under(policy)
    const outcome = await asking.ask(sql)
    expect(outcome).toMatchObject({ kind: 'rows' })
    expect(outcome.kind === 'rows' && outcome.result.rows.length).toBeGreaterThan(0)
  })

  it.each(['coin', 'coin_again', 'tick', 'fine', 'first_ones', 'numbered', 'sized'])(
    'L5: refuses rows that the view %s chooses otherwise each time',
    async (view) => {
      const rules = await afresh([
        `SELECT sum(pay) FROM staff WHERE id IN (SELECT id FROM ${view})`,
        `SELECT sum(s.pay) FROM staff s JOIN ${view} v ON v.id = s.id`,
        `WITH v AS (SELECT id FROM ${view}) SELECT sum(pay) FROM staff WHERE EXISTS (SELECT 1 FROM v WHERE v.id = staff.id)`,
      ])
      expect(rules).toEqual(['sql/aggregate-form', 'sql/aggregate-form', 'sql/aggregate-form'])
    },
  )

  it.each(['recent', 'kept'])('L5: takes rows by the view %s, which stays as it is', async (view) => {
    expect(await afresh([`SELECT sum(pay) FROM staff WHERE id IN (SELECT id FROM ${view})`])).toEqual([null])
  })

  it.each(deciding)('L9: does not show the view %s, whose rows are chosen by a restricted column', async (view) => {
    const rules = await afresh([`SELECT count(*) FROM ${view}`, `SELECT * FROM ${view}`])
    expect(rules).toEqual(['sql/relation-not-allowed', 'sql/relation-not-allowed'])
  })

  it.each(calling.slice(0, 10))(
    'L9: does not show the view %s, which calls what the analyzer cannot look into',
    async (view) => {
      const rules = await afresh([
        `SELECT * FROM ${view}`,
        `SELECT count(*) FROM ${view}`,
        `SELECT sum(pay) FROM staff WHERE EXISTS (SELECT FROM ${view})`,
      ])
      expect(rules).toEqual(Array.from({ length: 3 }, () => 'sql/relation-not-allowed'))
    },
  )

  it('L9: shows views that call what a statement may call, what tells about the session, and what the policy names', async () => {
    expect(await afresh(['SELECT * FROM calls_plain', 'SELECT * FROM calls_session', 'TABLE calls_tidy'])).toEqual([
      null,
      null,
      'sql/relation-not-allowed',
    ])
    const byFunction = await payroll.under({ ...policy, functions: ['public.tidy(text)'] })
    const byColumn = await payroll.under({ ...policy, relations: { ...policy.relations, calls_tidy: ['id', 'name'] } })
    for (const asking of [byFunction, byColumn]) {
      const outcome = await asking.ask('SELECT name FROM calls_tidy WHERE id = 7')
      expect(outcome.kind === 'rows' && outcome.result.rows).toEqual([['NAME 7']])
    }
  })

  it('L9: leaves views as they are under a policy that hides nothing', async () => {
    const whole = await payroll.under({ relations: { staff: '*', calls_total: '*' } })
    const outcome = await whole.ask('SELECT total FROM calls_total')
    const sum = employees.reduce((all, { pay }) => all + pay, 0)
    expect(outcome.kind === 'rows' && outcome.result.rows).toEqual([[sum]])
  })

  it('L9: shows a view by the columns the policy names, and one that only passes the column on', async () => {
    const rules = await afresh([
      'SELECT id, name FROM named_rich',
      'SELECT id, name, site FROM plain',
      'SELECT pay FROM plain',
    ])
    expect(rules).toEqual([null, null, 'sql/column-not-allowed'])
  })

  it.each(['plain', 'kept_pay', 'twice_pay', 'again_pay'])(
    'L9: starts with no policy by which %s and its table keep two ledgers of the same values',
    async (view) => {
      const person = { columns: { pay: 'aggregate-only', id: 'allow' }, other_columns: 'deny', entity_key: 'id' }
      const both = { ...policy, relations: { ...policy.relations, [view]: person } }
      await expect(payroll.under(both)).rejects.toThrow(
        /the same values in aggregate-only columns, and keep two ledgers/,
      )
      const viewOnly = await payroll.under({ ...policy, relations: { [view]: person } })
      const rules = [ruleOf(await viewOnly.ask(`SELECT sum(pay) FROM ${view}`))]
      rules.push(ruleOf(await viewOnly.ask(`SELECT sum(pay) FROM ${view} WHERE id <> 13`)))
      expect(rules).toEqual([null, 'sql/differencing'])
    },
  )

  it('L8: does not tell by a refusal whether one person has a value', async () => {
    const without = employees.filter(({ id }) => !(id % 10 === 7 && id > 7))
    expect(without.some(({ id }) => id === 7)).toBe(true)
    for (const id of [7, 17]) {
      const rules = await afresh(['SELECT count(bonus) FROM staff', `SELECT count(bonus) FROM staff WHERE id <> ${id}`])
      expect(rules).toEqual([null, 'sql/differencing'])
    }
  })

  it('L8: takes a question for asked whether or not its group had enough values', async () => {
    const few = 'SELECT sum(bonus) FROM staff WHERE id BETWEEN 8 AND 20'
    const asking = await payroll.under(policy)
    const outcome = await asking.ask(few)
    expect(outcome.kind === 'rows' && outcome.result.rows).toEqual([])
    expect(await askAll(asking, ['SELECT sum(pay) FROM staff WHERE id BETWEEN 8 AND 19'])).toEqual(['sql/differencing'])
  })

  it('L8: adds up no few values by the difference of groups with enough of them', async () => {
    const most = (from: number): string => `SELECT sum(bonus) FROM staff WHERE id BETWEEN ${from} AND 300`
    expect(await afresh([most(1), most(20)])).toEqual([null, 'sql/differencing'])
  })
})
