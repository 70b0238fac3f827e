import { describe, expect, it } from 'vitest'
import { checkPatterns } from '../../../../../../src/validators/sql/postgresql/budgets/patterns.ts'
import { visitsOf } from '../../../../../support/sql/visits.ts'

const rules = (sql: string) => checkPatterns(visitsOf(sql)).map(({ rule }) => rule)
/** Just over the product of 2000, and just at it. */
const [large, small] = ['(a{3,41}){49}', '(a{2,40}){50}']

const uses = (pattern: string) => [
  `SELECT name ~ '${pattern}' FROM t`,
  `SELECT name !~* '${pattern}'::text FROM t`,
  `SELECT name ~ ANY (ARRAY['x', '${pattern}']) FROM t`,
  `SELECT name SIMILAR TO '${pattern}' FROM t`,
  `SELECT name NOT SIMILAR TO '${pattern}' ESCAPE '#' FROM t`,
  `SELECT substring(name FROM '${pattern}') FROM t`,
  `SELECT substring(name SIMILAR '${pattern}' ESCAPE '#') FROM t`,
  `SELECT regexp_replace(name, '${pattern}', '\\1') FROM t`,
  `SELECT regexp_match(string => name, pattern => '${pattern}') FROM t`,
  `SELECT regexp_count(name, '${pattern}'), regexp_instr(name, 'x'), regexp_like(name, 'x') FROM t`,
  `SELECT * FROM t, regexp_split_to_table(t.name, '${pattern}')`,
  `SELECT textregexeq(name, '${pattern}') FROM t`,
  `SELECT texticregexne(name, '${pattern}') FROM t`,
  `SELECT name ~ ('x' || '${pattern}') FROM t`,
  `SELECT name ~ lower(concat('x', '${pattern}')) FROM t`,
  `SELECT name ~ CASE WHEN id > 1 THEN '${pattern}' ELSE 'b' END FROM t`,
  `SELECT name ~ (SELECT '${pattern}') FROM t`,
  `WITH p AS (SELECT '${pattern}' AS p) SELECT name FROM t, p WHERE name ~ p`,
  `SELECT note @? '$[*] ? (@ like_regex "${pattern}")' FROM t`,
  `SELECT jsonb_path_exists(note, '$[*] ? (@ like_regex "${pattern}")') FROM t`,
]

describe('a regular expression', () => {
  it.each(uses(large))('whose automaton is too large is refused, wherever it comes from: %s', (sql) => {
    expect(rules(sql)).toEqual(['sql/pattern-too-expensive'])
  })

  it.each(uses(small))('just small enough is taken: %s', (sql) => {
    expect(rules(sql)).toEqual([])
  })

  it.each([
    ['a{2001}', 'a{2000}'],
    ['a{2001,}', 'a{2000,}'],
    ['a{0,2001}', 'a{0,2000}'],
    ['(a{3}b{23}){29}', '(a{3}b{23}){28}'],
  ])('is counted by the larger of its bounds: %s', (over, within) => {
    expect(rules(`SELECT name ~ '${over}' FROM t`)).toHaveLength(1)
    expect(rules(`SELECT name ~ '${within}' FROM t`)).toEqual([])
  })

  it('is put together from its parts', () => {
    expect(rules("SELECT name ~ ('(a{3,4' || '1}){4' || '9}') FROM t")).toHaveLength(1)
    expect(rules("SELECT name ~ ('a{50}' || 'b{41}') FROM t")).toHaveLength(1)
  })

  it('has at most 500 characters and no back-references', () => {
    expect(rules(`SELECT name ~ '${'a'.repeat(500)}' FROM t`)).toEqual([])
    expect(rules(`SELECT name ~ '${'a'.repeat(501)}' FROM t`)).toHaveLength(1)
    expect(rules(`SELECT name ~ '(a)\\1' FROM t`)).toHaveLength(1)
    expect(rules(`SELECT regexp_replace(name, '(a)', '\\1\\1') FROM t`)).toEqual([])
  })

  it.each([
    `SELECT name FROM t WHERE name = '${large}'`,
    `SELECT name FROM t WHERE name LIKE '${large}'`,
    `SELECT name ~ 'x', '${'a'.repeat(600)}' FROM t`,
    'SELECT substring(name, 1, 5000), substring(name FROM 3) FROM t',
    'SELECT name ~ other FROM t',
  ])('is not looked for where none is matched or it is cheap: %s', (sql) => {
    expect(rules(sql)).toEqual([])
  })

  it('is pointed at, with what is allowed', () => {
    expect(checkPatterns(visitsOf(`SELECT id, name ~ '${large}' FROM t`))).toEqual([
      {
        rule: 'sql/pattern-too-expensive',
        offset: 16,
        message:
          'This regular expression is too expensive: at most 500 characters, no back-references, and counts like {3} whose product stays below 2000.',
      },
    ])
  })
})
