import { ForgottenIds } from './forgotten-ids.ts'
import { migrate } from './migrate.ts'
import { openDatabase, type StorageDatabase } from './open-database.ts'
import type { StorageConfig } from './options.ts'
import { factsOf, OtherTimeWatch, type OtherTime } from './other-time.ts'
import { ProcessLease } from './history/process-lease.ts'
import { createApprovals } from './repositories/approvals.ts'
import { ApiKeys } from './repositories/api-keys.ts'
import { createComplaints } from './repositories/complaints.ts'
import { createContainers } from './repositories/containers.ts'
import { createConversations, removeHistory } from './repositories/conversations.ts'
import { createStoredFiles, removeFiles } from './repositories/stored-files.ts'
import { keepRetention } from './retention/keep-retention.ts'
import { sweep } from './retention/sweep.ts'
import { openQuotas } from './open-quotas.ts'
import { pieceLength } from './repositories/forgetting-parts.ts'
import { createEvaluationSets } from './repositories/evaluation-sets.ts'
import { createHeldSessions } from './repositories/held-sessions.ts'
import { createKeptValues } from './repositories/kept-values.ts'
import { createLabels } from './repositories/labels.ts'
import { createMaskedConversations, removeConversations } from './repositories/masked-conversations.ts'
import { createMissReports, removeReports } from './repositories/miss-reports.ts'
import { createOwnedIds } from './repositories/owned-ids.ts'
import { createProposals } from './repositories/proposals.ts'
import { createRecordedDecisions } from './repositories/recorded-decisions.ts'
import { createRequestKeys } from './repositories/request-keys.ts'
import { createRollouts } from './repositories/rollouts.ts'
import { createSealingKey } from './repositories/sealing-key.ts'
import { createShares, removeShares } from './repositories/shares.ts'
import { createSuspensions } from './repositories/suspensions.ts'
import { createWebSessions } from './repositories/web-sessions.ts'
import type { Storage } from './storage.ts'
import { machineTime, serverTime } from './storage-time.ts'
import { removeRecordedOf } from './tuning/remove-recorded.ts'

export interface OpenOptions {
  readonly for: 'service' | 'command'
  /** Holds what else of this machine belongs to a storage; see `OtherTimeWatch`. */
  readonly onOtherTime?: (why: OtherTime) => Promise<void>
  /** Milliseconds since 1970. */
  readonly now?: () => number
  /** Milliseconds since any fixed moment. */
  readonly elapsed?: () => number
}

/** A storage with the database it is in. */
export interface OpenedStorage extends Storage {
  readonly database: StorageDatabase
  readonly now: () => number
  readonly watch: OtherTimeWatch
  readonly forgotten: ForgottenIds
}

/**
 * Opens the storage and brings its tables up to this program. Rejects with `storage-unavailable` where it cannot be had,
 * and with `invalid-config` where it is newer than this program.
 */
export async function openStorage(config: StorageConfig, options: OpenOptions): Promise<OpenedStorage> {
  const { now = Date.now, elapsed = () => performance.now(), onOtherTime = null } = options
  const database = await openDatabase(config, options.for)
  const { db, health, place, changes, textList, jsonRows, markPath, scrub } = database
  const watch = new OtherTimeWatch({ db, health, markPath, now, onOtherTime })
  const forgotten = new ForgottenIds(markPath.replace(/\.mark$/, '.forgotten'))
  const isServer = database.kind === 'postgresql'
  const time = isServer && options.now === undefined ? serverTime : machineTime(now)
  const { lease_ms: leaseMilliseconds, replica } = config.storage
  const lease = new ProcessLease({ db, health, time, leaseMilliseconds, silenceTells: isServer, replica, elapsed })
  try {
    await health.writes(() => migrate(database))
    await watch.check()
    // A copy that was put back has them again.
    const ids = [...(await forgotten.all())]
    if (ids.length > 0)
      await health.writes(() => db.transaction().execute((transaction) => removeRecordedOf(transaction, ids)))
    if (options.for === 'service') {
      await removeAgain(database, ids)
      await lease.settleDead({ again: true })
    }
  } catch (thrown) {
    await database[Symbol.asyncDispose]()
    throw thrown
  }
  const quotas = await openQuotas({ config, database, now: options.now ?? null })
  const history = { db, health, forgotten, now, lease, scrub }
  const tuned = { db, health, time, jsonRows, watch }
  const keys = new ApiKeys({ db, health, mark: changes, watch, now, elapsed })
  return {
    place,
    database,
    now,
    watch,
    forgotten,
    keys,
    suspensions: createSuspensions({ db, health, mark: changes, watch, now, elapsed }),
    ownedIds: createOwnedIds({ db, health, textList, now }),
    maskedConversations: createMaskedConversations({ db, health, forgotten, now }),
    keptValues: createKeptValues({ db, health, forgotten }),
    quotas: quotas.ledger,
    missReports: createMissReports({ db, health, forgotten, now }),
    approvals: createApprovals({ db, health, forgotten, now }),
    conversations: createConversations(history),
    files: createStoredFiles(history),
    containers: createContainers({ db, health, forgotten }),
    shares: createShares(history),
    recordedDecisions: createRecordedDecisions({ db, health, forgotten, jsonRows, packsColumns: isServer, scrub }),
    complaints: createComplaints(tuned),
    labels: createLabels(tuned),
    evaluationSets: createEvaluationSets(tuned),
    proposals: createProposals(tuned),
    rollouts: createRollouts(tuned),
    webSessions: createWebSessions({ db, health, now }),
    replicas: isServer
      ? {
          lease,
          sessions: createHeldSessions({ db, health, now, lease }),
          requestKeys: createRequestKeys({ db, health, time, lease }),
          sealingKey: createSealingKey({ db, health }),
        }
      : null,
    retain: (told) => {
      const { retention } = config.storage
      const feedbackDays = config.feedback?.retention_days ?? null
      return keepRetention({ sweep: (signal) => sweep({ db, health, now, retention, feedbackDays }, signal), ...told })
    },
    async probe() {
      const write = () =>
        db
          .updateTable('storage_facts')
          .set((set) => ({ probes: set('probes', '+', 1) }))
          .execute()
      await health.writes(write).catch(() => undefined)
      // A fault of a reading ends by another one, which nobody asks for while the service is not ready.
      if (health.state !== 'ready') await health.reads(() => factsOf(db)).catch(() => undefined)
      return health.state === 'ready' ? quotas.state() : health.state
    },
    [Symbol.asyncDispose]: async () => {
      await keys[Symbol.asyncDispose]()
      await lease[Symbol.asyncDispose]()
      await quotas[Symbol.asyncDispose]()
      await database[Symbol.asyncDispose]()
    },
  }
}

async function removeAgain({ db, health }: StorageDatabase, ids: readonly string[]): Promise<void> {
  await health.writes(async () => {
    await removeConversations(db, ids)
    await removeReports(db, ids)
    await removeHistory(
      db,
      ids.filter((id) => id.startsWith('conv_')),
    )
  })
  const shares = ids.filter((id) => id.startsWith('shr_'))
  if (shares.length > 0)
    await health.writes(() => db.transaction().execute((transaction) => removeShares(transaction, shares)))
  const containers = ids.filter((id) => id.startsWith('cntr_'))
  for (let at = 0; at < containers.length; at += pieceLength) {
    const some = containers.slice(at, at + pieceLength)
    await health.writes(() => db.deleteFrom('containers').where('id', 'in', some).execute())
  }
  const files = ids.filter((id) => id.startsWith('file_'))
  for (let at = 0; at < files.length; at += pieceLength) {
    const some = files.slice(at, at + pieceLength)
    const found = await health.reads(() => db.selectFrom('stored_files').select('id').where('id', 'in', some).execute())
    await removeFiles(
      { db, health },
      found.map(({ id }) => id),
    )
  }
}
