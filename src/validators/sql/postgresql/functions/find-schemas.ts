import type { Shadow } from '../../../../core/catalog.ts'
import type { Finding } from '../../../../core/verdict.ts'
import type { OpenStatement } from '../examine.ts'
import { explainFailure } from '../names/resolution-rules.ts'
import type { SqlPolicy } from '../../policy.ts'

interface Given {
  readonly policy: SqlPolicy
  readonly shadow: Shadow
  /** The statement as it was sent. */
  readonly source: string
}

/**
 * Schemas of the functions that the calls of a statement mean, as PostgreSQL chooses among all of that name on the
 * search path of the policy; or why the statement does not analyze. What is chosen is checked when the statement with its
 * names in full is resolved: a call that the analyzer made something else of, such as a cast, is taken for a built-in one.
 * Throws what the shadow throws.
 */
export async function findSchemas(
  open: OpenStatement,
  { policy, shadow, source }: Given,
  signal: AbortSignal,
): Promise<readonly string[] | Finding> {
  const answer = await shadow.resolve(open.canonical, signal, { searchPath: policy.searchPath })
  if (answer.kind === 'failed') return explainFailure(answer.failure, { ...open, source }, policy)
  const chosen = new Map((answer.resolution.calls ?? []).map(({ offset, signature }) => [offset, signature]))
  return open.calls.map((offset) => /^([^.]+)\./.exec(chosen.get(offset) ?? '')?.[1] ?? 'pg_catalog')
}
