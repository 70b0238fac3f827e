import type { Catalog, ResolveOptions } from '../../core/catalog.ts'
import type { ImageFile } from '../pglite/open-pglite.ts'
import type { Analysis } from './analyze.ts'

/** What the parent asks of the shadow's process, by method: input and answer. */
export interface ShadowMethods {
  /** Answers with the statements of the schema that could not be run; what they would have made does not resolve. */
  open: { input: { image: ImageFile; schema: readonly string[] }; value: readonly string[] }
  analyze: { input: { statement: string; asked?: ResolveOptions }; value: Analysis }
  /** Runs a script of DDL in the shadow and reads the catalog it leaves behind. */
  load: { input: { script: string }; value: Catalog }
}
