import { describe, expect, it } from 'vitest'
import { shinglesOf, tokenize } from '../../../../src/filters/sql-leak/tokens.ts'

const wordsOf = (text: string) => tokenize(text).map(({ word }) => word)

describe('words of a statement', () => {
  it.each([
    ['in small letters', 'SELECT Country', ['select', 'country']],
    ['without marks', '**select**, `a`;(b)', ['select', 'a', 'b']],
    ['without a qualifier', 'o.total, c . x', ['total', 'c', 'x']],
    ['without a qualifier in quotation marks', '"o"."total"', ['total']],
    ['without two of them', 'public.orders.total', ['total']],
    ['with what stands before the end of a sentence', 'from orders. where', ['from', 'orders', 'where']],
    ['with numbers', "x >= 1.5 and y = '2024-01-01'", ['x', '1', '5', 'and', 'y', '2024', '01', '01']],
    ['without comments', 'a /* b c */ d -- e f\ng', ['a', 'd', 'g']],
    ['without a comment that has no end', 'a /* b c', ['a']],
    ['with letters beyond ASCII', 'Größe, 数量_1', ['größe', '数量_1']],
    ['of none', ' -- \n', []],
  ])('are taken %s', (_what, text, expected) => {
    expect(wordsOf(text)).toEqual(expected)
  })

  it('keep their places, also behind a comment and a qualifier', () => {
    const text = 'SELECT /* x */ o.total -- y\nFROM t'
    expect(tokenize(text).map(({ start, end }) => text.slice(start, end))).toEqual(['SELECT', 'total', 'FROM', 't'])
  })
})

it.each([
  [2, ['a b', 'b c', 'c d']],
  [3, ['a b c', 'b c d']],
  [4, ['a b c d']],
  [5, []],
])('of four words as many as fit stand %i in a row', (size, expected) => {
  expect(shinglesOf(tokenize('a b c d'), size)).toEqual(expected)
})
