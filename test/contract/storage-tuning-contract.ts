import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { restoreBackup } from '../../src/storage/backup/restore-backup.ts'
import type { OpenedStorage } from '../../src/storage/open-storage.ts'
import { storageOptions } from '../../src/storage/options.ts'
import { sweep } from '../../src/storage/retention/sweep.ts'
import {
  aComplaint,
  aDecision,
  aLabel,
  aProposal,
  aRollout,
  aScore,
  aSet,
  noon,
  place,
} from '../support/feedback/stored-examples.ts'
import { verifies } from '../support/verifies.ts'
import type { StorageUnderTest } from './storage-contract.ts'
import { backUp } from './storage-restore-contract.ts'
import { tuningContract } from './tuning-contract.ts'

const person = { by: 'ann', why: 'as proposed' } as const
const dayMilliseconds = 86_400_000
const sample = { wrappedKey: 'old:key', sealed: 'sealed words' } as const

type RecordedTable = 'recorded_decisions' | 'recorded_scores' | 'recorded_samples'
const recordedTables: readonly RecordedTable[] = ['recorded_decisions', 'recorded_scores', 'recorded_samples']

/** How many rows there are of decisions, their scores and their texts. */
async function recordedIn({ database: { db } }: OpenedStorage): Promise<readonly number[]> {
  const count = async (table: RecordedTable) => {
    const { n } = await db
      .selectFrom(table)
      .select((row) => row.fn.countAll().as('n'))
      .executeTakeFirstOrThrow()
    return Number(n)
  }
  return [await count('recorded_decisions'), await count('recorded_scores'), await count('recorded_samples')]
}

/** Takes a rollout to being in force. */
async function promote({ rollouts }: OpenedStorage, id: string): Promise<void> {
  for (const to of ['canary', 'promoted', 'settled'] as const) {
    const found = await rollouts.find(id)
    await rollouts.step({ id, revision: found?.revision ?? 0 }, { to, ...person }, {})
  }
}

const conversation = (id: string) => ({
  id,
  principal: 'alice',
  wrapped_key: 'w',
  made: new Date(noon).toISOString(),
  used: new Date(noon).toISOString(),
  next_place: 0,
  sealed: 's',
})

/** What every kind of storage holds of what is tuned, beyond what the ports promise. */
export function storedTuningContract(underTest: () => Promise<StorageUnderTest>): void {
  describe('what is tuned,', () => {
    tuningContract(underTest)

    it('goes with its conversation, and stays away where a copy of before is put back', async () => {
      const { open } = await underTest()
      const storage = await open()
      const { db } = storage.database
      await db
        .insertInto('conversations')
        .values([conversation('conv_a'), conversation('conv_b')])
        .execute()
      const all = ['conv_a', 'conv_b', 'conv_a', null].map((id, index) => ({
        decision: aDecision(index, { conversation: id, scores: [aScore('toxicity', 0.9), aScore('pii', 0)] }),
        sample,
      }))
      await storage.recordedDecisions.keep(all)
      expect(await recordedIn(storage)).toEqual([4, 8, 4])
      const copies = await Promise.all(recordedTables.map((table) => db.selectFrom(table).selectAll().execute()))
      expect(await storage.conversations.delete('alice', 'conv_a')).toBe(true)
      expect(await recordedIn(storage)).toEqual([2, 4, 2])
      // A batch that was under way when it was deleted.
      await storage.recordedDecisions.keep([
        { decision: aDecision(9, { conversation: 'conv_a' }), sample },
        { decision: aDecision(10), sample: null },
      ])
      expect(await storage.recordedDecisions.find(aDecision(9).id)).toBeNull()
      expect(await recordedIn(storage)).toEqual([3, 5, 2])
      for (const [at, table] of recordedTables.entries()) {
        await db.deleteFrom(table).execute()
        await db
          .insertInto(table)
          .values(copies[at] ?? [])
          .execute()
      }
      const later = await open()
      expect(await recordedIn(later)).toEqual([2, 4, 2])
    })

    it('is kept whatever a caller is called, each with its batch', async () => {
      const { recordedDecisions } = await (await underTest()).open()
      const odd = ['a\u0000b', '\ud800', '', "'; --", 'x'.repeat(10_000)]
      await recordedDecisions.keep(
        odd.map((principal, index) => ({ decision: aDecision(index, { principal, api: principal }), sample: null })),
      )
      const kept = await Promise.all(odd.map((_, index) => recordedDecisions.find(aDecision(index).id)))
      expect(kept.map((each) => each?.principal)).toEqual(['a\ufffdb', '\ufffd', '', "'; --", 'x'.repeat(10_000)])
    })

    it('goes with a conversation whose values were hidden', async () => {
      const storage = await (await underTest()).open()
      await storage.maskedConversations.keep({ id: 'c1', principal: 'alice', wrappedKey: 'w' }, [])
      await storage.recordedDecisions.keep([{ decision: aDecision(1, { conversation: 'c1' }), sample }])
      expect(await storage.maskedConversations.forgetAll('alice')).toBe(1)
      expect(await recordedIn(storage)).toEqual([0, 0, 0])
    })

    it('is forgotten after its days, however much, and where its conversation is gone', async () => {
      verifies('storage.retention')
      let now = noon
      const storage = await (await underTest()).open({ now: () => now })
      await storage.database.db.insertInto('conversations').values(conversation('conv_a')).execute()
      const old = Array.from({ length: 1_200 }, (_, index) => ({ decision: aDecision(index), sample }))
      await storage.recordedDecisions.keep(old)
      const young = (index: number, own: Parameters<typeof aDecision>[1]) =>
        aDecision(index, { made: new Date(noon + 20 * dayMilliseconds).toISOString(), ...own })
      await storage.recordedDecisions.keep(
        [
          young(5_000, { conversation: 'conv_a' }),
          young(5_001, { conversation: 'conv_gone' }),
          young(5_002, { conversation: "a provider's" }),
        ].map((decision) => ({ decision, sample: null })),
      )
      await storage.complaints.keep(aComplaint(1, { decision: aDecision(1).id }), 9)
      now += 20 * dayMilliseconds
      await storage.complaints.keep(aComplaint(2), 9)
      const { revoked_keys_days: _, ...others } = storageOptions.parse({}).retention
      const retention = { ...others, revoked_keys_days: null, history_days: null }
      const sweepAfter = (days: number, feedbackDays: number | null) =>
        sweep(
          { ...storage.database, now: () => noon + days * dayMilliseconds, retention, feedbackDays },
          new AbortController().signal,
        )
      expect(await sweepAfter(20, 30)).toMatchObject({ recorded: 0, complaints: 0 })
      expect(await sweepAfter(31, null)).toMatchObject({ recorded: 1, complaints: 0 })
      expect(await storage.recordedDecisions.find(young(5_001, {}).id)).toBeNull()
      expect(await sweepAfter(31, 30)).toMatchObject({ recorded: 1_200, complaints: 1 })
      expect(await recordedIn(storage)).toEqual([2, 2, 0])
      expect(
        (await storage.complaints.list({ group: null, kind: null, state: null, reason: null, rule: null }, 9)).total,
      ).toBe(1)
      const rules = await storage.database.db.selectFrom('complaint_rules').selectAll().execute()
      expect(rules).toEqual([])
    })

    it('gives the comment of a complaint another wrapped key only in the place of the one that is meant', async () => {
      const { complaints } = await (await underTest()).open()
      for (const index of [2, 1]) await complaints.keep(aComplaint(index), 9)
      const rows = [1, 2].map((index) => ({ id: `cmp_${index}`, wrappedKey: `old:${index}` }))
      expect(await complaints.wrappedOtherwise('new:', '', 9)).toEqual(rows)
      await complaints.rewrap({ id: 'cmp_1', wrappedKey: 'old:1' }, 'new:1')
      await complaints.rewrap({ id: 'cmp_1', wrappedKey: 'old:1' }, 'late:1')
      expect(await complaints.wrappedOtherwise('new:', '', 9)).toEqual(rows.slice(1))
      expect(await complaints.find('cmp_1')).toMatchObject({ wrappedKey: 'new:1' })
    })

    it('is put in force whole or not at all, where the storage fails in the middle', async () => {
      const { open } = await underTest()
      const [storage, other] = await Promise.all([open(), open()])
      const { db } = storage.database
      await storage.rollouts.begin(aRollout(1, { place: { ...place, group: 'other' } }), person)
      const second = await storage.rollouts.begin(aRollout(2), person)
      await storage.rollouts.step({ id: 'rol_1', revision: 1 }, { to: 'promoted', ...person }, {})
      // From here on a second one in this stage cannot be written, after its threshold was.
      await db.schema
        .createIndex('one_only')
        .unique()
        .on('tuning_rollouts')
        .column('stage')
        .where(sql<boolean>`stage = 'promoted'`)
        .execute()
      const before = await storage.rollouts.state()
      await expect(storage.rollouts.step(second, { to: 'promoted', ...person }, {})).rejects.toBeInstanceOf(Error)
      expect(await other.rollouts.state()).toEqual(before)
      expect(before.thresholds.map(({ rollout }) => rollout)).toEqual(['rol_1'])
      await db.schema.dropIndex('one_only').execute()
      expect(await other.rollouts.step(second, { to: 'promoted', ...person }, {})).toMatchObject({ stage: 'promoted' })
      expect((await storage.rollouts.state()).thresholds).toHaveLength(2)
    })

    it('comes back from a backup as what people have decided, with nothing of it in force', async () => {
      verifies('tuning.restored')
      const { open } = await underTest()
      const storage = await open({ now: () => noon })
      const { db } = storage.database
      await storage.recordedDecisions.keep([{ decision: aDecision(1), sample }])
      await storage.complaints.keep(aComplaint(1), 9)
      await storage.labels.keep(aLabel(1, { decision: aDecision(1).id }))
      await storage.evaluationSets.keep(aSet(1))
      await storage.proposals.keep(aProposal(1))
      await storage.rollouts.begin(aRollout(1), person)
      await promote(storage, 'rol_1')
      await storage.rollouts.begin(aRollout(2), person)
      const path = await backUp(storage)
      const tables = ['labels', 'evaluation_sets', 'tuning_proposals', 'tuning_rollouts', 'tuning_thresholds'] as const
      for (const table of [...tables, ...recordedTables, 'complaints'] as const) await db.deleteFrom(table).execute()
      const { revision } = await storage.rollouts.state()
      expect(await restoreBackup(storage, path)).toMatchObject({ addedLabels: 1, addedRollouts: 2 })
      const state = await storage.rollouts.state()
      expect([state.thresholds, state.rollouts, state.revision > revision]).toEqual([[], [], true])
      expect(await storage.rollouts.find('rol_1')).toMatchObject({ stage: 'rolled-back' })
      expect((await storage.rollouts.find('rol_2'))?.steps.at(-1)).toMatchObject({
        by: 'restore',
        from: 'shadow',
        to: 'stopped',
      })
      expect(await storage.evaluationSets.find('set', null)).toMatchObject(aSet(1))
      expect(await storage.proposals.find('tpr_1')).toMatchObject(aProposal(1))
      expect(await storage.labels.history(aDecision(1).id)).toHaveLength(1)
      expect(await recordedIn(storage)).toEqual([0, 0, 0])
      expect(await storage.complaints.find('cmp_1')).toBeNull()
      expect(await storage.rollouts.begin(aRollout(3), person)).toMatchObject({ stage: 'shadow' })
    })

    it('stays as the storage has it, where that knows it better than a backup', async () => {
      verifies('tuning.restored')
      const storage = await (await underTest()).open()
      await storage.rollouts.begin(aRollout(1), person)
      await storage.labels.keep(aLabel(1, { truth: 'harmful' }))
      const path = await backUp(storage)
      await promote(storage, 'rol_1')
      await storage.labels.keep(aLabel(2, { truth: 'harmless' }))
      const before = await storage.rollouts.state()
      expect(await restoreBackup(storage, path)).toMatchObject({ addedLabels: 0, addedRollouts: 0 })
      const after = await storage.rollouts.state()
      expect({ ...after, revision: 0 }).toEqual({ ...before, revision: 0 })
      expect(after.thresholds).toHaveLength(1)
      expect(await storage.labels.history('dec-none')).toHaveLength(2)
    })
  })
}
