import { describe, expect, it } from 'vitest'
import { findRepeats, fingerprint, similarity } from '../../../../src/filters/sql-leak/statement.ts'
import { tokenize } from '../../../../src/filters/sql-leak/tokens.ts'

const statement = 'SELECT country, revenue FROM orders WHERE year = 2024 LIMIT 5'
const print = (text: string) => fingerprint(text) ?? expect.fail('no fingerprint')

function repeats(text: string, of = statement) {
  return findRepeats(tokenize(text), print(of)).map(({ start, end, category, score }) => {
    expect(category).toBe('sql-leak/statement')
    return [text.slice(start, end), Number(score.toFixed(2))]
  })
}

describe('a statement repeated word for word', () => {
  it.each([
    ['whole', `So: ${statement}!`, [[statement, 1]]],
    ['twice', `${statement} and ${statement}`, [[statement, 1], [statement, 1]]],
    ['in part', 'I took revenue from orders where year 2024 for it', [['revenue from orders where year 2024', 0.84]]],
    ['in two parts', 'country, revenue FROM orders WHERE year; then from orders where year 2024 limit and so on', [['country, revenue FROM orders WHERE year', 0.84], ['from orders where year 2024 limit', 0.84]]],
    ['in five words', 'I took revenue from orders where year for it', []],
    ['in other words', 'select revenue by country of orders in 2024', []],
    ['with more before it and behind it', `a b c ${statement} d e f`, [[statement, 1]]],
  ])('is found %s', (_what, text, expected) => {
    expect(repeats(text)).toEqual(expected)
  }) // prettier-ignore

  it('counts more, the more of it is repeated, and never more than wholly', () => {
    expect(repeats(`${statement} ${statement} ${statement}`).map(([, score]) => score)).toEqual([1, 1, 1])
    const twice = 'select a b c d e select a b c d e'
    expect(repeats(`${twice} select a b c d e`, twice)).toEqual([[`${twice} select a b c d e`, 1]])
  })

  it('counts as a whole where it is short', () => {
    expect(repeats('it was select a from t then', 'SELECT a FROM t')).toEqual([['select a from t', 1]])
    expect(repeats('it was select a from then', 'SELECT a FROM t')).toEqual([])
    expect(fingerprint('SELECT 1, 2')).toBeNull()
    expect(fingerprint('SELECT 1, 2, 3')).not.toBeNull()
  })

  it('is none without a word of SQL: what a statement says of its values may be said', () => {
    const long = 'SELECT x FROM t WHERE name IN (anna, bob, carol, dora, emil, fred, gerd)'
    expect(repeats('anna, bob, carol, dora, emil, fred, gerd', long)).toEqual([])
    expect(repeats('where name in anna, bob, carol', long)).toHaveLength(1)
  })

  it.each(['select', 'from', 'where', 'join', 'group', 'order', 'having', 'with', 'limit', 'union'])(
    'is one with the one word %s',
    (word) => {
      expect(repeats(`a b c ${word} d e`, `a b c ${word} d e`)).toHaveLength(1)
      expect(repeats(`a b c ${word}s d e`, `a b c ${word}s d e`)).toEqual([])
    },
  )
})

it.each([
  ['select country, revenue from orders', 1],
  ['select country, sales from orders', 0.8],
  ['delete it all', 0],
  ['', 0],
])('of the words of %j the statement has %d', (text, share) => {
  expect(similarity(tokenize(text), print(statement))).toBe(share)
})
