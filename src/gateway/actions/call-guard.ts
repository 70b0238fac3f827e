import { ServiceError } from '../../core/errors.ts'
import type { ActionNotice } from '../../core/facts.ts'
import type { AuthorizedCall, ModelApi, ScreenedAnswer } from '../../core/model-call.ts'
import {
  readConversation,
  type Conversation,
  type ConversationOptions,
  type Judge,
  type JudgedCall,
  type Turn,
} from '../../provenance/conversation.ts'
import type { ProposedCall } from '../../provenance/decide-action.ts'
import { notCalled } from '../../provenance/explain.ts'
import { shownName } from '../../provenance/shown-value.ts'
import type { JsonObject } from '../apis/api.ts'
import { together, type Ruled } from '../authorize/action-policy.ts'
import type { AskPerson, WantedAction } from '../authorize/approvals/ask-person.ts'
import type { CallRules } from '../authorize/call-policy.ts'
import { objectOfBody } from '../calls/object-of-body.ts'
import { actionNotice } from './action-record.ts'
import { ChatStream, guardChat } from './chat-answer.ts'
import { chatTurns } from './chat-turns.ts'
import type { DecideCall, GuardedStream } from './guarded-stream.ts'
import { MessagesStream, guardMessages } from './messages-answer.ts'
import { messagesTurns } from './messages-turns.ts'
import { ResponsesStream, guardResponses } from './responses-answer.ts'
import { responsesTurns } from './responses-turns.ts'

/** Decides about the calls of tools that models ask the clients of a group to make. */
export interface CallGuards {
  /** null where nothing is decided about the calls of the group, or the API has none. */
  of(call: AuthorizedCall): CallGuard | null
}

export interface CallGuardOptions {
  readonly actions: ConversationOptions
  readonly askPerson: AskPerson
  /** Rules of the operator, which may be stricter. */
  readonly rules: CallRules
  /** Resolves when it is on the audit trail: no call leaves before. */
  readonly tell: (notice: ActionNotice) => Promise<void>
}

/** What becomes of a call that may not run, and what its client is told. */
interface Held {
  readonly effective: 'ask' | 'refuse'
  readonly sentence: string
}

interface Guarding {
  readonly turnsOf: (body: JsonObject) => readonly Turn[]
  readonly whole: (body: Buffer, begin: () => DecideCall) => Promise<Buffer>
  readonly stream: (begin: () => DecideCall) => GuardedStream
}

const guarding: Readonly<Record<ModelApi, Guarding | null>> = {
  'chat-completions': {
    turnsOf: ({ messages }) => chatTurns(messages),
    whole: guardChat,
    stream: (begin) => new ChatStream(begin),
  },
  messages: { turnsOf: messagesTurns, whole: guardMessages, stream: (begin) => new MessagesStream(begin()) },
  responses: { turnsOf: responsesTurns, whole: guardResponses, stream: (begin) => new ResponsesStream(begin()) },
  embeddings: null,
  'token-counts': null,
}

export function createCallGuards(options: CallGuardOptions): CallGuards {
  return {
    of(call) {
      const guard = guarding[call.api]
      if (call.grant.actions === 'off' || guard === null || call.method === 'DELETE') return null
      return new CallGuard(call, guard, options)
    },
  }
}

/** The calls in the answer to one request. What a caller asks for by an id alone has no conversation: nothing in it is trusted. */
export class CallGuard {
  readonly #call: AuthorizedCall
  readonly #guarding: Guarding
  readonly #options: CallGuardOptions

  constructor(call: AuthorizedCall, guard: Guarding, options: CallGuardOptions) {
    this.#call = call
    this.#guarding = guard
    this.#options = options
  }

  /** The answer as its client may have it: with a sentence in the place of each call that may not run. */
  async answer(answer: ScreenedAnswer, signal: AbortSignal): Promise<ScreenedAnswer> {
    const { body } = answer
    const begin = this.#begin(signal)
    if (!Buffer.isBuffer(body)) return { ...answer, body: guarded(body, this.#guarding.stream(begin)) }
    if (body.length === 0) return answer
    return { ...answer, body: await this.#guarding.whole(body, begin) }
  }

  /** A conversation is read where a call asks for it: most answers have none. */
  #begin(signal: AbortSignal): () => DecideCall {
    let conversation: Conversation | null = null
    return () => {
      let judge: Judge | null = null
      return async (call) => {
        conversation ??= this.#conversation()
        judge ??= conversation.judge()
        return this.#decide(call, { conversation, judge }, signal)
      }
    }
  }

  #conversation(): Conversation {
    const { body } = this.#call
    const request = body === null ? null : objectOfBody(body)
    const turns: readonly Turn[] = request === null ? [{ by: 'unknown' }] : this.#guarding.turnsOf(request)
    return readConversation(turns, this.#options.actions)
  }

  async #decide(
    call: ProposedCall,
    { conversation, judge }: { readonly conversation: Conversation; readonly judge: Judge },
    signal: AbortSignal,
  ): Promise<string | null> {
    const { requestId, principal, api, grant } = this.#call
    const { actions, tell } = this.#options
    const { reads } = conversation
    const judged = judge.decide(call)
    const ruled = await this.#rule(call, { judged, conversation })
    if (ruled.kind === 'refuse') judge.wasRefused()
    const held = grant.actions === 'enforce' ? await this.#held(call, { judged, ruled }, signal) : null
    const effective = held?.effective ?? 'allow'
    await tell(
      actionNotice({ requestId, principal, api, tool: call.tool, ...judged, effective, reads, tools: actions.tools }),
    )
    return held?.sentence ?? null
  }

  /** What rules say besides; they are not asked about what is refused already. Where there is no decision it is held. */
  async #rule(
    { tool }: ProposedCall,
    { judged: { decision }, conversation }: { readonly judged: JudgedCall; readonly conversation: Conversation },
  ): Promise<Ruled> {
    const { requestId, principal, api } = this.#call
    const { actions, rules } = this.#options
    const declared = Object.hasOwn(actions.tools, tool) ? actions.tools[tool] : undefined
    if (decision.kind === 'refuse' || declared === undefined) return { kind: 'allow' }
    const { effect } = declared
    const { origins } = conversation
    try {
      return await rules({ principal, requestId, api, tool, effect, decided: decision.kind, origins })
    } catch (thrown) {
      if (!(thrown instanceof ServiceError)) throw thrown
      return { kind: 'refuse', message: thrown.message }
    }
  }

  /** null where the call may run. */
  async #held(
    call: ProposedCall,
    { judged: { decision, sentence }, ruled }: { readonly judged: JudgedCall; readonly ruled: Ruled },
    signal: AbortSignal,
  ): Promise<Held | null> {
    if (decision.kind === 'refuse') return { effective: 'refuse', sentence: sentence ?? '' }
    const tool = shownName(call.tool)
    if (ruled.kind === 'refuse') return { effective: 'refuse', sentence: `${tool}${notCalled}${ruled.message}` }
    const own = decision.kind === 'ask' ? { rules: [`provenance/${decision.rule}`], reason: sentence ?? '' } : null
    if (ruled.kind === 'allow') return own === null ? null : this.#ask(call, own, signal)
    const reason = `${tool} waits for you: ${ruled.reason}`
    return this.#ask(call, own === null ? { ...ruled, reason } : together(own, ruled), signal)
  }

  /** null where a person has allowed this very call, once. */
  async #ask(
    { tool, arguments: given }: ProposedCall,
    { rules, reason: sentence }: WantedAction['wanted'],
    signal: AbortSignal,
  ): Promise<Held | null> {
    const { requestId, principal, api } = this.#call
    const exact = () =>
      ({
        tool: 'model-call',
        language: null,
        source: `${api} tool`,
        session: null,
        endUser: principal.endUser ?? null,
        before: [],
        text: JSON.stringify({ tool, arguments: given }, null, 2),
      }) as const
    const wanted = { rules, reason: sentence }
    try {
      const finding = await this.#options.askPerson({ principal, requestId, wanted, exact }, signal)
      return finding === null ? null : { effective: 'refuse', sentence: `${sentence} ${finding.message}` }
    } catch (thrown) {
      signal.throwIfAborted()
      if (!(thrown instanceof ServiceError)) throw thrown
      return { effective: 'ask', sentence: `${sentence} ${whyNobody(thrown)}` }
    }
  }
}

/** Where nobody could be asked, the call does not run: the sentence says how it can. */
const whyNobody = ({ code, message, advice }: ServiceError): string =>
  code === 'approval-required' ? advice : `Nobody could be asked: ${message} ${advice}`

async function* guarded(body: AsyncIterable<Buffer>, stream: GuardedStream): AsyncGenerator<Buffer> {
  for await (const events of body) {
    const leaving = await stream.push(events.toString('utf8'))
    if (leaving !== '') yield Buffer.from(leaving)
  }
  const rest = await stream.end()
  if (rest !== '') yield Buffer.from(rest)
}
