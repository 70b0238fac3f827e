import type { OperatorApprovals } from '../../gateway/authorize/approvals/operator-desk.ts'
import {
  decideEveryApproval,
  listEveryApproval,
  readApproval,
  toSeenApproval,
  toSeenFacts,
} from '../wire/admin/approvals.ts'
import { requireEnd } from './require-end.ts'
import { answers, type AdminRoute } from './handlers.ts'

export function approvalRoutes(approvals: OperatorApprovals): readonly AdminRoute[] {
  return [
    answers(listEveryApproval, async ({ query: { limit, after, state } }) => {
      const from = after === undefined ? {} : { after }
      const listed = approvals.list({ waiting: state === 'waiting', most: limit + 1, ...from })
      const found = await requireEnd(listed)
      const data = found.slice(0, limit).map(toSeenFacts)
      return { data, next: found.length > limit ? (data.at(-1)?.id ?? null) : null }
    }),
    answers(readApproval, async ({ params: { id } }) => toSeenApproval(await approvals.read(id))),
    answers(decideEveryApproval, async ({ params: { id }, body: { verdict }, principal, requestId }) => {
      const decided = { id, requestId, verdict: verdict === 'allow' ? 'allowed' : 'refused' } as const
      return toSeenFacts(await approvals.decide(principal, decided))
    }),
  ]
}
