import { assert, array, integer, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { displayWidth, fitColumns } from '../../../../src/cli/output/table-layout.ts'
import { csvTable, textTable } from '../../../../src/cli/output/tables.ts'
import { markdownTable } from '../../../../src/text/markdown-table.ts'
import { verifies } from '../../../support/verifies.ts'

const tableOf = (names: readonly string[], rows: readonly (readonly (string | number | null)[])[]) => ({
  columns: names.map((name) => ({ name, type: 'text' })),
  rows,
  totalRows: rows.length,
})

const longest = (text: string): number => Math.max(...text.split('\n').map(displayWidth))

describe('a table on a terminal', () => {
  const wide = tableOf(
    ['id', 'title', 'description'],
    [
      [1, 'a '.repeat(30), 'b '.repeat(40)],
      [2, '销售'.repeat(20), 'c'],
    ],
  )

  it.each([60, 80, 100])('fits %i columns', (width) => {
    expect(longest(textTable(wide, { maximumRows: 10, width }))).toBeLessThanOrEqual(width)
  })

  it('keeps narrow columns whole and cuts the widest, saying where', () => {
    const text = textTable(wide, { maximumRows: 10, width: 40 })
    expect(text).toMatch(/│ +1 │ a a a a/)
    expect(text).toContain('…')
  })

  it('counts the columns for which there is no room', () => {
    const many = tableOf(
      Array.from({ length: 30 }, (_, index) => `column_${index}`),
      [Array.from({ length: 30 }, () => 'some text')],
    )
    const text = textTable(many, { maximumRows: 10, width: 60 })
    expect(longest(text)).toBeLessThanOrEqual(60)
    expect(text).toMatch(/\d+ more columns: --output csv has all\n$/)
  })

  it('is as wide as it needs to be for a pipe', () => {
    expect(textTable(wide, { maximumRows: 10, width: null })).toContain('b '.repeat(29).trim())
  })

  it('never exceeds the width that one column of each table needs', () => {
    assert(
      property(
        array(integer({ min: 1, max: 90 }), { minLength: 1, maxLength: 20 }),
        integer({ min: 20, max: 200 }),
        (wanted, width) => {
          const widths = fitColumns(wanted, width)
          expect(widths.length).toBeGreaterThan(0)
          expect(widths.reduce((sum, one) => sum + one + 3, 1)).toBeLessThanOrEqual(Math.max(width, 10))
          widths.forEach((one, index) => expect(one).toBeLessThanOrEqual(wanted[index] ?? 0))
        },
      ),
    )
  })
})

describe('S4: a table as Markdown', () => {
  it('holds no links, pictures or HTML of its cells, as over HTTP', () => {
    const text = markdownTable(tableOf(['a'], [['[x](e) <b> ![y](z) `c` *d* ~~e~~']]), 5)
    expect(text.split('\n')[2]).toBe('| \\[x\\](e) \\<b\\> \\!\\[y\\](z) \\`c\\` \\*d\\* \\~\\~e\\~\\~ |')
  })

  it.each([
    ['https://e.example/?a=b', '| `https://e.example/?a=b` |'],
    ['bob@e.example', '| `bob@e.example` |'],
    ['e.example', '| `e.example` |'],
    ['https&#58;//e', '| `https&#58;//e` |'],
    ['a | b://c', '| `a \\| b://c` |'],
    ['`a` ``b``://c', '| ``` `a` ``b``://c ``` |'],
    ['12.5', '| 12.5 |'],
    ['Fine. Really', '| Fine. Really |'],
  ])('shows a value that holds an address as it is, as code: %s', (value, row) => {
    verifies('links.cells')
    expect(markdownTable(tableOf(['a'], [[value]]), 5).split('\n')[2]).toBe(row)
  })
})

describe('a table as CSV', () => {
  it('gives back every cell to a reader of RFC 4180', () => {
    assert(
      property(string({ unit: 'binary' }), (cell) => {
        const text = csvTable(tableOf(['a', 'b'], [[cell, 'end']]))
        const quoted = `"${cell.replaceAll('"', '""')}"`
        expect([`a,b\n${cell},end\n`, `a,b\n${quoted},end\n`]).toContain(text)
      }),
    )
  })
})

describe('a table of any form', () => {
  const table = { columns: [{ name: 'a|b', type: 'text' }], rows: [['x|y\nz'], ['"q",'], [null]], totalRows: 5 }

  it('says how many rows it does not show', () => {
    expect(textTable(table, { maximumRows: 1, width: null })).toContain('1 of 5 rows')
    expect(markdownTable(table, 2)).toContain('*2 of 5 rows.*')
  })

  it('cuts a long cell in Markdown, and no character in two', () => {
    const long = { columns: [{ name: 'a', type: 'text' }], rows: [[`${'x'.repeat(998)}😀yz`]], totalRows: 1 }
    expect(markdownTable(long, 1).split('\n').at(-1)).toBe(`| ${'x'.repeat(998)}… |`)
  })

  it('keeps its shape in Markdown and CSV whatever its cells hold', () => {
    expect(markdownTable(table, 3).split('\n').slice(0, 3)).toEqual(['| a\\|b |', '| --- |', '| x\\|y z |'])
    expect(csvTable(table)).toBe('a|b\n"x|y\nz"\n"""q"","\n\n')
  })
})
