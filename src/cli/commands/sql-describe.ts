import type { JsonValue } from '../../core/json.ts'
import type { DescribedColumn, DescribedRelation, SourceDescription } from '../../core/statement.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import type { DataOption } from '../data-options.ts'
import { exitCodes } from '../exit-codes.ts'
import { blamingFiles, configForSql } from '../file-tables.ts'
import { plainLine } from '../output/plain-text.ts'
import { waitFor } from '../wait-for.ts'

export interface SqlDescribeOptions {
  readonly data: readonly string[]
  readonly dataOption: readonly DataOption[]
  readonly source?: string
  readonly group?: string
  readonly output?: 'text' | 'json'
}

const commentWidth = 200

/** `sallyport sql describe`: the tables and columns a group may see, and what it may do with each. */
export async function sqlDescribe(context: CommandContext, options: SqlDescribeOptions): Promise<ExitCode> {
  const config = await configForSql(context, options)
  await using sallyport = await context.open(config, options.data.length > 0 ? { driver: null } : null)
  const request = { source: options.source ?? null, group: options.group ?? null }
  const description = await blamingFiles(options.data, () =>
    waitFor(context, 'reading the schema', (signal) => sallyport.describeSource(request, signal)),
  )
  const { out } = context.terminal
  if (options.output === 'json') out.writeJson(toJson(description))
  else out.write(sourceText(description))
  return exitCodes.ok
}

/** Tables and columns of a source, for people. */
export function sourceText(description: SourceDescription): string {
  const { source, kind, group, relations, rowLimit, minimumGroupSize, functions, dates } = description
  const guarded = relations.some(({ columns }) => columns.some(({ use }) => use === 'aggregate-only'))
  return [
    `${source} (${kind}), as the group "${group}" may see it: ${relations.length} relations, ${rowLimit.toLocaleString('en')} rows an answer.`,
    ...(dates === undefined
      ? []
      : [
          `Times are in ${plainLine(dates.timeZone, 64)}${dates.dateOrder === null ? '' : `; dates as text are read as ${dates.dateOrder}`}.`,
        ]),
    ...(guarded ? [`Groups that show an aggregate-only column have at least ${minimumGroupSize} members.`] : []),
    ...(functions.length === 0 ? [] : [`Functions beside the built-in list: ${functions.join(', ')}`]),
    ...relations.map(relationText),
    '',
  ].join('\n')
}

function relationText({ name, kind, comment, estimatedRows, entityKey, columns }: DescribedRelation): string {
  const rows = estimatedRows === null ? '' : `, about ${estimatedRows.toLocaleString('en')} rows`
  const entity = entityKey === null ? '' : `, members counted by ${entityKey}`
  const width = Math.max(0, ...columns.map((column) => column.name.length))
  const lines = columns.map((column) => `  ${columnText(column, width)}`)
  return ['', `${kind} ${plainLine(name, commentWidth)}${rows}${entity}${commentText(comment)}`, ...lines].join('\n')
}

function columnText({ name, type, nullable, comment, use, mask }: DescribedColumn, width: number): string {
  const rule = use === 'allow' ? '' : use === 'mask' ? `  [masked: ${mask ?? ''}]` : '  [aggregate only]'
  const null_ = nullable ? '' : ' not null'
  return `${plainLine(name, commentWidth).padEnd(width)}  ${plainLine(type, commentWidth)}${null_}${rule}${commentText(comment)}`
}

function commentText(comment: string | null): string {
  return comment === null ? '' : `  -- ${plainLine(comment, commentWidth)}`
}

function toJson(description: SourceDescription): JsonValue {
  const { source, kind, group, relations, rowLimit, minimumGroupSize, functions, dates } = description
  return {
    source,
    kind,
    group,
    ...(dates === undefined ? {} : { time_zone: dates.timeZone, date_order: dates.dateOrder }),
    row_limit: rowLimit,
    minimum_group_size: minimumGroupSize,
    functions,
    relations: relations.map(relationJson),
  }
}

function relationJson({ name, kind, comment, estimatedRows, entityKey, columns }: DescribedRelation): JsonValue {
  return {
    name,
    kind,
    comment,
    estimated_rows: estimatedRows,
    entity_key: entityKey,
    columns: columns.map((column) => ({ ...column })),
  }
}
