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
  ])('is found %s', async (_claim, text) => {
    verifies('filters.sql-leak')
    expect((await found(filter, `So: ${text} and that was it`, { executedSql })).length).toBeGreaterThan(0)
  })

  it.each([
    'Revenue by country in 2024: Germany 120, France 98.',
    'I joined the customers with their orders and summed the revenue by country.',
    'Select a country from the list to see where the orders come from.',
    'The result is ordered by revenue, grouped by country.',
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

  it('stays linear on text made to be slow', async () => {
    const hostile = 'SELECT a FROM b '.repeat(8_000)
    expect((await found(filter, hostile, { executedSql, anySql: true })).length).toBeGreaterThan(0)
  })
})
