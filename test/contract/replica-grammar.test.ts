import { describe, expect, it } from 'vitest'
import { bindPolicy } from '../../src/validators/sql/bind-policy.ts'
import { createExaminer } from '../../src/validators/sql/postgresql/examine.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../src/validators/sql/options.ts'
import { createFakeCatalog } from '../support/sql/fake-shadow.ts'

const catalog = createFakeCatalog({ orders: { id: 'integer', amount: 'numeric', placed: 'date', customer: 'text' } })
const policy = bindPolicy(sqlPolicyOptions.parse({ relations: { orders: '*' } }), catalog)

async function judge(major: number, sql: string): Promise<string> {
  const examine = await createExaminer({ policy, major, options: sqlGateOptions.parse({}) })
  const examination = examine(sql)
  return examination.kind !== 'refused' ? 'examined' : (examination.findings[0]?.rule ?? '')
}

describe.each([14, 15, 16, 17, 18])('for a server of version %i', (major) => {
  it.each([
    'SELECT count(*), sum(amount) FROM orders WHERE placed > current_date - 30 GROUP BY customer HAVING count(*) > 1',
    'WITH a AS (SELECT extract(year FROM placed) AS y, amount FROM orders) SELECT y, rank() OVER (ORDER BY y) FROM a',
    "SELECT (ARRAY[1,2])[1], CASE WHEN customer LIKE 'a%' THEN 1 ELSE -2.5 END, interval '1 day' FROM orders LIMIT 3",
    'SELECT id FROM orders UNION ALL SELECT id FROM orders ORDER BY 1 OFFSET 2',
    "SELECT a.id FROM orders a JOIN orders b USING (id) WHERE a.placed BETWEEN '2024-01-01' AND '2024-02-01'",
  ])('its grammar reads the canonical text the same: %s', async (sql) => {
    expect(await judge(major, sql)).toBe('examined')
  })
})

it('syntax the server does not know is refused', async () => {
  const sql = "SELECT JSON_OBJECT('a': id) FROM orders"
  expect(await judge(15, sql)).not.toBe('examined')
  expect(await judge(18, sql)).toBe('examined')
})
