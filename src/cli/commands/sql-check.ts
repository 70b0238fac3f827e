import type { SqlSource } from '../../sources/source.ts'
import { z } from 'zod'
import { errorTable } from '../../core/error-table.ts'
import { ServiceError, toServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import { readRegularFile } from '../../files/regular-file.ts'
import { toVerdict } from '../../surfaces/wire/sql.ts'
import { parseAllowed } from '../allowed-relations.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import type { DataOption } from '../data-options.ts'
import { exitCodes } from '../exit-codes.ts'
import { blamingFiles, configForSql } from '../file-tables.ts'
import { forEachConcurrently, readJsonLines } from '../json-lines.ts'
import { describeError } from '../output/errors.ts'
import { writeVerdict } from '../output/verdict-writer.ts'
import type { SqlChecker } from '../../service/sallyport.ts'
import { statementText } from './sql.ts'
import { waitFor } from '../wait-for.ts'

export interface SqlCheckOptions {
  readonly jsonl?: boolean
  readonly data: readonly string[]
  readonly dataOption: readonly DataOption[]
  readonly schema?: string
  readonly allow: readonly string[]
  /** Checks of --jsonl at a time; answers come as they are ready. */
  readonly concurrency: number
  readonly source?: string
  readonly output?: 'text' | 'json'
}

const schemaLimit = { bytes: 16_777_216, setting: null }

const statementLine = z.object({ id: z.union([z.string(), z.number()]), sql: z.string() })

/** `sallyport sql check`: the gate's verdict on a statement, or on many, without running any. */
export async function sqlCheck(
  context: CommandContext,
  statement: string | undefined,
  options: SqlCheckOptions,
): Promise<ExitCode> {
  const config = await configForSql(context, options)
  const source = await sourceOf(options)
  const text = options.jsonl === true ? '' : await statementText(context, statement)
  await using sallyport = await context.open(config)
  const check = async (signal: AbortSignal): Promise<ExitCode> => {
    await using checker = await sallyport.openSqlChecker(source, signal)
    if (options.jsonl === true) {
      return await checkLines(context, checker, { concurrency: options.concurrency, signal })
    }
    const verdict = await checker.check(text, signal)
    return writeVerdict(context.terminal, verdict, options.output ?? 'text')
  }
  return await blamingFiles(options.data, () => waitFor(context, 'checking', check))
}

async function sourceOf({ schema, allow, source, data }: SqlCheckOptions): Promise<SqlSource> {
  if (schema !== undefined && data.length > 0) {
    throw new ServiceError('invalid-request', '--schema and --data each make a source: give one of them')
  }
  if (schema === undefined) {
    if (allow.length === 0) return { kind: 'configured', name: source ?? null }
    throw new ServiceError('invalid-request', '--allow needs --schema: a configured source has its own policy')
  }
  const text = (await readRegularFile(schema, schemaLimit)).toString('utf8')
  return { kind: 'ad-hoc', schema: text, allow: allow.length === 0 ? 'everything' : parseAllowed(allow) }
}

async function checkLines(
  { terminal }: CommandContext,
  checker: SqlChecker,
  { concurrency, signal }: { readonly concurrency: number; readonly signal: AbortSignal },
): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok
  const write = (value: JsonValue): void => terminal.out.writeJson(value)
  await forEachConcurrently(readJsonLines(terminal.input, statementLine), { concurrency, signal }, async (line) => {
    signal.throwIfAborted()
    if (line.kind === 'malformed') {
      exitCode ||= exitCodes.usage
      write({ id: line.id, ...refuse({ rule: 'sql/not-a-request', line: line.number, message: line.reason }) })
      return
    }
    const { id, sql } = line.value
    const verdict = await checker.check(sql, signal).then(toVerdict, (thrown: unknown) => {
      signal.throwIfAborted()
      const error = toServiceError(thrown)
      exitCode ||= errorTable[error.code].exitCode
      return refuse({ rule: 'sql/not-checked', line: 1, message: describeError(error) })
    })
    write({ id, ...verdict })
  })
  return exitCode
}

/** A line that could not be checked counts as refused; the others go on. */
function refuse({ rule, line, message }: { readonly rule: string; readonly line: number; readonly message: string }) {
  return { verdict: 'refuse', findings: [{ rule, line, column: 1, message }] }
}
