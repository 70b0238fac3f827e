import type { Catalog, Resolution, Shadow } from '../../../src/core/catalog.ts'
import { readOutline } from '../../../src/validators/sql/postgresql/grammar/outline.ts'

/** Answers every statement with the same resolution and records what it was asked. */
export function createFakeShadow(catalog: Catalog, resolution: Partial<Resolution> = {}): Shadow & { asked: string[] } {
  const asked: string[] = []
  const full: Resolution = { relations: [], columns: [], functions: [], output: [], ...resolution }
  return {
    fingerprint: catalog.fingerprint,
    asked,
    resolve(statement) {
      asked.push(statement)
      const starts = readOutline(statement)?.starts ?? []
      const constants = starts.map((offset) => ({ offset, type: 'pg_catalog.text' }))
      return Promise.resolve({ kind: 'resolved', resolution: { constants, ...full } })
    },
  }
}

/** A catalog of tables in `public` from `{table: {column: type}}`. */
export function createFakeCatalog(tables: Readonly<Record<string, Readonly<Record<string, string>>>>): Catalog {
  return {
    dialect: { name: 'postgresql', major: 18 },
    fingerprint: JSON.stringify(tables),
    schemaStatements: [],
    relations: Object.entries(tables).map(([name, columns]) => ({
      schema: 'public',
      name,
      kind: 'table',
      comment: null,
      estimatedRows: 1_000,
      columns: Object.entries(columns).map(([name, type]) => ({ name, type, nullable: true, comment: null })),
    })),
  }
}
