import type { Approval, ApprovalDecision, CallApprover, Rewriting } from '../../core/approvals.ts'
import { ServiceError } from '../../core/errors.ts'
import type { JsonValue } from '../../core/json.ts'
import { approvalObject } from '../../surfaces/wire/approvals.ts'
import type { ExplainStatement } from '../approval-question.ts'
import type { RunningService } from '../running-service.ts'
import { readAs } from './read-as.ts'

interface RemoteApprovalsOptions {
  readonly service: RunningService
  readonly approver: CallApprover
  /** Whether a statement passes the gate of the service. */
  readonly explain: ExplainStatement
  /** Ends the answer. */
  readonly leave: (reason: ServiceError) => void
}

/**
 * Asks the person at this terminal about calls that wait at a service elsewhere, and tells it what they decide. One whose key may not decide is told so by the
 * service, and one who decides later leaves the answer, as here.
 */
export class RemoteApprovals {
  readonly #options: RemoteApprovalsOptions
  #asking = new AbortController()
  #decided: Promise<void>[] = []

  constructor(options: RemoteApprovalsOptions) {
    this.#options = options
  }

  /** Begins to ask. */
  ask(id: string, signal: AbortSignal): void {
    const asking = AbortSignal.any([signal, this.#asking.signal])
    const decided = this.#decide(id, asking).catch((thrown: unknown) => {
      if (asking.aborted || (thrown instanceof ServiceError && thrown.code === 'conflict')) return
      this.#options.leave(thrown instanceof ServiceError ? thrown : new ServiceError('internal', String(thrown)))
    })
    this.#decided.push(decided)
  }

  /** The answer goes on: whatever is still asked here was decided elsewhere. Resolves when nothing is asked any more. */
  async settle(): Promise<void> {
    this.#asking.abort()
    await Promise.all(this.#decided)
    this.#asking = new AbortController()
    this.#decided = []
  }

  async #decide(id: string, signal: AbortSignal): Promise<void> {
    const { service, approver, explain, leave } = this.#options
    const path = `/v1/approvals/${id}`
    const approval = toApproval(readAs(approvalObject, await service.ask('GET', path, signal)))
    if (approval.state !== 'pending') return
    const decision = await approver(approval, rewritingOf(approval, explain), signal)
    if (decision === null) return leave(undecided(approval))
    await service.post(path, bodyOf(decision), signal)
  }
}

/** Another text is taken where the service says so. Of a statement its gate is asked before; a program it checks where it runs. */
function rewritingOf({ editable, language, source }: Approval, explain: ExplainStatement): Rewriting | null {
  if (editable === undefined) return null
  const check: Rewriting['check'] = async (text, signal) => {
    if (language !== 'sql') return []
    const explanation = await explain(text, source, signal)
    return explanation.kind === 'refused' ? explanation.findings : []
  }
  return { text: editable, check }
}

function bodyOf(decision: ApprovalDecision): JsonValue {
  if (typeof decision !== 'string') return { verdict: 'edit', text: decision.changedTo }
  return { verdict: decision === 'allowed' ? 'allow' : 'refuse' }
}

function undecided({ id, expires, reason }: Approval): ServiceError {
  return new ServiceError('approval-required', `A person has to allow this call before it runs: ${reason}`, {
    advice: `It waits as ${id} until ${expires.toISOString()}. Once it is allowed, ask the same again.`,
    approval: { id, expires },
  })
}

function toApproval({
  asked_at: asked,
  expires_at: expires,
  decided_by: decidedBy,
  editable,
  ...rest
}: ReturnType<typeof approvalObject.parse>): Approval {
  const { id, state, principal, group, tool, language, source, digest, rules, reason, text } = rest
  const words = { reason, text, ...(editable === null ? {} : { editable }) }
  const facts = { id, state, principal, group, tool, language, source, digest, rules, ...words, decidedBy }
  return { ...facts, asked: new Date(asked), expires: new Date(expires), requestId: '' }
}
