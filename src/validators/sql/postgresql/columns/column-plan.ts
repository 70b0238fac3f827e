import { guardGroups } from './aggregate-guard.ts'
import { planAudits, type Audit } from './audit-plan.ts'
import { printCanonical } from '../grammar/canonical.ts'
import type { RawFinding } from '../../location.ts'
import { planMasks, type MaskedOutput } from './mask-plan.ts'
import type { SqlPolicy } from '../../policy.ts'
import type { ReadsTheSame } from '../grammar/replica-grammar.ts'
import type { RelationUse } from '../names/relations.ts'
import type { Struct } from '../../syntax-tree.ts'
import { findProtectedCalls, withoutColumns } from './protected-calls.ts'

export interface ColumnPlan {
  readonly masks: readonly MaskedOutput[]
  /**
   * The statement without its allowed uses of masked and aggregate-only columns: resolved in its place, it must touch
   * none of them. Null where no such column can be touched.
   */
  readonly residue: string | null
  /** Columns that the gate itself reads to count entities, as `schema.relation.column`. */
  readonly guards: readonly string[]
  /** What a ledger must admit before the statement runs. */
  readonly audits: readonly Audit[]
}

type Planned =
  | { readonly select: Struct; readonly plan: ColumnPlan }
  | { readonly findings: readonly [RawFinding, ...RawFinding[]] }

/**
 * Decides how masked and aggregate-only columns may stand in the statement. The proof is the analyzer's: with the
 * allowed uses taken out, what remains must not touch these columns in any position. Fails closed: a remainder that
 * cannot be written down is a finding, and one that does not resolve proves nothing.
 */
export function planColumns(
  select: Struct,
  uses: readonly RelationUse[],
  given: { readonly policy: SqlPolicy; readonly readsTheSame: ReadsTheSame },
): Planned {
  const isRestricted = uses.some(({ relation }) =>
    [...relation.columns.values()].some((rule) => rule.kind === 'mask' || rule.kind === 'aggregate-only'),
  )
  if (!isRestricted) return { select, plan: { masks: [], residue: null, guards: [], audits: [] } }
  const masks = planMasks(select, uses)
  if ('findings' in masks) return masks
  const { calls, findings } = findProtectedCalls(select, uses)
  const [outside] = findings
  if (outside !== undefined) return { findings: [outside] }
  const { policy, readsTheSame } = given
  const minimum = policy.minimumGroupSize
  const guarded = guardGroups(select, calls, minimum)
  const residue = printCanonical(withoutColumns(masks.residue, calls) as Struct, readsTheSame)
  if ('finding' in residue) return { findings: [residue.finding] }
  const watched = policy.watchesDifferences
    ? planAudits(select, { uses, calls, minimum, readsTheSame })
    : { audits: [] }
  if ('finding' in watched) return { findings: [watched.finding] }
  const plan = { masks: masks.outputs, residue: residue.text, guards: guarded.guards, audits: watched.audits }
  return { select: guarded.select, plan }
}
