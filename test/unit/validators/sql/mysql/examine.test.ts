import { describe, expect, it } from 'vitest'
import { bindPolicy } from '../../../../../src/validators/sql/bind-policy.ts'
import { examineMysql } from '../../../../../src/validators/sql/mysql/examine.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../../../../src/validators/sql/options.ts'
import { shopCatalog, shopPolicy } from '../../../../support/sql/mysql-gate.ts'

const policy = bindPolicy(sqlPolicyOptions.parse(shopPolicy), shopCatalog)

/** `translated`, or the rules of the findings. */
function verdict(sql: string, given: object): string {
  const examined = examineMysql(sql, { dialect: 'mysql', policy, options: sqlGateOptions.parse(given) })
  return examined.kind === 'translated' ? examined.kind : examined.findings.map(({ rule }) => rule).join()
}

/** The least value of a budget under which a statement is let through. */
function least(sql: string, budget: string, values: readonly [number, number]): number {
  for (let value = values[0]; value <= values[1]; value += 1)
    if (verdict(sql, { [budget]: value }) === 'translated') return value
  throw new Error(`Refused with ${values[1]}: ${verdict(sql, { [budget]: values[1] })}`)
}

describe('the budgets of a MySQL statement', () => {
  it('count every part once', () => {
    const sum = (terms: number): string => `SELECT ${Array.from({ length: terms }, () => 'id').join(' + ')} FROM orders`
    const [thirty, forty] = [30, 40].map((terms) => least(sum(terms), 'maximum_nodes', [50, 200]))
    // Another term is a column and an operator.
    expect((forty ?? 0) - (thirty ?? 0)).toBe(20)
    expect(verdict(sum(40), { maximum_nodes: (forty ?? 0) - 1 })).toBe('sql/too-large')
  })

  it('count as deep what stands inside, and not what stands beside', () => {
    const nested = (levels: number): string => `SELECT ${'ABS('.repeat(levels)}id${')'.repeat(levels)} FROM orders`
    const [eight, twelve] = [12, 16].map((levels) => least(nested(levels), 'maximum_depth', [10, 60]))
    expect((twelve ?? 0) - (eight ?? 0)).toBe(4)
    expect(verdict(nested(16), { maximum_depth: (twelve ?? 0) - 1 })).toBe('sql/too-deep')
    const beside = `SELECT ${Array.from({ length: 200 }, () => 'ABS(id)').join(', ')} FROM orders`
    expect(verdict(beside, { maximum_depth: 10 })).toBe('translated')
    const queries = `SELECT 1 WHERE ${Array.from({ length: 20 }, () => 'EXISTS (SELECT 1)').join(' AND ')}`
    expect(verdict(queries, { maximum_depth: 12 })).toBe('translated')
  })

  it.each([
    ['maximum_relations', 'SELECT 1 FROM orders a, orders b, (SELECT 1) c', 3, 'sql/too-many-relations'],
    ['maximum_set_operations', 'SELECT 1 UNION SELECT 2 UNION SELECT 3', 2, 'sql/too-large'],
  ])('hold %s exactly', (budget, sql, needed, rule) => {
    expect(verdict(sql, { [budget]: needed })).toBe('translated')
    expect(verdict(sql, { [budget]: needed - 1 })).toBe(rule)
  })

  it.each([
    ['LPAD(status, 0)', 'translated'],
    ['LPAD(status, 1024)', 'translated'],
    ['RPAD(status, 1025)', 'sql/value-too-large'],
    ["REPEAT('x', 1025)", 'sql/value-too-large'],
    ['SPACE(1024)', 'translated'],
    ['SPACE(-1)', 'sql/value-too-large'],
    ['SPACE(1.5)', 'sql/value-too-large'],
    ["SPACE('9')", 'sql/value-too-large'],
    ['SPACE(id)', 'sql/value-too-large'],
  ])('hold the length of what a function makes: %s', (call, expected) => {
    const written = call.replace(/^([LR]PAD.*)\)$/, "$1, 'x')")
    expect(verdict(`SELECT ${written} FROM orders`, { maximum_value_kb: 1 })).toBe(expected)
  })

  it('hold the length of a text in bytes', () => {
    const text = (letters: number): string => `SELECT '${'ä'.repeat(letters)}'`
    expect(verdict(text(512), { maximum_literal_kb: 1 })).toBe('translated')
    expect(verdict(text(513), { maximum_literal_kb: 1 })).toBe('sql/literal-too-long')
  })
})
