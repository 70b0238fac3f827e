import { z } from 'zod'
import type { JsonValue } from '../../core/json.ts'
import { describeRunTable, type RunTable } from '../../sessions/results/run-tables.ts'
import { columnMask, findingSchema } from './sql.ts'

/** Rows of one page at most. */
const mostRows = 10_000

const facts = {
  run: z.string(),
  object: z.literal('run.table'),
  call: z
    .int()
    .min(1)
    .describe('Its place among the calls of the run, from 1: what a mark of an answer names as `run`.'),
  tool: z.string(),
  statement: z.string().nullable().describe('What ran; null where the group may not see it.'),
  file: z.string().nullable().describe('The file below /mnt/data that programs of the session find it in.'),
  columns: z.array(z.object({ name: z.string(), type: z.string(), masked: columnMask })),
  rows: z.int().min(0).describe('Rows that can be had here.'),
  total_rows: z.int().min(0).describe('Rows that the call came to.'),
  truncated: z
    .enum(['rows', 'bytes', 'characters'])
    .nullable()
    .describe('Which limit cut it: of rows, of bytes of a source, or of what filters look at. Null where none did.'),
  as_of: z.iso.datetime().nullable().describe('The state of the data; null for what was not read of a source.'),
  findings: z.array(findingSchema).describe('What a filter replaced or cut in all that the call came to.'),
  note: z.string().describe('All of that in one line: "1,247 rows · email masked · truncated at 10,000 rows".'),
}

/** A table that a call of a run came to, without its rows. */
export const runTableFacts = z.object(facts).meta({ id: 'RunTableFacts' })

/** Rows of a table, with all that is known of it. */
export const runTable = z
  .object({
    ...facts,
    offset: z.int().min(0),
    data: z
      .array(z.array(z.json()))
      .describe('Rows from `offset` on, as they were screened when the run came to them.'),
    has_more: z.boolean(),
  })
  .meta({ id: 'RunTable' })

export const runTableList = z.object({ object: z.literal('list'), data: z.array(runTableFacts) })

const digits = (most: number, what: string) =>
  z
    .string()
    .regex(/^(?:0|[1-9][0-9]{0,8})$/, what)
    .transform(Number)
    .refine((count) => count <= most, what)

const [anyOffset, anyLimit] = ['must be a number from 0 to 999999999', `must be a number from 1 to ${mostRows}`]

/** `GET /v1/runs/{id}/tables/{call}` as it comes. */
export const rowsQueryText = z.strictObject({
  offset: digits(999_999_999, anyOffset).optional(),
  limit: digits(mostRows, anyLimit)
    .refine((limit) => limit >= 1, anyLimit)
    .optional(),
})

/** The same as the document of the service says it. */
export const rowsQuery = z.strictObject({
  offset: z.int().min(0).max(999_999_999).optional().describe('The first row, from 0.'),
  limit: z.int().min(1).max(mostRows).optional().describe('Of rows at most; 100 without it.'),
})

export const tableFormats = ['csv', 'parquet'] as const
export type TableFormat = (typeof tableFormats)[number]

/** `GET /v1/runs/{id}/tables/{call}/content` */
export const tableContentQuery = z.strictObject({
  format: z
    .enum(tableFormats, { error: 'must be csv or parquet' })
    .describe('csv: UTF-8 with a header; parquet: with the types of the source, each value to its digit.'),
})

export function toRunTableFacts(found: RunTable): z.infer<typeof runTableFacts> {
  const { run, call, tool, statement, savedAs, table, masks, cut, reading, findings } = found
  return {
    run,
    object: 'run.table',
    call,
    tool,
    statement,
    file: savedAs,
    columns: table.columns.map(({ name, type }, place) => ({ name, type, masked: masks[place] ?? null })),
    rows: table.rows.length,
    total_rows: table.totalRows,
    truncated: cut,
    as_of: reading?.asOf ?? null,
    findings: findings.map(({ rule, line, column, message }) => ({ rule, line, column, message })),
    note: describeRunTable(found),
  }
}

/** One page, a row at a time: the JSON of ten thousand rows is not held beside them. */
export function* runTablePieces(
  found: RunTable,
  { offset, limit }: { readonly offset: number; readonly limit: number },
): Generator<string> {
  const rows: readonly (readonly JsonValue[])[] = found.table.rows.slice(offset, offset + limit)
  yield `${JSON.stringify({ ...toRunTableFacts(found), offset }).slice(0, -1)},"data":[`
  for (const [index, row] of rows.entries()) yield `${index === 0 ? '' : ','}${JSON.stringify(row)}`
  yield `],"has_more":${offset + rows.length < found.table.rows.length}}`
}
