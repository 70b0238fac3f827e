import { describe, expect, it } from 'vitest'
import { groundAnswer } from '../../../src/grounding/ground-answer.ts'
import { indexEvidence, type EvidenceTable } from '../../../src/grounding/tables/evidence.ts'

const named = (names: string): { readonly name: string }[] => names.split(' ').map((name) => ({ name }))

/** 60 people: 1 to 60, every third one a member, half of them women, of three cities. */
const people: EvidenceTable = {
  id: 'people',
  columns: named('PersonId sex age member city children feePaid'),
  rows: Array.from({ length: 60 }, (_, at) => [
    at + 1,
    at % 2 === 0 ? 'female' : 'male',
    18 + at,
    at % 3 === 0 ? 1 : 0,
    ['Basel', 'Genoa', 'Leeds'][Math.floor(at / 20)] ?? '',
    at % 4,
    at === 7 ? null : 10 + (at % 5) * 2.5,
  ]),
}
const trips: EvidenceTable = {
  id: 'trips',
  title: 'trips',
  columns: named('day venue visitors weight_kg lifeexp conversion_pct'),
  rows: [
    ['2026-01-10', 'Port Hall 12272', 310, 1250, 61.2, 2],
    ['2026-02-11', 'Old Barn 930', 325, 290, 64.5, 2.4],
    ['2026-04-12', 'Gym 7', 298, 315.5, 70.1, 3.5],
    ['2026-05-13', 'Quay 88', 341, 96.4, 72.9, 2.9],
  ],
}

const marksOf = (answer: string) => groundAnswer(answer, indexEvidence([people, trips])).marks
const doubted = (answer: string): string[] =>
  marksOf(answer)
    .filter(({ verdict }) => verdict === 'contradicted' || verdict === 'unsupported')
    .map(({ text }) => text)

describe('words of conditions', () => {
  it.each([
    ['a column of truths', '20 of the 60 people are members.', '23 of the 60 people are members.', ['23']],
    [
      'its opposite',
      'Non-members are 39.0 on average in Basel and Genoa.',
      'Of the 60 people, 41 are no members.',
      ['41'],
    ],
    ['a value in another form', 'The average age of women is 47.', 'The average age of women is 48.', ['48']],
    [
      'a part of those that other words name',
      '33.3 % of women are members.',
      '66.7 % of women are members.',
      ['66.7 %'],
    ],
    ['a bound', 'The average age of people over 70 is 74.', 'The average age of people over 70 is 71.', ['70', '71']],
    [
      'few values of a number',
      'The average age of people with three children is 49.',
      'The average age of people with three children is 46.',
      ['46'],
    ],
    [
      'what has no value',
      'The fee is missing for 1 person, or 1.7 % of the data.',
      'The fee is missing for 1 person, or 7.1 % of the data.',
      ['7.1 %'],
    ],
  ])('%s', (_what, right, wrong, marked) => {
    expect(doubted(wrong)).toEqual(marked)
    if (!right.startsWith('Non')) expect(doubted(right)).toEqual([])
  })

  it('of months and quarters without a year name their days', () => {
    expect(doubted('Visitors were up from 310 in January to 341 in May.')).toEqual([])
    expect(doubted('Visitors were up from 310 in January to 325 in May.')).toEqual(['325'])
    expect(doubted('In the first quarter there were 635 visitors.')).toEqual([])
    expect(doubted('In the second quarter there were 635 visitors.')).toEqual(['635'])
  })
})

describe('figures', () => {
  it.each([
    [
      'in another unit of the column',
      'On 10 January 2026 the weight was 1.25 tonnes.',
      'On 10 January 2026 the weight was 12.5 tonnes.',
      ['12.5'],
    ],
    [
      'of a name that is put together',
      'Life expectancy was 72.9 on 13 May 2026.',
      'Life expectancy was 70.1 on 13 May 2026.',
      ['70.1'],
    ],
    [
      'inside the text of a row',
      'On 10 January 2026 the venue was Port Hall, for 12,272.',
      'On 10 January 2026 the venue was Port Hall, for 930.',
      ['930'],
    ],
    ['of a range', 'Weights range from 96.4 to 1,250 kg.', 'Weights range from 290 to 1,250 kg.', ['290']],
    [
      'that others of the sentence come to',
      'Visitors grew from 310 on 10 January 2026 to 341 on 13 May 2026, by 31.',
      'Visitors grew from 310 on 10 January 2026 to 341 on 13 May 2026, by 41.',
      ['41'],
    ],
    ['with blanks between thousands', 'The total of visitors is 1 274.', 'The total of visitors is 1 247.', ['1 247']],
    [
      'behind "more than"',
      'On 13 May 2026 there were more than 340 visitors.',
      'On 13 May 2026 there were more than 341 visitors.',
      ['341'],
    ],
    [
      'of a correlation',
      'The correlation between age and PersonId is 1.00.',
      'The correlation between age and PersonId is 0.80.',
      ['0.80'],
    ],
    ['of a quartile', 'The first quartile of age is 32.75.', 'The first quartile of age is 35.75.', ['35.75']],
  ])('%s', (_what, right, wrong, marked) => {
    expect(doubted(right)).toEqual([])
    expect(doubted(wrong)).toEqual(marked)
  })

  it('that others come to are none where one of those has no source', () => {
    expect(doubted('Visitors grew from 310 on 10 January 2026 to 377 on 13 May 2026, by 67.')).toEqual(['377', '67'])
  })
})

describe('a contradiction', () => {
  const verdictOf = (answer: string, text: string) => marksOf(answer).find((mark) => mark.text === text)?.verdict

  it('stands where the words leave one reading', () => {
    expect(verdictOf('On 13 May 2026 visitors were 350.', '350')).toBe('contradicted')
  })

  it.each([
    ['a word is left over that may mean something else', 'On 13 May 2026 registered visitors were 350.'],
    ['another column is named beside it', 'On 13 May 2026 visitors by weight were 350.'],
    ['several days compete for it', 'Of 12 April 2026 and 13 May 2026 visitors were 350.'],
    ['it is the value in thousands', 'On 13 May 2026 visitors were 350 of 700.'],
  ])('does not where %s', (_what, answer) => {
    expect(verdictOf(answer, '350')).toBe('unsupported')
  })
})
