import { beforeAll, describe, expect, it } from 'vitest'
import { loadGrammar, parseStatement } from '../../../../../../src/validators/sql/postgresql/grammar/parse.ts'

beforeAll(loadGrammar)

function findingsOf(source: string) {
  const parsed = parseStatement(source)
  return 'findings' in parsed ? parsed.findings.map(({ rule, offset, message }) => [rule, offset, message]) : []
}

describe('a statement that is no single SELECT', () => {
  it.each([
    [' -- nothing', 'sql/empty', 0, 'There is no statement.'],
    [';;', 'sql/empty', 0, 'There is no statement.'],
    ['SELECT 1; SELECT 2; SELECT 3', 'sql/one-statement', 10, 'There are 3 statements; send exactly one SELECT.'],
    ["SELECT 'ä'; DELETE FROM t", 'sql/one-statement', 13, 'There are 2 statements; send exactly one SELECT.'],
    ['DELETE FROM t', 'sql/not-select', 0, 'A Delete statement is not allowed. It writes; only reading is allowed.'],
    ['SELECT /*! 1 */ 2', 'sql/comment', 7, 'Comments of the form /*! … */ run as code elsewhere and are not allowed.'],
    [
      "SELECT 'ä' /*M! 1 */",
      'sql/comment',
      12,
      'Comments of the form /*! … */ run as code elsewhere and are not allowed.',
    ],
  ])('is refused: %s', (source, rule, offset, message) => {
    expect(findingsOf(source)).toEqual([[rule, offset, message]])
  })

  it.each([
    ['SELECT 1', 'plain'],
    ['SELECT 1;', 'with a semicolon at its end'],
    ["SELECT '/*! no comment */'", 'with such a text'],
    ['SELECT 1 /* plain */', 'with a comment'],
  ])('is none of those: %s, %s', (source) => {
    expect(findingsOf(source)).toEqual([])
  })
})

describe('a statement that PostgreSQL cannot parse', () => {
  it.each([
    ['SELECT FROM WHERE', 12, 'syntax error at or near "WHERE".'],
    ["SELECT 'äöü', 'a", 17, `unterminated quoted string at or near "'a".`],
    ["SELECT E'\\xff'", 0, 'invalid byte sequence for encoding "UTF8": 0xff.'],
    [
      '```sql SELECT 1 ```',
      0,
      'syntax error at or near "```". Send the SQL alone, without the fence of Markdown around it.',
    ],
    ['SELECT 1 LIMIT 1, 2', 9, 'LIMIT #,# syntax is not supported. Write LIMIT rows OFFSET start.'],
  ])('is refused with the byte at which it fails: %s', (source, offset, message) => {
    expect(findingsOf(source)).toEqual([['sql/syntax', offset, `PostgreSQL cannot parse this: ${message}`]])
  })
})
