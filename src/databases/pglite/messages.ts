import type { Catalog } from '../../core/catalog.ts'
import type { PlanEstimate, QueryLimits, QueryResult, RoleProof } from '../database.ts'
import type { RawResult, ReadCaps } from '../session.ts'
import type { ImageFile } from './open-pglite.ts'

/** What the parent asks of the PGlite process, by method: input and answer. */
export interface PgliteMethods {
  open: { input: { image: ImageFile }; value: null }
  select: {
    input: { statement: string; role: string; limits: QueryLimits }
    value: Pick<QueryResult, 'columns' | 'rows' | 'truncated'>
  }
  /** The audits of a statement, in order; nothing between them and the statement changes a row of this database. */
  audit: { input: { texts: readonly string[]; role: string; caps: ReadCaps }; value: readonly RawResult[] }
  estimate: { input: { text: string; relations: readonly string[]; role: string }; value: PlanEstimate }
  catalog: { input: null; value: Catalog }
  prove: { input: { role: string; allowed: readonly string[] }; value: RoleProof }
}

/** What the parent asks of the process that builds images. */
export interface BuildInput {
  readonly kind: 'empty' | 'sample'
  /** The image to start from; null makes a new data directory. */
  readonly from: ImageFile | null
  /** File to write; must not exist. */
  readonly target: string
}
