import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { PgliteDatabase } from '../../src/databases/pglite/pglite-database.ts'
import { vet } from '../../src/validators/vet.ts'
import { testImages } from '../support/databases/database-images.ts'
import { describeAudits, describeDatabase } from './database-contract.ts'
import { verifies } from '../support/verifies.ts'

const limits = { maximumMegabytes: 1500, openMilliseconds: 300_000 }
const database = new PgliteDatabase({ source: 'shop', images: testImages(), ...limits })
// The first run of all builds the image.
beforeAll(() => database.warm(AbortSignal.timeout(300_000)), 300_000)
afterAll(() => database[Symbol.asyncDispose]())

describeDatabase('embedded', () => ({ database, readable: 'public.orders', forbidden: 'public.staff_salaries' }))
describeAudits('embedded', (ledger) => new PgliteDatabase({ source: 'shop', images: testImages(), ...limits, ledger }))

describe('the process of the embedded database', () => {
  const never = new AbortController().signal
  const facts = { source: 'shop', relations: [], columns: [], functions: [], rowLimit: 10 }
  const queryLimits = { maximumRows: 10, maximumBytes: 100_000, timeoutMilliseconds: 60_000 }

  it('is ended when it takes too much memory, and the next statement works', async () => {
    verifies('processes.pglite')
    await using small = new PgliteDatabase({ source: 'shop', images: testImages(), ...limits, maximumMegabytes: 700 })
    const large = `SELECT count(*) FROM (SELECT array_agg(repeat('x', 1000) || i) FROM generate_series(1, 1000000) i) AS a`
    const error: unknown = await small
      .query(vet('sql', large, facts), queryLimits, never)
      .catch((reason: unknown) => reason)
    expect(error).toMatchObject({ code: 'query-failed', message: expect.stringMatching(/memory|MB/) })
    expect((await small.query(vet('sql', 'SELECT 1', facts), queryLimits, never)).rows).toEqual([[1]])
  })

  it('is replaced when it dies between statements', async () => {
    await database.warm(never)
    const { pid } = database
    process.kill(pid ?? 0, 'SIGKILL')
    await expect.poll(() => database.pid).toBeNull()
    expect((await database.query(vet('sql', 'SELECT 1', facts), queryLimits, never)).rows).toEqual([[1]])
    expect(database.pid).not.toBe(pid)
  })

  it('counts the tables behind a view as the view', async () => {
    const viewed = { ...facts, relations: ['public.monthly_revenue'] }
    const statement = vet('sql', 'SELECT * FROM public.monthly_revenue', viewed)
    expect((await database.estimate(statement, never)).relations).toEqual([])
  })

  it('is gone after disposal', async () => {
    const own = new PgliteDatabase({ source: 'shop', images: testImages(), ...limits })
    await own.warm(never)
    const { pid } = own
    await own[Symbol.asyncDispose]()
    expect(() => process.kill(pid ?? 0, 0)).toThrow(/ESRCH/)
    await expect(own.query(vet('sql', 'SELECT 1', facts), queryLimits, never)).rejects.toMatchObject({
      code: 'shutting-down',
    })
  })
})
