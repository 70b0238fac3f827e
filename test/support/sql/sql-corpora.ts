import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'

export interface HardenedCase {
  readonly file: string
  readonly expect: 'allow' | 'refuse'
  readonly sql: string
}

/** Tables the hardened corpus is read with: `people` has a column that may not be read. */
export const hardenedSchema = `
  CREATE TABLE people (id int, name text, email text, phone text, city text, born date, joined date, note text,
                       score int, password text, active boolean);
  CREATE TABLE items (id int, x text);
  CREATE TABLE q (id int, password text);
  CREATE SEQUENCE seq;`

export const hardenedPolicy = {
  relations: {
    people: { columns: { password: 'deny' }, other_columns: 'allow' },
    items: '*',
    q: '*',
  },
}

/** Lines are `expect TAB sql TAB reason`; the placeholders stand for tables and the redacted column. */
export function readHardened(folder: string): HardenedCase[] {
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .split('\n')
      .filter((line) => line !== '' && !line.startsWith('#'))
      .map((line): HardenedCase => {
        const [expect = '', sql = ''] = line.split('\t')
        const filled = sql
          .replaceAll('{{{COL}}}', '{password}')
          .replaceAll('{{COL}}', 'password')
          .replaceAll('{{T2}}', 'items')
          .replaceAll('{{T}}', 'people')
        return { file, expect: expect === 'allow' ? 'allow' : 'refuse', sql: filled }
      }),
  )
}

interface SpiderDatabase {
  readonly db_id: string
  readonly table_names_original: readonly string[]
  readonly column_names_original: readonly (readonly [number, string])[]
  readonly column_types: readonly string[]
  readonly primary_keys: readonly number[]
}

const spiderTypes: Readonly<Record<string, string>> = {
  text: 'text',
  number: 'numeric',
  time: 'timestamp',
  boolean: 'boolean',
  others: 'text',
}

/** DDL of each Spider database, unquoted so that case folds as in its queries, and its table names. */
export function readSpiderSchemas(path: string): Map<string, { readonly ddl: string; readonly tables: string[] }> {
  const databases = JSON.parse(readFileSync(path, 'utf8')) as SpiderDatabase[]
  const name = (text: string): string => (/^[A-Za-z_]\w*$/.test(text) ? `"${text.toLowerCase()}"` : `"${text}"`)
  return new Map(
    databases.map((database) => {
      const ddl = database.table_names_original.map((table, index) => {
        const columns = database.column_names_original.flatMap(([owner, column], position) => {
          const type = spiderTypes[database.column_types[position] ?? 'text'] ?? 'text'
          return owner === index ? [`${name(column)} ${type}`] : []
        })
        const key = database.primary_keys.flatMap((position) => {
          const [owner, column] = database.column_names_original[position] ?? [-1, '']
          return owner === index ? [`PRIMARY KEY (${name(column)})`] : []
        })
        return `CREATE TABLE ${name(table)} (${[...columns, ...key.slice(0, 1)].join(', ')});`
      })
      const tables = database.table_names_original.map((table) => table.toLowerCase())
      return [database.db_id, { ddl: ddl.join('\n'), tables }]
    }),
  )
}

/** The SELECTs of PostgreSQL's regression scripts, split where a line ends in a semicolon. */
export function readRegression(folder: string): { readonly file: string; readonly sql: string }[] {
  return readdirSync(folder).flatMap((file) =>
    readFileSync(join(folder, file), 'utf8')
      .replace(/^\\.*$/gm, '')
      .split(/;\s*\n/)
      .filter((sql) => /^(\s|--[^\n]*\n)*\(*(SELECT|WITH|VALUES|TABLE)\b/i.test(sql))
      .map((sql) => ({ file, sql })),
  )
}

/** SQL of SQLite's habit of writing text in double quotes, as PostgreSQL writes it. */
export function withSingleQuotes(sql: string): string {
  return sql.replace(/"([^"]*)"/g, (_match, text: string) => `'${text.replaceAll("'", "''")}'`)
}

/** Rules that are PostgreSQL's own refusals where everything is allowed. */
export const postgresqlRefuses: ReadonlySet<string> = new Set([
  'sql/syntax',
  'sql/does-not-analyze',
  'sql/column-not-allowed',
])
