import { describe, expect, it } from 'vitest'
import type { Catalog, StatementAnalyzer } from '../../../../../src/core/catalog.ts'
import { ServiceError } from '../../../../../src/core/errors.ts'
import { bindPolicy } from '../../../../../src/validators/sql/bind-policy.ts'
import { createDuckdbGate } from '../../../../../src/validators/sql/duckdb/gate.ts'
import { sqlPolicyOptions } from '../../../../../src/validators/sql/options.ts'
import { call, column, constant, select, serialized, table, type Tree } from '../../../../support/sql/duckdb-trees.ts'
import { verifies } from '../../../../support/verifies.ts'

const never = new AbortController().signal
const catalog: Catalog = {
  dialect: { name: 'duckdb', major: 2 },
  relations: ['orders', 'people'].map((name) => ({
    schema: 'public',
    name,
    kind: 'table',
    columns: ['id', 'name', 'ssn'].map((each) => ({ name: each, type: 'VARCHAR', nullable: true, comment: null })),
    comment: null,
    estimatedRows: 3,
  })),
  fingerprint: 'f',
  schemaStatements: [],
}

function gateOver(
  analyzer: Partial<StatementAnalyzer>,
  options: object = { relations: { orders: '*', people: ['id'] } },
) {
  const policy = bindPolicy(sqlPolicyOptions.parse(options), catalog)
  const whole: StatementAnalyzer = {
    parse: () => Promise.resolve({}),
    bind: (tree) => Promise.resolve({ kind: 'bound', text: 'SELECT 1', tree }),
    ...analyzer,
  }
  return createDuckdbGate({ source: 'files', catalog, policy, analyzer: whole })
}

/** The verdict on a tree, and the tree that was to be printed. */
async function judge(tree: unknown) {
  const bound: unknown[] = []
  const gate = gateOver({
    parse: () => Promise.resolve(tree),
    bind: (rebuilt) => {
      bound.push(rebuilt)
      return Promise.resolve({ kind: 'bound', text: 'SELECT 1', tree: rebuilt })
    },
  })
  const verdict = await gate.validate('SELECT 1', never)
  const rules = verdict.kind === 'refused' ? verdict.findings.map(({ rule }) => rule) : []
  return { verdict, rules, bound: JSON.stringify(bound[0] ?? null) }
}

describe('the walk of a DuckDB tree', () => {
  it('names tables in full and limits the rows', async () => {
    const { verdict, bound } = await judge(serialized(select([column('id')], table('Orders'))))
    expect(verdict).toMatchObject({
      kind: 'accepted',
      value: { relations: ['public.orders'], columns: ['public.orders.id'], rowLimit: 10_001 },
    })
    expect(bound).toContain('"path":["memory","public","orders"]')
    expect(bound).toContain('"text":"10001"')
    expect(bound).not.toContain('query_location')
  })

  it('puts a subquery of the allowed columns in the place of a table that has others', async () => {
    const { bound } = await judge(serialized(select([column('id')], table('people'))))
    expect(bound).toContain('"type":"SUBQUERY","alias":"people"')
    expect(bound).not.toMatch(/ssn|name"\]/)
  })

  it('keeps a smaller limit, and stays within one that is not a plain number', async () => {
    const limit = (count: Tree) => ({
      modifiers: [{ type: 'LIMIT_MODIFIER', limit: count, offset: null, limit_type: 'ROW_COUNT' }],
    })
    const small = await judge(serialized(select([column('id')], table('orders'), limit(constant('5')))))
    expect(small.bound).not.toContain('10001')
    const large = await judge(serialized(select([column('id')], table('orders'), limit(constant('99999999')))))
    expect(large.bound).toContain('"alias":"answer"')
  })

  it.each<[string, unknown]>([
    ['a field nobody knows', { ...select([constant('1')], table('orders')), into: 'x' }],
    ['a field of a table nobody knows', select([constant('1')], table('orders', { files: ['/etc/passwd'] }))],
    ['a type of table nobody knows', select([constant('1')], { type: 'COLUMN_DATA', alias: '' })],
    [
      'a class of expression nobody knows',
      select([{ class: 'BOUND_REF', type: 'BOUND_REF', alias: '' }], table('orders')),
    ],
    [
      'a class named like a member of every object',
      select([{ class: 'constructor', type: '', alias: '' }], table('orders')),
    ],
    ['a node that writes', { type: 'DELETE_QUERY_NODE', table: table('orders'), cte_map: { map: [] } }],
    [
      'another name in full than its parts',
      select([constant('1')], table('orders', { qualified_name: { path: ['secrets'] } })),
    ],
    [
      'a name in full that adds a part',
      select([constant('1')], table('orders', { qualified_name: { path: ['x', 'orders'] } })),
    ],
    [
      'a function by another name in full',
      select([{ ...call('upper'), qualified_name: { path: ['getvariable'] } }], table('orders')),
    ],
    ['a function in a schema', select([{ ...call('upper'), schema: 'main' }], table('orders'))],
    ['a state that is exported', select([{ ...call('sum'), export_state: true }], table('orders'))],
    ['text where a list has to be', select([{ ...column('id'), column_names: 'id' }], table('orders'))],
    [
      'an object where text has to be',
      select([{ ...column('id'), column_names: [{ toString: 'id' }] }], table('orders')),
    ],
    ['no node at all', 'SELECT 1'],
    ['nothing', null],
  ])('refuses %s', async (_claim, node) => {
    const { verdict, bound } = await judge(serialized(node as Tree))
    expect(verdict.kind).toBe('refused')
    expect(bound).toBe('null')
  })

  it('refuses a tree deeper or larger than the limits before the stack or the memory is gone', async () => {
    let deep = constant('1')
    for (let depth = 0; depth < 3_000; depth += 1) deep = call('abs', deep)
    expect((await judge(serialized(select([deep], table('orders'))))).rules).toEqual(['sql/too-complex'])
    const wide = Array.from({ length: 30_000 }, () => constant('1'))
    expect((await judge(serialized(select(wide, table('orders'))))).rules).toEqual(['sql/too-complex'])
  })

  it.each<[string, unknown, string]>([
    ['two statements', serialized(select([], table('orders')), select([], table('orders'))), 'sql/one-statement'],
    ['no statement', serialized(), 'sql/syntax'],
    ['an error', { error: true, error_type: 'parser', position: '3' }, 'sql/syntax'],
    ['something that is no SELECT', { error: true, error_type: 'not implemented' }, 'sql/not-select'],
    ['an answer that is none', [1, 2], 'sql/syntax'],
    ['an error that says it is none', { error: 'false', statements: [] }, 'sql/syntax'],
  ])('refuses %s', async (_claim, tree, rule) => {
    expect((await judge(tree)).rules).toEqual([rule])
  })
})

describe('the gate over DuckDB', () => {
  const parsed = serialized(select([column('id')], table('orders')))

  it('refuses a text that does not read back as the tree that was walked', async () => {
    const other = serialized(select([column('ssn')], table('orders')))
    const gate = gateOver({
      parse: () => Promise.resolve(parsed),
      bind: () => Promise.resolve({ kind: 'bound', text: 'SELECT ssn FROM orders', tree: other }),
    })
    expect(await gate.validate('SELECT id FROM orders', never)).toMatchObject({
      kind: 'refused',
      findings: [{ rule: 'sql/not-canonical' }],
    })
  })

  it('says which column is not there, and reads the same for one that is denied', async () => {
    const ask = async (name: string) => {
      const gate = gateOver({
        parse: () => Promise.resolve(serialized(select([column(name)], table('people')))),
        bind: () => Promise.resolve({ kind: 'failed', reason: 'missing' }),
      })
      return gate.validate(`SELECT ${name} FROM people`, never)
    }
    const [denied, missing] = [await ask('ssn'), await ask('xyz')]
    expect(denied).toMatchObject({
      kind: 'refused',
      findings: [{ rule: 'sql/column-not-allowed', line: 1, column: 8 }],
    })
    expect(JSON.stringify(denied).replace('ssn', 'xyz')).toBe(JSON.stringify(missing))
  })

  const unparsed = (facts: object, sql: string) =>
    gateOver({ parse: () => Promise.resolve({ error: true, ...facts }) }).validate(sql, never)

  it.each([
    'PIVOT orders ON status USING sum(total)',
    'SELECT * FROM (PIVOT orders ON status USING sum(total))',
    'WITH p AS (PIVOT orders ON status USING sum(total)) SELECT * FROM p',
    'FROM (PIVOT orders ON status USING sum(total))',
  ])('W13: tells what is missing in a PIVOT without IN: %s', async (sql) => {
    const verdict = await unparsed({ error_type: 'not implemented' }, sql)
    expect(verdict).toMatchObject({
      kind: 'refused',
      findings: [{ rule: 'sql/syntax-not-allowed', line: 1, column: sql.indexOf('PIVOT') + 1 }],
    })
    expect(JSON.stringify(verdict)).toContain("ON status IN ('open', 'paid')")
  })

  it('W13: takes no statement that writes for a PIVOT', async () => {
    const verdict = await unparsed({ error_type: 'not implemented' }, "INSERT INTO orders VALUES ('PIVOT')")
    expect(verdict).toMatchObject({ kind: 'refused', findings: [{ rule: 'sql/not-select' }] })
  })

  it('G9: tells how a function is called, and what stands for AT LOCAL', async () => {
    const called = { ...call('upper'), schema: 'city', qualified_name: { path: ['city', 'upper'] } }
    const { verdict } = await judge(serialized(select([called], table('orders'))))
    expect(JSON.stringify(verdict)).toContain('Write upper(city).')
    const local = await unparsed({ error_type: 'parser', position: '12' }, 'SELECT d AT LOCAL FROM orders')
    expect(JSON.stringify(local)).toContain("Write AT TIME ZONE 'zone' for AT LOCAL.")
  })

  it('refuses what could not be analyzed in time, and passes on that the source is not there', async () => {
    const failing = (code: 'deadline-exceeded' | 'database-unavailable') =>
      gateOver({ parse: () => Promise.reject(new ServiceError(code, 'no')) }).validate('SELECT 1', never)
    expect(await failing('deadline-exceeded')).toMatchObject({ kind: 'refused', findings: [{ rule: 'sql/gate-hung' }] })
    await expect(failing('database-unavailable')).rejects.toMatchObject({ code: 'database-unavailable' })
  })

  it.each<[string, object]>([
    ['a masked column', { relations: { orders: { columns: { name: { mask: 'hash' } }, other_columns: 'allow' } } }],
    [
      'an aggregate-only column',
      { relations: { orders: { columns: { id: 'allow', name: 'aggregate-only' }, entity_key: 'id' } } },
    ],
    ['a function of its own', { relations: { orders: '*' }, functions: ['public.f(text)'] }],
    ['a limit of cost', { relations: { orders: '*' }, maximum_cost: 5 }],
    ['a table without a column', { relations: { orders: { columns: { id: 'deny' } } } }],
  ])('does not start under a policy with %s, which it could not keep', (_claim, options) => {
    verifies('files.unfit-policies')
    expect(() => gateOver({}, options)).toThrow(expect.objectContaining({ code: 'invalid-config' }) as Error)
  })
})
