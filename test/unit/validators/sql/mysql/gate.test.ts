import type { PlanEstimate } from '../../../../../src/core/statement.ts'
import { afterAll, describe, expect, it } from 'vitest'
import { bindPolicy } from '../../../../../src/validators/sql/bind-policy.ts'
import { createMysqlGate } from '../../../../../src/validators/sql/mysql/gate.ts'
import { sqlPolicyOptions } from '../../../../../src/validators/sql/options.ts'
import { GateProcess } from '../../../../../src/validators/sql/process/gate-process.ts'
import { examineShop, shopCatalog, shopPolicy } from '../../../../support/sql/mysql-gate.ts'
import { verifies } from '../../../../support/verifies.ts'

function canonical(sql: string): string {
  const examined = examineShop(sql)
  return examined.kind === 'translated' ? examined.value.canonical : examined.findings.map(({ rule }) => rule).join()
}

describe('the canonical text of a MySQL statement', () => {
  it('names every table with its schema and every column with its table, under aliases of its own', () => {
    expect(canonical('SELECT o.ID, name n FROM Orders o JOIN customers USING (id) /* both */')).toBe(
      'SELECT `t1`.`id` AS `ID`, `t2`.`name` AS `n` FROM `shop`.`orders` AS `t1` INNER JOIN `shop`.`customers` AS `t2` ON (`t1`.`id` = `t2`.`id`) LIMIT 10001',
    )
  })

  it('writes stars out, without what is denied', () => {
    expect(canonical('SELECT * FROM customers')).not.toContain('phone')
  })

  it('writes a star out of the table that it names, in whatever case its schema is written', () => {
    const plain = canonical('SELECT shop.orders.* FROM shop.orders')
    expect(plain).toContain('SELECT `t1`.`id` AS `id`')
    expect(canonical('SELECT shop.orders.* FROM SHOP.orders')).toBe(plain)
    expect(canonical('SELECT SHOP.orders.* FROM shop.orders')).toBe(plain)
    expect(canonical('SELECT other.orders.* FROM shop.orders')).toBe('sql/not-allowed')
  })

  it('puts AND before OR, which the parser does not', () => {
    expect(canonical('SELECT 1 FROM orders WHERE id = 1 OR id = 2 AND total = 3')).toContain(
      'WHERE ((`t1`.`id` = 1) OR ((`t1`.`id` = 2) AND (`t1`.`total` = 3)))',
    )
  })

  it('keeps a smaller LIMIT and lowers a larger one', () => {
    expect(canonical('SELECT 1 LIMIT 5')).toBe('SELECT 1 AS `1` LIMIT 5')
    expect(canonical('SELECT 1 LIMIT 99999999')).toBe('SELECT 1 AS `1` LIMIT 10001')
  })

  it('is its own canonical text', () => {
    const once = canonical('SELECT status, COUNT(*) n FROM orders GROUP BY status HAVING n > 1 ORDER BY n')
    expect(canonical(once)).toBe(once)
  })
})

describe('what leaves the server of a masked column', () => {
  it.each([
    ['null', 'email', 'NULL'],
    ['hash', 'email', 'SHA2(CONCAT(LEFT(`t1`.`email`, 8192), OCTET_LENGTH(`t1`.`email`)), 256)'],
    ['hash', 'id', 'SHA2(CONCAT(LEFT(`t1`.`id`, 8192), OCTET_LENGTH(`t1`.`id`)), 256)'],
    ['partial', 'email', 'RIGHT(`t1`.`email`, 8)'],
    ['year', 'name', 'LEFT(`t1`.`name`, 32)'],
    ['year', 'joined', 'CASE WHEN (OCTET_LENGTH(`t1`.`joined`) <= 8192) THEN `t1`.`joined` END'],
    ['bucket', 'id', 'CASE WHEN (OCTET_LENGTH(`t1`.`id`) <= 8192) THEN `t1`.`id` END'],
    ['bucket', 'name', 'CASE WHEN (OCTET_LENGTH(`t1`.`name`) <= 8192) THEN `t1`.`name` END'],
  ])('is no more than the mask %s needs of %s', (mask, column, left) => {
    const policy = { search_path: ['shop'], relations: { customers: { columns: { [column]: { mask } } } } }
    const examined = examineShop(`SELECT 1, ${column} AS shown FROM customers`, policy)
    expect(examined.kind === 'translated' ? examined.value : examined).toMatchObject({
      shown: `SELECT 1 AS \`1\`, ${left} AS \`shown\` FROM \`shop\`.\`customers\` AS \`t1\` LIMIT 10001`,
      canonical: `SELECT 1 AS \`1\`, \`t1\`.\`${column}\` AS \`shown\` FROM \`shop\`.\`customers\` AS \`t1\` LIMIT 10001`,
      masks: [{ position: 1, relation: 'shop.customers', column, how: mask }],
    })
  })
})

describe('an output that holds a subquery', () => {
  it('may be named alone in ORDER BY and GROUP BY', () => {
    const sql = 'SELECT id, (SELECT COUNT(*) FROM orders o WHERE o.customer_id = c.id) AS n FROM customers c ORDER BY n'
    expect(canonical(sql)).toContain(' ORDER BY 2 ASC LIMIT')
    expect(canonical('SELECT (SELECT 1) AS n, COUNT(*) FROM orders GROUP BY n')).toContain(' GROUP BY 1 LIMIT')
  })

  it.each([
    'SELECT (SELECT 1) AS n FROM orders HAVING n > 0',
    'SELECT (SELECT 1) + 1 AS n FROM orders ORDER BY n + 1',
    'SELECT id IN (SELECT id FROM customers) AS n FROM orders HAVING n',
  ])('is not written again elsewhere: %s', (sql) => {
    expect(canonical(sql)).toBe('sql/not-allowed')
  })
})

describe('findings of the gate of MySQL sources', () => {
  it('says where, and all of them at once', () => {
    const examined = examineShop('SELECT nope,\n  phone, id\nFROM customers\nWHERE missing = 1')
    expect(
      examined.kind === 'refused' ? examined.findings.map(({ rule, line, column }) => [rule, line, column]) : [],
    ).toEqual([
      ['sql/column-not-allowed', 1, 8],
      ['sql/column-not-allowed', 2, 3],
      ['sql/column-not-allowed', 4, 7],
    ])
  })
})

describe('the gate of a MySQL source', () => {
  const process = new GateProcess({ deadlineMilliseconds: 5_000, memoryMegabytes: 256 })
  afterAll(() => process[Symbol.asyncDispose]())
  const signal = AbortSignal.timeout(60_000)
  const policy = bindPolicy(sqlPolicyOptions.parse(shopPolicy), shopCatalog)
  const gate = (plan: PlanEstimate) =>
    createMysqlGate({
      source: 'shop',
      catalog: shopCatalog,
      policy,
      process,
      estimate: async () => plan,
    })
  const rule = async (plan: PlanEstimate, sql: string): Promise<string> => {
    const verdict = await gate(plan).validate(sql, signal)
    return verdict.kind === 'accepted' ? 'accepted' : verdict.findings[0].rule
  }

  it('refuses a plan that reads what was not resolved, and one that looks at too many rows', async () => {
    expect(await rule({ cost: 10, rows: 10, relations: ['shop.orders'] }, 'SELECT id FROM orders')).toBe('accepted')
    expect(await rule({ cost: 10, rows: 10, relations: ['?.secrets'] }, 'SELECT id FROM orders')).toBe(
      'sql/plan-differs',
    )
    expect(await rule({ cost: 1e12, rows: 1, relations: [] }, 'SELECT id FROM orders')).toBe('sql/too-expensive')
  })

  it('hands the limits of its policy on with what it accepts', async () => {
    const limits = {
      search_path: ['shop'],
      relations: { orders: '*' },
      row_limit: 7,
      maximum_mb: 2_048 / 1_048_576,
      timeout_ms: 90,
    }
    const limited = bindPolicy(sqlPolicyOptions.parse(limits), shopCatalog)
    const limitedGate = createMysqlGate({ source: 'shop', catalog: shopCatalog, policy: limited, process })
    expect(await limitedGate.validate('SELECT id FROM orders', signal)).toMatchObject({
      value: { rowLimit: 8, maximumBytes: 2_048, timeoutMilliseconds: 90 },
    })
    expect(
      await gate({ cost: 1, rows: 1, relations: [] }).validate('SELECT id FROM orders', signal),
    ).not.toHaveProperty('value.maximumBytes')
  })

  it('asks for no plan of a view', async () => {
    expect(await rule({ cost: 1e12, rows: 1, relations: [] }, 'SELECT id FROM big_orders')).toBe('accepted')
  })

  it.each([
    [{ relations: { orders: { columns: { total: 'aggregate-only' }, entity_key: 'id', other_columns: 'allow' } } }],
    [{ relations: { orders: '*' }, functions: ['shop.distance(int)'] }],
    [{ relations: { orders: '*' }, maximum_cost: 100 }],
  ])('does not take a policy it cannot hold: %j', (written) => {
    verifies('mysql.unfit-policies')
    const asked = bindPolicy(sqlPolicyOptions.parse({ search_path: ['shop'], ...written }), shopCatalog)
    expect(() => createMysqlGate({ source: 'shop', catalog: shopCatalog, policy: asked, process })).toThrow(
      /cannot hold/,
    )
  })
})
