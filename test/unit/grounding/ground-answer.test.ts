import { describe, expect, it } from 'vitest'
import { groundAnswer } from '../../../src/grounding/ground-answer.ts'
import { mostFigures, mostSources, type GroundingMark } from '../../../src/grounding/grounding.ts'
import { indexEvidence, type EvidenceTable } from '../../../src/grounding/tables/evidence.ts'

const named = (names: string): { readonly name: string }[] => names.split(' ').map((name) => ({ name }))

const sales: EvidenceTable = {
  id: 'run1',
  title: 'result 1',
  columns: named('category year revenue orders margin_pct first_sale'),
  rows: [
    ['Books', 2003, 1200.5, 40, 12.5, '2003-02-03'],
    ['Books', 2004, 1500, 50, 14, '2004-01-05'],
    ['Films', 2003, 800, 25, 9.1, '2003-05-01'],
    ['Films', 2004, 700, 22, 8.4, '2004-03-09'],
    ['Games', 2003, 2100, 60, 20, '2003-01-02'],
    ['Games', 2004, 2600, 75, 21.5, '2004-01-02'],
  ],
}
const racing: EvidenceTable = {
  id: 'run2',
  title: 'result 2',
  columns: named('Team Wins Podiums Points Rank'),
  rows: [
    ['Ferrari', '12', '20', '350', '1st'],
    ['Mercedes', '8', '18', '310', '2nd'],
    ['Red Bull', '5', '11', '220', '3rd'],
    ['McLaren', '1', '6', '98', '4th'],
  ],
}
const evidence = indexEvidence([sales, racing])

function warnings(answer: string): string[] {
  return groundAnswer(answer, evidence)
    .marks.filter(({ verdict }) => verdict === 'contradicted' || verdict === 'unsupported')
    .map(({ text }) => text)
}

function markOf(answer: string, text: string): GroundingMark | undefined {
  return groundAnswer(answer, evidence).marks.find((mark) => mark.text === text)
}

/** Answers that the tables bear out, beside ones that differ in the parts that are named. */
const pairs: readonly (readonly [string, string, readonly string[]])[] = [
  ['Ferrari has 12 wins.', 'Mercedes has 12 wins.', ['12']],
  ['Ferrari has 12 wins.', 'Ferrari has 12 podiums.', ['12']],
  ['Ferrari has 12 wins.', 'Ferrari has 12.4 wins.', ['12.4']],
  ['Ferrari has 12 wins.', 'Ferrari has -12 wins.', ['-12']],
  ['Ferrari has 12 wins.', 'Ferrari has 12 % wins.', ['12 %']],
  ['The margin of Games in 2004 was 21.5 %.', 'The margin of Games in 2004 was €21.5.', ['€21.5']],
  ['Ferrari had twelve wins.', 'Ferrari had eleven wins.', ['eleven']],
  ['Ferrari (12 wins) beat Mercedes (8 wins).', 'Mercedes (12 wins) beat Ferrari (8 wins).', ['12', '8']],
  ['12 wins for Ferrari and 8 for Mercedes.', '12 wins for Mercedes and 8 for Ferrari.', ['12']],
  [
    'Ferrari and Mercedes had 12 and 8 wins, respectively.',
    'Ferrari and Mercedes had 8 and 12 wins, respectively.',
    ['8', '12'],
  ],
  ['In total, the teams scored 978 points.', 'In total, the teams scored 987 points.', ['987']],
  ['The average number of wins is 6.5.', 'The average number of wins is 7.5.', ['7.5']],
  ['The median number of points is 265.', 'The median number of points is 256.', ['256']],
  ['Ferrari has the most wins.', 'Mercedes has the most wins.', ['most']],
  ['Ferrari has 4 more wins than Mercedes.', 'Ferrari has 4 fewer wins than Mercedes.', ['fewer']],
  ['Ferrari has 4 more wins than Mercedes.', 'Ferrari has 5 more wins than Mercedes.', ['5']],
  ['Ferrari scored 35.8% of all points.', 'Ferrari scored 38.5% of all points.', ['38.5%']],
  ['Red Bull ranks third by points.', 'Red Bull ranks 2nd by points.', ['2nd']],
  [
    'Books made $1,500 in 2004, up from $1,200.50 in 2003.',
    'Books made $1,500 in 2004, down from $1,200.50 in 2003.',
    ['down'],
  ],
  [
    'Revenue of Books rose by 24.9 % from 2003 to 2004.',
    'Revenue of Books fell by 24.9 % from 2003 to 2004.',
    ['fell'],
  ],
  [
    'Revenue of Books rose by 24.9 % from 2003 to 2004.',
    'Revenue of Books rose by 20.0 % from 2003 to 2004.',
    ['20.0 %'],
  ],
  ['Total revenue of Games was 4,700.', 'Total revenue of Games was 4,600.', ['4,600']],
  ['There are 4 teams.', 'There are 5 teams.', ['5']],
  [
    'The first sale of Books in 2004 was on January 5, 2004.',
    'The first sale of Books in 2004 was on January 6, 2004.',
    ['January 6, 2004'],
  ],
  ['Games made about 2.6 thousand in 2004.', 'Games made about 2.6 million in 2004.', ['2.6 million']],
  ['2 of the 4 teams have more than 300 points.', '3 of the 4 teams have more than 300 points.', ['3', '300']],
  [
    'Der Umsatz von Games in 2004 war 2.600,00 und damit höher.',
    'Der Umsatz von Games in 2004 war 2.700,00 und damit höher.',
    ['2.700,00'],
  ],
  [
    'Games had the highest revenue in 2004 with 2,600, followed by Books (1,500) and Films (700).',
    'Games had the highest revenue in 2004 with 2,600, followed by Films (1,500) and Books (700).',
    ['700'],
  ],
  [
    '| Team | Wins | Points |\n|---|---|---|\n| Ferrari | 12 | 350 |\n| Mercedes | 8 | 310 |',
    '| Team | Wins | Points |\n|---|---|---|\n| Ferrari | 12 | 350 |\n| Mercedes | 8 | 301 |',
    ['301'],
  ],
  [
    'Revenue by category:\n- Books: 2,700.5\n- Films: 1,500',
    'Revenue by category:\n- Books: 2,700.5\n- Films: 1,600',
    ['1,600'],
  ],
]

describe('figures of an answer', () => {
  it.each(pairs)('are borne out in %j, and not in %j', (right, wrong, marked) => {
    expect(warnings(right)).toEqual([])
    expect(warnings(wrong)).toEqual(marked)
  })

  it('are unsupported where they merely occur somewhere', () => {
    expect(markOf('The survey asked 350 people.', '350')).toMatchObject({
      verdict: 'unsupported',
      sources: [],
      how: null,
    })
  })

  it('name the cell that they are', () => {
    expect(markOf('Ferrari has 12 wins.', '12')).toMatchObject({
      start: 12,
      end: 14,
      kind: 'number',
      verdict: 'cell',
      sources: [{ table: 'run2', row: 0, column: 'Wins' }],
      how: 'Wins of Ferrari in result 2',
      coincidence: 0.25,
    })
  })

  it('name what they were computed from', () => {
    expect(markOf('Total revenue of Games was 4,700.', '4,700')).toMatchObject({
      verdict: 'computed',
      sources: [
        { table: 'run1', row: 4, column: 'revenue' },
        { table: 'run1', row: 5, column: 'revenue' },
      ],
      how: 'sum of revenue over 2 rows (Games) of result 1',
    })
  })

  it('are told beside what the rows have in their place', () => {
    expect(markOf('Mercedes has 12 wins.', '12')).toMatchObject({
      verdict: 'contradicted',
      expected: '8',
      reason: 'The Wins of Mercedes in result 2 is 8.',
    })
  })

  it('are none in code, links, names of files, numbers of lists and ids', () => {
    const text =
      '1. See `x = 41` in [chart 7](https://x.test/77) and report-2019.csv, run 3, v1.2, GPT-4.\n```py\nprint(99)\n```'
    expect(groundAnswer(text, evidence).marks).toEqual([])
  })

  it('that the question said first are none of the answer’s', () => {
    expect(
      groundAnswer('Nothing sold more than 9,999.', evidence, { question: 'What sold more than 9,999?' }).marks,
    ).toEqual([])
    expect(warnings('Nothing sold more than 9,999.')).toEqual(['9,999'])
  })

  it('of relative dates are those of the day that is given', () => {
    const right = groundAnswer('Last year Books had a revenue of 1,500.', evidence, { asOf: '2005-02-01' }).marks
    expect(right.map(({ verdict }) => verdict)).toEqual(['cell', 'cell'])
    const wrong = groundAnswer('Last year Books had a revenue of 1,500.', evidence, { asOf: '2004-02-01' }).marks
    expect(wrong.map(({ verdict }) => verdict)).toEqual(['cell', 'contradicted'])
    expect(
      groundAnswer('The first sale of Films last quarter was yesterday.', evidence, { asOf: '2004-03-10' }).marks,
    ).toMatchObject([{ text: 'yesterday', verdict: 'cell' }])
  })

  it('that name rows alone have no coincidence', () => {
    expect(markOf('Revenue in 2004 was 4,800 in total.', '2004')).toMatchObject({ verdict: 'cell', coincidence: null })
    expect(markOf('Revenue in 2004 was 4,800 in total.', '4,800')).toMatchObject({ verdict: 'computed' })
  })

  it('of scores belong to their rows', () => {
    const games = indexEvidence([
      {
        id: 'run5',
        columns: named('opponent score'),
        rows: [
          ['Lions', '3 - 2'],
          ['Bears', '1 - 0'],
        ],
      },
    ])
    expect(groundAnswer('Against the Lions the score was 3-2.', games).marks).toMatchObject([
      { text: '3-2', verdict: 'cell' },
    ])
    expect(groundAnswer('Against the Bears the score was 3-2.', games).marks).toMatchObject([
      { verdict: 'contradicted', expected: '1 - 0' },
    ])
    expect(
      groundAnswer('Against the Lions the score was 3-1.', games).marks.every(
        ({ verdict }) => verdict === 'unsupported',
      ),
    ).toBe(true)
  })

  it('over all rows are not computed from a part of a table', () => {
    const part = indexEvidence([{ ...racing, totalRows: 40 }])
    expect(groundAnswer('In total, the teams scored 978 points.', part).marks).toMatchObject([
      { verdict: 'unsupported' },
    ])
    expect(groundAnswer('Ferrari has 12 wins.', part).marks).toMatchObject([{ verdict: 'cell' }])
  })

  it('are found in what a program printed', () => {
    const printed = indexEvidence([], [{ id: 'run4', text: 'Mean fare: 32.2\nrows = 891' }])
    expect(groundAnswer('The mean fare is 32.2.', printed).marks).toMatchObject([{ verdict: 'cell' }])
    expect(groundAnswer('The mean fare is 33.2.', printed).marks).toMatchObject([{ verdict: 'unsupported' }])
  })
})

describe('the checker', () => {
  it.each([
    ['nothing', ''],
    ['signs', '|||---|||\n\u0000\u202e٣٤٥ 1e999 -,-,- ..5.. $$$ %%% 1,2,3,4,5'],
    ['half a pair', '\ud800 12 \udfff'],
    ['fences that do not end', '```\n12\n'],
  ])('takes %s', (_what, text) => {
    const { marks } = groundAnswer(text, evidence)
    for (const { start, end, text: said } of marks) expect(text.slice(start, end)).toBe(said)
    expect(marks.every(({ start, end }) => start < end)).toBe(true)
  })

  it('takes tables without columns, rows or texts', () => {
    const odd = indexEvidence([
      { id: 'a', columns: [], rows: [[], [1]] },
      { id: 'b', columns: named('x y'), rows: [] },
      {
        id: 'c',
        columns: named('x y'),
        rows: [
          [null, { z: [1] }],
          [true, 'NaN'],
          ['', Number.MAX_VALUE],
        ],
      },
    ])
    expect(groundAnswer('The total y is 12, x of NaN is 3.', odd).marks.map(({ verdict }) => verdict)).toEqual([
      'unsupported',
      'unsupported',
    ])
  })

  it('stops at its bounds, and says so', () => {
    const many = groundAnswer('Ferrari has 12 wins. '.repeat(mostFigures + 5), evidence)
    expect(many.truncated).toBe(true)
    expect(many.marks).toHaveLength(mostFigures)
    const long = groundAnswer(`${'So it is. '.repeat(4_000)} Ferrari has 12 wins.`, evidence)
    expect(long).toMatchObject({ truncated: true, marks: [] })
    expect(groundAnswer(`${'1'.repeat(300)} and ${'a-'.repeat(300)}`, evidence).marks).toEqual([])
    const rows = Array.from({ length: 40 }, (_, row) => [`Row ${row}`, 1])
    const [mark] = groundAnswer(
      'The total points are 40.',
      indexEvidence([{ id: 'a', columns: named('name points'), rows }]),
    ).marks
    expect(mark).toMatchObject({ verdict: 'computed', sourceCount: 40 })
    expect(mark?.sources).toHaveLength(mostSources)
  })
})
