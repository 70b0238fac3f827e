import type { Catalog } from '../core/catalog.ts'
import { ServiceError } from '../core/errors.ts'
import { bindPolicy } from '../validators/sql/bind-policy.ts'
import type { SqlPolicyOptions } from '../validators/sql/options.ts'
import type { SqlPolicy } from '../validators/sql/policy.ts'

/** Binds a policy of the configuration; where it does not fit its source, the error says where it is written. */
export function bindWritten(options: SqlPolicyOptions, catalog: Catalog, place: string): SqlPolicy {
  try {
    return bindPolicy(options, catalog)
  } catch (thrown) {
    if (!(thrown instanceof ServiceError) || thrown.code !== 'invalid-config') throw thrown
    throw new ServiceError('invalid-config', `${place}: ${thrown.message}`, {
      cause: thrown,
      advice: 'Correct the names in the policy; "sallyport config check --sources" tests it.',
    })
  }
}
