import { describe, expect, it } from 'vitest'
import type { Database, QueryLimits } from '../../../src/databases/database.ts'
import { createMaskedDatabase } from '../../../src/databases/masked-database.ts'
import { vet } from '../../../src/validators/vet.ts'
import { verifies } from '../../support/verifies.ts'

function recorder(): { database: Database; asked: QueryLimits[] } {
  const asked: QueryLimits[] = []
  const database: Database = {
    source: 'shop',
    kind: 'fake',
    catalog: () => Promise.reject(new Error('no catalog')),
    prove: () => Promise.reject(new Error('no proof')),
    query: async (_statement, limits) => {
      asked.push(limits)
      return { columns: [], rows: [], truncated: null, asOf: new Date(0), lagMilliseconds: null, milliseconds: 0 }
    },
    [Symbol.asyncDispose]: async () => {},
  }
  return { database, asked }
}

describe('a database behind its policy', () => {
  it.each([
    ['the policy’s limit, where that is lower', 11, 100, 10],
    ['the caller’s limit, where that is lower', 1_001, 5, 5],
    ['one row at least', 1, 100, 1],
  ])('gives no more rows than %s', async (_claim, rowLimit, maximumRows, expected) => {
    verifies('sql-http.max-rows')
    const { database, asked } = recorder()
    const statement = vet('sql', 'SELECT 1', { source: 'shop', relations: [], columns: [], functions: [], rowLimit })
    const limits = { maximumRows, maximumBytes: 1_000, timeoutMilliseconds: 1_000 }
    await createMaskedDatabase(database, Buffer.alloc(32)).query(statement, limits, new AbortController().signal)
    expect(asked).toEqual([{ ...limits, maximumRows: expected }])
  })

  it.each([
    ['its own bytes and time, where they are lower', { maximumBytes: 500, timeoutMilliseconds: 20 }, [500, 20]],
    ['the service’s, where those are lower', { maximumBytes: 5_000, timeoutMilliseconds: 9_000 }, [1_000, 1_000]],
    ['the service’s, where it has none', {}, [1_000, 1_000]],
  ])('gives a statement %s', async (_claim, own, expected) => {
    const { database, asked } = recorder()
    const facts = { source: 'shop', relations: [], columns: [], functions: [], rowLimit: 11, ...own }
    const limits = { maximumRows: 10, maximumBytes: 1_000, timeoutMilliseconds: 1_000 }
    const masked = createMaskedDatabase(database, Buffer.alloc(32))
    await masked.query(vet('sql', 'SELECT 1', facts), limits, new AbortController().signal)
    expect(asked.map((one) => [one.maximumBytes, one.timeoutMilliseconds])).toEqual([expected])
  })
})
