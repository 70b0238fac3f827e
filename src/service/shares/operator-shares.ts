import { ServiceError } from '../../core/errors.ts'
import type { OperatorShares, Share, ShareFacts, ShareFilter } from '../../core/shares.ts'
import type { PageOptions } from '../../core/conversations.ts'

/** Where shares are kept. */
interface EveryShare {
  listEvery(filter: ShareFilter, page: PageOptions): Promise<readonly ShareFacts[]>
  facts(id: string): Promise<ShareFacts | null>
  find(id: string): Promise<Share | null>
  delete(principal: string, id: string): Promise<boolean>
}

export function createOperatorShares(shares: EveryShare): OperatorShares {
  return {
    list: (filter, page) => shares.listEvery(filter, page),
    async read(id) {
      const found = await shares.find(id)
      if (found === null) throw noShare(id)
      return found
    },
    async revoke(id) {
      const found = await shares.facts(id)
      // Whoever made it, or its end, may have been faster.
      if (found === null || !(await shares.delete(found.principal, id))) throw noShare(id)
    },
  }
}

function noShare(id: string): ServiceError {
  return new ServiceError('not-found', `There is no share "${id.slice(0, 100)}".`, {
    advice:
      'It was revoked, has expired or went with its conversation; GET /admin/v1/shares lists those that there are.',
  })
}
