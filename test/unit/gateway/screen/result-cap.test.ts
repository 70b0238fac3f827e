import { describe, expect, it } from 'vitest'
import type { JsonValue } from '../../../../src/core/json.ts'
import { ResultCap } from '../../../../src/gateway/screen/result-cap.ts'

const said = (cap: ResultCap) => cap.finding()?.message ?? null
const cut = (what: string, limit: string) =>
  `The result was cut: ${what} beyond ${limit} characters (filters.maximum_result_characters) were left out. Ask for less at once.`

describe('the characters that one result may have', () => {
  it('are all shown where it has exactly as many, and nothing is said', () => {
    const cap = new ResultCap(10)
    expect([cap.text('12345'), cap.value('678'), cap.text('90'), cap.text('')]).toEqual(['12345', '678', '90', ''])
    expect(said(cap)).toBeNull()
  })

  it('are shared by all of its texts, and what is cut is counted', () => {
    const cap = new ResultCap(2_000)
    expect(cap.text('a'.repeat(1_500))).toHaveLength(1_500)
    expect(cap.text('b'.repeat(1_700))).toBe('b'.repeat(500))
    expect(cap.text('c')).toBe('')
    expect(said(cap)).toBe(cut('1,201 characters', '2,000'))
  })

  it.each<[string, JsonValue, number]>([
    ['a number', 5, 8],
    ['nothing', null, 8],
    ['a truth', false, 8],
    ['a list, by what it holds', ['abc', 1, null], 19],
    ['an object, by its names and what they hold', { name: 'abc', n: 1, deep: { more: ['x'] } }, 25],
    ['an empty list', [], 0],
  ])('count %s', (_what, value, size) => {
    const [enough, less] = [new ResultCap(size), new ResultCap(size - 1)]
    expect(enough.value(value)).toEqual(value)
    expect([enough.text('xy'), said(enough)]).toEqual(['', cut('2 characters', String(size))])
    if (size === 0) return
    expect(less.value(value)).toBeNull()
    expect(said(less)).toBe(cut(`${size} characters`, String(size - 1)))
  })

  it('count a list of very many values', () => {
    const values = Array.from({ length: 300_000 }, () => 1)
    expect(new ResultCap(2_400_000).value(values)).toBe(values)
    expect(new ResultCap(2_399_999).value(values)).toBeNull()
  })

  it('leave out whole what does not fit, and all that comes after it', () => {
    const cap = new ResultCap(20)
    expect(cap.value(['a'.repeat(21)])).toBeNull()
    expect([cap.text('b'), cap.value([1]), cap.rows([['c'], ['d']])]).toEqual(['', null, []])
    expect(said(cap)).toBe(cut('2 rows and 30 characters', '20'))
  })

  it('are counted in a value nested deeper than any call may go', () => {
    let deep: JsonValue = 'x'
    for (let depth = 0; depth < 50_000; depth += 1) deep = [deep]
    expect(new ResultCap(1).value(deep)).toBe(deep)
  })
})

describe('a cut', () => {
  it('leaves no half of a character, and nothing after it', () => {
    const cap = new ResultCap(4)
    expect([cap.text('abc😀'), cap.text('d')]).toEqual(['abc', ''])
    expect(said(cap)).toBe(cut('3 characters', '4'))
  })
})

describe('the rows that one result may have', () => {
  const rows = [
    ['ab', 1],
    ['cd', 2],
    ['ef', 3],
    ['gh', 4],
  ] as const

  it.each([
    [40, 4],
    [29, 2],
    [20, 2],
    [19, 1],
    [10, 1],
    [9, 0],
    [0, 0],
  ])('are whole ones: under %i characters these are %i', (limit, count) => {
    const cap = new ResultCap(limit)
    expect(cap.rows(rows)).toEqual(rows.slice(0, count))
    expect(said(cap)).toBe(count === 4 ? null : cut(`${4 - count} rows`, String(limit)))
  })

  it('end at the first that does not fit, though a later one would', () => {
    const cap = new ResultCap(10)
    expect(cap.rows([['abc'], ['x'.repeat(20)], ['def']])).toEqual([['abc']])
    expect(cap.text('more')).toBe('')
    expect(said(cap)).toBe(cut('2 rows and 4 characters', '10'))
  })

  it('share what is left with the texts before and after them, and with other tables', () => {
    const cap = new ResultCap(3_000)
    expect(cap.text('x'.repeat(1_000))).toHaveLength(1_000)
    expect(cap.rows(Array.from({ length: 1_500 }, () => ['y']))).toHaveLength(1_500)
    expect(cap.text('z'.repeat(600))).toHaveLength(500)
    expect(cap.rows(Array.from({ length: 1_200 }, () => ['y']))).toEqual([])
    expect(said(cap)).toBe(cut('1,200 rows and 100 characters', '3,000'))
  })
})
