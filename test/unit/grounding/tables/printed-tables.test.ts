import { describe, expect, it } from 'vitest'
import { groundAnswer } from '../../../../src/grounding/ground-answer.ts'
import { indexEvidence } from '../../../../src/grounding/tables/evidence.ts'
import { tablesOfText } from '../../../../src/grounding/tables/printed-tables.ts'

const tableOf = (text: string) =>
  tablesOfText({ id: 'run1', text }).map(({ columns, rows }) => ({ names: columns.map(({ name }) => name), rows }))

const frame = `
         desktop  mobile
country
Austria    22204   19390
South Tyrol  1090  NaN`
const described = `
             age    income
count  500.00000     500.0
mean    41.20000   52310.4
std     12.60000   18044.1
min     18.00000   11200.0
50%     40.00000   50100.0
max     79.00000  141000.0`

describe('tables that programs print', () => {
  it('are frames with the name of their index on a line of its own', () => {
    expect(tableOf(frame)[0]).toEqual({
      names: ['country', 'desktop', 'mobile'],
      rows: [
        ['Austria', 22_204, 19_390],
        ['South Tyrol', 1090, null],
      ],
    })
  })

  it('are frames whose second label is told once for several rows', () => {
    const text =
      '                units\nregion quarter\nNorth  Q1       1410\n       Q2       1522\nSouth  Q1       1120'

    expect(tableOf(text)[0]).toEqual({
      names: ['region', 'quarter', 'units'],
      rows: [
        ['North', 'Q1', 1410],
        ['North', 'Q2', 1522],
        ['South', 'Q1', 1120],
      ],
    })
  })

  it('are tables between bars, without what rules them off', () => {
    const markdown = '| term | coef |\n|---|---:|\n| size | 3.25 |\n| age | -0.87 |'

    expect(tableOf(markdown)).toEqual([{ names: ['term', 'coef'], rows: [['size', 3.25], ['age', -0.87]] }]) // prettier-ignore
  })

  it('are counts with their own names', () => {
    const text = 'answer\nsatisfied    514\nneutral      207\nName: count, dtype: int64'

    expect(tableOf(text)).toEqual([{ names: ['answer', 'count'], rows: [['satisfied', '514'], ['neutral', '207']] }]) // prettier-ignore
  })

  it('are none in prose', () => {
    expect(tableOf('Done in 3 seconds\n  see the log for 2 warnings\nand 1 error')).toEqual([])
  })
})

describe('figures of printed tables', () => {
  const doubted = (answer: string, text: string): string[] =>
    groundAnswer(answer, indexEvidence([], [{ id: 'run1', text }]))
      .marks.filter(({ verdict }) => verdict === 'contradicted' || verdict === 'unsupported')
      .map(({ text: figure }) => figure)

  it.each([
    ['a cell', frame, 'Austria had 19,390 mobile visits.', 'Austria had 19,930 mobile visits.', ['19,930']],
    ['a row of statistics', described, 'The median income is 50,100 and the average age 41.2.', 'The median income is 52,310.4.', ['52,310.4']],
    ['a range of statistics', described, 'Ages range from 18 to 79.', 'Ages range from 18 to 97.', ['97']],
    ['a label in short', 'intercept: 3.03\ncoef_tv: 0.0475\np_tv: 0.66', 'The coefficient of TV is 0.0475 (p = 0.66).', 'The coefficient of TV is 0.0457 (p = 0.66).', ['0.0457']],
  ])('%s', (_what, text, right, wrong, marked) => {
    expect(doubted(right, text)).toEqual([])
    expect(doubted(wrong, text)).toEqual(marked)
  }) // prettier-ignore
})
