import type { CatalogColumn, CatalogRelation } from '../core/catalog.ts'
import type { DescribedColumn, DescribedRelation, SourceDescription } from '../core/statement.ts'
import type { Screener } from '../gateway/screen/screener.ts'
import type { ColumnRule } from '../validators/sql/policy.ts'
import type { Sources } from '../sources/sources.ts'

/** What a group may see of a source. Comments are whatever somebody wrote into the database: they are screened. */
export async function describeSource(
  { sources, screener }: { readonly sources: Sources; readonly screener: Screener },
  { name, group }: { readonly name: string; readonly group: string },
  signal: AbortSignal,
): Promise<SourceDescription> {
  const { policy, catalog } = await sources.gate(name, group, signal)
  const relations = catalog.relations.flatMap((relation): DescribedRelation[] => {
    const allowed = policy.relations.get(`${relation.schema}.${relation.name}`)
    if (allowed === undefined) return []
    const columns = relation.columns.flatMap((column) => describeColumn(column, allowed.columns.get(column.name)))
    return [{ ...describeRelation(relation), entityKey: allowed.entityKey, columns }]
  })
  return {
    source: name,
    kind: sources.database(name).kind,
    group,
    rowLimit: policy.rowLimit,
    minimumGroupSize: policy.minimumGroupSize,
    functions: policy.functions,
    ...(catalog.dates === undefined ? {} : { dates: catalog.dates }),
    relations: await screenComments(relations, screener, signal),
  }
}

function describeRelation(relation: CatalogRelation): Omit<DescribedRelation, 'columns' | 'entityKey'> {
  const { schema, name, kind, comment, estimatedRows } = relation
  return { name: `${schema}.${name}`, kind, comment, estimatedRows }
}

function describeColumn(column: CatalogColumn, rule: ColumnRule | undefined): DescribedColumn[] {
  if (rule === undefined || rule.kind === 'deny') return []
  const { name, type, nullable, comment } = column
  return [{ name, type, nullable, comment, use: rule.kind, mask: rule.kind === 'mask' ? rule.how : null }]
}

async function screenComments(
  relations: readonly DescribedRelation[],
  screener: Screener,
  signal: AbortSignal,
): Promise<readonly DescribedRelation[]> {
  const comments = relations.flatMap(({ comment, columns }) => [comment, ...columns.map((column) => column.comment)])
  const texts = comments.filter((comment) => comment !== null)
  const screened = await screener.texts(
    texts.map((text) => ({ text, provenance: 'row' })),
    signal,
  )
  const seen = new Map(texts.map((text, index) => [text, screened[index] ?? '']))
  const clean = (comment: string | null): string | null => (comment === null ? null : (seen.get(comment) ?? ''))
  return relations.map((relation) => ({
    ...relation,
    comment: clean(relation.comment),
    columns: relation.columns.map((column) => ({ ...column, comment: clean(column.comment) })),
  }))
}
