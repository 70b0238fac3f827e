import type { Resolution, ResolutionFailure } from '../../../../core/catalog.ts'
import type { Finding } from '../../../../core/verdict.ts'
import type { Examined } from '../examine.ts'
import type { FunctionPolicy } from '../functions/function-policy.ts'
import { checkResolution, restrictedColumns, ruleOf } from '../names/resolution-rules.ts'
import type { SqlPolicy } from '../../policy.ts'
import { misused, start } from '../../refusals.ts'
import type { ColumnPlan } from './column-plan.ts'
import type { ShownOutput } from './hide-values.ts'

type Answer =
  | { readonly kind: 'resolved'; readonly resolution: Resolution }
  | { readonly kind: 'failed'; readonly failure: ResolutionFailure }
  | null

interface Given {
  readonly policy: SqlPolicy
  readonly functions: FunctionPolicy
  /** The analyzer's answer; null where there is none. */
  readonly ask: (statement: string, shape: string, asked?: { readonly passage: true }) => Promise<Answer>
}

export type Proof =
  | { readonly kind: 'refused'; readonly findings: readonly [Finding, ...Finding[]] }
  /** Every use is one that the plan of the statement takes out. */
  | { readonly kind: 'planned' }
  /** Masked columns are passed on to the outputs of the statement, all of which are listed. */
  | { readonly kind: 'passed'; readonly outputs: readonly ShownOutput[] }

const unproven = 'What this statement reads could not be proven. Write it in a simpler form.'

/**
 * Uses of masked and aggregate-only columns beyond the ones their rules allow. The statement without its allowed uses must touch
 * none of these columns; or, of masked ones, the analyzer's tree tells that they are nothing but passed on to outputs.
 */
export async function proveUses(resolution: Resolution, examined: Examined, given: Given): Promise<Proof> {
  const { policy } = given
  const { residue, guards, masks } = examined.plan
  const restricted = restrictedColumns(resolution, policy)
  if (restricted.length === 0 && guards.length === 0) return { kind: 'planned' }
  const rest = residue === null ? null : await given.ask(residue, `residue:${examined.shape}`)
  const isResolved =
    rest?.kind === 'resolved' && checkResolution(rest.resolution, examined, { ...given, guards: [] }).length === 0
  if (!isResolved)
    return refusedFor(
      restricted.map(({ name }) => name),
      examined,
      policy,
    )
  const left = restrictedColumns(rest.resolution, policy)
  const isPlanned = left.length === 0 && masks.every((mask) => isFrom(mask, resolution.output[mask.position]))
  if (isPlanned) return { kind: 'planned' }
  const others = left.filter(({ rule }) => rule.kind !== 'mask')
  if (others.length > 0)
    return refusedFor(
      others.map(({ name }) => name),
      examined,
      policy,
    )
  const passage = await given.ask(examined.canonical, `passage:${examined.shape}`, { passage: true })
  return passage?.kind === 'resolved'
    ? provePassage(passage.resolution, examined, policy)
    : refusedFor(
        left.map(({ name }) => name),
        examined,
        policy,
      )
}

function provePassage({ passage, output }: Resolution, examined: Examined, policy: SqlPolicy): Proof {
  if (passage === undefined || passage.outputs.length !== output.length) return refusedFor([], examined, policy)
  const isMasked = (column: string): boolean => ruleOf(column, policy)?.kind === 'mask'
  const used = passage.used.filter(isMasked)
  const mixed: string[] = []
  const outputs = passage.outputs.map((columns, position): ShownOutput => {
    const name = output[position]?.name ?? ''
    const masked = [...new Set((columns ?? []).filter(isMasked))]
    const [first] = masked
    if (first === undefined) return { name, mask: null }
    const forms = new Set(columns?.map((column) => formOf(column, policy)))
    if (forms.size > 1) mixed.push(...masked)
    return { name, mask: maskOf(first, policy) }
  })
  if (used.length > 0) return refusedFor(used, examined, policy)
  return mixed.length > 0 ? refusedMixed(mixed, examined) : { kind: 'passed', outputs }
}

/**
 * Columns of one form may stand in one output: mixed with others, its values could be distinguished from them or tried
 * against them.
 */
function formOf(column: string, policy: SqlPolicy): string {
  const rule = ruleOf(column, policy)
  const mask = maskOf(column, policy)
  return JSON.stringify([
    rule?.kind === 'mask' ? rule.how : null,
    policy.relations.get(mask.relation)?.types.get(mask.column),
  ])
}

function maskOf(column: string, policy: SqlPolicy): NonNullable<ShownOutput['mask']> {
  const rule = ruleOf(column, policy)
  const relation = [...policy.relations.keys()].find((name) => column.startsWith(`${name}.`)) ?? ''
  // A column without a rule shows nothing.
  return { relation, column: column.slice(relation.length + 1), how: rule?.kind === 'mask' ? rule.how : 'null' }
}

/**
 * Does this output really originate from the masked column that the plan names, and not from another column or a whole
 * row of that name?
 */
function isFrom(mask: ColumnPlan['masks'][number], output: Resolution['output'][number] | undefined): boolean {
  return output?.origin?.relation === mask.relation && output.origin.column === mask.column
}

function refusedFor(columns: readonly string[], examined: Examined, policy: SqlPolicy): Proof {
  const [first, ...more] = columns.map((name) => misused(name, ruleOf(name, policy)?.kind ?? 'mask', examined))
  const findings: [Finding, ...Finding[]] =
    first === undefined ? [{ rule: 'sql/not-resolved', ...start, message: unproven }] : [first, ...more]
  return { kind: 'refused', findings }
}

function refusedMixed(columns: readonly string[], examined: Examined): Proof {
  const [name = ''] = columns
  const { line, column } = misused(name, 'mask', examined)
  const shown = name.split('.').slice(2).join('.')
  const message = `"${shown}" is masked: in one output of UNION ALL or CASE it may stand only beside NULL and columns of the same type under the same mask. Select the others as columns of their own.`
  return { kind: 'refused', findings: [{ rule: 'sql/column-masked', line, column, message }] }
}
