import { afterAll, describe, expect, it } from 'vitest'
import type { Verdict } from '../../../../../src/core/verdict.ts'
import { bindPolicy } from '../../../../../src/validators/sql/bind-policy.ts'
import { createPostgresqlGate } from '../../../../../src/validators/sql/postgresql/gate.ts'
import { GateProcess } from '../../../../../src/validators/sql/process/gate-process.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../../../../src/validators/sql/options.ts'
import { createFakeCatalog, createFakeShadow } from '../../../../support/sql/fake-shadow.ts'
import { verifies } from '../../../../support/verifies.ts'

const catalog = createFakeCatalog({
  orders: { id: 'integer', customer: 'text', amount: 'numeric', placed_at: 'timestamp with time zone' },
  secret_salaries: { id: 'integer', ssn: 'text' },
})
const policy = bindPolicy(sqlPolicyOptions.parse({ relations: { orders: '*' }, row_limit: 100 }), catalog)
const shadow = createFakeShadow(catalog)
const signal = new AbortController().signal

// Starting one takes most of the time of a test.
const shared = new GateProcess({ deadlineMilliseconds: 2_000, memoryMegabytes: 256 })
const gate = createPostgresqlGate({ source: 'shop', catalog, shadow, policy, process: shared })

afterAll(() => Promise.all([gate[Symbol.asyncDispose](), shared[Symbol.asyncDispose]()]))

function rules(verdict: Verdict<unknown>): string[] {
  return verdict.kind === 'refused' ? verdict.findings.map((finding) => finding.rule) : []
}

async function refusal(sql: string): Promise<string[]> {
  return rules(await gate.validate(sql, signal))
}

async function canonical(sql: string): Promise<string> {
  const verdict = await gate.validate(sql, signal)
  return verdict.kind === 'accepted' ? verdict.value.text : JSON.stringify(verdict.findings)
}

describe('the canonical text', () => {
  it('has no comments, every name in full, and the row limit plus one', async () => {
    verifies('gate.canonical-text')
    expect(await canonical('select count(*) /* how many */ from orders -- all')).toBe(
      'SELECT pg_catalog.count(*) FROM public.orders LIMIT 101',
    )
  })

  it('keeps a smaller limit and lowers a larger one', async () => {
    expect(await canonical('SELECT id FROM orders LIMIT 7')).toBe('SELECT id FROM public.orders LIMIT 7')
    expect(await canonical('SELECT id FROM orders LIMIT 100000')).toBe('SELECT id FROM public.orders LIMIT 101')
    expect(await canonical('SELECT id FROM orders LIMIT ALL')).toBe('SELECT id FROM public.orders LIMIT 101')
  })

  it('limits around a limit that is not a constant', async () => {
    expect(await canonical('SELECT id FROM orders LIMIT 5 + 5')).toBe(
      'SELECT * FROM ( SELECT id FROM public.orders LIMIT 5 + 5 ) AS limited LIMIT 101',
    )
    expect(await canonical('SELECT id FROM orders ORDER BY id FETCH FIRST 5 ROWS WITH TIES')).toBe(
      'SELECT * FROM ( SELECT id FROM public.orders ORDER BY id FETCH FIRST (5) ROWS WITH TIES ) AS limited LIMIT 101',
    )
  })

  it('keeps GROUP BY DISTINCT and subscripts', async () => {
    expect(await canonical('SELECT count(*) FROM orders GROUP BY DISTINCT ROLLUP (id), ROLLUP (customer)')).toContain(
      'GROUP BY DISTINCT ROLLUP',
    )
    expect(await canonical('SELECT (ARRAY[1,2,3])[1:2]')).toBe('SELECT (ARRAY[1, 2, 3])[1:2] LIMIT 101')
  })

  it('leaves the name of a WITH query alone and qualifies the table it hides', async () => {
    expect(await canonical('WITH orders AS (SELECT id FROM orders) SELECT * FROM orders')).toBe(
      'WITH orders AS (SELECT id FROM public.orders) SELECT * FROM orders LIMIT 101',
    )
  })
})

describe('what is refused before anything is resolved', () => {
  it.each([
    ['SELECT 1\0; DROP TABLE orders', 'sql/character'],
    ['SELECT \u202E1', 'sql/character'],
    ['', 'sql/empty'],
    ['-- nothing', 'sql/empty'],
    ['SELECT 1; SELECT 2', 'sql/one-statement'],
    ['DELETE FROM orders', 'sql/not-select'],
    ['SELEC 1', 'sql/syntax'],
    ['SELECT * FROM orders FOR UPDATE', 'sql/syntax-not-allowed'],
    ['SELECT * INTO x FROM orders', 'sql/syntax-not-allowed'],
    ['WITH x AS (DELETE FROM orders RETURNING 1) SELECT * FROM x', 'sql/syntax-not-allowed'],
    ['SELECT xmlparse(document $$<a/>$$)', 'sql/syntax-not-allowed'],
    ['SELECT $1', 'sql/syntax-not-allowed'],
    ['SELECT * FROM other.public.orders', 'sql/syntax-not-allowed'],
    ['SELECT 1 FROM orders ORDER BY id USING OPERATOR(public.<)', 'sql/syntax-not-allowed'],
    ['SELECT 1 /*! UNION SELECT 2 */', 'sql/comment'],
    ['SELECT pg_sleep(1)', 'sql/function-not-allowed'],
    ['SELECT public.lower(customer) FROM orders', 'sql/function-not-allowed'],
    ['SELECT current_user', 'sql/function-not-allowed'],
    ['SELECT 1 OPERATOR(public.+) 1', 'sql/function-not-allowed'],
    ["SELECT 'orders'::regclass", 'sql/type-not-allowed'],
    ['SELECT NULL::secret_salaries', 'sql/type-not-allowed'],
    ["SELECT 'x'::char(10000000)", 'sql/value-too-large'],
    ["SELECT repeat(repeat('x', 1000), 1000)", 'sql/value-too-large'],
    ["SELECT repeat('x', 10000 * 10000)", 'sql/value-too-large'],
    ["SELECT repeat('x', id) FROM orders", 'sql/value-too-large'],
    ["SELECT format('%1000000000s', 'x')", 'sql/value-too-large'],
    ["SELECT format('%*s', id, 'x') FROM orders", 'sql/value-too-large'],
    ['SELECT array_fill(1, ARRAY[10000, 10000])', 'sql/value-too-large'],
    ['SELECT count(*) FROM generate_series(1, 1e12)', 'sql/value-too-large'],
    ['SELECT 9^(9^(9^9))', 'sql/value-too-large'],
    ["SELECT id FROM orders WHERE customer ~ '((a{1,200}){1,200}){1,200}'", 'sql/pattern-too-expensive'],
    ['SELECT count(*) FROM orders a, orders b, orders c', 'sql/cartesian-product'],
    ['WITH RECURSIVE r(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM r) SELECT * FROM r', 'sql/unbounded-recursion'],
    ['SELECT count(*) FROM orders GROUP BY CUBE (id,customer,amount,1,2,3,4,5,6)', 'sql/too-complex'],
  ])('%s', async (sql, rule) => {
    expect(await refusal(sql)).toContain(rule)
  })

  it('a table that is forbidden and one that is missing read the same', async () => {
    verifies('gate.same-for-missing')
    const [forbidden, missing] = await Promise.all([
      gate.validate('SELECT * FROM secret_salaries', signal),
      gate.validate('SELECT * FROM absent_salaries', signal),
    ])
    expect(JSON.stringify(forbidden).replaceAll('secret_salaries', 'x')).toBe(
      JSON.stringify(missing).replaceAll('absent_salaries', 'x'),
    )
  })

  it('says everything at once, where it stands, and what is allowed instead', async () => {
    verifies('gate.teaches')
    const verdict = await gate.validate("SELECT 'ü',\n  pg_sleep(1)\nFROM ordrs", signal)
    expect(verdict.kind === 'refused' ? verdict.findings : []).toEqual([
      expect.objectContaining({ rule: 'sql/function-not-allowed', line: 2, column: 3 }),
      expect.objectContaining({ rule: 'sql/relation-not-allowed', line: 3, column: 6 }),
    ])
    expect(JSON.stringify(verdict)).toContain('Did you mean \\"orders\\"?')
  })
})

describe('a refusal teaches', () => {
  it.each([
    ['SELECT strftime(placed_at) FROM orders', 'In PostgreSQL write to_char(date, format)'],
    ['SELECT group_concat(customer) FROM orders', 'In PostgreSQL write string_agg(value, separator)'],
    ['SELECT lenght(customer) FROM orders', 'Did you mean "length"?'],
    ['SELECT "x" FROM', 'PostgreSQL cannot parse this: syntax error at end of input'],
    ['SELECT * FROM order', 'PostgreSQL cannot parse this: syntax error at or near "order"'],
    ['SELECT * FROM oders', 'Did you mean "orders"?'],
    ["SELECT repeat('x', id) FROM orders", 'use literal sizes'],
  ])('%s', async (sql, sentence) => {
    const verdict = await gate.validate(sql, signal)
    expect(verdict.kind === 'refused' ? verdict.findings.map((finding) => finding.message).join() : '').toContain(
      sentence,
    )
  })
})

describe('what is resolved', () => {
  it('refuses a relation, a column and a function that only the analyzer saw', async () => {
    verifies('gate.resolved-names')
    const seen = createFakeShadow(catalog, {
      relations: ['public.secret_salaries'],
      columns: ['public.secret_salaries.ssn'],
      functions: ['pg_catalog.pg_sleep(double precision)'],
    })
    await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow: seen, policy, process: shared })
    expect(rules(await gate.validate('SELECT id FROM orders', signal))).toEqual([
      'sql/relation-not-allowed',
      'sql/column-not-allowed',
      'sql/function-not-allowed',
    ])
  })

  it('refuses when the shadow fails, and does not remember that', async () => {
    let isDown = true
    const good = createFakeShadow(catalog)
    const failing = {
      ...good,
      resolve: (statement: string, signal: AbortSignal) =>
        isDown ? Promise.reject(new Error('gone')) : good.resolve(statement, signal),
    }
    await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow: failing, policy, process: shared })
    expect(rules(await gate.validate('SELECT id FROM orders', signal))).toEqual(['sql/not-resolved'])
    isDown = false
    expect(rules(await gate.validate('SELECT id FROM orders', signal))).toEqual([])
  })

  it('asks once for statements that differ in plain literals only', async () => {
    const counting = createFakeShadow(catalog)
    await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow: counting, policy, process: shared })
    for (const id of [1, 2, 3]) await gate.validate(`SELECT customer FROM orders WHERE id = ${id}`, signal)
    for (const position of [1, 2]) await gate.validate(`SELECT id, customer FROM orders ORDER BY ${position}`, signal)
    expect(counting.asked).toHaveLength(3)
  })

  it('asks each time where a literal may be the name of an object', async () => {
    const naming = createFakeShadow(catalog, { types: ['pg_catalog.int4', 'pg_catalog.regclass'] })
    await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow: naming, policy, process: shared })
    for (const id of [1, 2, 3]) await gate.validate(`SELECT customer FROM orders WHERE id = ${id}`, signal)
    expect(naming.asked).toHaveLength(3)
  })

  it('refuses a plan that reads what was not resolved, and one that costs too much', async () => {
    verifies('gate.plan')
    const shadow = createFakeShadow(catalog, { relations: ['public.orders'] })
    const plans = [
      { cost: 1, rows: 1, relations: ['public.secret_salaries'] },
      { cost: 1e12, rows: 1, relations: ['public.orders'] },
    ]
    const estimate = () => Promise.resolve(plans.shift() ?? { cost: 1, rows: 1, relations: ['public.orders'] })
    await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow, policy, process: shared, estimate })
    expect(rules(await gate.validate('SELECT id FROM orders', signal))).toEqual(['sql/plan-differs'])
    expect(rules(await gate.validate('SELECT id FROM orders', signal))).toEqual(['sql/too-expensive'])
    expect(rules(await gate.validate('SELECT id FROM orders', signal))).toEqual([])
  })

  it('holds a policy to its own cost, bytes and time, which can only lower those of the service', async () => {
    verifies('sources.policy-lowers')
    const shadow = createFakeShadow(catalog, { relations: ['public.orders'] })
    const costs = [101, 99, 1e12]
    const estimate = () => Promise.resolve({ cost: costs.shift() ?? 0, rows: 1, relations: ['public.orders'] })
    const own = { ...policy, maximumCost: 100, maximumBytes: 2_048, timeoutMilliseconds: 50 }
    await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow, policy: own, process: shared, estimate })
    expect(rules(await gate.validate('SELECT id FROM orders', signal))).toEqual(['sql/too-expensive'])
    const accepted = await gate.validate('SELECT id FROM orders', signal)
    expect(accepted).toMatchObject({ kind: 'accepted', value: { maximumBytes: 2_048, timeoutMilliseconds: 50 } })
    const generous = { ...own, maximumCost: 1e15, version: 'generous' }
    await using other = createPostgresqlGate({
      source: 'shop',
      catalog,
      shadow,
      policy: generous,
      process: shared,
      estimate,
    })
    expect(rules(await other.validate('SELECT id FROM orders', signal))).toEqual(['sql/too-expensive'])
  })
})

describe('what an operator is told of', () => {
  async function events(sql: string, parts: Partial<Parameters<typeof createPostgresqlGate>[0]> = {}) {
    const told: unknown[] = []
    await using gate = createPostgresqlGate({
      source: 'shop',
      catalog,
      shadow,
      policy,
      process: shared,
      report: (event) => told.push(event),
      ...parts,
    })
    const verdict = await gate.validate(sql, signal)
    return { verdict, told }
  }

  it('is a statement that another parser cannot read, which passes all the same', async () => {
    const sql = 'SELECT count(*) FROM orders GROUP BY DISTINCT ROLLUP (id), ROLLUP (customer)'
    const { verdict, told } = await events(sql)
    expect(verdict.kind).toBe('accepted')
    expect(told).toEqual([{ kind: 'second-opinion-cannot-parse', source: 'shop', statement: sql }])
  })

  it('is a shadow that fails, and nothing of a statement that passes or is refused', async () => {
    const failing = { ...shadow, resolve: () => Promise.reject(new Error('gone')) }
    const { verdict, told } = await events('SELECT id FROM orders', { shadow: failing })
    expect(rules(verdict)).toEqual(['sql/not-resolved'])
    expect(told).toEqual([{ kind: 'shadow-failed', source: 'shop', statement: 'SELECT id FROM orders' }])
    expect((await events('SELECT id FROM orders')).told).toEqual([])
    expect((await events('DELETE FROM orders')).told).toEqual([])
  })
})

describe('a gate', () => {
  it('refuses everything while the schema it was made for is not the one of the shadow', async () => {
    const other = { ...shadow, fingerprint: 'other' }
    await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow: other, policy, process: shared })
    expect(await gate.validate('SELECT id FROM orders', signal)).toEqual({
      kind: 'refused',
      findings: [
        {
          rule: 'sql/schema-changed',
          line: 1,
          column: 1,
          message: 'The schema of the data source changed while it was checked. Try again.',
        },
      ],
    })
  })

  it('is not made for a version whose functions nobody reviewed', () => {
    const ancient = { ...catalog, dialect: { name: 'postgresql', major: 9 } as const }
    expect(() => createPostgresqlGate({ source: 'shop', catalog: ancient, shadow, policy, process: shared })).toThrow(
      expect.objectContaining({
        code: 'invalid-config',
        message: expect.stringMatching(/^PostgreSQL 9 has no reviewed list of functions; known are .*18/) as string,
      }),
    )
  })

  it('rejects with the reason of an abort while the shadow is asked, and does not call it a failure', async () => {
    const stop = new AbortController()
    const slow = {
      ...shadow,
      resolve: () => {
        stop.abort(new Error('enough'))
        return Promise.reject(new Error('stopped'))
      },
    }
    await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow: slow, policy, process: shared })
    await expect(gate.validate('SELECT id, customer FROM orders', stop.signal)).rejects.toThrow('stopped')
  })

  it('tells of a statement what it names, and for whom', async () => {
    const seen = createFakeShadow(catalog, {
      relations: ['public.orders'],
      columns: ['public.orders.id'],
      functions: ['pg_catalog.count()'],
    })
    await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow: seen, policy, process: shared })
    const verdict = await gate.validate('SELECT count(*) FROM orders', signal)
    expect(verdict).toMatchObject({
      kind: 'accepted',
      value: {
        source: 'shop',
        relations: ['public.orders'],
        columns: ['public.orders.id'],
        functions: ['pg_catalog.count()'],
        masks: [],
        rowLimit: 101,
      },
    })
    expect(verdict).not.toHaveProperty('value.audit')
  })
})

describe('a statement like one that passed, with another literal', () => {
  const remembered = createFakeShadow(catalog, { relations: ['public.orders'], types: ['pg_catalog.int4'] })

  it('is answered without the process that parses, and by the planner each time', async () => {
    await using process = new GateProcess({ deadlineMilliseconds: 2_000, memoryMegabytes: 256 })
    const costs = [1, 2, 1e12, 3]
    const planned: string[] = []
    const estimate = ({ text }: { text: string }) => {
      planned.push(text)
      return Promise.resolve({ cost: costs.shift() ?? 0, rows: 1, relations: ['public.orders'] })
    }
    await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow: remembered, policy, process, estimate })
    const first = await gate.validate("SELECT id FROM orders WHERE customer = 'a'", signal)
    await process[Symbol.asyncDispose]()
    const second = await gate.validate("SELECT id FROM orders WHERE customer = 'b'", signal)
    if (first.kind === 'refused' || second.kind === 'refused') throw new Error('refused')
    expect(second.value).toEqual({ ...first.value, text: first.value.text.replace("'a'", "'b'") })
    expect(rules(await gate.validate("SELECT id FROM orders WHERE customer = 'c'", signal))).toEqual([
      'sql/too-expensive',
    ])
    expect(planned).toHaveLength(3)
    await expect(gate.validate("SELECT id FROM orders WHERE customer <> 'a'", signal)).rejects.toThrow('closed')
  })

  it.each([
    ["SELECT repeat('x', 3) FROM orders", "SELECT repeat('x', 999999999) FROM orders", 'sql/value-too-large'],
    ["SELECT lpad('x', 3) FROM orders", "SELECT lpad('x', 999999999) FROM orders", 'sql/value-too-large'],
    ["SELECT format('%9s', 'x')", "SELECT format('%1000000000s', 'x')", 'sql/value-too-large'],
    ["SELECT array_fill(1, '{2,2}')", "SELECT array_fill(1, '{99999,99999}')", 'sql/value-too-large'],
    [
      'SELECT * FROM generate_series(1, 9) AS n',
      'SELECT * FROM generate_series(1, 999999999) AS n',
      'sql/value-too-large',
    ],
    ["SELECT 'x'::char(9) FROM orders", "SELECT 'x'::char(9999999) FROM orders", 'sql/value-too-large'],
    [
      "SELECT id FROM orders WHERE customer = 'x'::char(9)",
      "SELECT id FROM orders WHERE customer = 'x'::char(9999999)",
      'sql/value-too-large',
    ],
    ['SELECT 2 ^ 3 FROM orders', 'SELECT 2 ^ 99999 FROM orders', 'sql/value-too-large'],
    ['SELECT factorial(9) FROM orders', 'SELECT factorial(99999) FROM orders', 'sql/value-too-large'],
    [
      "SELECT id FROM orders WHERE customer = repeat('x', 3)",
      "SELECT id FROM orders WHERE customer = repeat('x', 999999999)",
      'sql/value-too-large',
    ],
    [
      "SELECT id FROM orders WHERE 'x' = concat(customer = 'y')",
      `SELECT id FROM orders WHERE 'x' = concat(customer = '${'y'.repeat(1_100)}')`,
      'sql/value-too-large',
    ],
    [
      "SELECT id FROM orders WHERE customer ~ 'a'",
      "SELECT id FROM orders WHERE customer ~ '((a{1,200}){1,200}){1,200}'",
      'sql/pattern-too-expensive',
    ],
    ["SELECT pg_relation_size('orders')", "SELECT pg_relation_size('secret_salaries')", 'sql/relation-not-allowed'],
    [
      "SELECT id FROM orders WHERE id < pg_relation_size('orders')",
      "SELECT id FROM orders WHERE id < pg_relation_size('secret_salaries')",
      'sql/relation-not-allowed',
    ],
    [
      "SELECT id FROM orders WHERE customer = 'x'",
      `SELECT id FROM orders WHERE customer = '${'x'.repeat(2_100)}'`,
      'sql/value-too-large',
    ],
    [
      "SELECT id FROM orders WHERE customer = 'x'",
      `SELECT id FROM orders WHERE customer = '${'('.repeat(300)}'`,
      'sql/too-deep',
    ],
    ["SELECT id FROM orders WHERE customer = 'x'", "SELECT id FROM orders WHERE customer = 'x\0'", 'sql/character'],
    ["SELECT id FROM orders WHERE customer = 'x'", "SELECT id FROM orders WHERE customer = 'x\u202E'", 'sql/character'],
    [
      "SELECT id FROM orders WHERE customer = 'x'",
      "SELECT id FROM orders WHERE customer = '' OR pg_sleep(1) = ''",
      'sql/function-not-allowed',
    ],
    [
      "SELECT id FROM orders WHERE customer = 'x'",
      "SELECT id FROM orders WHERE customer = 'x'; DROP TABLE orders; --'",
      'sql/one-statement',
    ],
    [
      "SELECT id FROM orders WHERE customer = 'x'",
      "SELECT id FROM orders WHERE customer = 'x'::regclass",
      'sql/type-not-allowed',
    ],
  ])('is bounded by its own literals: %s, then %s', async (harmless, hostile, rule) => {
    const options = sqlGateOptions.parse({ maximum_literal_kb: 2, maximum_value_kb: 1 })
    await using gate = createPostgresqlGate({
      source: 'shop',
      catalog,
      shadow: remembered,
      policy,
      options,
      process: shared,
    })
    expect(rules(await gate.validate(harmless, signal))).toEqual([])
    expect(rules(await gate.validate(hostile, signal))).toContain(rule)
    expect(rules(await gate.validate(harmless.replaceAll(/\s+/g, ' '), signal))).toEqual([])
  })

  it('has its own limit on rows', async () => {
    await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow: remembered, policy, process: shared })
    const limits = [7, 100_000, 9, 101, 102]
    const texts = await Promise.all(
      limits.map(async (limit) => {
        const verdict = await gate.validate(`SELECT id FROM orders WHERE id > ${limit} LIMIT ${limit}`, signal)
        return verdict.kind === 'accepted' ? verdict.value.text.replace(/.*LIMIT/, 'LIMIT') : verdict.kind
      }),
    )
    expect(texts).toEqual(['LIMIT 7', 'LIMIT 101', 'LIMIT 9', 'LIMIT 101', 'LIMIT 101'])
  })

  it('keeps apart which of its literals were free', async () => {
    await using gate = createPostgresqlGate({ source: 'shop', catalog, shadow: remembered, policy, process: shared })
    const text = async (one: string, other: string) => {
      const verdict = await gate.validate(`SELECT id FROM orders WHERE id = ${one} AND amount = ${other}`, signal)
      return verdict.kind === 'accepted' ? verdict.value.text : JSON.stringify(verdict.findings)
    }
    for (const [one, other, printed] of [
      ['1', '007', 'id = 1 AND amount = 7'],
      ['007', '1', 'id = 7 AND amount = 1'],
      ['2', '007', 'id = 2 AND amount = 7'],
      ['3', '1', 'id = 3 AND amount = 1'],
      ['4', '5', 'id = 4 AND amount = 5'],
      ['06', '6', 'id = 6 AND amount = 6'],
    ] as const) {
      expect(await text(one, other)).toContain(printed)
    }
  })
})

describe('the process of the gate', () => {
  it.each([
    ['nested brackets', `SELECT ${'('.repeat(20_000)}1${')'.repeat(20_000)}`],
    ['a long chain', `SELECT 1${'+1'.repeat(30_000)}`],
    ['many NOTs', `SELECT ${'NOT '.repeat(16_000)} true`],
    ['nested arrays', `SELECT ${'ARRAY['.repeat(8_000)}1${']'.repeat(8_000)}`],
    ['many unions', `SELECT 1${' UNION SELECT 1'.repeat(4_000)}`],
    ['too many bytes', `SELECT '${'x'.repeat(70_000)}'`],
    ['nested CASE', `SELECT ${'CASE WHEN true THEN '.repeat(3_000)}1${' END'.repeat(3_000)}`],
  ])('refuses %s and goes on', async (_name, sql) => {
    expect(await refusal(sql)).not.toEqual([])
    expect(await refusal('SELECT id FROM orders')).toEqual([])
  })

  it('rejects with the reason of an abort', async () => {
    await expect(gate.validate('SELECT 1', AbortSignal.abort(new Error('enough')))).rejects.toThrow('enough')
  })

  it('answers two hundred at once', async () => {
    const all = await Promise.all(
      Array.from({ length: 200 }, (_, index) => gate.validate(`SELECT ${index} AS n${index} FROM orders`, signal)),
    )
    expect(all.every((verdict) => verdict.kind === 'accepted')).toBe(true)
  })
})
