import { readFile } from 'node:fs/promises'
import { z } from 'zod'
import { ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import type { Verdict } from '../../core/verdict.ts'
import type { Vetted } from '../../core/vetted.ts'
import { parseAllowed } from '../allowed-relations.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { forEachConcurrently, readJsonLines } from '../json-lines.ts'
import { findingsJson } from '../output/cell-json.ts'
import { plainText } from '../output/plain-text.ts'
import { writeFindings } from '../output/run-writer.ts'
import type { SqlChecker, SqlSource } from '../service.ts'
import { statementText } from './sql.ts'

export interface SqlCheckOptions {
  readonly jsonl?: boolean
  readonly schema?: string
  readonly allow: readonly string[]
  readonly source?: string
  readonly output?: 'text' | 'json'
}

const statementLine = z.object({ id: z.union([z.string(), z.number()]), sql: z.string() })

/** Checks at a time: the gate has queues of its own, this only keeps them filled. */
const concurrency = 4

/** `sallyport sql check`: the gate's verdict on a statement, or on many, without running any. */
export async function sqlCheck(
  context: CommandContext,
  statement: string | undefined,
  options: SqlCheckOptions,
): Promise<ExitCode> {
  const { config } = context.config()
  const source = await sourceOf(options)
  const text = options.jsonl === true ? '' : await statementText(context, statement)
  await using sallyport = await context.open(config)
  return await context.interrupts.during(async (signal) => {
    await using checker = await sallyport.openSqlChecker(source, signal)
    if (options.jsonl === true) return await checkLines(context, checker, signal)
    const verdict = await checker.check(text, signal)
    writeVerdict(context, verdict, options.output ?? 'text')
    return verdict.kind === 'accepted' ? exitCodes.ok : exitCodes.refused
  })
}

async function sourceOf({ schema, allow, source }: SqlCheckOptions): Promise<SqlSource> {
  if (schema === undefined) {
    if (allow.length === 0) return { kind: 'configured', name: source ?? null }
    throw new ServiceError('invalid-request', '--allow needs --schema: a configured source has its own policy')
  }
  const text = await readFile(schema, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw new ServiceError('invalid-file', `${schema}: it cannot be read (${error.code ?? error.message})`)
  })
  return { kind: 'ad-hoc', schema: text, allow: allow.length === 0 ? 'everything' : parseAllowed(allow) }
}

async function checkLines({ terminal }: CommandContext, checker: SqlChecker, signal: AbortSignal): Promise<ExitCode> {
  let malformed = 0
  const write = (value: JsonValue): void => terminal.out.write(`${JSON.stringify(value)}\n`)
  await forEachConcurrently(readJsonLines(terminal.input, statementLine), concurrency, async (line) => {
    signal.throwIfAborted()
    if (line.kind === 'malformed') {
      malformed += 1
      const findings = [{ rule: 'sql/not-a-request', line: line.number, column: 1, message: line.reason }]
      write({ id: null, verdict: 'refuse', findings })
      return
    }
    write({ id: line.value.id, ...verdictJson(await checker.check(line.value.sql, signal)) })
  })
  return malformed > 0 ? exitCodes.usage : exitCodes.ok
}

function verdictJson(verdict: Verdict<Vetted<'sql'>>): { readonly [key: string]: JsonValue } {
  if (verdict.kind === 'refused') return { verdict: 'refuse', findings: findingsJson(verdict.findings) }
  const { relations, columns, functions, text } = verdict.value
  return { verdict: 'allow', findings: [], relations, columns, functions, canonical: text }
}

function writeVerdict({ terminal }: CommandContext, verdict: Verdict<Vetted<'sql'>>, format: 'text' | 'json'): void {
  if (format === 'json') return terminal.out.write(`${JSON.stringify(verdictJson(verdict))}\n`)
  if (verdict.kind === 'refused') return writeFindings(terminal, 'the statement was', verdict.findings)
  const { relations, columns, functions, text } = verdict.value
  const list = (name: string, values: readonly string[]): string =>
    values.length === 0 ? '' : `${name}: ${plainText(values.join(', '))}\n`
  terminal.out.write(`${terminal.out.style('green', 'allowed')}\n${plainText(text)}\n`)
  terminal.out.write(list('relations', relations) + list('columns', columns) + list('functions', functions))
}
