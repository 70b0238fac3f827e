import { describe, expect, it } from 'vitest'
import { errorOfSqlite } from '../../../src/storage/embedded/sqlite-failures.ts'
import { StorageFailure } from '../../../src/storage/storage-failure.ts'

describe('a failure of the file of a storage', () => {
  it.each([
    ['a failed reading', 10, 'unreachable'],
    ['a reading behind the end of the file', 522, 'damaged'],
    ['a damaged page', 11, 'damaged'],
    ['a damaged page of an index', 779, 'damaged'],
    ['no database', 26, 'damaged'],
    ['a full disk', 13, 'disk-full'],
    ['a lock', 5, 'locked'],
    ['a lock of a table', 262, 'locked'],
    ['a file that may not be written', 8, 'read-only'],
    ['a file that is not there', 14, 'unreachable'],
  ])('%s, code %i, is %s', (_what, code, state) => {
    const error = errorOfSqlite({ code, message: 'as SQLite says it' })
    expect(error).toBeInstanceOf(StorageFailure)
    expect(error).toMatchObject({ state, message: 'as SQLite says it' })
  })

  it('is damage where a table that every storage has is gone', () => {
    expect(errorOfSqlite({ code: 1, message: 'no such table: api_keys' })).toMatchObject({ state: 'damaged' })
  })

  it.each([
    [1, 'near "SELEC": syntax error'],
    [19, 'UNIQUE constraint failed'],
    [null, 'the thread is gone'],
  ])('is none with code %j: %s', (code, message) => {
    expect(errorOfSqlite({ code, message })).not.toBeInstanceOf(StorageFailure)
  })
})
