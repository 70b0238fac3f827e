import { describe, expect, it } from 'vitest'
import { errorOfSqlstate } from '../../../src/databases/sqlstate.ts'

describe('the sentence for a SQLSTATE', () => {
  it('is the same for what is forbidden and what is missing', () => {
    const sentence = (sqlstate: string): string => errorOfSqlstate(sqlstate).message.replace(/ \(SQLSTATE.*/, '')
    expect(new Set(['42501', '42P01', '42703', '3F000'].map(sentence)).size).toBe(1)
  })

  it('gives away in its code neither', () => {
    expect(errorOfSqlstate('42501').message).toBe(errorOfSqlstate('42P01').message)
  })

  it.each([
    ['57014', 'deadline-exceeded'],
    ['53300', 'database-unavailable'],
    ['08006', 'database-unavailable'],
    ['28P01', 'database-unavailable'],
    ['22012', 'query-failed'],
    ['42999', 'query-failed'],
    ['ZZ999', 'query-failed'],
  ])('%s is %s', (sqlstate, code) => {
    expect(errorOfSqlstate(sqlstate).code).toBe(code)
  })
})
