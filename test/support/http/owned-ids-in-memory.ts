import type { OwnedIds } from '../../../src/core/owned-ids.ts'

/** The most ids that are remembered; the oldest go first, and are then answered as if they did not exist. */
const mostIds = 200_000

/** Remembers for as long as the process lives: after a restart every id is nobody's. */
export function ownedIdsInMemory(): OwnedIds {
  const owners = new Map<string, string>()
  const keyOf = (upstream: string, id: string): string => `${upstream}\n${id}`
  return {
    async remember({ principal, upstream, ids }) {
      for (const id of ids) {
        const key = keyOf(upstream, id)
        if (!owners.has(key)) owners.set(key, principal)
      }
      for (const key of owners.keys()) {
        if (owners.size <= mostIds) break
        owners.delete(key)
      }
    },
    owners: async (upstream, ids) => new Map(ids.map((id) => [id, owners.get(keyOf(upstream, id)) ?? null])),
    async forget(upstream, ids) {
      for (const id of ids) owners.delete(keyOf(upstream, id))
    },
  }
}
