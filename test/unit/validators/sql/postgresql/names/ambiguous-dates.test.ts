import { describe, expect, it } from 'vitest'
import {
  ambiguousDate,
  ambiguousDates,
  checkDateCasts,
  isAmbiguousDate,
} from '../../../../../../src/validators/sql/postgresql/names/ambiguous-dates.ts'
import { visitsOf } from '../../../../../support/sql/visits.ts'

describe('a text that may be read as another date elsewhere', () => {
  it.each(['01/02/2024', '1.2.24', '01-02-03', '31/12/1999', 'on 01/02/2024', '01/02/2024 10:00'])('is %s', (text) => {
    expect(isAmbiguousDate(text)).toBe(true)
  })

  it.each(['2024-01-02', '2024/01/02', '01/2024', '1.2', '01/02-2024', '10:01.02.03', '1.2.3.4', '555-01-02', ''])(
    'is not %j',
    (text) => {
      expect(isAmbiguousDate(text)).toBe(false)
    },
  )

  it.each([
    ["SELECT '01/02/2024'::date", 7],
    ["SELECT a, CAST('01/02/2024' AS timestamp) FROM t", 15],
    ["SELECT timestamptz '01/02/2024'", 19],
    ["SELECT 'ä', '01/02/2024'::text::date", 13],
    ['SELECT (\'01/02/2024\' COLLATE "C")::pg_catalog.date', 8],
  ])('is found where it is cast to a date: %s', (sql, offset) => {
    const message = ambiguousDate('01/02/2024', "to_date('…', 'DD/MM/YYYY')")
    expect(checkDateCasts(visitsOf(sql))).toEqual([{ rule: 'sql/ambiguous-date', offset, message }])
  })

  it.each([
    "SELECT '01/02/2024'::text",
    "SELECT '2024-01-02'::date",
    'SELECT a::date',
    'SELECT 20240102::date',
    "SELECT ('01/02/2024' || a)::date",
  ])('is not found elsewhere: %s', (sql) => {
    expect(checkDateCasts(visitsOf(sql))).toEqual([])
  })

  it('is mentioned with its place, whatever it is read as', () => {
    expect(ambiguousDates(visitsOf("SELECT '01/02/2024', a, '2024-01-02', 3, '1.2.24'"))).toEqual([
      { text: '01/02/2024', offset: 7 },
      { text: '1.2.24', offset: 41 },
    ])
  })

  it('is shown up to its 40th letter', () => {
    const [whole, long] = ['01/02/2024'.padEnd(40, 'x'), '01/02/2024'.padEnd(41, 'x')]
    expect(ambiguousDate(whole, 'f()')).toMatch(`'${whole}' is read as another date elsewhere`)
    expect(ambiguousDate(long, 'f()')).toMatch(`'${whole}…' is read as another date elsewhere`)
    expect(ambiguousDate(whole, 'f()')).toMatch(/Write dates as 'YYYY-MM-DD', or f\(\)\.$/)
  })
})
