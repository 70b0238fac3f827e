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
}

export interface ApprovalsDecideRequest {
  /** allow: it may run once, until the end of the approval. */
  readonly verdict: 'allow' | 'refuse'
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

  /** Allows or refuses what somebody of the caller’s group asked. Wants a key with the scope approve. */
  decide(id: string, body: ApprovalsDecideRequest, options: CallOptions = {}): Promise<ApprovalFacts> {
    return this.#transport.json({ method: 'POST', path: `/v1/approvals/${segment(id)}`, body }, options)
  }
}
