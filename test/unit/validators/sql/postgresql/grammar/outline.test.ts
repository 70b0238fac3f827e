import { describe, expect, it } from 'vitest'
import { outlineOf } from '../../../../../../src/validators/sql/postgresql/grammar/outline.ts'

describe('the outline of a text', () => {
  it.each([
    ["SELECT a FROM t WHERE b = 'x' LIMIT 5", "SELECT a FROM t WHERE b = '; DROP TABLE t' LIMIT 77"],
    ["SELECT 'it''s'", "SELECT 'that''s'"],
    ['SELECT a1 FROM t2 WHERE x > 10', 'SELECT a1 FROM t2 WHERE x > 11'],
    ["SELECT E'a'", "SELECT E'b'"],
    ['SELECT 1.5, 2', 'SELECT 27.25, 3'],
  ])('is the same whatever the plain literals: %s', (one, other) => {
    expect(outlineOf(one)).not.toBeNull()
    expect(outlineOf(one)).toBe(outlineOf(other))
  })

  it.each([
    ['SELECT a1 FROM t', 'SELECT a2 FROM t'],
    ['SELECT 1.5', 'SELECT 15'],
    ['SELECT 1.5', 'SELECT 1.5e9'],
    ["SELECT 'a', b FROM t", "SELECT 'a, b' FROM t"],
    ["SELECT 'a' 'b'", "SELECT 'a''b'"],
    ['SELECT 1 FROM t', 'SELECT 1FROM t'],
    ['SELECT $1', 'SELECT 0'],
  ])('is another where anything else differs: %s', (one, other) => {
    expect(outlineOf(one)).not.toBe(outlineOf(other))
  })

  it.each([
    "SELECT '\\' , ssn FROM secrets --'",
    "SELECT 'a' -- 'b'",
    "SELECT 'a' /* ' */",
    'SELECT $$a$$',
    'SELECT "a"',
    'SELECT `a`',
    "SELECT 'a",
    "SELECT 'a\nb' = 'c'",
    "SELECT 'a\tb'",
    "SELECT 'ä'",
    'SELECT a[1]',
    '# SELECT 1',
  ])('is not made where parsers may disagree on where a literal ends: %s', (text) => {
    expect(outlineOf(text)).toBeNull()
  })
})
