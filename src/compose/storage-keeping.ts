import { existsSync } from 'node:fs'
import type { Config } from '../config/schema.ts'
import { ServiceError } from '../core/errors.ts'
import { acceptLedger, ledgerState } from '../databases/differencing/ledger-keeping.ts'
import { createAuditKeeper, wholeTrail, type AuditReport } from '../service/audit-keeper.ts'
import type { StorageKeeper } from '../service/storage-keeper.ts'
import { restoreBackup } from '../storage/backup/restore-backup.ts'
import type { BackupFacts } from '../storage/backup/stored-rows.ts'
import { writeBackup } from '../storage/backup/write-backup.ts'
import { checkStorage } from '../storage/check-storage.ts'
import { openStorage, type OpenedStorage } from '../storage/open-storage.ts'
import { readAuditAnchor } from '../telemetry/audit/last-line.ts'
import { auditPath } from '../telemetry/paths.ts'
import { ledgerPlaceOf } from './ledger-place.ts'
import { onTrail } from './on-trail.ts'
import { settleOtherTime } from './other-time.ts'

/** The storage as an operator handles it, with the ledger and the trail of this machine. */
export function createStorageKeeper(config: Config): StorageKeeper {
  const within = async <T>(work: (storage: OpenedStorage) => Promise<T>): Promise<T> => {
    await using storage = await openStorage(config, {
      for: 'command',
      onOtherTime: (why) => settleOtherTime(config, why),
    })
    return await work(storage)
  }
  const ledger = ledgerPlaceOf(config)
  return {
    async check() {
      const audit = existsSync(auditPath(config)) ? await createAuditKeeper(config).check(wholeTrail) : null
      return { ...(await checkStorage(config)), ledger: await ledgerState(ledger), audit }
    },
    backup: (path, { overwrite }) =>
      within(async (storage) => writeBackup(storage, { path, overwrite, beside: await besideOf(config) })),
    restore: (path) =>
      within(async (storage) => {
        const report = await onTrail(config, { event: 'storage-restore' }, () => restoreBackup(storage, path))
        await storage.watch.check()
        return { ...report, notes: await notesOf(config, report.backup) }
      }),
    acceptKeys: (ids) =>
      within(({ keys }) =>
        onTrail(config, { event: 'storage-accept', of: 'keys', ids: ids ?? 'all' }, async () =>
          knownOf(await keys.accept(ids), 'is no key that is held'),
        ),
      ),
    acceptQuota: (ids) =>
      within(({ keys }) =>
        onTrail(config, { event: 'storage-accept', of: 'quota', ids: ids ?? 'all' }, async () =>
          knownOf(await keys.acceptQuota(ids), 'is no key whose quota counts as used'),
        ),
      ),
    acceptLedger: () =>
      // What the storage holds is settled first: a hold that comes later would end what is accepted here.
      within(() => onTrail(config, { event: 'storage-accept', of: 'ledger' }, () => acceptLedger(ledger))),
  }
}

function knownOf(accepted: readonly string[] | { readonly unknown: string }, what: string): readonly string[] {
  if (!('unknown' in accepted)) return accepted
  throw new ServiceError('not-found', `"${accepted.unknown}" ${what}; nothing was accepted.`, {
    advice: '"sallyport storage check" lists what can be accepted.',
  })
}

async function besideOf(config: Config): Promise<Pick<BackupFacts, 'ledger' | 'audit'>> {
  const state = await ledgerState(ledgerPlaceOf(config))
  const ledger = state.kind === 'whole' ? { id: state.id, answers: state.answers } : null
  return { ledger, audit: await readAuditAnchor(auditPath(config)) }
}

/** What of this machine is not a later state of what was there when the backup was made. */
async function notesOf(config: Config, backup: BackupFacts | null): Promise<readonly string[]> {
  if (backup === null) return ['It does not say when it was made: it was not made by "sallyport storage backup".']
  return [...(await ledgerNotes(config, backup.ledger)), ...(await trailNotes(config, backup.audit))]
}

async function ledgerNotes(config: Config, then: BackupFacts['ledger']): Promise<readonly string[]> {
  if (then === null) return []
  const present = await ledgerState(ledgerPlaceOf(config))
  if (present.kind === 'none') return [`The ledger of the backup had ${then.answers} answers; here is none.`]
  return []
}

async function trailNotes(config: Config, then: BackupFacts['audit']): Promise<readonly string[]> {
  if (then === null) return []
  const path = auditPath(config)
  const report: AuditReport | null = existsSync(path)
    ? await createAuditKeeper(config).check({ ...wholeTrail, expected: then.hash })
    : null
  if (report === null) return [`The audit trail had ${then.sequence} entries when the backup was made; here is none.`]
  if (report.kind === 'intact') return []
  return [`The audit trail ${path} is not the one of the backup, or not all of it: ${report.breaks[0].reason}.`]
}
