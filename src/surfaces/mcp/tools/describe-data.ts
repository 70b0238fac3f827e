import { z } from 'zod'
import type { DescribedRelation, SourceDescription } from '../../../core/statement.ts'
import type { JsonObject } from '../json-object.ts'
import type { McpTool, View } from '../tool.ts'
import type { McpUseCases } from '../use-cases.ts'
import { mayAskSql, source } from './run-sql.ts'

const input = z.strictObject({
  source,
  tables: z
    .array(z.string().min(1).max(200))
    .max(100)
    .optional()
    .describe('Only these tables, as name or schema.name; all that may be seen without it.'),
})

const output = z.object({
  source: z.string(),
  kind: z.string().describe('Kind of database, which decides the dialect of SQL.'),
  sources: z.array(z.string()).describe('Every data source that may be asked.'),
  row_limit: z.int().describe('The most rows of an answer.'),
  table_count: z.int(),
  tables: z
    .array(
      z.object({
        name: z.string(),
        kind: z.string(),
        comment: z.string().nullable(),
        estimated_rows: z.number().nullable(),
        columns: z.array(
          z.object({
            name: z.string(),
            type: z.string(),
            nullable: z.boolean(),
            comment: z.string().nullable(),
            use: z.enum(['allow', 'mask', 'aggregate-only']).describe('How its values may be used.'),
          }),
        ),
      }),
    )
    .describe('The first tables, as many as fit; table_count says how many there are.'),
})

type Output = z.infer<typeof output> & JsonObject

export function createDescribeData({
  describe,
}: Pick<McpUseCases, 'describe'>): McpTool<z.infer<typeof input>, Output> {
  return {
    name: 'describe_data',
    title: 'Describe the data',
    description:
      'Lists the tables and columns of a data source that the caller may query, with types and comments. What may not be seen is not listed.',
    input,
    output,
    hints: { readOnlyHint: true, destructiveHint: false, idempotentHint: true, openWorldHint: false },
    isFor: (caller) => mayAskSql(caller) && caller.grant.tools.includes('describe_data'),
    async execute({ source: name, tables }, { requestId, caller, signal }) {
      const { channel, credential, grant } = caller
      const description = await describe({ requestId, channel, credential, dataSource: name ?? null }, signal)
      const asked = description.relations.filter((relation) => tables === undefined || isAsked(relation, tables))
      const view = (share: number): View<Output> =>
        viewOf({ ...description, relations: asked }, { sources: grant.dataSources, share })
      return {
        kind: 'result',
        failed: false,
        origins: ['operator'],
        view,
        whole: {
          name: 'tables.json',
          mediaType: 'application/json',
          text: () => JSON.stringify(view(1).structured),
        },
      }
    },
  }
}

function isAsked({ name }: DescribedRelation, tables: readonly string[]): boolean {
  return tables.some((table) => table.toLowerCase() === name || `public.${table.toLowerCase()}` === name)
}

function viewOf(
  { source: name, kind, rowLimit, relations }: SourceDescription,
  { sources, share }: { readonly sources: readonly string[]; readonly share: number },
): View<Output> {
  const shown = relations.slice(0, Math.floor(relations.length * share))
  const structured = {
    source: name,
    kind,
    sources: [...sources],
    row_limit: rowLimit,
    table_count: relations.length,
    tables: shown.map((relation) => ({
      name: relation.name,
      kind: relation.kind,
      comment: relation.comment,
      estimated_rows: relation.estimatedRows,
      columns: relation.columns.map((column) => ({
        name: column.name,
        type: column.type,
        nullable: column.nullable,
        comment: column.comment,
        use: column.use,
      })),
    })),
  }
  const more = shown.length < relations.length ? `, the first ${shown.length} below` : ''
  const head = `${name} (${kind}): ${relations.length} tables${more}`
  return { text: [head, ...shown.map(describeRelation)].join('\n\n'), structured }
}

function describeRelation({ kind, name, comment, columns }: DescribedRelation): string {
  const lines = columns.map((column) => {
    const use = column.use === 'allow' ? '' : ` (${column.use})`
    return `  ${column.name} ${column.type}${use}${column.comment === null ? '' : ` -- ${column.comment}`}`
  })
  return [`${kind} ${name}${comment === null ? '' : `: ${comment}`}`, ...lines].join('\n')
}
