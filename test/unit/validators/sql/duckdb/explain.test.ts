import { describe, expect, it } from 'vitest'
import { bindPolicy } from '../../../../../src/validators/sql/bind-policy.ts'
import { explainFailure } from '../../../../../src/validators/sql/duckdb/explain.ts'
import { TreeFacts } from '../../../../../src/validators/sql/duckdb/tree-facts.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../../../../src/validators/sql/options.ts'
import { createFakeCatalog } from '../../../../support/sql/fake-shadow.ts'
import { table } from '../../../../support/sql/duckdb-trees.ts'

const catalog = createFakeCatalog({
  orders: { id: 'BIGINT', Total: 'DOUBLE' },
  people: { id: 'BIGINT', ssn: 'VARCHAR' },
})
const policy = bindPolicy(sqlPolicyOptions.parse({ relations: { orders: '*', people: ['id'] } }), catalog)

/** What is said of a statement over these tables that names these columns. */
function explain(reason: string, tables: readonly string[], names: readonly string[], own: readonly string[] = []) {
  const facts = new TreeFacts(policy, sqlGateOptions.parse({}))
  for (const name of tables) facts.relation(table(name), 0)
  names.forEach((name, index) => facts.mention([name], 10 * (index + 1)))
  facts.own(...own)
  return explainFailure(reason, facts, policy)
}

describe('why DuckDB does not resolve a statement', () => {
  it.each([
    [['orders'], ['id', 'xyz'], 20, '"xyz" is not a column you may use here. You may use "Total", "id".'],
    [['orders'], ['totl'], 10, '"totl" is not a column you may use here. Did you mean "Total"?'],
    [['people'], ['ssn'], 10, '"ssn" is not a column you may use here. You may use "id".'],
    [
      ['orders'],
      ['X Y'],
      10,
      '"X Y" is not a column you may use here. Text stands in single quotes. You may use "Total", "id".',
    ],
    [[], ['xyz'], 10, '"xyz" is not a column you may use here.'],
  ])('is a column that is none of its tables: %j, %j', (tables, names, offset, message) => {
    expect(explain('missing', tables, names)).toEqual({ rule: 'sql/column-not-allowed', offset, message })
  })

  it('shows a hundred characters of a name and no more', () => {
    const { message } = explain('missing', ['orders'], ['x'.repeat(150)])
    expect(message).toContain(`"${'x'.repeat(100)}" is not`)
  })

  it.each([
    ['a column of its tables, in whatever case', ['TOTAL'], []],
    ['a name that the statement gives', ['a'], ['A']],
    ['a schema', ['Public'], []],
    ['nothing', [], []],
  ])('is the scope where what is missing is %s', (_what, names, own) => {
    expect(explain('missing', ['orders'], names, own)).toEqual({
      rule: 'sql/does-not-analyze',
      offset: 0,
      message: 'A column or table is not in scope here: check the FROM clause and the aliases.',
    })
  })

  it.each([
    ['ambiguous', 'put the table before it, as in orders.id'],
    ['grouping', 'must be in GROUP BY or inside an aggregate'],
    ['types', 'No function or operator takes these argument types'],
    ['value', 'A literal does not fit its type.'],
    ['memory', 'more memory than its sandbox has'],
    ['constructor', 'not in scope here'],
    ['anything else', 'not in scope here'],
  ])('is said in words of our own: %s', (reason, message) => {
    const finding = explain(reason, ['orders'], ['xyz'])
    expect(finding).toMatchObject({ rule: 'sql/does-not-analyze', offset: 0 })
    expect(finding.message).toContain(message)
  })
})
