import type { ActionNotice } from '../core/facts.ts'
import type { Principal } from '../core/principal.ts'
import {
  readConversation,
  type Conversation,
  type ConversationOptions,
  type JudgedCall,
} from '../provenance/conversation.ts'
import type { Quota } from './admit/quota.ts'
import { actionNotice } from './actions/action-record.ts'
import { chatTurns, proposedCall } from './actions/chat-turns.ts'
import { declarationProblems } from './actions/declaration-problems.ts'
import type { GrantFor } from './authorize/policy.ts'
import { toldIfRefused, type TellRefused } from './tell-refused.ts'

/** A call that a model of the caller's wants to make, with the conversation that it comes of. */
export interface AskedAction {
  readonly principal: Principal
  readonly requestId: string
  /** In the form of Chat Completions, as `tools` are; absent where nobody says what is offered. */
  readonly messages: readonly unknown[]
  readonly tools?: readonly unknown[] | undefined
  readonly call: unknown
}

/** What may become of the call; the caller does it, or does not. */
export interface JudgedAction extends JudgedCall {
  readonly reads: Conversation['reads']
  /** What the declarations of the offered tools lack. */
  readonly notes: readonly string[]
}

export interface CheckedAction extends JudgedAction {
  /** Of the decision. */
  readonly id: string
}

export type CheckAction = (asked: AskedAction) => Promise<CheckedAction>

export interface CheckActionOptions {
  readonly actions: ConversationOptions
  readonly grantFor: GrantFor
  readonly quota: Pick<Quota, 'reserve'>
  readonly tellRefused: TellRefused
  /** Resolves when it is on the audit trail: nothing is answered before. */
  readonly tell: (notice: ActionNotice) => Promise<void>
}

/** What can be said of a call without asking anybody else: the same for whoever asks. */
export function judgeAction(
  { messages, tools, call }: Pick<AskedAction, 'messages' | 'tools' | 'call'>,
  actions: ConversationOptions,
): JudgedAction & { readonly tool: string } {
  const conversation = readConversation(chatTurns(messages), actions)
  const proposed = proposedCall(call)
  const judged = conversation.judge().decide(proposed)
  const notes = declarationProblems(tools, actions.tools)
  return { ...judged, tool: proposed.tool, reads: conversation.reads, notes }
}

/**
 * Decides about a call for a caller whose loop runs elsewhere. Counts as a request of its limits. Rejects with `forbidden` and
 * with what the quota refuses.
 */
export function createCheckAction({ actions, grantFor, quota, tell, tellRefused }: CheckActionOptions): CheckAction {
  return async ({ principal, requestId, ...asked }) => {
    const place = await toldIfRefused(requestId, tellRefused, async () => {
      await grantFor(principal, 'http', requestId)
      return quota.reserve(principal, {})
    })
    await using _place = place
    const { tool, ...judged } = judgeAction(asked, actions)
    const about = { requestId, principal, api: 'check', tool, tools: actions.tools }
    const notice = actionNotice({ ...about, ...judged, effective: judged.decision.kind })
    await tell(notice)
    return { ...judged, id: notice.decision }
  }
}
