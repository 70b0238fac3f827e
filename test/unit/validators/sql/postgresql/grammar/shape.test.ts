import { beforeAll, describe, expect, it } from 'vitest'
import { loadGrammar, parseStatement } from '../../../../../../src/validators/sql/postgresql/grammar/parse.ts'
import { shapeOf } from '../../../../../../src/validators/sql/postgresql/grammar/shape.ts'

beforeAll(() => loadGrammar())

function shape(sql: string): string {
  const parsed = parseStatement(sql)
  if (!('select' in parsed)) throw new Error(sql)
  return shapeOf(parsed.select)
}

describe('the shape of a statement', () => {
  it.each([
    ["SELECT a FROM t WHERE b = 1 AND c = 'x'", "SELECT a  FROM t WHERE b = 22 AND c = 'yy' -- other"],
    ['SELECT a FROM t WHERE b < 1.5 LIMIT 3', 'SELECT a FROM t WHERE b < 27.25 LIMIT 4'],
  ])('is the same for other literals of the same kinds: %s', (left, right) => {
    expect(shape(left)).toBe(shape(right))
  })

  it.each([
    ['SELECT a FROM t WHERE b = 1', "SELECT a FROM t WHERE b = '1'"],
    ['SELECT a FROM t WHERE b = 1', 'SELECT a FROM t WHERE b = 1.5'],
    ['SELECT a FROM t WHERE b = 3000000000', 'SELECT a FROM t WHERE b = 3000000000.5'],
    ['SELECT a FROM t WHERE b = 3000000000', 'SELECT a FROM t WHERE b = 30000000000000000000'],
    ['SELECT a FROM t WHERE b = 9223372036854775807', 'SELECT a FROM t WHERE b = 9223372036854775808'],
    ['SELECT a FROM t WHERE b = -1.5', 'SELECT a FROM t WHERE b = -3000000000'],
    ['SELECT a FROM t WHERE b = 1.5', 'SELECT a FROM t WHERE b = 0x1FFFFFFFF'],
    ['SELECT a FROM t WHERE b = 1.5', 'SELECT a FROM t WHERE b = 3_000_000_000'],
    ['SELECT a FROM t WHERE b = -2147483648', 'SELECT a FROM t WHERE b = -2147483649'],
    ['SELECT a, b FROM t ORDER BY 1', 'SELECT a, b FROM t ORDER BY 2'],
    ['SELECT a, b FROM t GROUP BY 1, 2', 'SELECT a, b FROM t GROUP BY 2, 1'],
    ['SELECT a::numeric(10, 2) FROM t', 'SELECT a::numeric(10, 3) FROM t'],
    ['SELECT a FROM t', 'SELECT b FROM t'],
    ['SELECT a FROM t WHERE b = NULL', 'SELECT a FROM t WHERE b = true'],
  ])('differs where the analyzer may see something else: %s | %s', (left, right) => {
    expect(shape(left)).not.toBe(shape(right))
  })
})
