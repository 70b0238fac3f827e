import type { OperatorShares } from '../../core/shares.ts'
import {
  listEveryShare,
  readEveryShare,
  revokeEveryShare,
  toSeenShare,
  toSeenShareFacts,
} from '../wire/admin/shares.ts'
import { answers, type AdminRoute } from './handlers.ts'

export function shareRoutes(shares: OperatorShares): readonly AdminRoute[] {
  return [
    answers(listEveryShare, async ({ query: { limit, after, ...filter } }) => {
      const found = await shares.list(filter, { after, most: limit + 1 })
      const data = found.slice(0, limit).map(toSeenShareFacts)
      return { data, next: found.length > limit ? (data.at(-1)?.id ?? null) : null }
    }),
    answers(readEveryShare, async ({ params: { id } }) => toSeenShare(await shares.read(id))),
    answers(revokeEveryShare, async ({ params: { id } }) => {
      await shares.revoke(id)
    }),
  ]
}
