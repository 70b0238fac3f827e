import { describe, expect, it } from 'vitest'
import { createPlacer, placeFindings } from '../../../../src/validators/sql/location.ts'

describe('the place of a byte', () => {
  it.each([
    [0, 1, 1],
    [1, 1, 2],
    [2, 1, 3],
    [3, 2, 1],
    [4, 3, 1],
    [6, 3, 3],
    [99, 3, 96],
  ])('%d is line %d, column %d', (offset, line, column) => {
    expect(createPlacer('ab\n\ncde')(offset)).toEqual({ line, column })
  })

  it.each([
    [0, 1, 1],
    [2, 1, 2],
    [3, 2, 1],
    [7, 2, 3],
    [8, 2, 4],
  ])('%d of a text beyond ASCII is line %d, column %d, in UTF-16', (offset, line, column) => {
    expect(createPlacer('ä\n\u{1F600}xy')(offset)).toEqual({ line, column })
  })
})

it('of the first line is on the first line where that is empty', () => {
  const place = createPlacer('\nab')
  expect([place(0), place(2)]).toEqual([
    { line: 1, column: 1 },
    { line: 2, column: 2 },
  ])
})

describe('findings', () => {
  const finding = (offset: number, message = 'm', rule = 'r') => ({ rule, message, offset })

  it('come in the order of the text, each once', () => {
    const raw = [finding(4), finding(0), finding(4), finding(4, 'other'), finding(4, 'm', 'r2')]
    expect(placeFindings('abc\ndef', raw)).toEqual([
      { rule: 'r', line: 1, column: 1, message: 'm' },
      { rule: 'r', line: 2, column: 1, message: 'm' },
      { rule: 'r', line: 2, column: 1, message: 'other' },
      { rule: 'r2', line: 2, column: 1, message: 'm' },
    ])
  })
})
