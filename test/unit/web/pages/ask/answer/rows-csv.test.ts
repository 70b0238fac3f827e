import { describe, expect, it } from 'vitest'
import { rowsAsCsv } from '../../../../../../src/web/pages/ask/answer/rows-csv.ts'

describe('rows that are saved as CSV', () => {
  it('have quotes where a cell has marks, nothing where it is null, and JSON where it is a structure', () => {
    const rows = [
      ['a,b', 'say "so"', null],
      ['two\nlines', 12.5, { a: [1] }],
    ]
    expect(rowsAsCsv([{ name: 'x' }, { name: 'y, z' }, { name: 'w' }], rows)).toBe(
      'x,"y, z",w\r\n"a,b","say ""so""",\r\n"two\nlines",12.5,"{""a"":[1]}"\r\n',
    )
  })

  it.each([
    ['=1+1', "'=1+1"],
    ['@SUM(A1)', "'@SUM(A1)"],
    ['-2+3', "'-2+3"],
    ['＝1+1', "'＝1+1"],
    ['-12.50', '-12.50'],
    ['+1e3', '+1e3'],
    [-3, '-3'],
  ])('hold no formula: %s', (value, cell) => {
    expect(rowsAsCsv([{ name: 'x' }], [[value]])).toBe(`x\r\n${cell}\r\n`)
  })
})
