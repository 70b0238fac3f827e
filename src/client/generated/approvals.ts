// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import { segment } from '../call.ts'
import type { CallOptions, Transport } from '../transport.ts'

export interface ApprovalFacts {
  readonly id: string
  readonly object: 'approval'
  readonly state: 'pending' | 'allowed' | 'refused' | 'used' | 'expired'
  readonly principal: string
  readonly group: string
  readonly tool: string
  readonly language: string | null
  readonly source: string | null
  readonly digest: string
  readonly rules: readonly string[]
  readonly asked_at: string
  readonly expires_at: string
  readonly decided_by: string | null
}

export interface ApprovalsListAnswer {
  readonly object: 'list'
  readonly data: readonly ApprovalFacts[]
}

export interface Approval {
  readonly id: string
  readonly object: 'approval'
  readonly state: 'pending' | 'allowed' | 'refused' | 'used' | 'expired'
  readonly principal: string
  readonly group: string
  readonly tool: string
  readonly language: string | null
  readonly source: string | null
  readonly digest: string
  readonly rules: readonly string[]
  readonly asked_at: string
  readonly expires_at: string
  readonly decided_by: string | null
  readonly reason: string
  /** All of what would run. */
  readonly text: string
  /** What the caller may write anew, with the verdict edit; null where that is nothing. */
  readonly editable: string | null
  /** What whoever asked wrote in place of it; null where they did not. */
  readonly changed_to: string | null
}

export interface ApprovalsDecideRequest {
  /** allow: it may run once, until the end of the approval. edit: it is refused, and the answer that waits for it goes on with text in its place, which passes the gate and the rules as any other. */
  readonly verdict: 'allow' | 'refuse' | 'edit'
  /** With edit: what runs in place of editable. For whoever asked alone, whose key has the scope sql, or execute where it is a program. */
  readonly text?: string | undefined
}

/** Of the operations `approvals.*`. */
export class Approvals {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** What waits for a person, newest first. */
  list(options: CallOptions = {}): Promise<ApprovalsListAnswer> {
    return this.#transport.json({ method: 'GET', path: '/v1/approvals' }, options)
  }

  /** One approval, with all that would run. */
  show(id: string, options: CallOptions = {}): Promise<Approval> {
    return this.#transport.json({ method: 'GET', path: `/v1/approvals/${segment(id)}` }, options)
  }

  /** Allows or refuses what somebody of the caller’s group asked, or changes what the caller itself asked. Wants a key with the scope approve. */
  decide(id: string, body: ApprovalsDecideRequest, options: CallOptions = {}): Promise<ApprovalFacts> {
    return this.#transport.json({ method: 'POST', path: `/v1/approvals/${segment(id)}`, body }, options)
  }
}
