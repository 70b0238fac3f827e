import type { ModelApi } from '../../core/model-call.ts'
import type { Principal } from '../../core/principal.ts'
import type { Taint } from '../../core/provenance.ts'
import { askRules, type Ruled } from './action-policy.ts'
import type { Ask } from './ask.ts'

/** A call of a tool of a caller's own loop, as rules are told of it: never an argument of it. */
export interface ProposedModelCall {
  readonly principal: Principal
  readonly requestId: string
  readonly api: ModelApi
  /** A declared one. */
  readonly tool: string
  readonly effect: 'reads' | 'changes'
  readonly decided: 'allow' | 'ask'
  readonly origins: readonly Taint[]
}

/** What rules say of a call that is about to be passed on. Rejects with `forbidden` where there is no decision. */
export type CallRules = (call: ProposedModelCall) => Promise<Ruled>

export function createCallRules(ask: Ask): CallRules {
  return ({ principal, requestId, api, tool, effect, decided, origins }) =>
    askRules(
      ask,
      { principal, channel: 'http', requestId },
      {
        tool: 'model-call',
        language: null,
        source: null,
        tables: [],
        columns: [],
        provenance: [...origins],
        // What the loop of a caller has used before is not known here.
        spent: { tokens: 0, cost: null },
        budget: { cost: null },
        call: { name: tool, api, effect, decided },
      },
    )
}
