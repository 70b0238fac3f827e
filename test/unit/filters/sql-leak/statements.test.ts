import { describe, expect, it } from 'vitest'
import { createSqlLeakFilter } from '../../../../src/filters/sql-leak/sql-leak-filter.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'

const filter = createSqlLeakFilter()

/** Everything that is found, however sure. */
async function findings(
  text: string,
  { executedSql = [], anySql = false }: { executedSql?: string[]; anySql?: boolean },
) {
  const context = { direction: 'outbound', group: 'default', executedSql, anySql } as const
  const all = await filter.inspect([{ text, provenance: 'model' }], context, never)
  return all.map(({ start, end, category, score }) => ({
    found: text.slice(start, end),
    category: category.replace('sql-leak/', ''),
    score: Number(score.toFixed(2)),
  }))
}
const statements = async (text: string) => (await findings(text, { anySql: true })).map(({ found }) => found)

describe('any statement, where SQL is hidden', () => {
  it.each([
    ['of all columns', 'select * from orders'],
    ['of a quoted column', 'select "name" from orders'],
    ['of a qualified column', 'select o.name from orders o'],
    ['of a function', 'select count(id) from orders'],
    ['of a column with an underscore', 'select unit_price from orders'],
    ['of distinct columns', 'select distinct unit_price from orders'],
    ['of two columns, one with an underscore', 'select name, unit_price from orders'],
    ['in capitals', 'SELECT name FROM orders'],
    ['in capitals on lines', 'SELECT name,\n  country\nFROM orders\nWHERE x = 1'],
    ['that is grouped', 'select name from orders group by name'],
    ['that is ordered', 'select name from orders order by name'],
    ['with a join', 'select name from orders o join lines l on true'],
    ['with a join by a column', 'select name from orders join lines using (id)'],
    ['with a table of its own', 'with t as (select 1) select name from t'],
    ['with a table of its own, in capitals', 'WITH t AS (SELECT 1) SELECT name FROM t'],
  ])('is found %s', async (_what, statement) => {
    expect(await findings(`It was: ${statement}; and so on`, { anySql: true })).toEqual([
      { found: statement, category: 'statement', score: 0.7 },
    ])
    expect(await statements(statement)).toEqual([statement])
  })

  it.each([
    'Select a country from the list.',
    'Please select one, or two, from the menu.',
    'You can select your size from these.',
    'Preselect * from nothing',
    'select * of everything',
    'selected * from orders',
    'with t as we said, select one from it',
    'The group by the door; select any from it',
  ])('is none in words: %s', async (text) => {
    expect(await statements(text)).toEqual([])
  })

  it.each([
    ['a semicolon', 'select * from a; and b', 'select * from a'],
    ['an empty line', 'select * from a\n \nand b', 'select * from a'],
    ['a fence', 'select * from a\n```\nand b', 'select * from a\n'],
    ['another fence', 'select * from a\n~~~\nand b', 'select * from a\n'],
    ['its text', 'select * from a\nwhere b', 'select * from a\nwhere b'],
  ])('ends at %s', async (_what, text, expected) => {
    expect((await statements(text))[0]).toBe(expected)
  })

  it('is found once for each, not for what stands inside of it', async () => {
    expect(await statements('select * from (select * from a) b; select * from c')).toEqual([
      'select * from (select * from a) b',
      'select * from c',
    ])
    expect(await statements('Select a size; then select * from sizes')).toEqual(['select * from sizes'])
    expect(await statements(`select ${'a size, '.repeat(1_200)} select * from sizes`)).toEqual(['select * from sizes'])
  })

  it('is found in pieces where it is very long', async () => {
    const long = `select * from a where b in (${'12345678, '.repeat(1_500)}0)`
    const found = await statements(long)
    expect(found[0]).toHaveLength(8_000)
    expect(await statements(`${long}; select * from c`)).toContain('select * from c')
  })
})

describe('a statement that says what was run in other words', () => {
  const executedSql = ['SELECT country, sum(total) FROM orders WHERE year = 2024 GROUP BY country']
  it('is as sure as its words are those of what was run', async () => {
    const similar = 'select region, sum(total) from sales where month = 7 group by region'
    expect(await findings(`so ${similar}; yes`, { executedSql })).toEqual([])
    const closer = 'select country, sum(price) from orders where year = 2023 group by country'
    expect(await findings(`so ${closer}; yes`, { executedSql })).toEqual([
      { found: closer, category: 'statement', score: 0.83 },
    ])
  })

  it('is one where it has six words of ten', async () => {
    const executed = ['SELECT country FROM orders']
    expect(await findings('select x from orders y', { executedSql: executed })).toMatchObject([{ score: 0.6 }])
    expect(await findings('select x, z from orders y', { executedSql: executed })).toEqual([])
  })

  it('is surer of the two where any statement is hidden', async () => {
    const closer = 'select country, sum(price) from orders where year = 2023 group by country'
    expect(await findings(closer, { executedSql, anySql: true })).toMatchObject([{ score: 0.83 }])
    const other = 'select unit_price from products'
    expect(await findings(other, { executedSql, anySql: true })).toMatchObject([{ score: 0.7 }])
    expect(await findings(other, { executedSql })).toEqual([])
    const short = 'select country from orders'
    expect(await findings(short, { executedSql: [...executedSql, 'SELECT 1'], anySql: true })).toMatchObject([
      { score: 1 },
    ])
  })
})

describe('a block of SQL', () => {
  it.each(['sql', 'SQL', 'postgres', 'postgresql', 'pgsql', 'psql'])(
    'is hidden whatever it holds: %s',
    async (name) => {
      const block = `\`\`\`${name}\nTABLE orders\n\`\`\``
      expect(await findings(`a\n${block}\nb`, { anySql: true })).toEqual([
        { found: block, category: 'code', score: 0.8 },
      ])
    },
  )

  it.each([
    ['of waves', '~~~ sql\nTABLE a\n~~~', '~~~ sql\nTABLE a\n~~~'],
    ['without an end', '```sql\nTABLE a\nb', '```sql\nTABLE a\nb'],
    ['that another fence does not end', '```sql\nTABLE a\n~~~\nb\n```\nc', '```sql\nTABLE a\n~~~\nb\n```'],
  ])('is hidden %s', async (_what, text, expected) => {
    expect((await findings(text, { anySql: true })).map(({ found }) => found)).toEqual([expected])
  })

  it('is none of another language', async () => {
    expect(await findings('```python\nTABLE orders\n```', { anySql: true })).toEqual([])
    expect(await findings('```sqlite-like\nselecting\n```', { anySql: false })).toEqual([])
  })
})

describe('what was run, in a disguise that keeps its length', () => {
  const words = ['select', 'from', 'where', 'join', 'group', 'order', 'having', 'with', 'limit', 'union']
  const reversed = (text: string) => text.split('').reverse().join('')
  const rotated = (text: string) =>
    text.replace(/[a-z]/gi, (letter) => {
      const first = letter < 'a' ? 65 : 97
      return String.fromCharCode(first + ((letter.charCodeAt(0) - first + 13) % 26))
    })
  it.each(words)('is found with no other word of SQL than %s', async (word) => {
    const part = `country ${word} Revenue year zone quantity`
    for (const disguise of [part, reversed(part), rotated(part), part.toUpperCase()]) {
      expect(await findings(`Also: ${disguise} und.`, { executedSql: [part] })).toEqual([
        { found: disguise, category: 'statement', score: 1 },
      ])
    }
  })

  it('is not looked for where nothing was run', async () => {
    expect(await findings('country from Revenue year zone quantity', {})).toEqual([])
    expect(await findings('country from Revenue year zone quantity', { executedSql: ['SELECT 1'] })).toEqual([])
  })
})
