import type { Approval, ApprovalDecision, ApprovalFacts, Approvals } from '../../../src/core/approvals.ts'
import { ServiceError } from '../../../src/core/errors.ts'

/** Approvals of one process, numbered from `apr-1` on; `now` is the time of the store. The real ones have their own contract. */
export function approvalsInMemory(now: () => number = () => 0): Approvals & { readonly kept: readonly Approval[] } {
  const kept: Approval[] = []
  const stateOf = (each: Approval): Approval['state'] =>
    (each.state === 'pending' || each.state === 'allowed') && each.expires.getTime() <= now() ? 'expired' : each.state
  const move = (at: number, changes: Partial<Approval>): Approval => {
    const moved = { ...(kept[at] as Approval), ...changes }
    kept[at] = moved
    return moved
  }
  const decide = (id: string, decision: ApprovalDecision, by: string): ApprovalFacts => {
    const at = kept.findIndex((each) => each.id === id && stateOf(each) === 'pending')
    if (at < 0) throw new ServiceError('conflict', `${id} is decided`)
    const changes = typeof decision === 'string' ? { state: decision } : { state: 'refused' as const, ...decision }
    return move(at, { ...changes, decidedBy: by })
  }
  return {
    kept,
    ask: async (principal, question) => {
      const open = kept.find(
        (each) =>
          each.principal === principal.id &&
          each.digest === question.digest &&
          ['pending', 'allowed'].includes(stateOf(each)),
      )
      if (open !== undefined) return open
      const times = { asked: new Date(now()), expires: new Date(now() + 600_000) }
      const who = { id: `apr-${kept.length + 1}`, principal: principal.id, group: principal.group }
      const approval: Approval = { ...question, ...who, ...times, state: 'pending', decidedBy: null }
      kept.push(approval)
      return approval
    },
    take: async (principal, digest) => {
      const at = kept.findIndex(
        (each) => each.principal === principal.id && each.digest === digest && stateOf(each) === 'allowed',
      )
      return at < 0 ? null : move(at, { state: 'used' })
    },
    show: async (id) => {
      const found = kept.find((each) => each.id === id)
      return found === undefined ? null : { ...found, state: stateOf(found) }
    },
    list: async ({ principal, group, waiting = false, most }) =>
      kept
        .filter((each) => principal === undefined || each.principal === principal)
        .filter((each) => group === undefined || each.group === group)
        .filter((each) => !waiting || stateOf(each) === 'pending')
        .slice(0, most),
    decide: async (id, decision, by) => decide(id, decision, by),
    endOver: async (tell) => {
      const over = kept.flatMap((each, at) => (each.state !== 'expired' && stateOf(each) === 'expired' ? [at] : []))
      for (const at of over) await tell(move(at, { state: 'expired' }))
      return over.length
    },
  }
}
