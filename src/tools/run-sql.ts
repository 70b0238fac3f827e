import { z } from 'zod'
import { dialectName } from '../core/dialect-name.ts'
import type { Vetted } from '../core/vetted.ts'
import type { Database, QueryLimits, QueryResult } from '../databases/database.ts'
import { rowsAsParquet, type ParquetColumn } from '../sessions/rows-as-parquet.ts'
import type { SessionFile } from '../sessions/session-file.ts'
import { rowsAsCsv } from '../text/rows-as-csv.ts'
import type { Validator } from '../validators/validator.ts'
import { vet, type Permit } from './permit.ts'
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
  const saved =
    settings.results === null
      ? ''
      : ' The full result is also saved as a Parquet file whose path and types are returned, for run_python.'
  return {
    name: 'run_sql',
    description: `Runs one read-only ${dialectName(settings.database.kind)} SELECT and returns its first ${settings.previewRows} rows.${saved}`,
    input,
    independent: true,
    source: ({ sql }) => ({ language: 'sql', text: sql }),
    async execute({ sql }, signal, onChanged) {
      // Taken before anything is awaited, so that parallel queries are numbered in the order they were asked for.
      const number = settings.results?.nextNumber() ?? null
      const { validator, permit } = settings
      const action = ({ relations, columns, text }: Vetted<'sql'>) =>
        ({ tool: 'run_sql', language: 'sql', tables: relations, columns, text }) as const
      const verdict = await vet(sql, { validator, permit, onChanged, action }, signal)
      if (verdict.kind === 'refused') return verdict
      const result = await settings.database.query(verdict.value, settings.limits, signal)
      const asOf = new Date(result.asOf.getTime() - (result.lagMilliseconds ?? 0))
      const { masks = [] } = verdict.value
      const file = number === null ? null : resultFile(`result_${number}.parquet`, result)
      if (file !== null) await settings.results?.add(file, signal)
      return {
        kind: 'result',
        forModel: describeResult(result, settings.previewRows, file),
        summary: `${result.rows.length} ${result.rows.length === 1 ? 'row' : 'rows'}${truncation(result)} in ${Math.round(result.milliseconds)} ms`,
        ranIn: [settings.database.kind, result.sandbox].filter((each) => each !== undefined).join(', '),
        cell: null,
        table: {
          columns: result.columns.map(({ name, type }) => ({ name, type })),
          rows: result.rows,
          totalRows: result.rows.length,
        },
        read: { asOf, masked: maskedColumns(verdict.value) },
        reading: {
          asOf: asOf.toISOString(),
          masked: masks.map(({ position }) => position),
          truncated: result.truncated,
        },
        ...(file === null ? {} : { savedAs: file.path }),
        artifacts: [],
      }
    },
  }
}

/** Tables of the default schema are named as they are written in a query. */
function maskedColumns({ masks = [] }: Pick<Vetted<'sql'>, 'masks'>): readonly string[] {
  return [...new Set(masks.map(({ relation, column }) => `${relation.replace(/^public\./, '')}.${column}`))]
}

function truncation(result: QueryResult): string {
  return result.truncated === null ? '' : `, cut at the limit of ${result.truncated}`
}

function describeResult(result: QueryResult, previewRows: number, file: SessionFile | null): string {
  const shown = result.rows.slice(0, previewRows)
  const more = result.rows.length > shown.length ? `, the first ${shown.length} below` : ''
  const behind = result.lagMilliseconds === null ? '' : `, ${result.lagMilliseconds} ms behind the primary`
  return [
    `rows: ${result.rows.length}${more}${truncation(result)}`,
    `columns: ${result.columns.map((column) => `${column.name} (${column.type})`).join(', ')}`,
    `as of: ${result.asOf.toISOString()}${behind}`,
    ...(result.dates === undefined ? [] : [`time zone of days and times: ${result.dates.timeZone}`]),
    ...(file === null ? [] : [`file: /mnt/data/${file.path} (${file.description})`]),
    'csv:',
    rowsAsCsv({ ...result, rows: shown }),
  ].join('\n')
}

/** The whole result with the types of its database; null where it has no column. */
function resultFile(path: string, result: QueryResult): SessionFile | null {
  const table = rowsAsParquet(result)
  if (table === null) return null
  const { columns, content } = table
  const types = columns.map(({ name, type }) => `${name} ${type}`).join(', ')
  const decimals = columns.some(({ type }) => type.startsWith('decimal'))
    ? '; decimals are exact there, .astype(float) makes them numbers for statistics'
    : ''
  return {
    path,
    kind: 'result',
    description: `Parquet of ${result.rows.length} rows: ${types}; read it with ${readParquet(path, columns)}${decimals}`,
    bytes: content.byteLength,
    open: () => ReadableStream.from([content]),
  }
}

/** Without another type for them, whole numbers beside nulls would become floats, and lose digits. */
function readParquet(path: string, columns: readonly ParquetColumn[]): string {
  const isNullable = columns.some(({ type, hasNulls }) => type === 'int64' && hasNulls)
  return `\`pandas.read_parquet("/mnt/data/${path}"${isNullable ? ', dtype_backend="numpy_nullable"' : ''})\``
}
