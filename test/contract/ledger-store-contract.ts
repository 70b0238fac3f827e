import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import type { LedgerPlace } from '../../src/core/answer-ledger.ts'
import type { LedgerName, StoredLedger } from '../../src/databases/differencing/ledger-rows.ts'
import { LedgerStore } from '../../src/databases/differencing/ledger-store.ts'

const staff: LedgerName = { source: 'shop', group: 'analysts', relation: 'public.staff' }
const set = (row: number) => [{ row, entity: row }]

/** What ledgers are in any place. `newPlace` gives one where nothing was answered. */
export function ledgerStoreContract(newPlace: () => Promise<LedgerPlace>): void {
  let store: LedgerStore
  beforeEach(async () => {
    store = await LedgerStore.open(await newPlace())
  })
  afterEach(() => store[Symbol.asyncDispose]())

  /** Each in a transaction of its own, as it is used. */
  const ledger = (name: LedgerName, prime = 7): Promise<StoredLedger> =>
    store.exclusively((rows) => rows.ledger(name, prime))
  const append = (id: number, row: number, at = 0) =>
    store.exclusively((rows) => rows.append(id, { at, members: set(row) }))
  const rowsAfter = (id: number, sequence: number) =>
    store.exclusively(async (rows) =>
      (await rows.after(id, sequence)).map((each) => [each.sequence, each.members[0]?.row]),
    )

  const all = () => store.exclusively((rows) => rows.all())

  describe('a ledger that is stored', () => {
    it('is found again by its name, with the prime it began with', async () => {
      const first = await ledger(staff, 7)
      expect(first).toEqual({ id: 1, prime: 7, generation: 0 })
      expect(await ledger(staff, 11)).toEqual(first)
    })

    it.each([
      ['source', { source: 'other' }],
      ['group', { group: 'finance' }],
      ['relation', { relation: 'public.orders' }],
      ['columns', { columns: ['pay'] }],
      ['sort of sets', { of: 'rows' }],
    ] as const)('is another one for another %s', async (_what, differing) => {
      await ledger(staff)
      expect(await ledger({ ...staff, ...differing }, 11)).toEqual({ id: 2, prime: 11, generation: 0 })
    })

    it('is not the one of columns where it is one of rows, nor the other way round', async () => {
      const ids = []
      for (const name of [{ columns: ['rows'] }, { of: 'rows' }, { columns: ['rows'], of: 'rows' }] as const) {
        ids.push((await ledger({ ...staff, ...name })).id)
      }
      expect(new Set(ids).size).toBe(3)
    })

    it('numbers its sets from 1 in the order in which they came, and gives those after a number', async () => {
      const { id } = await ledger(staff)
      const other = await ledger({ ...staff, source: 'other' })
      expect(await append(id, 10)).toBe(1)
      expect(await append(other.id, 99)).toBe(1)
      expect(await append(id, 5)).toBe(2)
      expect(await append(id, 7)).toBe(3)
      expect(await rowsAfter(id, 0)).toEqual([
        [1, 10],
        [2, 5],
        [3, 7],
      ])
      expect(await rowsAfter(id, 1)).toEqual([
        [2, 5],
        [3, 7],
      ])
      expect(await rowsAfter(id, 3)).toEqual([])
    })

    it('forgets what is older than a time, of it alone, and says so by its generation', async () => {
      const { id } = await ledger(staff)
      const other = await ledger({ ...staff, source: 'other' })
      await append(id, 1, 100)
      await append(id, 2, 200)
      await append(other.id, 3, 100)
      const forget = (before: number) => store.exclusively((rows) => rows.forget(id, before))
      expect(await forget(100)).toBe(false)
      expect((await ledger(staff)).generation).toBe(0)
      expect(await forget(101)).toBe(true)
      expect((await ledger(staff)).generation).toBe(1)
      expect(await rowsAfter(id, 0)).toEqual([[2, 2]])
      expect(await rowsAfter(other.id, 0)).toEqual([[1, 3]])
      expect((await ledger({ ...staff, source: 'other' })).generation).toBe(0)
      // Numbers go on where they were.
      expect(await append(id, 4, 300)).toBe(3)
    })

    it('keeps nothing of work that fails', async () => {
      const { id } = await ledger(staff)
      const failing = store.exclusively(async (rows) => {
        await rows.append(id, { at: 0, members: set(1) })
        throw new Error('no')
      })
      await expect(failing).rejects.toThrow('no')
      expect(await rowsAfter(id, 0)).toEqual([])
      expect(await append(id, 2)).toBe(1)
    })
  })

  describe('relations that share rows', () => {
    const north = { ...staff, relation: 'public.north' }
    const both = { ...staff, relations: ['public.north', 'public.staff'] }

    it('have one ledger, whichever of them is asked, and after one of them left as well', async () => {
      const { id } = await ledger(both)
      expect((await ledger(staff)).id).toBe(id)
      expect((await ledger(north)).id).toBe(id)
      expect((await ledger({ ...north, columns: ['pay'] })).id).not.toBe(id)
    })

    it('have what was answered about each of them put together, behind one another in the older ledger', async () => {
      const [first, second] = [await ledger(north), await ledger(staff, 11)]
      await append(first.id, 1)
      await append(first.id, 2)
      await append(second.id, 3)
      const merged = await ledger(both, 13)
      expect(merged).toEqual({ id: first.id, prime: 7, generation: 1 })
      expect(await rowsAfter(merged.id, 0)).toEqual([
        [1, 1],
        [2, 2],
        [3, 3],
      ])
      expect((await ledger(staff)).id).toBe(first.id)
      // It is put together once.
      expect((await ledger(both)).generation).toBe(1)
      expect((await all()).map(({ names }) => names.length)).toEqual([2])
    })

    it('have it put together in the older ledger where the younger one is named first', async () => {
      const [older, younger] = [await ledger(staff), await ledger(north, 11)]
      await append(older.id, 1)
      await append(younger.id, 2)
      expect(await ledger(both, 13)).toEqual({ id: older.id, prime: 7, generation: 1 })
      expect(await rowsAfter(older.id, 0)).toEqual([
        [1, 1],
        [2, 2],
      ])
    })

    it('bring a relation that is new to a ledger that is there', async () => {
      const first = await ledger(staff)
      await append(first.id, 1)
      expect(await ledger(both)).toEqual({ ...first, generation: 0 })
      expect((await ledger(north)).id).toBe(first.id)
      expect((await all()).map(({ names }) => names.length)).toEqual([2])
    })
  })
}
