import { z } from 'zod'
import type { Catalog, CatalogRelation, DateSettings } from '../core/catalog.ts'
import type { SessionFile } from '../sessions/session-file.ts'
import { permitAsItIs, type Permit } from './permit.ts'
import type { Tool } from './tool.ts'

/** A data source as this group may see it. */
export interface VisibleSource {
  readonly name: string
  /** `pglite`, `postgresql`, … */
  readonly kind: string
  catalog(signal: AbortSignal): Promise<Catalog>
  /** Does policy let this group see the relation (column null) or the column? */
  readonly visible: (relation: string, column: string | null) => boolean
}

export interface DescribeDataSettings {
  readonly permit: Permit
  readonly source: VisibleSource | null
  readonly files: () => readonly SessionFile[]
}

const input = z.strictObject({
  tables: z.array(z.string()).optional().describe('Only these tables; all that are allowed without it.'),
})

/** Tells a model what data there is: tables and columns with comments and row counts, and the files at hand. */
export function createDescribeData(settings: DescribeDataSettings): Tool<z.infer<typeof input>> {
  return {
    name: 'describe_data',
    description:
      'Lists the tables and columns you may query, with types, comments and row counts, and the files in /mnt/data.',
    input,
    independent: true,
    source: () => null,
    async execute({ tables }, signal) {
      const text = JSON.stringify({ tables: tables ?? null })
      const action = { tool: 'describe_data', language: null, tables: tables ?? [], columns: [], text } as const
      const refusal = await permitAsItIs(settings.permit, action, signal)
      if (refusal !== null) return refusal
      const catalog = await settings.source?.catalog(signal)
      const dates = catalog?.dates
      const relations =
        settings.source === null || catalog === undefined ? [] : visibleRelations(settings.source, catalog)
      const asked = tables === undefined ? relations : relations.filter((relation) => isAsked(relation, tables))
      const missing = (tables ?? []).filter((name) => !relations.some((relation) => isAsked(relation, [name])))
      const files = settings.files()
      const parts = [
        ...(settings.source === null ? ['There is no database.'] : asked.map(describeRelation)),
        ...(dates === undefined ? [] : [describeDates(dates)]),
        ...missing.map((name) => `There is no table "${name}"; there are: ${relations.map(nameOf).join(', ')}`),
        ...files.map((file) => `file /mnt/data/${file.path}: ${file.description}`),
      ]
      return {
        kind: 'result',
        forModel: parts.join('\n\n'),
        summary: `${count(asked.length, 'table')}${files.length === 0 ? '' : `, ${count(files.length, 'file')}`}`,
        ranIn: settings.source?.kind ?? 'session',
        cell: null,
        table: null,
        artifacts: [],
      }
    },
  }
}

/** What a group may see of a database, each table with the columns that it may see. */
export function visibleRelations(source: Pick<VisibleSource, 'visible'>, catalog: Catalog): CatalogRelation[] {
  return catalog.relations
    .filter((relation) => source.visible(qualifiedName(relation), null))
    .map((relation) => withVisibleColumns(relation, source))
}

function describeDates({ timeZone, dateOrder }: DateSettings): string {
  const order = dateOrder === null ? '' : ` Dates kept as text are read as ${dateOrder} where they are not ISO.`
  return `Days, current_date and date_trunc are in the time zone ${timeZone}. Write dates as 'YYYY-MM-DD'.${order}`
}

function withVisibleColumns(relation: CatalogRelation, source: Pick<VisibleSource, 'visible'>): CatalogRelation {
  const columns = relation.columns.filter((column) => source.visible(qualifiedName(relation), column.name))
  return { ...relation, columns }
}

function isAsked(relation: CatalogRelation, names: readonly string[]): boolean {
  return names.some((name) => name.toLowerCase() === relation.name || name.toLowerCase() === qualifiedName(relation))
}

function qualifiedName(relation: CatalogRelation): string {
  return `${relation.schema}.${relation.name}`
}

/** Tables of the default schema are named as they are written in a query. */
function nameOf(relation: CatalogRelation): string {
  return relation.schema === 'public' ? relation.name : qualifiedName(relation)
}

function describeRelation(relation: CatalogRelation): string {
  const rows = relation.estimatedRows === null ? '' : `, about ${relation.estimatedRows} rows`
  const columns = relation.columns.map((column) => {
    const nullable = column.nullable ? ', may be null' : ''
    return `  ${column.name} ${column.type}${nullable}${column.comment === null ? '' : ` -- ${column.comment}`}`
  })
  const comment = relation.comment === null ? '' : `: ${relation.comment}`
  return [`${relation.kind} ${nameOf(relation)}${rows}${comment}`, ...columns].join('\n')
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`
}
