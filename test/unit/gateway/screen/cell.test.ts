import { describe, expect, it } from 'vitest'
import { screenCell, screenRows } from '../../../../src/gateway/screen/cell.ts'
import { limits, never, testScreener } from '../../../support/filters/filter-fixtures.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'

const email = 'anna.berg@example.com'
const columns = [{ name: 'note', type: 'text' }]
const under = (maximumResultCharacters: number) =>
  testScreener({ limits: { ...limits, maximumResultCharacters }, hiddenSql: null })

const cell = cellResult({
  outcome: 'user-error',
  stdout: { text: `1 ${email}`, truncated: true },
  stderr: { text: `2 ${email}`, truncated: false },
  error: { name: `3 ${email}`, value: `4 ${email}`, traceback: `5 ${email}` },
  notice: `6 ${email}`,
  artifacts: [
    { path: `7 ${email}`, bytes: 3 },
    { path: '8.csv', bytes: 4 },
  ],
  truncated: ['stdout'],
})

describe('what a run says', () => {
  it('is screened where it stands, and the rest stays as it is', async () => {
    const screened = await screenCell(cell, testScreener(), { signal: never })
    expect(screened).toEqual({
      ...cell,
      stdout: { text: '1 [email]', truncated: true },
      stderr: { text: '2 [email]', truncated: false },
      error: { name: '3 [email]', value: '4 [email]', traceback: '5 [email]' },
      notice: '6 [email]',
      artifacts: [
        { path: '7 [email]', bytes: 3 },
        { path: '8.csv', bytes: 4 },
      ],
      findings: [{ rule: 'filter/pii-email', line: 1, column: 3, message: '7 values were replaced by [email].' }],
    })
  })

  it('stays nothing where it says nothing', async () => {
    expect(await screenCell(cellResult(), testScreener(), { signal: never })).toEqual({ ...cellResult(), findings: [] })
  })

  it('is cut under one limit in the order in which it is read, and the cut is named', async () => {
    const long = cellResult({
      stdout: { text: 'a'.repeat(40), truncated: false },
      stderr: { text: 'b'.repeat(40), truncated: false },
      notice: 'c'.repeat(40),
      truncated: ['stdout'],
      results: [
        {
          isMain: false,
          text: 'd'.repeat(10),
          json: { e: 1 },
          chart: ['f'],
          data: { columns, rows: [['g']], totalRows: 9 },
        },
      ],
    })
    expect(await screenCell(long, under(60), { signal: never })).toMatchObject({
      stdout: { text: 'a'.repeat(40) },
      stderr: { text: 'b'.repeat(20) },
      notice: '',
      truncated: ['stdout', 'result'],
      results: [{ text: '', json: null, chart: null, data: { columns, rows: [], totalRows: 9 } }],
      findings: [{ rule: 'filter/result-cut', message: expect.stringContaining('80 characters beyond 60') }],
    })
    expect(await screenCell(long, under(200), { signal: never })).toMatchObject({ truncated: ['stdout'], findings: [] })
  })
})

describe('what a run shows', () => {
  const link = '![x](https://evil.example/p.png)'
  const picture = '<img src="https://evil.example/p.png">'
  const screenItem = async (item: object) => {
    const shown = cellResult({ results: [{ isMain: false, ...item }] })
    return (await screenCell(shown, testScreener({ hiddenSql: null }), { signal: never })).results
  }

  it.each([
    ['text', link + picture, link + picture],
    ['latex', link + picture, link + picture],
    ['markdown', link, '![x] (https://evil.example/p.png)'],
    ['html', picture, '<img src-withheld="https://evil.example/p.png">'],
    ['svg', picture, '<img src-withheld="https://evil.example/p.png">'],
  ])('as %s is read as what a reader makes of it', async (form, text, left) => {
    expect(await screenItem({ [form]: text })).toEqual([{ isMain: false, [form]: left }])
  })

  it('as several forms keeps each, pictures as they are, and no PDF', async () => {
    const pictures = { png: 'iVBORw0KGgo=', jpeg: '/9j/4AAQSkZJRg==' }
    const forms = { text: 'one', html: '<b>two</b>', markdown: '', json: { three: 3 }, chart: [4], ...pictures }
    const data = { columns, rows: [[email], ['five']], totalRows: 7 }
    const shown = cellResult({ results: [{ isMain: true, ...forms, data, pdf: 'JVBERi0=', files: ['a.png'] }] })
    const { results } = await screenCell(shown, testScreener({ hiddenSql: null }), { signal: never })
    expect(results).toEqual([
      { isMain: true, ...forms, data: { ...data, rows: [['[email]'], ['five']], replaced: [0] } },
    ])
  })
})

describe('the rows of a statement', () => {
  it('are whole where they fit, and nothing is said', async () => {
    const result = { columns, rows: [['a'], ['b']] }
    expect(await screenRows(result, under(2), never)).toEqual({ ...result, replaced: [], isCut: false, findings: [] })
  })

  it('are cut where they do not, which is said beside what was replaced', async () => {
    const rows = [[email], ['x'.repeat(40)], ['y']]
    const screened = await screenRows({ columns, rows }, under(30), never)
    expect(screened).toEqual({
      columns,
      rows: [['[email]']],
      replaced: [0],
      isCut: true,
      findings: [
        { rule: 'filter/pii-email', line: 1, column: 1, message: '1 value was replaced by [email].' },
        expect.objectContaining({ rule: 'filter/result-cut', line: 1, column: 1 }),
      ],
    })
  })
})
