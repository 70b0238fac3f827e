import { describe, expect, it } from 'vitest'
import { checkValues } from '../../../../../../src/validators/sql/postgresql/budgets/value-size.ts'
import { visitsOf } from '../../../../../support/sql/visits.ts'

const generous = { maximumValueBytes: 1e9, maximumSeries: 1_000 }

function findings(expression: string, limits = generous) {
  return checkValues(visitsOf(`SELECT ${expression} FROM t`), limits)
}

describe('the bytes of a value that a function makes', () => {
  it.each([
    [21, "repeat('abc', 7)"],
    [112, "repeat('', 7)"],
    [80, 'repeat(5, 5)'],
    [192, 'repeat(name, 3)'],
    [100, "repeat(repeat('x', 10), 10)"],
    [50, "repeat('x', least(id, 50))"],
    [9, "repeat('x', least(9, id, 50))"],
    [60, "repeat('ab', (10 * 3))"],
    [60, "repeat('ab', 10 * 3::int)"],
    [100, "lpad('x', 25)"],
    [12, "rpad('a long text', 3, 'y')"],
    [25, "format('%5s-%3s', 'a', 'bc')"],
    [22, "format('%2$-9s', 'x')"],
    [192, 'array_fill(1, ARRAY[3, 4])'],
    [80, "array_fill('abcd', '{2, 5}')"],
    [12, "replace('aaaa', 'a', 'bbb')"],
    [8, "replace('aaaa', 'aa', 'bbbb')"],
    [4, "replace('aaaa', 'aa', 'b')"],
    [12, "replace('aaaa', '', 'bbb')"],
    [256, "replace(name, 'a', 'bbbb')"],
    [4_096, "replace(name, 'a', other)"],
    [11, "regexp_replace('ab', 'x', 'cde')"],
    [192, "array_to_string(ARRAY['a', 'b'], ', ')"],
    [65, "concat('a', name)"],
    [64, "concat('a')"],
    [129, "concat_ws(',', name, other)"],
    [66, "'ab' || name"],
    [200, "repeat('x', -100) || lpad('x', 50)"],
    [200, "lpad('x', -25) || lpad('x', 50)"],
    [65, "name::text || 'x'"],
    [130, "'a' || name || 'b' || other"],
  ])('is at most %d: %s', (bytes, expression) => {
    expect(findings(expression, { ...generous, maximumValueBytes: bytes })).toEqual([])
    const [over] = findings(expression, { ...generous, maximumValueBytes: bytes - 1 })
    expect(over).toMatchObject({ rule: 'sql/value-too-large', offset: expect.any(Number) as number })
    expect(over?.message).toContain(`up to ${bytes} bytes here; use literal sizes that stay below ${bytes - 1} bytes`)
  })

  it.each(["repeat('x', -5)", "lpad('x', -5)", 'repeat(name, 0)'])(
    'is nothing where the size is none: %s',
    (expression) => {
      expect(findings(expression, { ...generous, maximumValueBytes: 0 })).toEqual([])
    },
  )

  it.each([
    ["repeat('x', id)", 'repeat makes a value of a size that is not constant', true],
    ["repeat('x', greatest(id, 50))", 'repeat', true],
    ["repeat('x', least(id, '50'))", 'repeat', true],
    ["lpad('x', id)", 'lpad', true],
    ["rpad('x', length(name))", 'rpad', true],
    ["format('%*s', id, 'x')", 'format', false],
    ['format(name, id)', 'format', false],
    ['array_fill(1, ARRAY[id, 2])', 'array_fill', false],
    ["array_fill(1, '{a}')", 'array_fill', false],
  ])('is unbounded where the size is no constant: %s', (expression, name, canBeBounded) => {
    const [finding] = findings(expression)
    expect(finding?.message).toContain(name)
    expect(finding?.message).toContain('of a size that is not constant')
    expect(finding?.message.includes('or bound it: least(size, 100)')).toBe(canBeBounded)
  })

  it('is looked at wherever the call stands', () => {
    const sql =
      "WITH a AS (SELECT 1) SELECT id FROM t WHERE id IN (SELECT length(repeat('x', 99)) FROM a) ORDER BY lpad('x', 99)"
    expect(checkValues(visitsOf(sql), { ...generous, maximumValueBytes: 50 })).toHaveLength(2)
  })
})

describe('a power', () => {
  it.each([
    '2 ^ 1000',
    '2 ^ -1000',
    'id ^ 2',
    'id ^ -2',
    '2 ^ id',
    '(2 ^ 3) ^ 2',
    'power(2, 1000)',
    'pow(id, 3)',
    '(id + 1) ^ 2',
    'factorial(1000)',
    'gamma(5)',
    'lgamma(id)',
    '10 ^ 300',
  ])('is allowed: %s', (expression) => {
    expect(findings(expression)).toEqual([])
  })

  it.each([
    '2 ^ 1001',
    '2 ^ -1001',
    '10 ^ 400',
    '(id ^ 2) ^ 2',
    '2 ^ (id ^ 2)',
    'power(2, 1001)',
    'power(id, power(id, 2))',
    'power(id ^ 2, 2)',
    '(power(id, 2)) ^ 2',
    '2 ^ ((id ^ 2)::numeric)',
    '2 ^ (1 + pow(id, 2))',
    '9 ^ (9 ^ (9 ^ 9))',
    'factorial(1001)',
    'factorial(id)',
  ])('is refused, as it may have more digits than memory: %s', (expression) => {
    expect(findings(expression).map(({ rule }) => rule)).toContain('sql/value-too-large')
  })
})

describe('a series', () => {
  const series = (call: string) => checkValues(visitsOf(`SELECT count(*) FROM generate_series(${call}) AS n`), generous)

  it.each([
    '1, 1001',
    '1, 10001, 10',
    '1001, 1, -1',
    '5, 1',
    '1, 5, 0',
    'id, 5',
    '1, id',
    "'2024-01-01'::date, '2024-12-31', '1 day'",
    'a, b',
    "a, b, '1 day'",
    "a, b, '1 minute'",
    'a, b, c',
    "'2024-01-01'::timestamp, '2024-01-01 00:16:40', '1 second'",
    "'2024-01-01', '2024-01-31', interval '1' day",
  ])('is allowed: %s', (call) => {
    expect(series(call)).toEqual([])
  })

  it.each([
    ['1, 1002', 'makes 1001 rows here; at most 1000'],
    ['1, 20000, 10', 'makes 1999 rows here; at most 1000'],
    ['2000, 1, -1', 'makes 1999 rows'],
    ["a, b, '59 seconds'", 'a step of a minute or more, and makes at most 1000 rows'],
    ["a, b, '00:00:01'", 'a step of a minute or more'],
    ["a, b, '1 s'", 'a step of a minute or more'],
    ["a, b, interval '1' second", 'a step of a minute or more'],
    ["'2024-01-01'::timestamp, '2024-01-01 00:16:41', '1 second'", 'makes at most 1000 rows'],
    ["'2024-01-01'::timestamp, '2024-01-02', '1 minute'", 'makes at most 1000 rows'],
    ["'2024-01-02'::timestamp, '2024-01-01', '-1 minute'", 'makes at most 1000 rows'],
    ["'2024-01-01'::timestamp, '2024-01-02', '0 days'", 'makes at most 1000 rows'],
    ["a, b, 'now'", "takes a step such as '1 day'"],
  ])('is refused: %s', (call, message) => {
    expect(series(call)).toEqual([
      { rule: 'sql/value-too-large', offset: 21, message: expect.stringContaining(message) as string },
    ])
  })
})
