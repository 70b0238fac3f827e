import type { AuditReport } from '../../service/audit-keeper.ts'
import type { RestoredReport, StorageReport } from '../../service/storage-keeper.ts'
import { plainLine, plainText } from './plain-text.ts'

const reasons: Readonly<Record<string, string>> = {
  file: 'came from a key file of an earlier version',
  'other-time': 'the storage was put back by hand',
  unknown: 'was unknown when its backup was restored',
  'made-since': 'was made after the backup that was restored',
  differs: 'was another one in the backup that was restored',
  'revoked-since': 'was revoked after the backup that was restored',
}

/** What `storage check` found, for people. */
export function checkText(report: StorageReport): string {
  const { place, kind, found, ledger, audit, problems } = report
  const lines = [`storage   ${plainText(place)} (${kind})`]
  if (found === null) lines.push('          there is none: the first start makes it')
  else {
    lines.push(`id        ${plainLine(found.id, 100)}, revision ${found.revision}`)
    lines.push(`schema    ${plainLine(found.migrations.at(-1) ?? 'none', 100)}${laterOf(found.missing)}`)
    lines.push(`keys      ${keysText(found.keys)}`)
    lines.push(`ids       ${found.ownedIds.toLocaleString('en')} of upstreams`)
  }
  lines.push(`ledger    ${ledgerText(ledger)}`, `audit     ${auditText(audit)}`)
  for (const { id, name, because } of found?.waiting ?? []) {
    lines.push(`waits     ${plainLine(id, 100)}  ${plainLine(name, 100)}: ${reasons[because ?? ''] ?? 'is held'}`)
  }
  for (const { id, name } of found?.usedQuota ?? []) {
    lines.push(`quota     ${plainLine(id, 100)}  ${plainLine(name, 100)}: what it had of the day counts as used`)
  }
  for (const problem of problems) lines.push(`problem   ${plainLine(problem, 500)}`)
  return `${lines.join('\n')}\n`
}

function keysText({ active, held, expired, revoked }: RestoredReport['keys']): string {
  return `${active} in force, ${held} held, ${expired} expired, ${revoked} revoked`
}

function laterOf(missing: readonly string[]): string {
  return missing.length === 0 ? '' : `; the next start adds ${missing.join(', ')}`
}

function ledgerText(ledger: StorageReport['ledger']): string {
  if (ledger.kind === 'none') return 'none: nothing about aggregate-only columns was answered here'
  return ledger.kind === 'whole' ? `${ledger.answers.toLocaleString('en')} answers` : plainLine(ledger.reason, 500)
}

function auditText(audit: AuditReport | null): string {
  if (audit === null) return 'none'
  if (audit.kind === 'broken') return `broken at line ${audit.breaks[0].line}: ${audit.breaks[0].reason}`
  return `intact: ${audit.entries.toLocaleString('en')} entries, last hash ${audit.lastHash}`
}

export function checkJson({ place, kind, found, ledger, audit, problems }: StorageReport) {
  const told = found === null ? null : foundJson(found)
  return { place, kind, storage: told, ledger: { ...ledger }, audit: auditJson(audit), problems: [...problems] }
}

function foundJson({
  ownedIds,
  usedQuota,
  waiting,
  missing,
  migrations,
  keys,
  ...rest
}: NonNullable<StorageReport['found']>) {
  return {
    ...rest,
    schema: [...migrations],
    missing: [...missing],
    keys: { ...keys },
    owned_ids: ownedIds,
    waiting: waiting.map((key) => ({ ...key })),
    used_quota: usedQuota.map(({ id, name, group }) => ({ id, name, group })),
  }
}

function auditJson(audit: AuditReport | null) {
  if (audit === null) return null
  if (audit.kind === 'broken') return { verdict: 'broken', line: audit.breaks[0].line, reason: audit.breaks[0].reason }
  return { verdict: 'intact', entries: audit.entries, last_hash: audit.lastHash }
}

/** What a restore did, and what waits for the operator now. */
export function restoreText(report: RestoredReport): string {
  const { path, place, backup, keys, addedIds, addedConversations, addedFiles, addedLabels, notes } = report
  const of = backup === null ? '' : ` of ${backup.made}`
  const lines = [
    `${plainText(place)} has what ${plainText(path)}${of} has: ${addedIds.toLocaleString('en')} more ids of upstreams, ${addedConversations.toLocaleString('en')} more conversations, ${addedFiles.toLocaleString('en')} more files, ${addedLabels.toLocaleString('en')} more labels.`,
    `Keys: ${keysText(keys)}.`,
    ...(report.addedRollouts === 0
      ? []
      : ["Thresholds that a rollout of the backup had put in force are not in force: the configuration's are."]),
    'Aggregate-only columns are refused, and the tokens of today count as used, until you accept them:',
    '"sallyport storage check" lists what waits, "sallyport storage accept keys|quota|ledger" accepts it.',
    ...notes.map((note) => plainLine(note, 500)),
  ]
  return `${lines.join('\n')}\n`
}

export function restoreJson(report: RestoredReport) {
  const { path, place, backup, keys, addedIds, addedConversations, addedFiles, notes } = report
  return {
    path,
    place,
    backup: backup === null ? null : backupJson(backup),
    keys: { ...keys },
    added_ids: addedIds,
    added_conversations: addedConversations,
    added_files: addedFiles,
    added_labels: report.addedLabels,
    added_rollouts: report.addedRollouts,
    notes: [...notes],
  }
}

function backupJson({ ledger, audit, ...rest }: NonNullable<RestoredReport['backup']>) {
  return { ...rest, ledger: ledger === null ? null : { ...ledger }, audit: audit === null ? null : { ...audit } }
}
