import { createHash } from 'node:crypto'
import type { Catalog, CatalogRelation } from '../../core/catalog.ts'
import type { MysqlConnection, MysqlValue } from './connection.ts'
import { serverFacts } from './transaction.ts'

const systemSchemas = `('information_schema', 'performance_schema', 'mysql', 'sys')`

const relationsStatement = `
  SELECT TABLE_SCHEMA, TABLE_NAME, TABLE_TYPE, TABLE_ROWS, TABLE_COMMENT, ENGINE
  FROM information_schema.TABLES WHERE TABLE_SCHEMA NOT IN ${systemSchemas}
  ORDER BY TABLE_SCHEMA, TABLE_NAME`

const columnsStatement = `
  SELECT TABLE_SCHEMA, TABLE_NAME, COLUMN_NAME, COLUMN_TYPE, IS_NULLABLE, COLUMN_COMMENT, GENERATION_EXPRESSION, EXTRA,
         COLUMN_DEFAULT
  FROM information_schema.COLUMNS WHERE TABLE_SCHEMA NOT IN ${systemSchemas}
  ORDER BY TABLE_SCHEMA, TABLE_NAME, ORDINAL_POSITION`

/** Empty for an account that may not SHOW VIEW. */
const viewsStatement = `
  SELECT TABLE_SCHEMA, TABLE_NAME, VIEW_DEFINITION FROM information_schema.VIEWS
  WHERE TABLE_SCHEMA NOT IN ${systemSchemas}`

/**
 * Of MySQL those of all tables that the account may read something of. MariaDB shows keys to nobody who may only read, neither here nor
 * elsewhere (10.11): there it is empty.
 */
const referencesStatement = `
  SELECT DISTINCT CONSTRAINT_SCHEMA, TABLE_NAME, UNIQUE_CONSTRAINT_SCHEMA, REFERENCED_TABLE_NAME
  FROM information_schema.REFERENTIAL_CONSTRAINTS WHERE CONSTRAINT_SCHEMA NOT IN ${systemSchemas}
  ORDER BY CONSTRAINT_SCHEMA, TABLE_NAME, UNIQUE_CONSTRAINT_SCHEMA, REFERENCED_TABLE_NAME`

/** Engines whose tables show rows of other tables, of this server too. */
const engineOfOthers = /^(MRG_MYISAM|MERGE|FEDERATED|CONNECT|SPIDER)$/i

/**
 * What the connected role may see: these servers show a role the tables and columns it has a privilege for, and no others.
 * A column that the role may not read is therefore not in a policy's reach, which is the same as being denied.
 */
export async function readCatalog(connection: MysqlConnection): Promise<Catalog> {
  const { version } = await serverFacts(connection)
  const { rows: relationRows } = await connection.run(relationsStatement)
  const { rows: columnRows } = await connection.run(columnsStatement)
  const columns = new Map<string, CatalogRelation['columns'][number][]>()
  for (const [schema, table, name, type, nullable, comment, ...made] of columnRows.map((row) => row.map(text))) {
    const key = `${schema}.${table}`
    const plain = { name: name ?? '', type: type ?? '', nullable: nullable === 'YES', comment: comment || null }
    const generatedFrom = sourcesOf(made)
    const column = generatedFrom.length > 0 ? { ...plain, generatedFrom } : plain
    columns.set(key, [...(columns.get(key) ?? []), column])
  }
  const { rows: viewRows } = await connection.run(viewsStatement)
  const definitions = new Map(
    viewRows.map((row) => row.map(text)).map(([schema, name, query]) => [`${schema}.${name}`, query || null]),
  )
  const relations = relationRows.map((row) => relationOf(row, columns, definitions))
  const { rows: referenceRows } = await connection.run(referencesStatement)
  const lasting = relations.map(({ estimatedRows: _estimate, ...rest }) => rest)
  const fingerprint = createHash('sha256')
    .update(JSON.stringify([version, lasting]))
    .digest('hex')
  const major = Number(version.split('.')[0])
  const references = referencesOf(referenceRows, relations)
  return { dialect: { name: 'mysql', major }, relations, fingerprint, references, schemaStatements: [] }
}

/** Without those of a table that the account does not see. */
function referencesOf(
  rows: readonly (readonly MysqlValue[])[],
  relations: readonly CatalogRelation[],
): NonNullable<Catalog['references']> {
  const seen = new Set(relations.map(({ schema, name }) => `${schema}.${name}`))
  return rows
    .map((row) => row.map(text))
    .map(([schema, table, otherSchema, other]) => [`${schema}.${table}`, `${otherSchema}.${other}`] as const)
    .filter((names) => names.every((name) => seen.has(name)))
}

function relationOf(
  row: readonly MysqlValue[],
  columns: ReadonlyMap<string, CatalogRelation['columns']>,
  definitions: ReadonlyMap<string, string | null>,
): CatalogRelation {
  const [schema, name, type, estimate, comment, engine] = row.map(text)
  const isView = type === 'VIEW'
  const kind = engineOfOthers.test(engine ?? '') ? 'foreign-table' : 'table'
  return {
    schema: schema ?? '',
    name: name ?? '',
    kind: isView ? 'view' : kind,
    ...(isView ? { definition: definitions.get(`${schema}.${name}`) ?? null } : {}),
    columns: columns.get(`${schema}.${name}`) ?? [],
    comment: isView ? null : comment || null,
    estimatedRows: isView || estimate === null || estimate === undefined ? null : Number(estimate),
  }
}

/**
 * Columns that a column's values are computed from: of a generated one, and of one whose default is. One that is generated
 * by an expression that is not shown is computed from a column that nobody knows.
 */
function sourcesOf([expression, extra, byDefault]: readonly (string | null)[]): string[] {
  if (expression) return namesWithin(expression)
  const isGenerated = /\b(VIRTUAL|STORED|PERSISTENT)\b/i.test(extra ?? '')
  return isGenerated ? [''] : namesWithin(byDefault ?? '')
}

/** Both servers keep the expression with every name in backticks. */
function namesWithin(expression: string): string[] {
  return [...expression.matchAll(/`((?:[^`]|``)+)`/g)].map(([, name]) => (name ?? '').replaceAll('``', '`'))
}

function text(value: MysqlValue): string | null {
  return value === null ? null : Buffer.isBuffer(value) ? value.toString('utf8') : String(value)
}
