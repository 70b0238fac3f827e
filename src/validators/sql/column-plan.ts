import type { RawFinding } from './location.ts'
import type { MaskKind, SqlPolicy } from './policy.ts'
import type { RelationUse } from './relations.ts'
import type { Struct } from './syntax-tree.ts'

/** An output column whose values are masked before anybody sees them. */
export interface MaskedOutput {
  /** 0-based. */
  readonly position: number
  readonly relation: string
  readonly column: string
  readonly how: MaskKind
}

export interface ColumnPlan {
  readonly masks: readonly MaskedOutput[]
  /**
   * The statement without its allowed uses of masked and aggregate-only columns: resolved in its place, it must touch
   * none of them. Null where no such column can be touched.
   */
  readonly residue: string | null
}

export function planColumns(
  select: Struct,
  _uses: readonly RelationUse[],
  _policy: SqlPolicy,
): { readonly select: Struct; readonly plan: ColumnPlan } | { readonly findings: readonly RawFinding[] } {
  return { select, plan: { masks: [], residue: null } }
}
