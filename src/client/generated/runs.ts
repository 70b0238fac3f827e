// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import { segment } from '../call.ts'
import type { CallOptions, Transport } from '../transport.ts'

export interface RunExplanationCallsItemReadsItem {
  readonly id: string
  readonly call: number | null
  readonly tool: string | null
  readonly origin: 'operator' | 'user' | 'model' | 'tool' | 'row' | 'file' | 'web' | 'unknown'
}

export interface RunExplanationCallsItem {
  /** From 1 on, in the order of the run. */
  readonly call: number | null
  readonly tool: string
  readonly outcome: 'asked' | 'refused' | 'planned' | 'put-back'
  readonly rules: readonly string[]
  /** What was asked, by which data, and what came of it. */
  readonly sentence: string
  readonly ran: boolean
  /** What the model had read that the call may come of, as on the audit trail; `call` is the one that gave it. */
  readonly reads: readonly RunExplanationCallsItemReadsItem[]
}

export interface RunExplanationLineageItem {
  readonly id: string
  readonly kind: 'read' | 'sandbox' | 'file' | 'artifact' | 'turn'
  /** What it was made of: user and operator are trusted; model, tool, row, file and web are what others may have written; unknown is what nobody has followed. */
  readonly origins: readonly ('operator' | 'user' | 'model' | 'tool' | 'row' | 'file' | 'web' | 'unknown')[]
  readonly made_of: readonly string[]
}

export interface RunExplanation {
  readonly id: string
  readonly object: 'run.explanation'
  readonly conversation: string
  readonly status: 'running' | 'completed' | 'incomplete' | 'failed' | 'cancelled' | 'interrupted'
  readonly calls: readonly RunExplanationCallsItem[]
  /** What everything in the run was made of; null where the run has not ended. */
  readonly lineage: readonly RunExplanationLineageItem[] | null
}

/** Of the operations `runs.*`. */
export class Runs {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** Why calls of a run were asked about or refused, in a sentence each, and what everything in it was made of. Wants a key with the scope sessions. */
  explain(id: string, options: CallOptions = {}): Promise<RunExplanation> {
    return this.#transport.json({ method: 'GET', path: `/v1/runs/${segment(id)}/explanation` }, options)
  }
}
