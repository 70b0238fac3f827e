import type { Approval, ApprovalFacts } from '../../core/approvals.ts'
import type { ApprovalKeeper } from '../../service/approval-keeper.ts'
import {
  decideEveryApproval,
  listEveryApproval,
  readApproval,
  type SeenApprovalFactsJson,
  type SeenApprovalJson,
} from '../../surfaces/wire/admin/approvals.ts'
import type { AskAdmin } from './admin-client.ts'

/** The approvals of a service that runs elsewhere, which knows by the key who decides. */
export function createRemoteApprovalKeeper(ask: AskAdmin): ApprovalKeeper {
  return {
    async list({ waiting = false, after, most }) {
      const query = { limit: most, state: waiting ? 'waiting' : 'all', ...(after !== undefined && { after }) } as const
      return (await ask(listEveryApproval, { query })).data.map(toFacts)
    },
    show: async (id) => toApproval(await ask(readApproval, { params: { id }, body: {} })),
    decide: async (id, verdict) =>
      toFacts(
        await ask(decideEveryApproval, {
          params: { id },
          body: { verdict: verdict === 'allowed' ? 'allow' : 'refuse' },
        }),
      ),
  }
}

function toFacts(facts: SeenApprovalFactsJson): ApprovalFacts {
  const { id, state, principal, group, tool, language, source, digest, rules, request_id: requestId } = facts
  const { asked_at: asked, expires_at: expires, decided_by: decidedBy } = facts
  const about = { id, state, principal, group, tool, language, source, digest, rules, requestId, decidedBy }
  return { ...about, asked: new Date(asked), expires: new Date(expires) }
}

function toApproval({ reason, text, editable, changed_to: changedTo, ...facts }: SeenApprovalJson): Approval {
  const words = { reason, text, ...(editable !== null && { editable }), ...(changedTo !== null && { changedTo }) }
  return { ...toFacts(facts), ...words }
}
