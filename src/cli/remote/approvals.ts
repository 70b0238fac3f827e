import type { Approval, CallApprover } from '../../core/approvals.ts'
import { ServiceError } from '../../core/errors.ts'
import { approvalObject } from '../../surfaces/wire/approvals.ts'
import type { RunningService } from '../running-service.ts'
import { readAs } from './read-as.ts'

interface RemoteApprovalsOptions {
  readonly service: RunningService
  readonly approver: CallApprover
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
    const { service, approver, leave } = this.#options
    const path = `/v1/approvals/${id}`
    const approval = toApproval(readAs(approvalObject, await service.ask('GET', path, signal)))
    if (approval.state !== 'pending') return
    // What a person writes in its place would have to be known to the process that waits, which may be another one.
    const verdict = await approver(approval, null, signal)
    if (verdict === null) leave(undecided(approval))
    else await service.post(path, { verdict: verdict === 'allowed' ? 'allow' : 'refuse' }, signal)
  }
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
  ...rest
}: ReturnType<typeof approvalObject.parse>): Approval {
  const { id, state, principal, group, tool, language, source, digest, rules, reason, text } = rest
  const facts = { id, state, principal, group, tool, language, source, digest, rules, reason, text, decidedBy }
  return { ...facts, asked: new Date(asked), expires: new Date(expires), requestId: '' }
}
