import type { AuditQuery, AuditReport, FoundEntry } from '../../service/audit-keeper.ts'
import { ServiceError } from '../../core/errors.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import type { ServerAddress } from '../remote/admin-client.ts'
import { checkAt, trailAt } from '../remote/open.ts'
import { plainLine, plainText } from '../output/plain-text.ts'
import type { Terminal } from '../terminal.ts'

interface Output {
  readonly output?: 'text' | 'json'
}

export interface AuditVerifyOptions extends Output {
  readonly expect?: string
  readonly publicKey: readonly string[]
  readonly checkpoints?: string
}

/** What `search` and `export` take. */
export interface AuditQueryOptions extends Output {
  readonly event?: string
  readonly request?: string
  readonly principal?: string
  /** ISO 8601. */
  readonly since?: string
  readonly until?: string
}

/** `sallyport audit verify [FILE]`: 0 for a whole chain, 1 for a broken one, here or of a service that runs elsewhere. */
export async function auditVerify(
  context: CommandContext,
  path: string | undefined,
  { expect, publicKey, checkpoints, output, server, keyFile }: AuditVerifyOptions & ServerAddress,
): Promise<ExitCode> {
  requireOneTrail(path, server)
  if (server !== undefined && (publicKey.length > 0 || checkpoints !== undefined)) {
    throw new ServiceError(
      'invalid-request',
      'A service checks its trail with its own key, and reads no file of this machine',
      {
        advice: 'Leave --public-key and --checkpoints out, or give them on the machine of the service.',
      },
    )
  }
  using _ = context.onActivity('following the trail')
  const request = { path: path ?? null, expected: expect ?? null, keys: publicKey, checkpoints: checkpoints ?? null }
  const report = await checkAt(context, { ...(server && { server }), ...(keyFile && { keyFile }) }, request)
  if (output === 'json') context.terminal.out.writeJson(reportJson(report))
  else context.terminal.out.write(describe(report))
  return report.kind === 'intact' ? exitCodes.ok : exitCodes.failure
}

function describe(report: AuditReport): string {
  const path = plainText(report.path)
  if (report.kind === 'broken') {
    const lines = report.breaks.map(({ file, line, reason }) => {
      const where = file === report.path ? '' : ` of ${plainText(file)}`
      return `${path} is broken at line ${line}${where}: ${reason}.\n`
    })
    return lines.join('')
  }
  const { entries, first, lastHash, signatures } = report
  const count = entries.toLocaleString('en')
  const from = first === 1 ? '' : ` from number ${first} on`
  const head = `${path} is intact: ${count} ${entries === 1 ? 'entry' : 'entries'}${from}, last hash ${lastHash}\n`
  return `${head}${signatures === null ? 'no key is here to check signatures with' : describeSignatures(signatures)}\n`
}

function describeSignatures({ count, upTo }: { readonly count: number; readonly upTo: number }): string {
  if (count === 0) return 'no checkpoint of it is signed'
  return `${count} signed ${count === 1 ? 'checkpoint' : 'checkpoints'}, up to number ${upTo}`
}

function reportJson(report: AuditReport) {
  const { path } = report
  if (report.kind === 'broken') {
    const [{ line, reason }] = report.breaks
    return { verdict: 'broken', path, line, reason, breaks: report.breaks }
  }
  const { entries, first, lastHash, signatures } = report
  const signed = signatures === null ? null : { checkpoints: signatures.count, up_to: signatures.upTo }
  return { verdict: 'intact', path, entries, first, last_hash: lastHash, signatures: signed }
}

/** `sallyport audit search [FILE]`: lines that fit, oldest first. */
export async function auditSearch(
  context: CommandContext,
  path: string | undefined,
  { limit, output, server, keyFile, ...query }: AuditQueryOptions & ServerAddress & { readonly limit: number },
): Promise<ExitCode> {
  requireOneTrail(path, server)
  const address = { ...(server && { server }), ...(keyFile && { keyFile }), path: path ?? null }
  const { out, error } = context.terminal
  const found: FoundEntry['entry'][] = []
  let more = false
  let passedOver = 0
  const onPassedOver = () => (passedOver += 1)
  for await (const { entry } of await trailAt(context, address, { ...queryOf(query), onPassedOver })) {
    more = found.length === limit
    if (more) break
    found.push(entry)
    if (output !== 'json') out.write(entryLine(entry))
  }
  if (output === 'json') out.writeJson({ entries: found, more })
  else if (more) error.write(`There are more than ${limit}; --limit shows more.\n`)
  tellPassedOver(error, passedOver)
  return exitCodes.ok
}

function requireOneTrail(path: string | undefined, server: string | undefined): void {
  if (path === undefined || server === undefined) return
  throw new ServiceError('invalid-request', 'A file is of this machine, and --server names another one', {
    advice: 'Leave one of them out.',
  })
}

function entryLine({ sequence, time, fact }: FoundEntry['entry']): string {
  const { event, requestId, ...rest } = fact
  const members = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return `${plainLine([sequence, time, event, requestId || '-', ...members].join(' '), 2_000)}\n`
}

/** `sallyport audit export FILE`: the lines themselves, so that each can be checked again. */
export async function auditExport(
  context: CommandContext,
  to: string,
  { output, ...query }: AuditQueryOptions,
): Promise<ExitCode> {
  using _ = context.onActivity('copying the trail')
  const keeper = await context.openAuditKeeper(context.config().config)
  const { entries, passedOver } = await keeper.export(queryOf(query), to)
  const { out, error } = context.terminal
  tellPassedOver(error, passedOver)
  if (output === 'json') out.writeJson({ file: to, entries, passed_over: passedOver })
  else out.write(`${plainText(to)}: ${entries.toLocaleString('en')} ${entries === 1 ? 'entry' : 'entries'}\n`)
  return exitCodes.ok
}

function tellPassedOver(error: Terminal['error'], count: number): void {
  if (count === 0) return
  const lines =
    count === 1 ? 'A line does not match its hash and is' : `${count} lines do not match their hashes and are`
  error.write(`${lines} left out; "sallyport audit verify" says where.\n`)
}

/** `sallyport audit key`: the public key, so that whoever has it can check what was signed. */
export async function auditKey(context: CommandContext, { output }: Output): Promise<ExitCode> {
  const keeper = await context.openAuditKeeper(context.config().config)
  const key = await keeper.key()
  const { out, error } = context.terminal
  if (output === 'json') out.writeJson({ public_key: key })
  else if (key !== null) out.write(`${key}\n`)
  if (key !== null) return exitCodes.ok
  error.write('No service has made a key of the audit trail here yet; "sallyport serve" does.\n')
  return exitCodes.failure
}

function queryOf({ event, request, principal, since, until }: AuditQueryOptions): AuditQuery {
  return {
    event: event ?? null,
    request: request ?? null,
    principal: principal ?? null,
    since: since ?? null,
    until: until ?? null,
  }
}
