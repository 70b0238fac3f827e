import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, type SelectQueryBuilder, sql } from 'kysely'
import type { StorageHealth } from '../health.ts'
import type { RetentionOptions } from '../options.ts'
import { removeConversations } from '../repositories/masked-conversations.ts'
import { removeComplaints } from '../repositories/complaints.ts'
import { removeHistory } from '../repositories/conversations.ts'
import { removeExpired } from '../repositories/shares.ts'
import { removeFiles } from '../repositories/stored-files.ts'
import { orphanedContents, removePieces } from '../history/remove-pieces.ts'
import type { Tables } from '../tables.ts'
import { removeDecisions } from '../tuning/remove-recorded.ts'

interface SweepParts {
  readonly db: Kysely<Tables>
  readonly health: StorageHealth
  readonly retention: RetentionOptions
  /** Of recorded decisions and complaints; null keeps them. */
  readonly feedbackDays?: number | null
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
  readonly history: number
  readonly files: number
  /** That could not live any more. */
  readonly containers: number
  /** That are expired. */
  readonly shares: number
  /** Recorded decisions, also those whose conversation is not there any more. */
  readonly recorded: number
  readonly complaints: number
}

const dayMilliseconds = 86_400_000
const hourMilliseconds = 3_600_000
/** More are forgotten in several steps, between which others write. */
export const stepRows = 1_000
const pauseMilliseconds = 20

/** Forgets what is older than the retention says. Stops between two steps where the signal says so. */
export async function sweep(parts: SweepParts, signal: AbortSignal): Promise<Forgotten> {
  const { revoked_keys_days: keyDays, owned_ids_days: idDays, conversations_days: maskedDays } = parts.retention
  const { reports_days: reportDays, approvals_days: approvalDays } = parts.retention
  const { history_days: historyDays, files_days: fileDays } = parts.retention
  const { feedbackDays = null } = parts
  return {
    revokedKeys: keyDays === null ? 0 : await inSteps(() => forgetKeys(parts, keyDays), parts, signal),
    suspensions: keyDays === null ? 0 : await inSteps(() => forgetSuspensions(parts, keyDays), parts, signal),
    ownedIds: idDays === null ? 0 : await inSteps(() => forgetIds(parts, idDays), parts, signal),
    conversations: maskedDays === null ? 0 : await inSteps(() => forgetConversations(parts, maskedDays), parts, signal),
    reports: reportDays === null ? 0 : await inSteps(() => forgetReports(parts, reportDays), parts, signal),
    approvals: approvalDays === null ? 0 : await inSteps(() => forgetApprovals(parts, approvalDays), parts, signal),
    history: historyDays === null ? 0 : await inSteps(() => forgetHistory(parts, historyDays), parts, signal),
    files: await forgetFiles(parts, fileDays, signal),
    containers: await inSteps(() => forgetContainers(parts), parts, signal),
    shares: await inSteps(() => removeExpired(parts, stepRows), parts, signal),
    recorded:
      (feedbackDays === null ? 0 : await inSteps(() => forgetRecorded(parts, feedbackDays), parts, signal)) +
      (await inSteps(() => forgetLeftOver(parts), parts, signal)),
    complaints: feedbackDays === null ? 0 : await inSteps(() => forgetComplaints(parts, feedbackDays), parts, signal),
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

async function forgetHistory({ db, now }: SweepParts, days: number): Promise<bigint> {
  const before = new Date(now() - days * dayMilliseconds).toISOString()
  const old = await db.selectFrom('conversations').select('id').where('used', '<', before).limit(stepRows).execute()
  await removeHistory(
    db,
    old.map(({ id }) => id),
  )
  return BigInt(old.length)
}

/** A day after the end of its longest life: until then its owner is told that it has expired. */
async function forgetContainers({ db, now }: SweepParts): Promise<bigint> {
  const before = new Date(now() - dayMilliseconds).toISOString()
  const old = db.selectFrom('containers as old').select('old.id').where('old.ends', '<', before).limit(stepRows)
  return (await db.deleteFrom('containers').where('id', 'in', old).executeTakeFirstOrThrow()).numDeletedRows
}

async function forgetRecorded(parts: SweepParts, days: number): Promise<bigint> {
  const before = new Date(parts.now() - days * dayMilliseconds).toISOString()
  return await forgetDecisions(parts, (old) => old.where('recorded.made', '<', before))
}

/** What was written in the last moments before a conversation of ours was deleted may have come after it. */
async function forgetLeftOver(parts: SweepParts): Promise<bigint> {
  const before = new Date(parts.now() - hourMilliseconds).toISOString()
  return await forgetDecisions(parts, (old) =>
    old
      .where('recorded.conversation', 'is not', null)
      .where(sql<boolean>`substr(recorded.conversation, 1, 5) = 'conv_'`)
      .where('recorded.made', '<', before)
      .where((where) =>
        where.not(
          where.exists(
            where
              .selectFrom('conversations as conversation')
              .select('conversation.id')
              .whereRef('conversation.id', '=', 'recorded.conversation'),
          ),
        ),
      ),
  )
}

type DecisionQuery = SelectQueryBuilder<Tables & { recorded: Tables['recorded_decisions'] }, 'recorded', { id: string }>

async function forgetDecisions({ db }: SweepParts, which: (query: DecisionQuery) => DecisionQuery): Promise<bigint> {
  return await db.transaction().execute(async (transaction) => {
    const query = transaction.selectFrom('recorded_decisions as recorded').select('recorded.id')
    const old = await which(query).limit(stepRows).execute()
    await removeDecisions(
      transaction,
      old.map(({ id }) => id),
    )
    return BigInt(old.length)
  })
}

async function forgetComplaints({ db, now }: SweepParts, days: number): Promise<bigint> {
  const before = new Date(now() - days * dayMilliseconds).toISOString()
  return await db.transaction().execute(async (transaction) => {
    const old = await transaction
      .selectFrom('complaints')
      .select('id')
      .where('made', '<', before)
      .limit(stepRows)
      .execute()
    await removeComplaints(
      transaction,
      old.map(({ id }) => id),
    )
    return BigInt(old.length)
  })
}

/** So many files are forgotten between two looks at the signal. */
const filesAtOnce = 50

/** What is expired, what is old, and what belongs to a conversation that is not there any more; then what is nobody's of what they held. */
async function forgetFiles(parts: SweepParts, days: number | null, signal: AbortSignal): Promise<number> {
  const { db, health } = parts
  let forgotten = 0
  while (!signal.aborted) {
    const old = await health.reads(() => oldFiles(parts, days))
    await removeFiles(parts, old)
    forgotten += old.length
    if (old.length < filesAtOnce) break
  }
  while (!signal.aborted) {
    const orphans = await health.reads(() => orphanedContents(db, filesAtOnce))
    await removePieces(parts, orphans)
    if (orphans.length < filesAtOnce) break
  }
  return forgotten
}

async function oldFiles({ db, now }: SweepParts, days: number | null): Promise<readonly string[]> {
  const time = now()
  const rows = await db
    .selectFrom('stored_files as file')
    .select('file.id')
    .where((where) =>
      where.or([
        where('file.expires', '<=', new Date(time).toISOString()),
        ...(days === null
          ? []
          : [
              where.and([
                where('file.conversation', 'is', null),
                where('file.made', '<', new Date(time - days * dayMilliseconds).toISOString()),
              ]),
            ]),
        where.and([
          where('file.conversation', 'is not', null),
          where.not(
            where.exists(
              where
                .selectFrom('conversations as conversation')
                .select('conversation.id')
                .whereRef('conversation.id', '=', 'file.conversation'),
            ),
          ),
        ]),
      ]),
    )
    .limit(filesAtOnce)
    .execute()
  return rows.map(({ id }) => id)
}
