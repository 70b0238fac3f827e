import { describe, expect, it } from 'vitest'
import { describeTable, tablePreview } from '../../../src/sessions/describe-table.ts'

const preview = tablePreview.parse({
  name: 'sales.csv',
  rows: 2,
  columns: [
    { name: 'day', type: 'VARCHAR', note: 'stays text: DD/MM/YYYY or MM/DD/YYYY cannot be known' },
    { name: 'amount', type: 'DOUBLE', note: null },
  ],
  first: [
    ['01/02/2024', '1.5'],
    ['03/04/2024', null],
  ],
  notes: ['the first line\u001b[31m\nis a header'],
})

describe('what a model is told of a table', () => {
  it('G1: is what the one reader found, how it read it, and the call that gives the same', () => {
    expect(describeTable(preview, 'sales.csv', { encoding: 'gbk', null_values: ['NA'], header: false })).toBe(
      [
        '2 rows, 2 columns: day (VARCHAR), amount (DOUBLE)',
        'note: the first line [31m is a header',
        'note: day: stays text: DD/MM/YYYY or MM/DD/YYYY cannot be known',
        'read it with `from sallyport import read_table; read_table("/mnt/data/sales.csv", encoding="gbk", null_values=["NA"], header=False)`, which gives these types and values; other readers guess types anew and may change values',
        'first rows:',
        '01/02/2024 | 1.5',
        '03/04/2024 | ',
      ].join('\n'),
    )
  })

  it('D16: says why a file cannot be read as a table', () => {
    const unreadable = tablePreview.parse({ name: 'x.csv', unreadable: 'line 3 has 4 values, the first line 2' })
    expect(describeTable(unreadable, 'x.csv', {})).toBe(
      'cannot be read as a table: line 3 has 4 values, the first line 2. Clean it in Python, or try `from sallyport import read_table; read_table("/mnt/data/x.csv")` with another setting.',
    )
  })

  it('believes no answer of another shape', () => {
    expect(tablePreview.safeParse({ name: 'x.csv', rows: -1, columns: [], first: [], notes: [] }).success).toBe(false)
  })
})
