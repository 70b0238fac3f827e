import { ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import type { TableData } from '../../core/result.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { findingsJson } from '../output/cell-json.ts'
import { duration } from '../output/progress.ts'
import { writeFindings } from '../output/run-writer.ts'
import { csvTable, markdownTable, tableJson, textTable } from '../output/tables.ts'
import type { SqlAnswer, SqlRows } from '../service.ts'
import { readText } from '../standard-input.ts'
import type { Terminal } from '../terminal.ts'

export const sqlFormats = ['table', 'text', 'json', 'markdown', 'csv'] as const

export interface SqlOptions {
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
  const { config } = context.config()
  const text = await statementText(context, statement)
  await using sallyport = await context.open(config)
  const source = options.source ?? null
  const answer = await context.interrupts.during((signal) => sallyport.runSql(text, { source }, signal))
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
export function writeSqlAnswer(terminal: Terminal, answer: SqlAnswer, { format, tableRows }: WriteOptions): ExitCode {
  if (answer.kind === 'refused') {
    if (format === 'json') {
      terminal.out.write(`${JSON.stringify({ verdict: 'refuse', findings: findingsJson(answer.findings) })}\n`)
    }
    writeFindings(terminal, 'the statement was', answer.findings)
    return exitCodes.refused
  }
  const { result } = answer
  const table: TableData = { columns: result.columns, rows: result.rows, totalRows: result.rows.length }
  switch (format) {
    case 'json':
      terminal.out.write(`${JSON.stringify(rowsJson(table, result, answer.ranIn))}\n`)
      break
    case 'csv':
      terminal.out.write(csvTable(table))
      break
    case 'markdown':
      terminal.out.write(markdownTable(table, tableRows))
      break
    case 'table':
    case 'text':
      terminal.out.write(textTable(table, tableRows))
  }
  terminal.error.write(`${describeRows(result, answer.ranIn)}\n`)
  return exitCodes.ok
}

function describeRows(result: SqlRows, ranIn: string): string {
  const count = result.rows.length
  const cut = result.truncated === null ? '' : `, cut at the limit of ${result.truncated}`
  const lag = result.lagMilliseconds === null ? '' : `, ${duration(result.lagMilliseconds)} behind its primary`
  return `${count.toLocaleString('en')} ${count === 1 ? 'row' : 'rows'}${cut}, ${duration(result.milliseconds)}, ${ranIn}${lag}`
}

function rowsJson(table: TableData, result: SqlRows, ranIn: string): JsonValue {
  return {
    ...(tableJson(table) as { readonly [key: string]: JsonValue }),
    truncated: result.truncated,
    as_of: result.asOf.toISOString(),
    lag_ms: result.lagMilliseconds,
    milliseconds: result.milliseconds,
    ran_in: ranIn,
  }
}
