import type { Catalog, CatalogRelation, Shadow } from '../../../core/catalog.ts'

/** Where the values of one column of a view come from, each as `schema.relation.column`. */
export interface ColumnLineage {
  /** The column it is, unchanged; null where it is computed. */
  readonly origin: string | null
  /** What it may be computed from: every column the view's query touches. Empty where there is an origin. */
  readonly touches: readonly string[]
}

/** By `schema.view`, then by column. A view whose query does not resolve has null: nothing is known of it. */
export type Lineage = ReadonlyMap<string, ReadonlyMap<string, ColumnLineage> | null>

/** What these views read, and the views they read, as the analyzer resolves their queries. */
export async function traceViews(
  names: readonly string[],
  given: { readonly catalog: Catalog; readonly shadow: Shadow },
  signal: AbortSignal,
): Promise<Lineage> {
  const lineage = new Map<string, ReadonlyMap<string, ColumnLineage> | null>()
  const waiting = [...names]
  for (let name = waiting.pop(); name !== undefined; name = waiting.pop()) {
    const view = given.catalog.relations.find((relation) => `${relation.schema}.${relation.name}` === name)
    if (view === undefined || !isView(view) || lineage.has(name)) continue
    const traced = await trace(view, given.shadow, signal)
    lineage.set(name, traced?.columns ?? null)
    waiting.push(...(traced?.relations ?? []))
  }
  return lineage
}

function isView({ kind }: CatalogRelation): boolean {
  return kind === 'view' || kind === 'materialized-view'
}

interface Traced {
  readonly columns: ReadonlyMap<string, ColumnLineage>
  readonly relations: readonly string[]
}

async function trace(view: CatalogRelation, shadow: Shadow, signal: AbortSignal): Promise<Traced | null> {
  if (view.definition == null) return null
  const answer = await shadow.resolve(view.definition.trim().replace(/;$/, ''), signal)
  if (answer.kind === 'failed' || answer.resolution.output.length !== view.columns.length) return null
  const { columns, output, relations } = answer.resolution
  const byColumn = new Map(
    view.columns.map(({ name }, position) => {
      const from = output[position]?.origin ?? null
      const origin = from === null ? null : `${from.relation}.${from.column}`
      return [name, { origin, touches: origin === null ? columns : [] }]
    }),
  )
  return { columns: byColumn, relations }
}
