import { describe, expect, it } from 'vitest'
import { groundAnswer } from '../../../src/grounding/ground-answer.ts'
import { indexEvidence, type EvidenceTable } from '../../../src/grounding/tables/evidence.ts'

const named = (names: string): { readonly name: string }[] => names.split(' ').map((name) => ({ name }))

const stores: EvidenceTable = {
  id: 'stores',
  columns: named('store region staff orders revenue_eur returns'),
  rows: [
    ['Alder', 'North', 12, 4210, 318_400.5, 211],
    ['Birch', 'North', 8, 2890, 190_220, 98],
    ['Cedar', 'South', 15, 5120, 402_110.25, 305],
    ['Dogwood', 'South', 6, 1790, 121_900, 0],
    ['Elm', 'West', 9, 3005, 211_450.75, 160],
    ['Fir', 'West', 5, 1120, 80_110, 22],
  ],
}
const months: EvidenceTable = {
  id: 'months',
  columns: named('month signups spend_keur'),
  rows: [
    ['2024-01', 1030, 5.2],
    ['2024-02', 1116, 4.9],
    ['2024-03', 1350, 6.1],
    ['2024-04', 1230, 6.4],
    ['2024-05', 1615, 7],
    ['2024-06', 1413, 6.65],
  ],
}
const plants: EvidenceTable = {
  id: 'plants',
  columns: named('plant 2019 2020 2021'),
  rows: [
    ['Altmark', 412, 455, 431],
    ['Heide', 236, 251, 240],
    ['Kanal', 1475, 1390, 1402],
  ],
}
const rides: EvidenceTable = {
  id: 'rides',
  columns: named('Date Trips'),
  rows: [
    ['10/1/2014', 31_197],
    ['10/2/2014', 38_286],
    ['10/14/2014', 36_529],
    ['10/15/2014', 20_340],
  ],
}
const loans: EvidenceTable = {
  id: 'loans',
  columns: named('grade loans defaults'),
  rows: [
    ['A', 4120, 74],
    ['B', 5875, 247],
    ['C', 3960, 348],
    ['D', 1740, 263],
  ],
}
const weather: EvidenceTable = {
  id: 'weather',
  columns: named('date temperature_c rain_mm wind_kmh'),
  rows: [
    ['2025-03-01', 8.2, 0, 11],
    ['2025-03-02', 9.1, 4.5, 19],
    ['2025-03-03', 7.4, 12.2, 43],
    ['2025-03-04', 6.9, 0.3, 22],
    ['2025-03-05', 10.4, 0, 8],
  ],
}

const doubted = (answer: string, table: EvidenceTable): string[] =>
  groundAnswer(answer, indexEvidence([table]))
    .marks.filter(({ verdict }) => verdict === 'contradicted' || verdict === 'unsupported')
    .map(({ text }) => text)

/** What is read, over which table, a true sentence, a false one and what of it is doubted. */
const pairs: readonly (readonly [string, EvidenceTable, string, string, readonly string[]])[] = [
  ['rows that are named together', stores, 'Alder and Cedar together earned 54.4 % of revenue.', 'Alder and Cedar together earned 58.1 % of revenue.', ['58.1 %']],
  ['the top of a column', stores, 'The top two stores took €720,510.75.', 'The top two stores took €702,510.75.', ['€702,510.75']],
  ['the rest', stores, 'Alder had 4,210 orders and Cedar 5,120. The other four had 8,805 orders.', 'Alder had 4,210 orders and Cedar 5,120. The other four had 8,508 orders.', ['8,508']],
  ['names of a list before', stores, '- Alder: 12 staff\n- Cedar: 15 staff\n\nTogether they employ 27 staff.', '- Alder: 12 staff\n- Cedar: 15 staff\n\nTogether they employ 29 staff.', ['29']],
  ['a row by a superlative', weather, 'When the wind was strongest, the temperature was 7.4.', 'When the wind was strongest, the temperature was 9.1.', ['9.1']],
  ['a part of another column', stores, 'Birch sent back 98 of 2,890 orders, a return rate of 3.39 %.', 'Birch sent back 98 of 2,809 orders, a return rate of 3.39 %.', ['2,809']],
  ['a rate without its whole', stores, 'Cedar has a return rate of 5.96 %.', 'Cedar has a return rate of 6.95 %.', ['6.95 %']],
  ['one column for each unit of another', stores, 'Cedar made €78.54 per order.', 'Cedar made €87.54 per order.', ['€87.54']],
  ['a column in thousands of a currency', months, 'In January the spend was 5,200 euros.', 'In January the spend was 5,300 euros.', ['5,300 euros']],
  ['the subject of a sentence before', stores, 'Cedar is in the South. It had 5,120 orders.', 'Cedar is in the South. It had 4,210 orders.', ['4,210']],
  ['the first and the last months', months, 'The first three months brought 3,496 signups and the last three 4,258.', 'The first three months brought 3,946 signups and the last three 4,258.', ['3,946']],
  ['a series', months, 'Signups went 1,030, 1,116, 1,350 and 1,230.', 'Signups went 1,030, 1,350, 1,161 and 1,230.', ['1,030', '1,350', '1,161', '1,230']],
  ['what comes next', months, 'Signups were 1,350 in March, then 1,230.', 'Signups were 1,350 in March, then 1,320.', ['1,320']],
  ['so many months later', months, 'Signups were 1,030 in January and 1,615 four months later.', 'Signups were 1,030 in January and 1,413 four months later.', ['1,413']],
  ['the month before', months, 'March brought 1,350 signups, 234 more than the month before.', 'March brought 1,350 signups, 243 more than the month before.', ['243']],
  ['a place in time', months, 'In the first month 1,030 signed up, in the last month 1,413.', 'In the first month 1,030 signed up, in the last month 1,431.', ['1,431']],
  ['a year that a column is', plants, 'Heide produced 236 in 2019 and 240 two years later.', 'Heide produced 236 in 2019 and 251 two years later.', ['251']],
  ['a row across a series of columns', plants, 'Altmark produced 1,298 over the three years.', 'Altmark produced 1,289 over the three years.', ['1,289']],
  ['days with the month first', rides, 'On 1 October 2014 there were 31,197 trips.', 'On 2 October 2014 there were 31,197 trips.', ['31,197']],
  ['a span of names', loans, 'Grades B to D hold 73.7 % of the loans.', 'Grades B to D hold 37.8 % of the loans.', ['37.8 %']],
  ['a name of one letter', loans, 'Of the A loans, 74 of 4,120 defaulted.', 'Of the A loans, 47 of 4,120 defaulted.', ['47']],
  ['rows with more than nothing', weather, 'It rained on 3 of the 5 days.', 'It rained on 4 of the 5 days.', ['4']],
  ['two bounds at once', stores, '2 stores had more than 4,000 orders.', '4 stores had more than 4,000 orders.', ['4', '4,000']],
  ['the distance of the ends', weather, 'The gap between the highest and the lowest temperature is 3.5.', 'The gap between the highest and the lowest temperature is 5.3.', ['5.3']],
] // prettier-ignore

describe('what several rows, columns and sentences name', () => {
  it.each(pairs)('%s', (_what, table, right, wrong, marked) => {
    expect(doubted(right, table)).toEqual([])
    expect(doubted(wrong, table)).toEqual(marked)
  })

  it('leaves a rise by the wrong base doubted, where its times say which is the earlier', () => {
    expect(doubted('Signups rose from 1,030 in January to 1,413 in June, by 37.2 %.', months)).toEqual([])
    expect(doubted('Signups rose from 1,030 in January to 1,413 in June, by 27.1 %.', months)).toEqual(['27.1 %'])
  })

  it('takes counts between 1,000 and 1,800 for no years', () => {
    expect(doubted('There were 7,754 signups in total.', months)).toEqual([])
  })

  it('takes no neighbour in a series for the value of the second of two times', () => {
    expect(doubted('Between January and May, signups rose from 1,030 to 1,615.', months)).toEqual([])
    expect(doubted('Between January and May, signups rose from 1,030 to 1,116.', months)).toEqual(['1,116'])
  })

  it('finds a figure of another row nowhere, though a series has it', () => {
    expect(doubted('Signups were 1,116 in January and 1,350 in May.', months)).toEqual(['1,116', '1,350'])
  })
})
