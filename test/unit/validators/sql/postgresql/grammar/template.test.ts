import { beforeAll, describe, expect, it } from 'vitest'
import { bindPolicy } from '../../../../../../src/validators/sql/bind-policy.ts'
import {
  createExaminer,
  type Examination,
  type Examined,
} from '../../../../../../src/validators/sql/postgresql/examine.ts'
import { fillTemplate } from '../../../../../../src/validators/sql/postgresql/grammar/template.ts'
import { readOutline } from '../../../../../../src/validators/sql/postgresql/grammar/outline.ts'
import { sqlGateOptions, sqlPolicyOptions } from '../../../../../../src/validators/sql/options.ts'
import { createFakeCatalog } from '../../../../../support/sql/fake-shadow.ts'

const catalog = createFakeCatalog({
  orders: { id: 'integer', customer: 'text', amount: 'numeric', placed: 'date', order: 'integer' },
  people: { id: 'integer', pay: 'numeric' },
})
const policy = bindPolicy(
  sqlPolicyOptions.parse({
    relations: { orders: '*', people: { columns: { pay: { mask: 'null' } }, other_columns: 'allow' } },
    row_limit: 100,
  }),
  catalog,
)
let examine: (source: string) => Examination

beforeAll(async () => {
  examine = await createExaminer({ policy, major: 15, options: sqlGateOptions.parse({}) })
})

function examined(source: string): Examined | null {
  const examination = examine(source)
  return examination.kind === 'examined' ? examination.value : null
}

/** The literals of a text that may be another. */
function freeLiterals(source: string): string[] {
  const isFree = examined(source)?.template?.isFree ?? []
  return (readOutline(source)?.literals ?? []).filter((_, index) => isFree[index] === true)
}

describe('a literal is free', () => {
  it.each([
    ["SELECT id FROM orders WHERE customer = 'x' AND amount > 7 LIMIT 10", ["'x'", '7']],
    ["SELECT id FROM orders WHERE NOT (customer <> 'x' OR 7.25 <= amount)", ["'x'", '7.25']],
    ["SELECT id FROM orders WHERE customer IN ('x', 'y') OR id NOT IN (1, 2)", ["'x'", "'y'", '1', '2']],
    ['SELECT id FROM orders WHERE id BETWEEN 1 AND 2 OR id NOT BETWEEN 3 AND 4', ['1', '2', '3', '4']],
    ["SELECT id FROM orders WHERE customer LIKE 'a%' AND customer NOT ILIKE '_b'", ["'a%'", "'_b'"]],
    ['SELECT customer FROM orders GROUP BY customer HAVING count(*) > 3', ['3']],
    ['SELECT a.id FROM orders a JOIN orders b ON a.id = b.id AND b.amount > 5', ['5']],
    ['SELECT id FROM orders WHERE id IN (SELECT id FROM orders WHERE amount < 3) AND amount = (4)', ['3', '4']],
    ['WITH o AS (SELECT id FROM orders WHERE id = 1) SELECT (SELECT max(id) FROM o WHERE id < 2) FROM o', ['1', '2']],
    ["SELECT id FROM orders WHERE customer = ''", ["''"]],
    ['SELECT id FROM orders WHERE id = 0', ['0']],
    ["SELECT id FROM orders WHERE placed > DATE '2026-01-01'", ["'2026-01-01'"]],
    ["SELECT id FROM orders WHERE placed > '2026-01-01'::date AND id < 5::bigint", ["'2026-01-01'", '5']],
    ["SELECT id FROM orders WHERE customer = CAST('x' AS varchar(20))", ["'x'"]],
  ])('as an operand of a comparison in a condition: %s', (source, literals) => {
    expect(freeLiterals(source)).toEqual(literals)
  })

  it.each([
    'SELECT 5 FROM orders',
    'SELECT id FROM orders LIMIT 10',
    'SELECT id FROM orders OFFSET 10',
    'SELECT id, customer FROM orders ORDER BY 2',
    'SELECT id = 5 FROM orders',
    'SELECT id FROM orders WHERE id = -5',
    'SELECT id FROM orders WHERE id = 007',
    'SELECT id FROM orders WHERE id = 5000000000',
    'SELECT id FROM orders WHERE amount = 1e3',
    "SELECT id FROM orders WHERE placed > now() - INTERVAL '1 day'",
    "SELECT id FROM orders WHERE customer::varchar(20) = 'it''s'",
    "SELECT id FROM orders WHERE customer = E'x'",
    "SELECT id FROM orders WHERE customer = U&'x'",
    "SELECT id FROM orders WHERE customer = N'x'",
    "SELECT id FROM orders WHERE customer = 'a'\n'b'",
    "SELECT id FROM orders WHERE customer ~ 'a'",
    "SELECT id FROM orders WHERE customer SIMILAR TO 'a'",
    "SELECT id FROM orders WHERE customer LIKE id || 'a'",
    "SELECT id FROM orders WHERE customer = repeat('x', 10)",
    'SELECT id FROM orders WHERE id = power(2, 3)',
    'SELECT id FROM orders WHERE amount ^ 2 > id',
    'SELECT id FROM orders WHERE (id, amount) = (1, 2)',
    "SELECT id FROM orders WHERE id = ANY ('{1,2}')",
    'SELECT id FROM orders WHERE id IS DISTINCT FROM 5',
    'SELECT CASE WHEN id = 5 THEN 1 END FROM orders',
    'SELECT count(*) FILTER (WHERE id = 5) FROM orders',
    "SELECT concat(customer = 'x') FROM orders",
    "SELECT id FROM orders WHERE (customer = 'x') = true",
    'SELECT id FROM generate_series(1, 10) AS id',
    'SELECT id FROM people WHERE id = 5',
    // The second parser cannot read it, and is asked again each time.
    'SELECT id FROM orders WHERE id BETWEEN SYMMETRIC 3 AND 4',
    'SELECT "order" FROM orders WHERE id = 5',
    "SELECT id FROM orders WHERE customer = 'é'",
    "SELECT id FROM orders WHERE customer = '5' -- 5",
  ])('and nowhere else: %s', (source) => {
    expect(examined(source)).not.toBeNull()
    expect(freeLiterals(source)).toEqual([])
  })
})

describe('a filled template', () => {
  const others: Readonly<Record<string, readonly string[]>> = {
    text: ["''", "'x'", "'true'", "'0'", "' OR 1=1; DROP TABLE orders '", "'%1000000000s'", "'NULL'", "'((('", "'$'"],
    integer: ['0', '1', '9', '10', '2147483', '999999999', '00', '010'],
    decimal: ['0.0', '1.50', '00.5', '999999999.999999999'],
  }
  const kindOf = (literal: string): string =>
    literal.startsWith("'") ? 'text' : literal.includes('.') ? 'decimal' : 'integer'

  it.each([
    "SELECT id FROM orders WHERE customer = 'a' AND amount > 1.5 LIMIT 10",
    "SELECT * FROM orders WHERE customer LIKE 'a' OR (id IN (1, 2, 3) AND NOT amount BETWEEN 4 AND 5)",
    "SELECT customer, count(*) FROM orders WHERE id <> 1 GROUP BY 1 HAVING sum(amount) >= 2.5 AND max(customer) < 'b'",
    "SELECT a.id FROM orders a LEFT JOIN orders b ON a.id = b.id AND b.customer = 'c' WHERE b.id > 1 ORDER BY 1 OFFSET 5",
    "SELECT id FROM orders WHERE id = 1 UNION ALL SELECT id FROM orders WHERE customer NOT IN ('x', 'y') LIMIT 5",
    "SELECT id FROM orders WHERE placed BETWEEN DATE '2026-01-01' AND 'now'::date AND amount < 5::numeric(9, 2)",
    "WITH o AS (SELECT id FROM orders WHERE customer ILIKE 'q') SELECT count(*) FROM o WHERE (id < 3) IS NOT TRUE OR 4 > id",
  ])('is what the whole examination prints, and has the shape it has: %s', (source) => {
    const first = examined(source)
    if (first?.template == null) throw new Error(source)
    const outline = readOutline(source)
    let filled = 0
    for (const [index, literal] of (outline?.literals ?? []).entries()) {
      if (first.template.isFree[index] !== true) continue
      for (const other of others[kindOf(literal)] ?? []) {
        const start = outline?.starts[index] ?? 0
        const text = source.slice(0, start) + other + source.slice(start + literal.length)
        const again = readOutline(text)
        // A `$` is unclear in any text, so it has no outline.
        if (again === null) continue
        expect(again.text).toBe(outline?.text)
        const canonical = fillTemplate(first.template, again)
        if (canonical === null) continue
        filled += 1
        expect(examined(text)).toMatchObject({ canonical, shape: first.shape, plan: first.plan })
      }
    }
    expect(filled).toBeGreaterThan(10)
  })

  it('refuses to write an integer that is printed otherwise', () => {
    const template = examined('SELECT id FROM orders WHERE id = 1')?.template
    const outline = readOutline('SELECT id FROM orders WHERE id = 010')
    if (template == null || outline === null) throw new Error('no template')
    expect(fillTemplate(template, outline)).toBeNull()
  })
})
