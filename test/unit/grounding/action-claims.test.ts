import { describe, expect, it } from 'vitest'
import { actionClaims, type RunDeeds } from '../../../src/grounding/action-claims.ts'
import { verifies } from '../../support/verifies.ts'

const nothing: RunDeeds = { calls: [], files: [] }
const query = { number: 1, tool: 'run_sql', outcome: 'ok' } as const
const program = { number: 2, tool: 'run_python', outcome: 'ok' } as const
const broken = { number: 3, tool: 'run_python', outcome: 'user-error' } as const
const refused = { number: null, tool: 'run_python', outcome: 'failed' } as const

const judged = (text: string, deeds: RunDeeds) => actionClaims(text, deeds).map(({ isDone }) => isDone)

describe('what an answer says was done', () => {
  it.each([
    ['I ran the query.', { ...nothing, calls: [query] }, true],
    ["I've also executed your SQL statement.", { ...nothing, calls: [query] }, true],
    ['I ran the query.', nothing, false],
    ['We have run the code twice.', { ...nothing, calls: [query] }, false],
    ['I ran the script.', { ...nothing, calls: [program] }, true],
    ['I ran the script.', { ...nothing, calls: [broken] }, true],
    ['I ran the script.', { ...nothing, calls: [refused] }, false],
    ['All tests passed.', { ...nothing, calls: [broken, program] }, true],
    ['All tests passed.', { ...nothing, calls: [program, broken] }, false],
    ['The tests have all passed.', nothing, false],
    ['I ran the analysis.', { ...nothing, calls: [query] }, true],
    ['It is saved as `out.csv`.', { ...nothing, files: ['results/Out.csv'] }, true],
    ['I exported the table to /mnt/data/out.xlsx.', { ...nothing, files: ['out.csv'] }, false],
    ['I saved the results in a file.', { ...nothing, files: ['out.csv'] }, true],
    ['I created a chart of it.', { ...nothing, files: ['out.csv'] }, false],
    ['I created a chart of it.', { ...nothing, files: ['chart_1.png'] }, true],
    ['I emailed the report to your boss.', { calls: [program], files: ['a.csv'] }, false],
    ['I updated the records in the database.', { ...nothing, calls: [query] }, false],
  ] as const)('%s', (text, deeds, isDone) => {
    verifies('groundedness.actions')
    expect(judged(text, deeds)).toEqual([isDone])
  })

  it.each([
    'You can run the query yourself.',
    'The query ran for 3 s.',
    'I would run the tests next.',
    'The mail says "I ran the query and the tests passed".',
    '> I ran the query.',
    '```\nI ran the query. out.csv saved as out.csv\n```',
    'I removed the outliers and updated my estimate.',
    'Revenue passed 3,000 in May.',
  ])('no claim is made by: %j', (text) => expect(actionClaims(text, nothing)).toEqual([]))

  it('says in one sentence what there was, and where the claim stands', () => {
    const text = 'Fine: I ran the query, and I sent it.'
    const claims = actionClaims(text, nothing)
    expect(claims.map(({ start, end }) => text.slice(start, end))).toEqual(['I ran the query', 'I sent'])
    expect(claims[0]?.reason).toBe('No query was run for this answer.')
  })

  it('reads any text, and bounds how much it says', () => {
    expect(actionClaims('I ran the query. '.repeat(5_000), nothing)).toHaveLength(50)
    expect(actionClaims(`${'"'.repeat(20_000)}${'```\n'.repeat(5_000)}`, nothing)).toEqual([])
  })

  it('has the marks around the name of a file on both of its sides', () => {
    const texts = actionClaims('I saved the table as `out.csv`, and it is stored in (b.json).', nothing)
    expect(texts.map(({ text }) => text)).toEqual(['saved the table as `out.csv`', 'stored in (b.json)'])
  })
})
