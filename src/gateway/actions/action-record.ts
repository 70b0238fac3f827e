import { randomUUID } from 'node:crypto'
import type { ActionNotice } from '../../core/facts.ts'
import type { Principal } from '../../core/principal.ts'
import type { Conversation, JudgedCall } from '../../provenance/conversation.ts'
import type { ToolDeclarations } from '../../provenance/declarations.ts'

interface ActionRecord extends JudgedCall {
  readonly requestId: string
  readonly principal: Principal
  readonly api: string
  readonly tool: string
  readonly effective: ActionNotice['effective']
  readonly reads: Conversation['reads']
  readonly tools: ToolDeclarations
}

/** What the audit trail is told of a decision. Names that no operator has written are what a model made up: they stay out. */
export function actionNotice(record: ActionRecord): ActionNotice {
  const { requestId, principal, api, tool, decision, effective, reads, tools } = record
  const unproven = decision.kind === 'ask' ? decision.shown.filter(({ ground }) => ground === null) : []
  const gave = new Set(unproven.flatMap(({ from }) => from))
  return {
    decision: `act-${randomUUID()}`,
    requestId,
    principal: principal.id,
    group: principal.group,
    api,
    tool: Object.hasOwn(tools, tool) ? tool : null,
    decided: decision.kind,
    rule: decision.rule,
    effective,
    reads: reads.map(({ id, tool: read, origin, trusted }) => {
      return { id, tool: read, origin, trusted, gave: gave.has(id) }
    }),
    unproven: unproven.length,
  }
}
