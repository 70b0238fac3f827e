import { describe, expect, it } from 'vitest'
import { bootstrap, countWords, hiddenValues, scoreOf } from '../../../bench/quality/score.ts'
import { createRandom } from '../../../support/random.ts'

const text = 'Dr. Kim Wexler, 64, lives in Albuquerque.'
const marked = [
  { label: 'TITLE', start: 0, end: 3 },
  { label: 'PERSON', start: 4, end: 14 },
  { label: 'GPE', start: 29, end: 40 },
]
const counts = (label: string) => label !== 'TITLE'

describe('the score of what was found', () => {
  it('counts words of values, hidden and missed, and words of none; words of other labels do not count', () => {
    const found = [
      { start: 0, end: 7 },
      { start: 16, end: 18 },
    ]
    expect(countWords({ text, marked }, found, counts)).toEqual({ hidden: 1, missed: 2, wrong: 1 })
    expect(countWords({ text, marked }, [], counts)).toEqual({ hidden: 0, missed: 3, wrong: 0 })
  })

  it('takes a word for hidden where findings together cover all of it', () => {
    const halves = [
      { start: 8, end: 11 },
      { start: 11, end: 14 },
    ]
    expect(countWords({ text, marked }, halves, counts).hidden).toBe(1)
    expect(countWords({ text, marked }, halves.slice(1), counts).hidden).toBe(0)
  })

  it('takes a value for hidden where every word of it is, whatever stands between', () => {
    const words = [
      { start: 4, end: 7 },
      { start: 8, end: 14 },
    ]
    expect(hiddenValues([{ text, marked }], [words], 'PERSON')).toEqual({ hits: 1, total: 1 })
    expect(hiddenValues([{ text, marked }], [words.slice(1)], 'PERSON')).toEqual({ hits: 0, total: 1 })
  })

  it('weighs recall twice as much as precision, over the words of all texts', () => {
    const score = scoreOf([
      { hidden: 6, missed: 2, wrong: 1 },
      { hidden: 0, missed: 0, wrong: 1 },
    ])
    expect(score).toEqual({ precision: 0.75, recall: 0.75, f2: 0.75 })
    expect(scoreOf([{ hidden: 9, missed: 1, wrong: 9 }]).f2).toBeCloseTo((5 * 0.5 * 0.9) / (4 * 0.5 + 0.9), 12)
    expect(scoreOf([]).f2).toBe(0)
  })

  it('has an interval that draws whole texts again', () => {
    const values = [...Array.from({ length: 80 }, () => 1), ...Array.from({ length: 20 }, () => 0)]
    const mean = (drawn: readonly number[]) =>
      drawn.reduce((sum, index) => sum + (values[index] ?? Number.NaN), 0) / drawn.length
    const { start, end } = bootstrap(values.length, mean, createRandom(1))
    expect(start).toBeCloseTo(0.72, 1)
    expect(end).toBeCloseTo(0.88, 1)
    expect(bootstrap(3, () => 0.5, createRandom(1))).toEqual({ start: 0.5, end: 0.5 })
  })
})
