import { ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import type { TableData } from '../../core/result.ts'
import type { StatementAnswer, StatementRows } from '../../core/statement.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import type { DataOption } from '../data-options.ts'
import { exitCodes } from '../exit-codes.ts'
import { blamingFiles, configForSql } from '../file-tables.ts'
import { tableJson } from '../../surfaces/wire/cell.ts'
import { toFindings } from '../../surfaces/wire/sql.ts'
import { plainText } from '../output/plain-text.ts'
import { duration } from '../output/duration.ts'
import { writeNotes } from '../output/notes.ts'
import { writeFindings } from '../output/run-writer.ts'
import { markdownTable } from '../../text/markdown-table.ts'
import { csvTable, textTable } from '../output/tables.ts'
import { readText } from '../standard-input.ts'
import type { Terminal } from '../terminal.ts'
import { waitFor } from '../wait-for.ts'

export const sqlFormats = ['table', 'text', 'json', 'markdown', 'csv'] as const

export interface SqlOptions {
  readonly data: readonly string[]
  readonly dataOption: readonly DataOption[]
  readonly source?: string
  readonly output?: (typeof sqlFormats)[number]
}

const maximumStatementBytes = 1_048_576

/** `sallyport sql "SELECT …"`: one statement through the gate, its rows to standard output. */
export async function sql(
  context: CommandContext,
  statement: string | undefined,
  options: SqlOptions,
): Promise<ExitCode> {
  const config = await configForSql(context, options)
  const text = await statementText(context, statement)
  await using sallyport = await context.open(config, options.data.length > 0 ? { driver: null } : null)
  const source = options.source ?? null
  const answer = await blamingFiles(options.data, () =>
    waitFor(context, `asking ${source ?? 'the database'}`, (signal) => sallyport.runSql(text, { source }, signal)),
  )
  return writeSqlAnswer(context.terminal, answer, { format: options.output ?? 'table', tableRows: 1000 })
}

/** The statement of the command line, or of standard input for `-` and for none. */
export async function statementText({ terminal }: CommandContext, given: string | undefined): Promise<string> {
  const isInput = given === '-' || (given === undefined && terminal.inputIsPiped)
  const text = isInput ? await readText(terminal.input, maximumStatementBytes) : (given ?? '')
  if (text.trim() !== '') return text
  throw new ServiceError('invalid-request', 'there is no statement', {
    advice: 'Write it after the command: sallyport sql "SELECT count(*) FROM orders"',
  })
}

interface WriteOptions {
  readonly format: (typeof sqlFormats)[number]
  readonly tableRows: number
}

/** Writes rows or findings and returns the exit code. */
export function writeSqlAnswer(
  terminal: Terminal,
  answer: StatementAnswer,
  { format, tableRows }: WriteOptions,
): ExitCode {
  if (answer.kind === 'refused') {
    if (format === 'json') {
      terminal.out.writeJson({ verdict: 'refuse', findings: toFindings(answer.findings) })
    }
    writeFindings(terminal, 'the statement was', answer.findings)
    return exitCodes.refused
  }
  const { result } = answer
  const table: TableData = { columns: result.columns, rows: result.rows, totalRows: result.rows.length }
  switch (format) {
    case 'json':
      terminal.out.writeJson(rowsJson(table, answer))
      break
    case 'csv':
      terminal.out.writeExact(csvTable(table))
      break
    case 'markdown':
      terminal.out.write(`${markdownTable(table, tableRows)}\n`)
      break
    case 'table':
    case 'text':
      terminal.out.write(textTable(table, { maximumRows: tableRows, width: terminal.out.width }))
  }
  terminal.error.write(`${describeRows(result, answer.ranIn)}\n`)
  writeNotes(terminal.error, result.findings ?? [])
  if (answer.canonical !== null) terminal.error.write(`ran: ${plainText(answer.canonical)}\n`)
  return exitCodes.ok
}

function describeRows(result: StatementRows, ranIn: string): string {
  const count = result.rows.length
  const cut = result.truncated === null ? '' : `, cut at the limit of ${result.truncated}`
  const behind = result.lagMilliseconds === null ? null : duration(result.lagMilliseconds)
  const kind = result.lagEstimated ? ' by estimate' : ''
  const zone = result.dates === undefined ? '' : `; times in ${plainText(result.dates.timeZone)}`
  const sandbox = result.sandbox === undefined ? '' : `, ${plainText(result.sandbox)}`
  const age = behind === null ? '' : `; as of ${result.asOf.toISOString()}, ${behind} behind its primary${kind}`
  return `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}${cut}, ${duration(result.milliseconds)}, ${ranIn}${sandbox}${zone}${age}`
}

function rowsJson(table: TableData, answer: StatementAnswer & { readonly kind: 'result' }): JsonValue {
  const { result, ranIn, canonical } = answer
  return {
    ...(tableJson(table) as { readonly [key: string]: JsonValue }),
    truncated: result.truncated,
    as_of: result.asOf.toISOString(),
    lag_ms: result.lagMilliseconds,
    lag_estimated: result.lagEstimated,
    findings: toFindings(result.findings ?? []),
    ...(result.dates === undefined ? {} : { time_zone: result.dates.timeZone, date_order: result.dates.dateOrder }),
    duration_ms: result.milliseconds,
    ran_in: ranIn,
    ...(result.sandbox === undefined ? {} : { sandbox: result.sandbox }),
    ...(canonical === null ? {} : { canonical }),
  }
}
