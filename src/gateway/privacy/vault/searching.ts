import { ServiceError } from '../../../core/errors.ts'
import type { KeptBy, KeptValues, SearchNotice } from '../../../core/kept-values.ts'
import { limitReached } from '../../../core/limit-reached.ts'
import type { Principal } from '../../../core/principal.ts'
import { Throttle } from '../../admit/throttle.ts'
import type { GrantFor } from '../../authorize/policy.ts'
import type { ValueSearch, ValueSearchResult } from './value-search.ts'

/** Search by value in what is kept of conversations, and their deletion, for groups that may. */
export interface Searching {
  /**
   * Rejects with `forbidden` for a group without the right, `rate-limited` for too many searches, or one beside another.
   */
  find(principal: Principal, asked: SearchAsked, signal: AbortSignal): Promise<ValueSearchResult>
  /** Rejects with `forbidden` as well, and with `not-found` for a conversation that the right does not reach, as for none. */
  forget(principal: Principal, conversation: string, requestId: string): Promise<void>
}

export interface SearchAsked {
  readonly value: string
  /** Goes on behind this conversation. */
  readonly after: string | null
  readonly requestId: string
}

export interface SearchingParts {
  readonly grantFor: GrantFor
  readonly search: Pick<ValueSearch, 'find'>
  readonly stored: Pick<KeptValues, 'forget'>
  /** Resolves when the notice is on the audit trail. */
  readonly onSearch: (notice: SearchNotice) => Promise<void>
  readonly throttle?: Throttle
}

export function createSearching(parts: SearchingParts): Searching {
  const { grantFor, search, stored, onSearch } = parts
  const throttle = parts.throttle ?? new Throttle({ what: 'searches', burst: 10, everyMilliseconds: 6_000 })
  let isSearching = false
  const rightOf = async (principal: Principal, requestId: string): Promise<KeptBy> => {
    const { group } = principal
    const right = (await grantFor(principal, 'http', requestId)).findValues
    if (right === 'own') return { of: right, principal: principal.id }
    if (right === 'group') return { of: right, group }
    if (right === 'all') return { of: right }
    throw new ServiceError('forbidden', `The group "${group}" may not search what is kept of conversations.`, {
      advice: `Ask the operator: gateway.groups.${group}.find_values has to be own, group or all.`,
    })
  }
  return {
    async find(principal, { value, after, requestId }, signal) {
      const by = await rightOf(principal, requestId)
      throttle.take(principal.id)
      // Each search reads all that is kept: two at a time would only be slower.
      if (isSearching) throw limitReached('Another search is running.', { seconds: 5 })
      isSearching = true
      try {
        const { id, group } = principal
        await onSearch({ event: 'privacy-search', requestId, principal: id, group, of: by.of })
        const result = await search.find(by, value, { after, signal })
        const { found, searched } = result
        const counts = { found: found.length, conversations: searched.conversations }
        await onSearch({ event: 'privacy-search-end', requestId, ...counts })
        return result
      } finally {
        isSearching = false
      }
    },
    async forget(principal, conversation, requestId) {
      const by = await rightOf(principal, requestId)
      const { id, group } = principal
      await onSearch({ event: 'privacy-forget', requestId, principal: id, group, conversation })
      if (await stored.forget(by, conversation)) return
      throw new ServiceError('not-found', 'There is no such conversation.', {
        advice: 'Use an id that POST /v1/privacy/searches gave.',
      })
    },
  }
}
