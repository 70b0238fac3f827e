import { setTimeout as sleep } from 'node:timers/promises'
import type { Kysely } from 'kysely'
import type { StorageHealth } from '../health.ts'
import type { RetentionOptions } from '../options.ts'
import { removeConversations } from '../repositories/masked-conversations.ts'
import type { Tables } from '../tables.ts'

interface SweepParts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  readonly retention: RetentionOptions
  /** Milliseconds since 1970. */
  readonly now: () => number
}

/** Rows that were forgotten, by their kind. */
export interface Forgotten {
  readonly revokedKeys: number
  /** That are over. */
  readonly suspensions: number
  readonly ownedIds: number
  readonly conversations: number
  readonly reports: number
  readonly approvals: number
}

const dayMilliseconds = 86_400_000
/** More are forgotten in several steps, between which others write. */
export const stepRows = 1_000
const pauseMilliseconds = 20

/** Forgets what is older than the retention says. Stops between two steps where the signal says so. */
export async function sweep(parts: SweepParts, signal: AbortSignal): Promise<Forgotten> {
  const { revoked_keys_days: keyDays, owned_ids_days: idDays, conversations_days: maskedDays } = parts.retention
  const { reports_days: reportDays, approvals_days: approvalDays } = parts.retention
  return {
    revokedKeys: keyDays === null ? 0 : await inSteps(() => forgetKeys(parts, keyDays), parts, signal),
    suspensions: keyDays === null ? 0 : await inSteps(() => forgetSuspensions(parts, keyDays), parts, signal),
    ownedIds: idDays === null ? 0 : await inSteps(() => forgetIds(parts, idDays), parts, signal),
    conversations: maskedDays === null ? 0 : await inSteps(() => forgetConversations(parts, maskedDays), parts, signal),
    reports: reportDays === null ? 0 : await inSteps(() => forgetReports(parts, reportDays), parts, signal),
    approvals: approvalDays === null ? 0 : await inSteps(() => forgetApprovals(parts, approvalDays), parts, signal),
  }
}

async function inSteps(step: () => Promise<bigint>, { health }: SweepParts, signal: AbortSignal): Promise<number> {
  let forgotten = 0
  while (!signal.aborted) {
    const count = Number(await health.writes(step))
    forgotten += count
    if (count < stepRows) break
    await sleep(pauseMilliseconds, undefined, { ref: false })
  }
  return forgotten
}

/** The newest key stays, revoked as it may be: where there never was one, a start makes a first key. */
async function forgetKeys({ db, now }: SweepParts, days: number): Promise<bigint> {
  const before = new Date(now() - days * dayMilliseconds).toISOString()
  const old = db
    .selectFrom('api_keys as old')
    .select('old.id')
    .where((row) =>
      row.or([
        row.and([row('old.state', '=', 'revoked'), row('old.revoked', '<', before)]),
        row('old.expires', '<', before),
      ]),
    )
    .where((row) =>
      row.exists(row.selectFrom('api_keys as newer').select('newer.id').whereRef('newer.created', '>', 'old.created')),
    )
    .limit(stepRows)
  return (await db.deleteFrom('api_keys').where('id', 'in', old).executeTakeFirstOrThrow()).numDeletedRows
}

async function forgetSuspensions({ db, now }: SweepParts, days: number): Promise<bigint> {
  const before = new Date(now() - days * dayMilliseconds).toISOString()
  const old = db
    .selectFrom('suspensions as old')
    .select('old.id')
    .where((row) => row.or([row('old.lifted', '<', before), row('old.until', '<', before)]))
    .limit(stepRows)
  return (await db.deleteFrom('suspensions').where('id', 'in', old).executeTakeFirstOrThrow()).numDeletedRows
}

async function forgetIds({ db, now }: SweepParts, days: number): Promise<bigint> {
  const before = Math.floor(now() / dayMilliseconds) - days
  const { numDeletedRows } = await db
    .deleteFrom('owned_ids')
    .where((row) =>
      row(
        row.refTuple('upstream', 'id'),
        'in',
        row
          .selectFrom('owned_ids as old')
          .select(['old.upstream', 'old.id'])
          .where('old.made_day', '<', before)
          .limit(stepRows)
          .$asTuple('upstream', 'id'),
      ),
    )
    .executeTakeFirstOrThrow()
  return numDeletedRows
}

async function forgetConversations({ db, now }: SweepParts, days: number): Promise<bigint> {
  const old = await db
    .selectFrom('masked_conversations')
    .select('id')
    .where('used_day', '<', Math.floor(now() / dayMilliseconds) - days)
    .limit(stepRows)
    .execute()
  await removeConversations(
    db,
    old.map(({ id }) => id),
  )
  return BigInt(old.length)
}

async function forgetReports({ db, now }: SweepParts, days: number): Promise<bigint> {
  const before = Math.floor(now() / dayMilliseconds) - days
  const old = db.selectFrom('miss_reports as old').select('old.id').where('old.made_day', '<', before).limit(stepRows)
  return (await db.deleteFrom('miss_reports').where('id', 'in', old).executeTakeFirstOrThrow()).numDeletedRows
}

async function forgetApprovals({ db, now }: SweepParts, days: number): Promise<bigint> {
  const before = new Date(now() - days * dayMilliseconds).toISOString()
  const old = db.selectFrom('approvals as old').select('old.id').where('old.expires', '<', before).limit(stepRows)
  return (await db.deleteFrom('approvals').where('id', 'in', old).executeTakeFirstOrThrow()).numDeletedRows
}
