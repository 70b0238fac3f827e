import type { OperatorShares, ShareFacts } from '../../core/shares.ts'
import {
  listEveryShare,
  readEveryShare,
  revokeEveryShare,
  type SeenShareFactsJson,
} from '../../surfaces/wire/admin/shares.ts'
import type { AskAdmin } from './admin-client.ts'

/** The shares of a service that runs elsewhere, which knows by the key who asks. */
export function createRemoteShares(ask: AskAdmin): OperatorShares {
  return {
    async list(filter, { after, most }) {
      const named = Object.fromEntries(Object.entries({ ...filter, after }).filter(([, value]) => value !== undefined))
      return (await ask(listEveryShare, { query: { ...named, limit: most } })).data.map(toFacts)
    },
    async read(id) {
      const { title, left_out: leftOut, ...facts } = await ask(readEveryShare, { params: { id }, body: {} })
      return { ...toFacts(facts), title, leftOut }
    },
    async revoke(id) {
      await ask(revokeEveryShare, { params: { id } })
    },
  }
}

/** The digest of a link’s secret stays where it is. */
function toFacts({ made_at: made, expires_at: expires, ...facts }: SeenShareFactsJson): ShareFacts {
  return { ...facts, made: new Date(made), expires: new Date(expires), secretDigest: null }
}
