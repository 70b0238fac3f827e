import type { Catalog, Shadow } from '../core/catalog.ts'
import { ServiceError } from '../core/errors.ts'
import { bindPolicy } from '../validators/sql/bind-policy.ts'
import { traceViews, type Lineage } from '../validators/sql/inheritance/view-lineage.ts'
import type { SqlPolicyOptions } from '../validators/sql/options.ts'
import type { SqlPolicy } from '../validators/sql/policy.ts'

/** Binds a policy of the configuration; where it does not fit its source, the error says where it is written. */
export function bindWritten(
  options: SqlPolicyOptions,
  { catalog, lineage }: { readonly catalog: Catalog; readonly lineage?: Lineage },
  place: string,
): SqlPolicy {
  try {
    return bindPolicy(options, catalog, lineage)
  } catch (thrown) {
    if (!(thrown instanceof ServiceError) || thrown.code !== 'invalid-config') throw thrown
    throw new ServiceError('invalid-config', `${place}: ${thrown.message}`, {
      cause: thrown,
      advice: 'Correct the names in the policy; "sallyport config check --sources" tests it.',
    })
  }
}

/**
 * Binds a policy and takes the rules of views from what is behind them: a masked column stays masked when a view shows
 * it. `shadow` is null for a source that has none (MySQL, DuckDB); it is asked only where the policy names a view.
 */
export async function bindTraced(
  options: SqlPolicyOptions,
  { catalog, shadow }: { readonly catalog: Catalog; readonly shadow: Shadow | null },
  { place, signal }: { readonly place: string; readonly signal: AbortSignal },
): Promise<SqlPolicy> {
  const written = bindWritten(options, { catalog }, place)
  if (shadow === null) return written
  const lineage = await traceViews([...written.relations.keys()], { catalog, shadow }, signal)
  return lineage.size === 0 ? written : bindWritten(options, { catalog, lineage }, place)
}
