import { ServiceError } from '../../core/errors.ts'
import type { StorageKeeper } from '../../service/storage-keeper.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainText } from '../output/plain-text.ts'
import { checkJson, checkText, restoreJson, restoreText } from '../output/storage-report.ts'

export interface StorageOutput {
  readonly output?: 'text' | 'json'
}

/** `sallyport storage check`: 0 where everything is as it should be, else 1. */
export async function storageCheck(context: CommandContext, { output }: StorageOutput): Promise<ExitCode> {
  using _ = context.onActivity('looking through the storage')
  const report = await (await keeperOf(context)).check()
  const { out } = context.terminal
  if (output === 'json') out.writeJson(checkJson(report))
  else out.write(checkText(report))
  const isWell = report.problems.length === 0 && report.ledger.kind !== 'refused' && report.audit?.kind !== 'broken'
  return isWell ? exitCodes.ok : exitCodes.failure
}

/** `sallyport storage backup FILE` */
export async function storageBackup(
  context: CommandContext,
  path: string,
  { output, overwrite = false }: StorageOutput & { readonly overwrite?: boolean },
): Promise<ExitCode> {
  using _ = context.onActivity('copying the storage')
  const report = await (await keeperOf(context)).backup(path, { overwrite })
  const { out } = context.terminal
  if (output === 'json') out.writeJson(backupJson(report))
  else {
    const { keys, ownedIds, conversations, files, labels, rollouts, made, revision, migrations } = report
    out.write(`${plainText(path)}: ${counted(keys, 'key')}, ${counted(ownedIds, 'id')} of upstreams, `)
    out.write(`${counted(conversations, 'conversation')}, ${counted(files, 'file')}, ${counted(labels, 'label')} and `)
    out.write(`${counted(rollouts, 'rollout')} of thresholds, `)
    out.write(`as they were at ${made} (revision ${revision}, schema ${migrations.at(-1)}).\n`)
  }
  return exitCodes.ok
}

/** `sallyport storage restore FILE` */
export async function storageRestore(
  context: CommandContext,
  path: string,
  { output }: StorageOutput,
): Promise<ExitCode> {
  using _ = context.onActivity('restoring the storage')
  const report = await (await keeperOf(context)).restore(path)
  const { out } = context.terminal
  if (output === 'json') out.writeJson(restoreJson(report))
  else out.write(restoreText(report))
  return exitCodes.ok
}

/** Which of them are accepted: those that are named, or all. */
export interface Accepted extends StorageOutput {
  readonly all?: boolean
}

/** `sallyport storage accept keys ID…`: held keys are in force again. */
export async function acceptKeys(
  context: CommandContext,
  ids: readonly string[],
  options: Accepted,
): Promise<ExitCode> {
  const accepted = await (await keeperOf(context)).acceptKeys(namedOrAll(ids, options))
  return writeAccepted(context, { keys: accepted }, options, `${counted(accepted.length, 'key')} accepted.`)
}

/** `sallyport storage accept quota ID…`: the tokens of the day are counted again. */
export async function acceptQuota(
  context: CommandContext,
  ids: readonly string[],
  options: Accepted,
): Promise<ExitCode> {
  const accepted = await (await keeperOf(context)).acceptQuota(namedOrAll(ids, options))
  const text = `The tokens of ${counted(accepted.length, 'key')} are counted again.`
  return writeAccepted(context, { quota: accepted }, options, text)
}

/** `sallyport storage accept ledger`: aggregate-only columns are answered again. */
export async function acceptLedger(context: CommandContext, options: StorageOutput): Promise<ExitCode> {
  const { answers } = await (await keeperOf(context)).acceptLedger()
  return writeAccepted(context, { ledger: { answers } }, options, `The ledger of ${counted(answers, 'answer')} counts.`)
}

function keeperOf(context: CommandContext): Promise<StorageKeeper> {
  return context.openStorageKeeper(context.config().config)
}

/** Nothing is accepted that was not named. */
function namedOrAll(ids: readonly string[], { all = false }: Accepted): readonly string[] | null {
  if (all !== ids.length > 0) return all ? null : ids
  throw new ServiceError('invalid-request', all ? 'Name keys, or all of them; not both.' : 'No key is named.', {
    advice: 'Name ids that "sallyport storage check" lists, or say --all.',
  })
}

function writeAccepted(
  { terminal }: CommandContext,
  document: Parameters<CommandContext['terminal']['out']['writeJson']>[0],
  { output }: StorageOutput,
  text: string,
): ExitCode {
  if (output === 'json') terminal.out.writeJson(document)
  else terminal.out.write(`${text}\n`)
  return exitCodes.ok
}

function backupJson({ ownedIds, migrations, ...report }: Awaited<ReturnType<StorageKeeper['backup']>>) {
  return { ...report, schema: [...migrations], owned_ids: ownedIds }
}

function counted(count: number, what: string): string {
  return `${count.toLocaleString('en')} ${what}${count === 1 ? '' : 's'}`
}
