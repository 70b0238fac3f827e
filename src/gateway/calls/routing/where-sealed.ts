import { ServiceError } from '../../../core/errors.ts'
import type { OwnedIds } from '../../../core/owned-ids.ts'

/**
 * Those of the upstreams that can read the sealed items of a call: all where it has none, that of their maker where one is
 * known, and the first where nobody is. Throws `invalid-request` for items of several, which none of them can read.
 */
export async function whereSealed(
  sealed: readonly string[],
  upstreams: readonly string[],
  ownedIds: Pick<OwnedIds, 'owners'>,
): Promise<readonly string[]> {
  if (sealed.length === 0 || upstreams.length < 2) return upstreams
  const makers = new Map<string, Set<string>>()
  for (const upstream of upstreams) {
    for (const [id, principal] of await ownedIds.owners(upstream, sealed)) {
      if (principal !== null) makers.set(id, (makers.get(id) ?? new Set()).add(upstream))
    }
  }
  // Who made what nobody knows cannot be asked; it is sealed, so that the first learns nothing of it.
  if (makers.size === 0) return upstreams.slice(0, 1)
  const readers = upstreams.filter((upstream) => [...makers.values()].every((known) => known.has(upstream)))
  if (readers.length > 0) return readers
  throw new ServiceError(
    'invalid-request',
    'The request has reasoning of several providers, which none of them can read.',
    {
      parameter: 'model',
      advice: 'Send the sealed reasoning of one of them, or none.',
    },
  )
}
