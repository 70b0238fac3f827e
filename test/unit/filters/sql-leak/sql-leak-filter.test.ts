import { describe, expect, it } from 'vitest'
import { createSqlLeakFilter } from '../../../../src/filters/sql-leak/sql-leak-filter.ts'
import { found } from '../../../support/filters/filter-fixtures.ts'
import { verifies } from '../../../support/verifies.ts'

const filter = createSqlLeakFilter()
const statement = `SELECT c.country, SUM(ol.quantity * ol.unit_price) AS revenue
FROM orders o JOIN customers c ON c.id = o.customer_id JOIN order_lines ol ON ol.order_id = o.id
WHERE o.ordered_at >= '2024-01-01' GROUP BY c.country ORDER BY revenue DESC`
const executedSql = [statement]

describe('executed SQL repeated in an answer', () => {
  it.each([
    ['word for word', statement],
    ['on one line and in lower case', statement.replace(/\s+/g, ' ').toLowerCase()],
    ['with every word on its own line', statement.split(/\s+/).join('\n')],
    ['in part', 'I used JOIN customers c ON c.id = o.customer_id JOIN order_lines for it.'],
    [
      'as bold words',
      statement
        .split(' ')
        .map((word) => `**${word}**`)
        .join(' '),
    ],
    ['with comments between', statement.replaceAll(' ', ' /* x */ ')],
    ['without its qualifiers', statement.replace(/\b[a-z]{1,2}\./g, '')],
    ['with other aliases and literals', statement.replaceAll('c.', 'cust.').replace('2024-01-01', '2023-06-30')],
    ['in base64', Buffer.from(statement).toString('base64')],
    ['in hexadecimal', Buffer.from(statement).toString('hex')],
    ['reversed', statement.split('').reverse().join('')],
    ['in a fenced block, however different', '```sql\nTABLE orders\n```'],
    ['letter by letter', Array.from(statement).join(' ')],
    ['with a letter to a line', Array.from(statement).join('\n')],
    ['with dots between its letters', Array.from(statement).join('.')],
    ['with digits for letters', statement.replaceAll('e', '3').replaceAll('o', '0').replaceAll('E', '3')],
    ['with words broken', statement.replaceAll(/\b(\w\w)(\w\w)/g, '$1-$2')],
    [
      'in small letters that look like capitals',
      statement.toLowerCase().replaceAll('e', 'ᴇ').replaceAll('r', 'ʀ').replaceAll('s', 'ꜱ'),
    ],
    ['backwards and letter by letter', Array.from(statement).toReversed().join(' ')],
  ])('is found %s', async (_claim, text) => {
    verifies('filters.sql-leak')
    expect((await found(filter, `So: ${text} and that was it`, { executedSql })).length).toBeGreaterThan(0)
  })

  it.each([
    'Revenue by country in 2024: Germany 120, France 98.',
    'I joined the customers with their orders and summed the revenue by country.',
    'Select a country from the list to see where the orders come from.',
    'The result is ordered by revenue, grouped by country.',
    'S e l e c t a country f r o m the list w h e r e you live.',
    'It joins customers and their order lines on the id of the order.',
  ])('does not take an explanation for a repetition: %s', async (text) => {
    expect(await found(filter, text, { executedSql, anySql: true })).toEqual([])
  })

  it('looks for nothing where no SQL was run and none is hidden', async () => {
    expect(await found(filter, statement)).toEqual([])
  })

  it('takes a statement that was not run yet where any SQL is hidden', async () => {
    expect(await found(filter, `I will run ${statement}`, { anySql: true })).toHaveLength(1)
    expect(await found(filter, 'next: select * from secret_salaries', { anySql: true })).toHaveLength(1)
  })

  it('takes a fenced block of twelve characters, the shortest that there is', async () => {
    expect(await found(filter, '```sql\nx\n```', { anySql: true })).toHaveLength(1)
  })

  const scores = async (text: string, sql: readonly string[], anySql = false) => {
    const context = { direction: 'outbound', group: 'default', executedSql: sql, anySql } as const
    const findings = await filter.inspect([{ text, provenance: 'model' }], context, new AbortController().signal)
    return findings.map(({ start, end, category, score }) => [
      text.slice(start, end),
      category,
      Number(score.toFixed(2)),
    ])
  }
  const short = 'SELECT mmm FROM zzz'

  it('finds one that is rotated by thirteen letters or written backwards, capital or not, in its place', async () => {
    for (const text of ['FRYRPG zzz SEBZ mmm', 'fryrpg ZZZ sebz MMM', 'zzz MORF mmm TCELES', 'ZZZ morf MMM tceles'])
      expect(await scores(`So: ${text}, it was`, [short])).toEqual([[text, 'sql-leak/statement', 1]])
    for (const text of ['FRYRPG nnn SEBZ aaa', 'mmm MORF zzz TCELES'])
      expect(await scores(`So: ${text}, it was`, [short])).toEqual([])
  })

  it('says how much of a statement another one has, of several the most, and never less than for any', async () => {
    const other = 'SELECT mmm FROM zzz WHERE aaa = 1'
    const said = 'SELECT mmm, bbb FROM zzz WHERE ccc'
    expect(await scores(said, [other])).toEqual([[said, 'sql-leak/statement', 0.71]])
    expect(await scores(said, ['SELECT x FROM y', other])).toEqual([[said, 'sql-leak/statement', 0.71]])
    expect(await scores(said, [other, 'SELECT x FROM y', 'x'])).toEqual([[said, 'sql-leak/statement', 0.71]])
    expect(await scores(said, ['SELECT x FROM y'])).toEqual([])
    expect(await scores(said, ['SELECT x FROM y'], true)).toEqual([[said, 'sql-leak/statement', 0.7]])
    expect(await scores(said, [other], true)).toEqual([[said, 'sql-leak/statement', 0.71]])
    expect(await scores('select abc, def from xyz', ['select abc from uvw where it'])).toEqual([['select abc, def from xyz', 'sql-leak/statement', 0.6]]) // prettier-ignore
    expect(await scores('select abc, def, efg from xyz', ['select abc from uvw where it'])).toEqual([])
  })

  it('looks for no statement in a text without one, and in none for a statement that says too little', async () => {
    expect(await scores(`${short} and more`, ['SELECT 1'])).toEqual([])
    expect(await scores('I joined them with a list of it', [short])).toEqual([])
  })

  it('stays linear on text made to be slow', async () => {
    const hostile = 'SELECT a FROM b '.repeat(8_000)
    expect((await found(filter, hostile, { executedSql, anySql: true })).length).toBeGreaterThan(0)
  })
})
