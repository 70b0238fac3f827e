import { describe, expect, it } from 'vitest'
import { namesOfItsOwn, pointInWords } from '../../../../../../src/web/pages/ask/answer/chart-words.ts'

const columns = ['layer', 'series', 'region', 'amount'].map((name) => ({ name, title: name }))
const plain = {
  columns,
  rows: [
    ['bar', 's 1', 'north', 3],
    ['bar', 's 1', 'south', 9],
  ],
}
const stacked = {
  columns,
  rows: [
    ['bar', 's 1', 'north', 3],
    ['bar', 's 2', 'north', 9],
  ],
}

describe('a chart in words', () => {
  it('leaves out the names of its parts where it has one', () => {
    expect(namesOfItsOwn(plain)).toEqual(['region', 'amount'])
    expect(namesOfItsOwn(stacked)).toEqual(['series', 'region', 'amount'])
  })

  it.each([
    [plain, { layer: 'bar', series: 's 1', region: 'north', amount: 3 }, 'region north'],
    [plain, { amount: 3, __derived: 'x' }, 'amount 3'],
    [plain, { region: null, amount: 0 }, 'amount 0'],
    [plain, { start_angle: 1 }, null],
    [stacked, { series: 's 2', region: 'north' }, 'region north'],
    [stacked, { series: 's 2', amount: 1 }, 'series s 2'],
  ])('names what was pressed on: %#', (chart, row, words) => {
    expect(pointInWords(chart, row)).toBe(words)
  })
})
