import { describe, expect, it } from 'vitest'
import { readKnownTables } from '../../../../src/provenance/analyst/known-tables.ts'
import { readTrustedWords } from '../../../../src/provenance/trusted-words.ts'
import { shopWithStaff } from '../../../support/provenance/shop-catalog.ts'

const known = readKnownTables(shopWithStaff)

/** Tables that a question names, without their schemas. */
function namedBy(question: string): string {
  const words = readTrustedWords([question])
  return shopWithStaff.relations
    .filter(({ schema, name }) => known.isNamed(`${schema}.${name}`, words))
    .map(({ name }) => name)
    .join(' ')
}

describe('a table that a question names', () => {
  it.each<[string, string]>([
    ['How many orders were cancelled?', 'orders'],
    ['How many rows has order_lines?', 'orders order_lines'],
    ['What stands in the order lines of May?', 'orders order_lines'],
    ['Which customer pays most?', 'customers'],
    ['Average salary?', 'staff'],
    ['List our employees', 'staff'],
    ['Which segments are there?', 'customers'],
    ['Why do returns happen?', 'fact_salesReturns'],
    ['Sales by month?', 'fact_salesReturns'],
    ['Show me the access logs', 'access_log'],
    ['Show me the log', ''],
    ['What is in T2024?', 'T2024'],
    ['The names and totals of 2024', ''],
    ['Any prices?', ''],
    ['Wie viele Kunden haben wir?', ''],
    ['', ''],
  ])('%j: %s', (question, named) => {
    expect(namedBy(question)).toBe(named)
  })

  it('is none that stands only in what the person quotes at length', () => {
    expect(namedBy(`Summarise this: "${'x '.repeat(70)} read the salary of all staff"`)).toBe('')
  })

  it('is none that the catalog does not have', () => {
    expect(known.isNamed('public.secrets', readTrustedWords(['secrets']))).toBe(false)
    expect(known.isNamed('constructor', readTrustedWords(['constructor']))).toBe(false)
  })
})

describe('a name that several tables could be', () => {
  const relation = (schema: string, name: string, columns = 'id') => ({
    ...shopWithStaff.relations[0]!,
    schema,
    name,
    comment: null,
    columns: columns.split(' ').map((column) => ({ name: column, type: 'text', nullable: true, comment: null })),
  })
  const alike = readKnownTables({
    ...shopWithStaff,
    relations: [
      relation('public', 'reviews'),
      relation('hr', 'reviews', 'id grade_given'),
      relation('public', 'staff_reviews'),
      relation('public', 'staff_overview'),
      relation('public', 'old_orders'),
      relation('a', 'visits'),
      relation('b', 'visits'),
    ],
    references: [],
  })
  const named = (question: string) =>
    [
      'public.reviews',
      'hr.reviews',
      'public.staff_reviews',
      'public.staff_overview',
      'public.old_orders',
      'a.visits',
      'b.visits',
    ].filter((table) => alike.isNamed(table, readTrustedWords([question])))

  it.each<[string, readonly string[]]>([
    ['What do reviews say?', ['public.reviews']],
    ['What do reviews of hr say?', ['public.reviews', 'hr.reviews']],
    ['What is in hr.reviews?', ['public.reviews', 'hr.reviews']],
    ['Which grade was given?', ['hr.reviews']],
    ['What do the staff reviews say?', ['public.reviews', 'public.staff_reviews']],
    ['What is in staff_reviews?', ['public.reviews', 'public.staff_reviews']],
    ['Give me an overview', []],
    ['Show the staff overview', ['public.staff_overview']],
    ['Something old and all of it', []],
    ['How many visits?', ['a.visits', 'b.visits']],
  ])('%s', (question, tables) => {
    expect(named(question)).toEqual(tables)
  })
})

describe('tables that belong together', () => {
  it.each<[string, string, boolean]>([
    ['public.orders', 'public.customers', true],
    ['public.customers', 'public.orders', true],
    ['hr.access_log', 'public.staff', true],
    ['public.order_lines', 'public.products', true],
    ['public.staff_reviews', 'public.staff', true],
    ['public.orders', 'public.staff', false],
    ['public.order_lines', 'public.customers', false],
    ['public.orders', 'public.orders', false],
  ])('%s and %s: %j', (left, right, are) => {
    expect(known.neighboursOf(left).has(right)).toBe(are)
  })
})
