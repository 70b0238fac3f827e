import type { PlanEstimate } from '../../core/statement.ts'
import type { Catalog } from '../../core/catalog.ts'
import type { QueryResult, RoleProof } from '../database.ts'
import type { RowLimits } from '../rows.ts'
import type { RawResult, ReadCaps } from '../session.ts'
import type { ImageFile } from './open-pglite.ts'

export interface SelectInput {
  readonly statement: string
  readonly role: string
  readonly limits: RowLimits
  /** Run before the statement, in its transaction; null where there is nothing to admit. */
  readonly audits: { readonly texts: readonly string[]; readonly caps: ReadCaps } | null
}

/** What the parent asks of the PGlite process, by method: input and answer. */
export interface PgliteMethods {
  open: { input: { image: ImageFile }; value: null }
  select: {
    input: SelectInput
    value: Pick<QueryResult, 'columns' | 'rows' | 'truncated'>
    /** What the audits returned; the statement runs once this is answered. */
    question: readonly RawResult[]
  }
  estimate: {
    input: { text: string; relations: readonly string[]; functions: readonly string[]; role: string }
    value: PlanEstimate
  }
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
