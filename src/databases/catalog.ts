import { createHash } from 'node:crypto'
import type { Catalog, CatalogColumn, CatalogRelation } from '../core/catalog.ts'
import { schemaStatements } from './schema-statements.ts'
import type { Session } from './session.ts'

const relationsStatement = `
  SELECT c.oid, n.nspname, c.relname, c.relkind, c.reltuples, pg_catalog.obj_description(c.oid, 'pg_class'),
         CASE WHEN c.relkind IN ('v', 'm') THEN pg_catalog.pg_get_viewdef(c.oid) END
  FROM pg_catalog.pg_class c JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE c.relkind IN ('r', 'v', 'm', 'f', 'p') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  ORDER BY n.nspname COLLATE "C", c.relname COLLATE "C"`

const parentsStatement = `
  SELECT i.inhrelid, i.inhparent FROM pg_catalog.pg_inherits i ORDER BY i.inhrelid, i.inhseqno`

/**
 * Null can stand in a column whose NOT NULL was never validated, and in any of a foreign table, where nothing holds it. A
 * domain's NOT NULL, or that of a domain it rests on, holds in tables; in views an outer join makes nulls of the type.
 */
const neverNull = `
  c.relkind <> 'f' AND (a.attnotnull OR c.relkind IN ('r', 'p') AND a.atttypid IN (SELECT r.oid FROM required r))
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_constraint k
    WHERE k.conrelid = a.attrelid AND k.contype = 'n' AND k.conkey = ARRAY[a.attnum] AND NOT k.convalidated)`

// What a generated column is computed from hangs on its expression; before version 15 on the column itself.
const columnsStatement = `
  WITH RECURSIVE required (oid) AS (
    SELECT t.oid FROM pg_catalog.pg_type t WHERE t.typtype = 'd' AND t.typnotnull
    UNION
    SELECT t.oid FROM pg_catalog.pg_type t JOIN required r ON r.oid = t.typbasetype WHERE t.typtype = 'd'
  )
  SELECT a.attrelid, a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod), ${neverNull},
         pg_catalog.col_description(a.attrelid, a.attnum),
         CASE WHEN a.attgenerated <> '' THEN (
           SELECT pg_catalog.json_agg(DISTINCT b.attname)
           FROM pg_catalog.pg_depend d JOIN pg_catalog.pg_attribute b ON b.attrelid = d.refobjid AND b.attnum = d.refobjsubid
                LEFT JOIN pg_catalog.pg_attrdef e ON e.oid = d.objid AND d.classid = 'pg_catalog.pg_attrdef'::pg_catalog.regclass
           WHERE d.refclassid = 'pg_catalog.pg_class'::pg_catalog.regclass AND d.refobjid = a.attrelid AND b.attnum <> a.attnum
                 AND (e.adrelid = a.attrelid AND e.adnum = a.attnum
                      OR d.classid = d.refclassid AND d.objid = a.attrelid AND d.objsubid = a.attnum)
         ) END
  FROM pg_catalog.pg_attribute a JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
       JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
  WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'v', 'm', 'f', 'p')
        AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
  ORDER BY a.attrelid, a.attnum`

const referencesStatement = `
  SELECT DISTINCT k.conrelid, k.confrelid FROM pg_catalog.pg_constraint k WHERE k.contype = 'f'`

const functionsStatement = `
  SELECT pg_catalog.format('%s.%s(%s)', n.nspname, p.proname, pg_catalog.oidvectortypes(p.proargtypes)),
         (l.lanname NOT IN ('internal', 'c') OR p.prokind = 'a') AND n.nspname <> 'information_schema' AND n.nspname !~ '^pg_'
         AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend d
                         WHERE d.classid = 'pg_catalog.pg_proc'::pg_catalog.regclass AND d.objid = p.oid AND d.deptype = 'e')
  FROM pg_catalog.pg_proc p JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
       JOIN pg_catalog.pg_language l ON l.oid = p.prolang`

const kinds: Readonly<Record<string, CatalogRelation['kind']>> = {
  r: 'table',
  v: 'view',
  m: 'materialized-view',
  f: 'foreign-table',
  p: 'partitioned-table',
}

/** Everything a source holds outside the system's own schemas, whether or not the connected role may read it. */
export async function readCatalog(session: Session): Promise<Catalog> {
  // Types print with their schema only where they are not found without it; an empty path makes that certain.
  await session.run(`SET search_path = ''`)
  const { rows: relationRows } = await session.run(relationsStatement)
  const { rows: columnRows } = await session.run(columnsStatement)
  const major = Math.floor(Number((await session.run('SHOW server_version_num')).rows[0]?.[0]) / 10_000)
  const statements = await schemaStatements(session)
  const { rows: functionRows } = await session.run(functionsStatement)
  const functions = functionRows.map(([signature]) => signature ?? '').sort()
  const written = functionRows.flatMap(([signature, is]) => (is === 't' ? [signature ?? ''] : [])).sort()
  const { rows: referenceRows } = await session.run(referencesStatement)
  await session.run('RESET search_path')
  const parents = parentsByOid((await session.run(parentsStatement)).rows, relationRows)
  const relations = withNullsOfChildren(relationRows.map((row) => relationOf(row, columnRows, parents)))
  const described = relations.map(({ estimatedRows: _estimate, ...lasting }) => lasting)
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([major, described, written, statements]))
    .digest('hex')
  const dialect = { name: 'postgresql', major } as const
  const references = referencesOf(referenceRows, relationRows)
  return { dialect, relations, fingerprint, functions, written, references, schemaStatements: statements }
}

type Row = readonly (string | null)[]

/**
 * `schema.relation` of the parents of each relation; what inherits without being a relation of the catalog, such as an
 * index of a partition, is left out.
 */
function parentsByOid(rows: readonly Row[], relationRows: readonly Row[]): ReadonlyMap<string, readonly string[]> {
  const names = new Map(relationRows.map(([oid, schema, name]) => [oid ?? '', `${schema}.${name}`]))
  const parents = new Map<string, readonly string[]>()
  for (const [child, parent] of rows.map(([child, parent]) => [child ?? '', names.get(parent ?? '')])) {
    if (child !== undefined && parent !== undefined) parents.set(child, [...(parents.get(child) ?? []), parent])
  }
  return parents
}

function referencesOf(rows: readonly Row[], relationRows: readonly Row[]): NonNullable<Catalog['references']> {
  const names = new Map(relationRows.map(([oid, schema, name]) => [oid ?? '', `${schema}.${name}`]))
  return rows.flatMap(([from, to]) => {
    const [referring, referred] = [names.get(from ?? ''), names.get(to ?? '')]
    return referring === undefined || referred === undefined ? [] : [[referring, referred] as const]
  })
}

/** A parent shows the rows of its children, where a column may be null that is not in the parent itself. */
function withNullsOfChildren(relations: readonly CatalogRelation[]): CatalogRelation[] {
  const nullable = new Set<string>()
  const key = (relation: string, column: string): string => JSON.stringify([relation, column])
  const byName = new Map(relations.map((relation) => [`${relation.schema}.${relation.name}`, relation]))
  const mark = (relation: string, column: string): void => {
    if (nullable.has(key(relation, column))) return
    nullable.add(key(relation, column))
    for (const parent of byName.get(relation)?.parents ?? []) mark(parent, column)
  }
  for (const [name, { columns }] of byName) for (const column of columns) if (column.nullable) mark(name, column.name)
  return relations.map((relation) => ({
    ...relation,
    columns: relation.columns.map((column) => ({
      ...column,
      nullable: nullable.has(key(`${relation.schema}.${relation.name}`, column.name)),
    })),
  }))
}

function relationOf(
  row: Row,
  columnRows: readonly Row[],
  parents: ReadonlyMap<string, readonly string[]>,
): CatalogRelation {
  const [oid, schema, name, kind, estimate, comment, definition] = row
  const estimatedRows = Math.round(Number(estimate))
  const inherited = parents.get(oid ?? '')
  return {
    schema: schema ?? '',
    name: name ?? '',
    kind: kinds[kind ?? ''] ?? 'table',
    columns: columnRows.filter((column) => column[0] === oid).map(columnOf),
    comment: comment ?? null,
    definition: definition ?? null,
    // -1: never analyzed. Views have no estimate; a table of zero rows says zero only after ANALYZE.
    estimatedRows: kind === 'v' || estimatedRows < 0 ? null : estimatedRows,
    ...(inherited === undefined ? {} : { parents: inherited }),
  }
}

function columnOf([, name, type, notNull, comment, sources]: Row): CatalogColumn {
  const generatedFrom = sources == null ? {} : { generatedFrom: JSON.parse(sources) as string[] }
  return { name: name ?? '', type: type ?? '', nullable: notNull !== 't', comment: comment ?? null, ...generatedFrom }
}
