import { z } from 'zod'
import type { JsonValue } from '../../core/json.ts'
import type { StatementAnswer, StatementExplanation, StatementVerdict } from '../../core/statement.ts'
import type { Finding } from '../../core/verdict.ts'

type JsonObject = { readonly [key: string]: JsonValue }

const statement = z.string().min(1, { error: 'must be one SELECT statement' })
const source = z.string().min(1).max(64).nullish()

/** One reason of a refusal, or what a filter replaced. */
export const findingSchema = z
  .object({ rule: z.string(), line: z.int(), column: z.int(), message: z.string() })
  .meta({ id: 'Finding' })

/** `POST /v1/sql` */
export const sqlRequest = z.strictObject({
  statement,
  source: source.describe('Data source; the first one of the group without it.'),
  max_rows: z.int().min(1).max(1_000_000).nullish().describe('Rows at most; policy and configuration may allow fewer.'),
})

/** Of a column of an answer. */
export const columnMask = z
  .enum(['policy', 'filter'])
  .nullable()
  .describe('Are its values others than those of the data? By a rule of the policy, or where a filter replaced some.')

/** The answer to `POST /v1/sql`. */
export const sqlAnswer = z
  .object({
    source: z.string(),
    columns: z.array(
      z.object({
        name: z.string(),
        type: z.string(),
        masked: columnMask.optional(),
      }),
    ),
    rows: z.array(z.array(z.json())),
    truncated: z.string().nullable().describe('What cut the rows; null where nothing did.'),
    as_of: z.iso.datetime().describe('When they were read.'),
    lag_ms: z.number().nullable().describe('How far behind the server was.'),
    lag_estimated: z.boolean(),
    time_zone: z.string().optional(),
    date_order: z.string().nullable().optional().describe('Null where dates as text are in no order of its own.'),
    duration_ms: z.number(),
    findings: z.array(findingSchema).describe('What a filter replaced or cut.'),
    canonical: z.string().optional().describe('What ran, where the group may see it.'),
  })
  .meta({ id: 'Rows' })

/** The answer to `POST /v1/sql/check`. */
export const sqlVerdict = z
  .object({
    verdict: z.enum(['allow', 'refuse']),
    findings: z.array(findingSchema),
    relations: z.array(z.string()).optional(),
    columns: z.array(z.string()).optional(),
    functions: z.array(z.string()).optional(),
    canonical: z.string().nullable().optional(),
    masks: z
      .array(z.object({ position: z.int(), relation: z.string(), column: z.string(), how: z.string() }))
      .optional(),
    row_limit: z.int().optional(),
  })
  .meta({ id: 'SqlVerdict' })

/** `POST /v1/sql/check` */
export const sqlCheckRequest = z.strictObject({ statement, source })

export function toFindings(findings: readonly Finding[]): JsonValue {
  return findings.map(({ rule, line, column, message }) => ({ rule, line, column, message }))
}

/**
 * Rows with when they were read and how far behind the server was, as JSON in pieces, a row at a time; `sql` only where
 * the group may always see it.
 */
export function* rowsJson({
  result,
  source: name,
  canonical,
}: StatementAnswer & { readonly kind: 'result' }): Generator<string> {
  const columns = result.columns.map(({ name: of, type }, place) => ({
    name: of,
    type,
    masked: result.masks?.[place] ?? null,
  }))
  yield `${JSON.stringify({ source: name, columns }).slice(0, -1)},"rows":[`
  for (const [index, row] of result.rows.entries()) yield `${index === 0 ? '' : ','}${JSON.stringify(row)}`
  const rest: JsonObject = {
    truncated: result.truncated,
    as_of: result.asOf.toISOString(),
    lag_ms: result.lagMilliseconds,
    lag_estimated: result.lagEstimated,
    ...(result.dates === undefined ? {} : { time_zone: result.dates.timeZone, date_order: result.dates.dateOrder }),
    duration_ms: result.milliseconds,
    findings: toFindings(result.findings ?? []),
    ...(canonical === null ? {} : { canonical }),
  }
  yield `],${JSON.stringify(rest).slice(1)}`
}

/** `{"verdict":"allow"|"refuse", "findings", …}`: what the gate resolved stands beside an allow only. */
export function toVerdict(verdict: StatementVerdict | StatementExplanation): JsonObject {
  if (verdict.kind === 'refused') return { verdict: 'refuse', findings: toFindings(verdict.findings) }
  const { relations, columns, functions, canonical, masks, rowLimit } = verdict.value
  return {
    verdict: 'allow',
    findings: [],
    relations,
    columns,
    functions,
    canonical,
    masks: masks.map(({ position, relation, column, how }) => ({ position, relation, column, how })),
    row_limit: rowLimit,
    ...('estimate' in verdict.value ? { estimate: verdict.value.estimate } : {}),
  }
}
