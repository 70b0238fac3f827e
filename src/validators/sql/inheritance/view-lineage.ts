import type { Catalog, CatalogRelation, Shadow } from '../../../core/catalog.ts'

/** Where the values of one column of a view come from, each as `schema.relation.column`. */
export interface ColumnLineage {
  /** The column it is, unchanged; null where it is computed. */
  readonly origin: string | null
  /** What it may be computed from: every column the view's query touches. Empty where there is an origin. */
  readonly touches: readonly string[]
}

/** What the query of a view reads. */
export interface ViewLineage {
  /** The lineage of each column of the view. */
  readonly columns: ReadonlyMap<string, ColumnLineage>
  /** Columns by which the query decides what rows it has, as `schema.relation.column`. */
  readonly deciders: readonly string[]
  /** `schema.relation` */
  readonly relations: readonly string[]
  readonly definition: string
  /** Functions in it that are not immutable. */
  readonly changing: readonly string[]
  /** All functions in it, as `schema.name(argument types)`. */
  readonly functions: readonly string[]
  /** Are its rows stored, as they were when it was refreshed? */
  readonly isStored: boolean
}

/** Lineages by `schema.view`; null for a view whose query does not resolve. */
export type Lineage = ReadonlyMap<string, ViewLineage | null>

/** What these views read, and the views they read, as the analyzer resolves their queries. */
export async function traceViews(
  names: readonly string[],
  given: { readonly catalog: Catalog; readonly shadow: Shadow },
  signal: AbortSignal,
): Promise<Lineage> {
  const lineage = new Map<string, ViewLineage | null>()
  const waiting = [...names]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const view = given.catalog.relations.find((relation) => `${relation.schema}.${relation.name}` === name)
    if (view === undefined || !isView(view) || lineage.has(name)) continue
    const traced = await trace(view, given.shadow, signal)
    lineage.set(name, traced)
    waiting.push(...(traced?.relations ?? []))
  }
  return lineage
}

function isView({ kind }: CatalogRelation): boolean {
  return kind === 'view' || kind === 'materialized-view'
}

async function trace(view: CatalogRelation, shadow: Shadow, signal: AbortSignal): Promise<ViewLineage | null> {
  if (view.definition == null) return null
  const definition = view.definition.trim().replace(/;$/, '')
  const answer = await shadow.resolve(definition, signal, { deciders: true })
  if (answer.kind === 'failed' || answer.resolution.output.length !== view.columns.length) return null
  const { columns, output, relations, deciders, changing, functions } = answer.resolution
  if (deciders === undefined || changing === undefined) return null
  const byColumn = new Map(
    view.columns.map(({ name }, position) => {
      const from = output[position]?.origin ?? null
      const origin = from === null ? null : `${from.relation}.${from.column}`
      return [name, { origin, touches: origin === null ? columns : [] }]
    }),
  )
  const isStored = view.kind === 'materialized-view'
  return { columns: byColumn, deciders, relations, definition, changing, functions, isStored }
}
