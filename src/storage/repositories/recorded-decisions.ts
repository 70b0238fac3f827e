import { randomInt } from 'node:crypto'
import type { KeptDecision, RecordedDecisions } from '../../core/recorded-decisions.ts'
import { decisionsOf } from '../tuning/decision-rows.ts'
import { insertDecisions } from '../tuning/insert-decisions.ts'
import { removeRecordedOf } from '../tuning/remove-recorded.ts'
import { createRecordedReadings } from '../tuning/recorded-readings.ts'
import type { JsonRows } from '../text-list.ts'
import type { ForgettingParts } from './forgetting-parts.ts'
import { createWrappedRows } from './wrapped-rows.ts'

interface Parts extends Omit<ForgettingParts, 'now'> {
  readonly jsonRows: JsonRows
  readonly packsColumns: boolean
  /** Takes what was deleted out of the log of writes. */
  readonly scrub: () => Promise<void>
}

/** Below 2^31: what a column of integers holds on both kinds. */
export const draws = 2_147_483_648

/** Ids of conversations that can be noted beside the storage, one in a line. */
const noted = /^[\x21-\x7e]{1,300}$/

/** Decisions of the content filters; a batch of them is one transaction of a few statements, however many they are. */
export function createRecordedDecisions(parts: Parts): RecordedDecisions {
  const { db, health, forgotten, scrub } = parts
  return {
    ...createWrappedRows('recorded_samples', parts),
    ...createRecordedReadings(parts),
    async keep(decisions) {
      const gone = await forgotten.all()
      // A batch may come to be written after the conversation of one of them was deleted.
      const kept = new Map<string, KeptDecision>()
      for (const each of decisions) {
        const { id, conversation } = each.decision
        if (!kept.has(id) && (conversation === null || !gone.has(conversation))) kept.set(id, each)
      }
      if (kept.size === 0) return
      await health.writes(() =>
        db
          .transaction()
          .execute((transaction) => insertDecisions(transaction, parts, [...kept.values()], () => randomInt(draws))),
      )
    },
    async find(id) {
      const [found] = await health.reads(() => decisionsOf(db, [id]))
      return found ?? null
    },
    async sample(id) {
      const row = await health.reads(() =>
        db
          .selectFrom('recorded_samples')
          .select(['id', 'wrapped_key as wrappedKey', 'sealed'])
          .where('id', '=', id)
          .executeTakeFirst(),
      )
      return row ?? null
    },
    async forgetConversation(conversation) {
      // The note on the disk comes first: a copy of the storage that is put back later is held to it.
      if (noted.test(conversation)) await forgotten.add([conversation])
      const removed = await health.writes(() =>
        db.transaction().execute((transaction) => removeRecordedOf(transaction, [conversation])),
      )
      if (removed > 0) await scrub()
      return removed
    },
  }
}
