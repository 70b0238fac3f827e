import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { plainText } from '../output/plain-text.ts'
import type { AuditReport } from '../../service/sallyport.ts'

export interface AuditVerifyOptions {
  readonly expect?: string
  readonly output?: 'text' | 'json'
}

/** `sallyport audit verify [FILE]`: 0 for a whole chain, 1 for a broken one. */
export async function auditVerify(
  context: CommandContext,
  path: string | undefined,
  options: AuditVerifyOptions,
): Promise<ExitCode> {
  using _ = context.onActivity('following the trail')
  const request = { path: path ?? null, expected: options.expect ?? null }
  const report = await context.checkAudit(context.config().config, request)
  if (options.output === 'json') context.terminal.out.writeJson(reportJson(report))
  else context.terminal.out.write(describe(report))
  return report.kind === 'intact' ? exitCodes.ok : exitCodes.failure
}

function describe(report: AuditReport): string {
  const path = plainText(report.path)
  if (report.kind === 'broken') return `${path} is broken at line ${report.line}: ${report.reason}.\n`
  const count = report.entries.toLocaleString('en')
  return `${path} is intact: ${count} ${report.entries === 1 ? 'entry' : 'entries'}, last hash ${report.lastHash}\n`
}

function reportJson({ path, ...report }: AuditReport) {
  if (report.kind === 'broken') return { verdict: 'broken', path, line: report.line, reason: report.reason }
  return { verdict: 'intact', path, entries: report.entries, last_hash: report.lastHash }
}
