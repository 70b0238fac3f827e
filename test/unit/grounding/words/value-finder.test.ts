import { describe, expect, it } from 'vitest'
import { atOnce } from '../../../../src/grounding/steps.ts'
import { indexEvidence } from '../../../../src/grounding/tables/evidence.ts'
import { sentencesOf } from '../../../../src/grounding/words/sentences.ts'
import { ValueFinder } from '../../../../src/grounding/words/value-finder.ts'

/** What of an answer is found as a value, with the rows of each. */
function found(text: string, cells: readonly string[]) {
  const [table] = indexEvidence([{ id: 'run1', columns: [{ name: 'name' }], rows: cells.map((cell) => [cell]) }]).tables
  if (table === undefined) throw new Error('There is no table.')
  return atOnce(new ValueFinder(sentencesOf(text)).finding(table)).map(({ start, end, rows, isPart }) => ({
    text: text.slice(start, end),
    rows,
    part: isPart === true,
  }))
}

describe('values that an answer names', () => {
  it.each<readonly [string, string, readonly string[], ReturnType<typeof found>]>([
    [
      'whole, each time',
      'Store 5 beats Store 7, not Store 5.',
      ['Store 5', 'Store 7', 'store-5'],
      [
        { text: 'Store 5', rows: [0, 2], part: false },
        { text: 'Store 7', rows: [1], part: false },
        { text: 'Store 5', rows: [0, 2], part: false },
      ],
    ],
    ['only where their words stand in a row', 'Store 7 had 5 and Store 9 had 12.', ['Store 5', 'Store 12'], []],
    [
      'in one sentence',
      'This is Paris. Texas is far.',
      ['Paris Texas'],
      [
        { text: 'Paris', rows: [0], part: true },
        { text: 'Texas', rows: [0], part: true },
      ],
    ],
    [
      'by a word that one of them alone holds',
      'Hamilton led.',
      ['Lewis Hamilton', 'George Russell', 'Lewis Hamilton'],
      [{ text: 'Hamilton', rows: [0, 2], part: true }],
    ],
    ['by no word that two of them hold', 'Lewis led.', ['Lewis Hamilton', 'Lewis Carroll'], []],
    [
      'beyond ASCII, whatever the accents',
      'Zurich, Łódź and São Paulo.',
      ['Zürich', 'Lodz', 'sao paulo', 'Bern'],
      [
        { text: 'Zurich', rows: [0], part: false },
        { text: 'Łódź', rows: [1], part: false },
        { text: 'São Paulo', rows: [2], part: false },
      ],
    ],
    ['with no more words than names have', `${'a b '.repeat(8)}.`, ['a b '.repeat(7).trim()], []],
  ])('are found %s', (_, text, cells, expected) => {
    expect(found(text, cells)).toEqual(expected)
  })

  it('are found among thousands of rows', () => {
    const cells = Array.from({ length: 5000 }, (_, row) => `Store ${row}`)

    expect(found('Store 4999 and Store 12 alone.', cells)).toEqual([
      { text: 'Store 4999', rows: [4999], part: false },
      { text: 'Store 12', rows: [12], part: false },
    ])
  })
})
