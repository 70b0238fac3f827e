import { z } from 'zod'
import type { DescribedColumn, SourceDescription, SourceFreshness } from '../../core/statement.ts'

const source = z
  .object({
    name: z.string(),
    object: z.literal('source'),
    kind: z.string().describe('Kind of database, which decides the dialect of SQL.'),
    is_default: z.boolean().describe('Is it the one that is asked where none is named?'),
  })
  .meta({ id: 'Source' })

export const sourceList = z.object({ object: z.literal('list'), data: z.array(source) })

const column = z.object({
  name: z.string(),
  type: z.string(),
  nullable: z.boolean(),
  comment: z.string().nullable(),
  use: z.enum(['allow', 'mask', 'aggregate-only']).describe('How its values may be used.'),
  mask: z.string().nullable().describe('How its values leave where they are masked.'),
  pii: z.array(z.string()).describe('Kinds of personal data that its name speaks of; its values were not looked at.'),
})

/** `GET /v1/sources/{name}` */
export const describedSource = z
  .object({
    name: z.string(),
    object: z.literal('source'),
    kind: z.string(),
    group: z.string(),
    row_limit: z.int().describe('Rows of an answer at most.'),
    minimum_group_size: z.int().describe('Fewest distinct entities in a group that shows an aggregate-only column.'),
    dates: z.object({ time_zone: z.string(), date_order: z.string().nullable() }).nullable(),
    freshness: z
      .object({
        as_of: z.iso.datetime().describe('When it was asked.'),
        lag_ms: z.number().nullable().describe('How far it was behind its primary; null where that is not known.'),
        lag_estimated: z.boolean(),
      })
      .nullable()
      .describe('Null where the group may not even ask for a constant.'),
    tables: z.array(
      z.object({
        name: z.string().describe('With its schema.'),
        kind: z.string(),
        comment: z.string().nullable(),
        estimated_rows: z.number().nullable(),
        columns: z.array(column),
      }),
    ),
  })
  .meta({ id: 'DescribedSource' })

export interface ListedSource {
  readonly name: string
  readonly kind: string
}

/** The first one is asked where none is named. */
export function toSourceList(sources: readonly ListedSource[]): z.infer<typeof sourceList> {
  const data = sources.map(({ name, kind }, place) => ({
    name,
    object: 'source' as const,
    kind,
    is_default: place === 0,
  }))
  return { object: 'list', data }
}

export interface SeenSource {
  readonly description: SourceDescription
  readonly freshness: SourceFreshness | null
}

export function toDescribedSource(
  { description, freshness }: SeenSource,
  kindsOfColumn: (name: string) => readonly string[],
): z.infer<typeof describedSource> {
  const { source: name, kind, group, rowLimit, minimumGroupSize, dates, relations } = description
  const toColumn = ({ name: of, type, nullable, comment, use, mask }: DescribedColumn) => {
    return { name: of, type, nullable, comment, use, mask, pii: [...kindsOfColumn(of)] }
  }
  return {
    name,
    object: 'source',
    kind,
    group,
    row_limit: rowLimit,
    minimum_group_size: minimumGroupSize,
    dates: dates === undefined ? null : { time_zone: dates.timeZone, date_order: dates.dateOrder },
    freshness:
      freshness === null
        ? null
        : {
            as_of: freshness.asOf.toISOString(),
            lag_ms: freshness.lagMilliseconds,
            lag_estimated: freshness.lagEstimated,
          },
    tables: relations.map(({ name: of, kind: is, comment, estimatedRows, columns }) => ({
      name: of,
      kind: is,
      comment,
      estimated_rows: estimatedRows,
      columns: columns.map(toColumn),
    })),
  }
}
