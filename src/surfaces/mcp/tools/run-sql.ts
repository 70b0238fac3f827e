import { z } from 'zod'
import type { JsonValue } from '../../../core/json.ts'
import type { StatementAnswer } from '../../../core/statement.ts'
import { hasScope } from '../../../gateway/authorize/scopes.ts'
import { rowsAsCsv } from '../../../text/rows-as-csv.ts'
import { rowsJson, toFindings } from '../../wire/sql.ts'
import type { JsonObject } from '../json-object.ts'
import type { McpCaller, McpTool, View } from '../tool.ts'
import type { McpUseCases } from '../use-cases.ts'

export const statement = z
  .string()
  .min(1)
  .max(100_000)
  .describe('One SELECT statement, without a semicolon at its end.')
export const source = z
  .string()
  .min(1)
  .max(64)
  .optional()
  .describe('Name of the data source; the first one without it.')

/** A value as it is in JSON: its own type is said beside its column. */
export const anyJson: z.ZodType<JsonValue> = z.any()

const input = z.strictObject({
  statement,
  source,
  max_rows: z
    .int()
    .min(1)
    .max(1_000_000)
    .optional()
    .describe('Rows at most; policy and configuration may allow fewer.'),
})

export const finding = z.object({ rule: z.string(), line: z.int(), column: z.int(), message: z.string() })

const output = z.object({
  source: z.string(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })),
  rows: z.array(z.array(anyJson)).describe('The first rows, as many as fit; row_count says how many there are.'),
  row_count: z.int(),
  truncated: z.enum(['rows', 'bytes']).nullable().describe('The limit that cut the result itself; null for none.'),
  as_of: z.string().describe('When the data was read, ISO 8601.'),
  duration_ms: z.number(),
  findings: z.array(finding).describe('What a filter replaced or cut.'),
})

type Output = z.infer<typeof output> & JsonObject

/** May this caller have statements of its own? */
export function mayAskSql({ principal, grant }: McpCaller): boolean {
  return hasScope(principal, 'sql') && grant.tools.includes('run_sql') && grant.dataSources.length > 0
}

export function createRunSql({ statements }: Pick<McpUseCases, 'statements'>): McpTool<z.infer<typeof input>, Output> {
  return {
    name: 'run_sql',
    title: 'Run a query',
    description:
      'Runs one read-only SELECT on a data source and returns its rows. What the caller may not see is refused or masked; a refusal says what is allowed instead. Call describe_data first to learn the tables and columns.',
    input,
    output,
    hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    isFor: mayAskSql,
    async execute({ statement: text, source: name, max_rows: maximumRows }, { requestId, caller, signal, tell }) {
      tell('the query is checked and run')
      const { channel, credential } = caller
      const received = { requestId, channel, credential, dataSource: name ?? null }
      const answer = await statements.run(received, { statement: text, maximumRows: maximumRows ?? null }, signal)
      if (answer.kind === 'refused') return answer
      return {
        kind: 'result',
        failed: false,
        origins: ['row'],
        view: (share) => viewOf(answer, share),
        whole: { name: 'rows.json', mediaType: 'application/json', text: () => [...rowsJson(answer)].join('') },
      }
    },
  }
}

function viewOf({ result, source: name }: StatementAnswer & { kind: 'result' }, share: number): View<Output> {
  const { columns, truncated, asOf, milliseconds, findings } = result
  const rows = result.rows.slice(0, Math.floor(result.rows.length * share))
  const structured = {
    source: name,
    columns: columns.map((column) => ({ name: column.name, type: column.type })),
    rows: rows as Output['rows'],
    row_count: result.rows.length,
    truncated,
    as_of: asOf.toISOString(),
    duration_ms: milliseconds,
    findings: toFindings(findings ?? []) as Output['findings'],
  }
  const shown = rows.length < result.rows.length ? `, the first ${rows.length} below` : ''
  const cut = truncated === null ? '' : `, cut at the limit of ${truncated}`
  const head = `rows: ${result.rows.length}${shown}${cut}; as of ${asOf.toISOString()}`
  return { text: `${head}\n${rowsAsCsv({ columns, rows })}`, structured }
}
