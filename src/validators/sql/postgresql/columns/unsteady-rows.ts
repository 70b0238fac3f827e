import type { Resolution } from '../../../../core/catalog.ts'
import { unsteady } from '../functions/steady-functions.ts'
import type { SqlPolicy } from '../../policy.ts'
import { keyFunction } from './audit-columns.ts'
import { formFinding } from './protected-calls.ts'

/**
 * Why an audit, or a view that it reads, could have other rows when it is asked again, by the functions the analyzer found;
 * null where it cannot. An analyzer that does not tell what its catalog says of them proves nothing.
 */
export function unsteadyRows({ changing, relations }: Resolution, policy: SqlPolicy): string | null {
  const ofViews = relations.flatMap((name) => policy.relations.get(name)?.view?.changing ?? [])
  const [signature] =
    changing === undefined ? ['a function'] : unsteady([...changing.filter((name) => name !== keyFunction), ...ofViews])
  if (signature === undefined) return null
  const name = signature.replace('pg_catalog.', '')
  return formFinding(
    `may not be aggregated over rows or groups chosen by ${name}, which may answer otherwise when it is asked again.`,
  ).message
}
