import type { Catalog } from '../../core/catalog.ts'
import { PgliteShadow, type PgliteShadowOptions } from './pglite-shadow.ts'

/**
 * Catalog and shadow of a schema given as DDL, for checking statements without a database. The script runs once, in a
 * throw-away shadow; the shadow that answers is filled from the catalog read there, so it survives being killed.
 * Throws `invalid-file` where the script is not valid.
 */
export async function openAdHocCatalog(
  script: string,
  options: Omit<PgliteShadowOptions, 'catalog'>,
  signal: AbortSignal,
): Promise<{ readonly catalog: Catalog; readonly shadow: PgliteShadow }> {
  await using scratch = new PgliteShadow({ ...options, catalog: { fingerprint: '', schemaStatements: [] } })
  const catalog = await scratch.load(script, signal)
  return { catalog, shadow: new PgliteShadow({ ...options, catalog }) }
}
