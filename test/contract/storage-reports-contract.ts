import { describe, expect, it } from 'vitest'
import { sweep } from '../../src/storage/retention/sweep.ts'
import { verifies } from '../support/verifies.ts'
import type { StorageUnderTest } from './storage-contract.ts'

const dayZero = Date.UTC(2026, 0, 1, 12)
const dayMilliseconds = 86_400_000
const reportOf = (id: string, principal = 'alice') =>
  ({ id, principal, receipt: 'prc_1', fault: 'missed', wrappedKey: `key of ${id}`, sealed: `sealed ${id}` }) as const

/** What every kind of storage holds of reports of misses. */
export function missReportsContract(underTest: () => Promise<StorageUnderTest>): void {
  describe('for reports of misses', () => {
    it('keeps each with its key, and lists the oldest first without either', async () => {
      let now = dayZero
      const { missReports } = await (await underTest()).open({ now: () => now })
      for (const id of ['prp_b', 'prp_a', 'prp_c']) {
        const made = new Date(now).toISOString()
        expect(await missReports.keep(reportOf(id), 10)).toEqual({ ...reportOf(id), made })
        now += 1_000
      }
      const { reports, total } = await missReports.list(2)
      expect(total).toBe(3)
      expect(reports).toEqual([
        { id: 'prp_b', principal: 'alice', receipt: 'prc_1', fault: 'missed', made: '2026-01-01T12:00:00.000Z' },
        { id: 'prp_a', principal: 'alice', receipt: 'prc_1', fault: 'missed', made: '2026-01-01T12:00:01.000Z' },
      ])
      expect(await missReports.find('prp_c')).toMatchObject({ wrappedKey: 'key of prp_c', sealed: 'sealed prp_c' })
      expect(await missReports.find('prp_d')).toBeNull()
    })

    it('gives one another wrapped key only in the place of the one that is meant, and lists it until it has it', async () => {
      const { missReports } = await (await underTest()).open()
      for (const id of ['prp_b', 'prp_a', 'prp_c']) await missReports.keep(reportOf(id), 10)
      const all = ['prp_a', 'prp_b', 'prp_c'].map((id) => ({ id, wrappedKey: `key of ${id}` }))
      expect(await missReports.wrappedOtherwise('new:', '', 9)).toEqual(all)
      expect(await missReports.wrappedOtherwise('new:', 'prp_a', 1)).toEqual(all.slice(1, 2))
      expect(await missReports.wrappedOtherwise('key', '', 9)).toEqual([])
      await missReports.rewrap({ id: 'prp_c', wrappedKey: 'key of prp_c' }, 'new:c')
      await missReports.rewrap({ id: 'prp_c', wrappedKey: 'key of prp_c' }, 'late:c')
      expect(await missReports.find('prp_c')).toMatchObject({ wrappedKey: 'new:c', sealed: 'sealed prp_c' })
      expect(await missReports.wrappedOtherwise('new:', '', 9)).toEqual(all.slice(0, 2))
    })

    it('keeps so many of a principal at most', async () => {
      const { missReports } = await (await underTest()).open()
      for (const id of ['prp_1', 'prp_2']) expect(await missReports.keep(reportOf(id), 2)).not.toBeNull()
      expect(await missReports.keep(reportOf('prp_3'), 2)).toBeNull()
      expect(await missReports.keep(reportOf('prp_4', 'bob'), 2)).not.toBeNull()
      expect((await missReports.list(10)).total).toBe(3)
      await missReports.forget('prp_1')
      expect(await missReports.keep(reportOf('prp_5'), 2)).not.toBeNull()
    })

    it('takes one away with its key for good, also out of a copy of before that is put back', async () => {
      verifies('pii.reports-forgotten')
      verifies('storage.forgotten')
      const { open } = await underTest()
      const storage = await open()
      for (const id of ['prp_1', 'prp_2']) await storage.missReports.keep(reportOf(id), 10)
      const { db } = storage.database
      const before = await db.selectFrom('miss_reports').selectAll().execute()
      expect(await storage.missReports.forget('prp_1')).toBe(true)
      expect(await db.selectFrom('miss_reports').select('id').execute()).toEqual([{ id: 'prp_2' }])
      expect(await storage.missReports.forget('prp_1')).toBe(false)
      await db
        .insertInto('miss_reports')
        .values(before.filter(({ id }) => id === 'prp_1'))
        .execute()
      expect(await storage.missReports.find('prp_1')).toBeNull()
      expect((await storage.missReports.list(10)).reports.map(({ id }) => id)).toEqual(['prp_2'])
      const later = await open()
      expect(await later.database.db.selectFrom('miss_reports').select('id').execute()).toEqual([{ id: 'prp_2' }])
    })

    it('forgets them on the day after the last that it has to keep them, however many', async () => {
      verifies('storage.retention')
      let now = dayZero
      const storage = await (await underTest()).open({ now: () => now })
      const old = Array.from({ length: 1_200 }, (_, index) => reportOf(`prp_${index}`))
      await Promise.all(old.map((report) => storage.missReports.keep(report, 10_000)))
      now += dayMilliseconds
      await storage.missReports.keep(reportOf('prp_new'), 10_000)
      const never = {
        revoked_keys_days: null,
        owned_ids_days: null,
        conversations_days: null,
        approvals_days: null,
        history_days: null,
        files_days: null,
      }
      const sweepAfter = (days: number, reportDays: number | null) =>
        sweep(
          {
            ...storage.database,
            now: () => dayZero + days * dayMilliseconds,
            retention: { ...never, reports_days: reportDays },
          },
          new AbortController().signal,
        )
      expect(await sweepAfter(30, 30)).toMatchObject({ reports: 0 })
      expect(await sweepAfter(31, null)).toMatchObject({ reports: 0 })
      expect(await sweepAfter(31, 30)).toMatchObject({ reports: 1_200, conversations: 0, ownedIds: 0 })
      expect((await storage.missReports.list(10)).reports.map(({ id }) => id)).toEqual(['prp_new'])
    })
  })
}
