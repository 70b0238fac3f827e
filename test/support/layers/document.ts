import { readFileSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import type { Measurement } from './measure.ts'
import { attackTables, layerTable } from './table.ts'

const begin = '<!-- made by npm run layers -- --write -->\n'
const end = '<!-- to here -->\n'

/** Which document has what of the measurements. */
export const documents: Readonly<Record<string, (measured: readonly Measurement[]) => string>> = {
  'SECURITY.md': layerTable,
  'docs/layers.md': attackTables,
}

const pathOf = (name: string): string => resolve(import.meta.dirname, '../../..', name)

/** What stands between the marks of a document. Throws where it has none. */
export function tablesIn(name: string): string {
  const document = readFileSync(pathOf(name), 'utf8')
  const [from, to] = [document.indexOf(begin), document.indexOf(end)]
  if (from < 0 || to < from) throw new Error(`${name} has no place for tables`)
  return document.slice(from + begin.length, to)
}

/** Puts what was measured into the documents. */
export function writeTables(measured: readonly Measurement[]): void {
  for (const [name, tablesOf] of Object.entries(documents)) {
    const document = readFileSync(pathOf(name), 'utf8')
    const before = `${begin}${tablesIn(name)}${end}`
    writeFileSync(
      pathOf(name),
      document.replace(before, () => `${begin}${tablesOf(measured)}${end}`),
    )
  }
}
