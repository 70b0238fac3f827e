import type { z } from 'zod'
import type { KeyFacts, KeyKeeper, KeyTerms } from '../../service/sallyport.ts'
import { createKey, listKeys, revokeKey, rotateKey, showKey } from '../../surfaces/wire/admin/keys.ts'
import type { AskAdmin } from './admin-client.ts'

/** The keys of a service that runs elsewhere. */
export function createRemoteKeys(ask: AskAdmin): KeyKeeper {
  return {
    async create({ name, group, scopes, expires }) {
      const body = { name, group, ...(scopes && { scopes: [...scopes] }), ...lasting({ expires }) }
      return newKey(await ask(createKey, { body }))
    },
    async list() {
      const found: KeyFacts[] = []
      for (let after: string | undefined; ;) {
        const { data, next } = await ask(listKeys, { query: { limit: 1_000, ...(after && { after }) } })
        found.push(...data.map(factsOf))
        if (next === null) return found
        after = next
      }
    },
    show: async (id) => factsOf(await ask(showKey, { params: { id } })),
    async rotate(id, { overlapMilliseconds, expires } = {}) {
      const overlap = overlapMilliseconds === undefined ? {} : { overlap_ms: overlapMilliseconds }
      return newKey(await ask(rotateKey, { params: { id }, body: { ...overlap, ...lasting({ expires }) } }))
    },
    async revoke(id) {
      await ask(revokeKey, { params: { id } })
    },
  }
}

const lasting = ({ expires }: { readonly expires: KeyTerms['expires'] | undefined }) => expires && { expires }

function factsOf({
  last_used: lastUsed,
  replaced_by: replacedBy,
  ...facts
}: z.output<typeof showKey.answer>): KeyFacts {
  return { ...facts, lastUsed, replacedBy }
}

function newKey({ key, place, ...facts }: z.output<typeof createKey.answer>) {
  return { ...factsOf(facts), key, place }
}
