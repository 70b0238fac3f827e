import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { corpus } from '../support/corpora/corpora.ts'
import { examineShop, mysqlCatalog } from '../support/sql/mysql-gate.ts'
import { withSingleQuotes } from '../support/sql/sql-corpora.ts'

const folder = corpus('sql')

interface SpiderDatabase {
  readonly db_id: string
  readonly table_names_original: readonly string[]
  readonly column_names_original: readonly (readonly [number, string])[]
}

function lines<T>(name: string): T[] {
  const text = folder === null ? '' : readFileSync(join(folder, name), 'utf8')
  return text.split('\n').flatMap((line) => (line === '' ? [] : [JSON.parse(line) as T]))
}

describe.skipIf(folder === null)('everyday questions at the gate of MySQL sources', () => {
  it('refuses few of the queries of Spider where everything is allowed', () => {
    const databases = JSON.parse(readFileSync(join(folder ?? '', 'spider-tables.json'), 'utf8')) as SpiderDatabase[]
    const catalogs = new Map(
      databases.map(({ db_id: name, table_names_original: tables, column_names_original: columns }) => [
        name,
        mysqlCatalog(
          name,
          Object.fromEntries(
            tables.map((table, index) => [
              table,
              columns.flatMap(([owner, column]) => (owner === index ? [column] : [])),
            ]),
          ),
        ),
      ]),
    )
    const rows = lines<{ readonly db: string; readonly sql: string }>('spider-dev.jsonl')
    const refused = rows.flatMap(({ db, sql }) => {
      const catalog = catalogs.get(db)
      if (catalog === undefined) return [`no schema of ${db}`]
      const relations = Object.fromEntries(catalog.relations.map(({ name }) => [name, '*']))
      const examined = examineShop(withSingleQuotes(sql), { search_path: [db], relations }, catalog)
      return examined.kind === 'refused'
        ? [`${examined.findings[0].rule} ${examined.findings[0].message} ← ${sql}`]
        : []
    })
    process.stderr.write(
      `spider at the gate of MySQL: ${refused.length} of ${rows.length} refused\n${refused.slice(0, 12).join('\n')}\n`,
    )
    expect(rows.length).toBeGreaterThan(400)
    expect(refused.length / rows.length).toBeLessThan(0.02)
  })
})
