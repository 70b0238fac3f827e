import { z } from 'zod'
import { dialectName } from '../core/dialect-name.ts'
import type { Database, QueryLimits, QueryResult } from '../databases/database.ts'
import { readCall } from '../sessions/describe-table.ts'
import type { SessionFile } from '../sessions/session-file.ts'
import { rowsAsCsv } from '../text/rows-as-csv.ts'
import type { Validator } from '../validators/validator.ts'
import type { Permit } from './permit.ts'
import type { Tool } from './tool.ts'

export interface RunSqlSettings {
  readonly database: Pick<Database, 'query' | 'kind'>
  readonly permit: Permit
  readonly validator: Validator<'sql'>
  readonly limits: QueryLimits
  /** Rows of the result the model sees. */
  readonly previewRows: number
  /** Takes the full result as a file for code to read; null where no code can run. */
  readonly results: ResultFiles | null
}

/** Where full results go. */
export interface ResultFiles {
  nextNumber(): number
  add(file: SessionFile, signal: AbortSignal): Promise<void>
}

const input = z.strictObject({
  sql: z.string().min(1).describe('One SELECT statement, without a semicolon at the end.'),
})

/** Runs a validated query. The model sees its first rows; the whole result is a file in the sandbox. */
export function createRunSql(settings: RunSqlSettings): Tool<z.infer<typeof input>> {
  const file =
    settings.results === null
      ? ''
      : ' The full result is also saved as a CSV file whose path is returned, for run_python.'
  return {
    name: 'run_sql',
    description: `Runs one read-only ${dialectName(settings.database.kind)} SELECT and returns its first ${settings.previewRows} rows.${file}`,
    input,
    independent: true,
    source: ({ sql }) => ({ language: 'sql', text: sql }),
    async execute({ sql }, signal) {
      // Taken before anything is awaited, so that parallel queries are numbered in the order they were asked for.
      const number = settings.results?.nextNumber() ?? null
      const verdict = await settings.validator.validate(sql, signal)
      if (verdict.kind === 'refused') return { kind: 'refused', findings: verdict.findings }
      const { relations, columns } = verdict.value
      const { text } = verdict.value
      const action = { tool: 'run_sql', language: 'sql', tables: relations, columns, text } as const
      const refusal = await settings.permit(action, signal)
      if (refusal !== null) return refusal
      const result = await settings.database.query(verdict.value, settings.limits, signal)
      const csv = number === null ? null : csvFile(`result_${number}.csv`, result)
      if (csv !== null) await settings.results?.add(csv, signal)
      return {
        kind: 'result',
        forModel: describeResult(result, settings.previewRows, csv?.path ?? null),
        summary: `${result.rows.length} ${result.rows.length === 1 ? 'row' : 'rows'}${truncation(result)} in ${Math.round(result.milliseconds)} ms`,
        ranIn: [settings.database.kind, result.sandbox].filter((each) => each !== undefined).join(', '),
        cell: null,
        table: {
          columns: result.columns.map(({ name, type }) => ({ name, type })),
          rows: result.rows,
          totalRows: result.rows.length,
        },
        ...(csv === null ? {} : { savedAs: csv.path }),
        artifacts: [],
      }
    },
  }
}

function truncation(result: QueryResult): string {
  return result.truncated === null ? '' : `, cut at the limit of ${result.truncated}`
}

function describeResult(result: QueryResult, previewRows: number, path: string | null): string {
  const shown = result.rows.slice(0, previewRows)
  const more = result.rows.length > shown.length ? `, the first ${shown.length} below` : ''
  const behind = result.lagMilliseconds === null ? '' : `, ${result.lagMilliseconds} ms behind the primary`
  return [
    `rows: ${result.rows.length}${more}${truncation(result)}`,
    `columns: ${result.columns.map((column) => `${column.name} (${column.type})`).join(', ')}`,
    `as of: ${result.asOf.toISOString()}${behind}`,
    ...(result.dates === undefined ? [] : [`time zone of days and times: ${result.dates.timeZone}`]),
    ...(path === null
      ? []
      : [
          `file: /mnt/data/${path} (CSV with a header, ${result.rows.length} rows), read it with ${resultCall(path, result)}`,
        ]),
    'csv:',
    rowsAsCsv({ ...result, rows: shown }),
  ].join('\n')
}

function csvFile(path: string, result: QueryResult): SessionFile {
  const content = Buffer.from(rowsAsCsv(result))
  const columns = result.columns.map((column) => `${column.name} (${column.type})`).join(', ')
  return {
    path,
    kind: 'result',
    description: `${result.rows.length} rows, columns: ${columns}; read it with ${resultCall(path, result)}`,
    bytes: content.byteLength,
    open: () => ReadableStream.from([content]),
  }
}

/** Types whose texts the reader of files takes for what they are; a text of digits stays a text only when that is said. */
const typed =
  /^((tiny|small|medium|big|huge|u\w*)?int(eger|\d)?\b|numeric|decimal|double|float|real|bool|date|time|year)/i
const saidTypes = 50

/** The call that reads a result with the types it had. */
function resultCall(path: string, { columns }: QueryResult): string {
  const texts = columns.filter(({ type }) => !typed.test(type)).slice(0, saidTypes)
  return readCall(
    path,
    texts.length === 0 ? {} : { types: Object.fromEntries(texts.map(({ name }) => [name, 'text'])) },
  )
}
