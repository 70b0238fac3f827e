import type { PGlite } from '@electric-sql/pglite'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openPglite } from '../../src/databases/pglite/open-pglite.ts'
import { createPgliteSession } from '../../src/databases/pglite/pglite-session.ts'
import { select } from '../../src/databases/pglite/select.ts'
import { valueRows, valueTypes } from '../support/sql/value-rows.ts'

const limits = { maximumRows: 10, maximumBytes: 100_000, timeoutMilliseconds: 60_000 }

describe('values of the embedded database', () => {
  let database: PGlite

  beforeAll(async () => {
    database = await openPglite(null)
    await database.exec(`CREATE ROLE reader; ${valueTypes}`)
  })
  afterAll(() => database.close())

  it.each(valueRows)('%s', async (_claim, sql, expected) => {
    const request = { statement: `SELECT ${sql}`, role: 'reader', limits, audits: null }
    const { rows } = await select(createPgliteSession(database), request, () => Promise.resolve())
    expect(rows).toEqual([[expected]])
  })
})
