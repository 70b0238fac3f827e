import type { PolicyNotice, ProvenanceNotice, ShadowNotice, ShadowSide } from '../../core/facts.ts'
import type { AuditFact } from './entry.ts'

/**
 * A decision of policy as it stands on the trail: who asked, what it was about, and by which rules of which revision it was
 * made. The reason is left out: a rule may put a value of a request into it. A fault is one of a few sentences of our own.
 */
export function decisionFact(notice: PolicyNotice): AuditFact {
  const { decision, requestId, principal, group, allowed, revision, rules, fault } = notice
  const outcome = fault !== null ? 'fault' : allowed ? 'allowed' : 'refused'
  const told = { event: 'policy-decision', requestId: requestId ?? '', decision, outcome, principal, group, revision }
  return { ...told, rules: [...rules], ...(fault === null ? {} : { fault: fault.what }) }
}

/** What rules that decide nothing would have decided otherwise, as it stands on the trail. */
export function shadowFact({ decision, requestId, principal, group, inForce, shadow }: ShadowNotice): AuditFact {
  const told = { event: 'policy-shadow', requestId: requestId ?? '', decision, principal, group }
  return { ...told, inForce: keptSide(inForce), shadow: shadow && keptSide(shadow) }
}

const keptSide = ({ outcome, revision, rules }: ShadowSide) => ({ outcome, revision, rules: [...rules] })

/** A decision by provenance as it stands on the trail: which reads the call may come of, by their ids. */
export function provenanceFact(notice: ProvenanceNotice): AuditFact {
  const { requestId, principal, group, tool, outcome, mode, rules, reads } = notice
  const told = { event: 'provenance-decision', requestId, principal, group, tool, outcome, mode, rules: [...rules] }
  return { ...told, reads: reads.map(({ id, callId, origin }) => ({ id, callId, origin })) }
}
