import { describe, expect, it } from 'vitest'
import { disguisedFigures, withPlainDigits } from '../../../../src/grounding/figures/disguised-figures.ts'
import { groundAnswer } from '../../../../src/grounding/ground-answer.ts'
import { indexEvidence } from '../../../../src/grounding/tables/evidence.ts'

const evidence = indexEvidence([
  {
    id: 'run1',
    columns: [{ name: 'store' }, { name: 'orders' }],
    rows: [
      ['Berlin', 31],
      ['Paris', 12],
    ],
  },
])

const marksOf = (answer: string) => groundAnswer(answer, evidence).marks

describe('a figure whose digits a reader sees otherwise than they stand in the text', () => {
  it.each([
    ['an element within it', 'Berlin had 31<b></b>0 orders.', '31<b></b>0'],
    ['a comment', 'Berlin had 31<!-- -->0 orders.', '31<!-- -->0'],
    ['marks of Markdown', 'Berlin had 3**1**0 orders.', '3**1**0'],
    ['two single ones', 'Berlin had 3*1*0 orders.', '3*1*0'],
    ['a backslash', String.raw`Berlin had 31\,000 orders.`, String.raw`31\,000`],
    ['a reference to a character', 'Berlin had 31&#48;0 orders.', '31&#48;0'],
    ['references alone', 'Berlin had &#x33;&#49;&#48; orders.', '&#x33;&#49;&#48;'],
    ['nothing that is seen', 'Berlin had 31\u200b0 orders.', '31\u200b0'],
    ['letters of mathematics', 'Berlin had 𝟑𝟏 orders.', '𝟑𝟏'],
    ['raised digits', 'Berlin had ³¹⁰ orders.', '³¹⁰'],
    ['another direction', 'Berlin had \u202e13\u202c orders.', '\u202e13'],
  ])('is never borne out: %s', (_, answer, text) => {
    const marks = marksOf(answer)
    expect(marks.filter(({ verdict }) => verdict !== 'unsupported')).toEqual([])
    expect(marks).toMatchObject([{ text, kind: 'disguised' }])
    expect(marks.map(({ start, end }) => answer.slice(start, end))).toEqual([text])
  })

  it.each([
    'Berlin had 31 orders, 12.5 % of 1,240, from 5 - 7 May.',
    'The ratio 5*3 is 15, the range 5~7, and **31** is bold.',
    'CO₂ and m² and word¹² are none, and neither is 10⁶.',
    'In code it is as it stands: `31<b></b>0`.',
    '| 31 | 12 |\n|---|---|\n<td>31</td><td>12</td>',
    'It was &#8364;31, a 31&times;12 grid.',
  ])('is none that is only near such signs: %s', (answer) => {
    expect(disguisedFigures(answer)).toEqual([])
  })
})

describe('digits of other scripts', () => {
  it('are read as what they are, where they stand', () => {
    expect(withPlainDigits('٣١ and ３１，０００ and १२ and ١٢٫٥٪, 𝟑 ²')).toBe('31 and 31,000 and 12 and 12.5%, 𝟑 ²')
    const [right, wrong] = ['😀 Berlin had ٣١ orders.', '😀 Berlin had ３１０ orders.'].map(marksOf)
    expect(right).toMatchObject([{ text: '٣١', verdict: 'cell', start: 14 }])
    expect(wrong).toMatchObject([{ text: '３１０', verdict: 'contradicted', expected: '31' }])
  })
})
