import type { AnswerGrounding } from '../core/answer-grounding.ts'
import type { ConversationItem, KeptItem, Run, RunEnd } from '../core/conversations.ts'
import type { AgentEvent, AnswerArtifact } from '../core/events.ts'
import type { PlanStep } from '../core/plan.ts'
import type { Taint } from '../core/provenance.ts'
import { SpacedText } from '../core/spaced-text.ts'

export type RunEnding = Extract<AgentEvent, { readonly type: 'end' }>

export type ToolUse = Extract<ConversationItem, { readonly type: 'tool-use' }>
export type ToolCall = Extract<AgentEvent, { readonly type: 'tool-call' }>

/** An artifact as an answer links to it; `fileId` is the stored file, null where there is none. */
export interface LinkedArtifact {
  readonly artifact: AnswerArtifact
  readonly fileId: string | null
}

/**
 * What a run says, as it is kept: a message is whole before the next thing begins, and every call of a tool has an outcome. A run
 * that goes on and one that is told again come as the same parts.
 */
export type RunPart =
  | { readonly type: 'text'; readonly text: string }
  /** The message that was being said is over; `text` is all of it. */
  | {
      readonly type: 'message'
      readonly text: string
      readonly origins?: readonly Taint[]
      /** What of it the results of the run bear out: of its last message alone. */
      readonly grounding?: AnswerGrounding
    }
  | { readonly type: 'plan'; readonly steps: readonly PlanStep[] }
  | { readonly type: 'call'; readonly call: ToolCall }
  | { readonly type: 'tool-use'; readonly use: ToolUse }
  | ({ readonly type: 'artifact' } & LinkedArtifact)
  | { readonly type: 'end'; readonly end: RunEnding }

/** Of a call whose run broke off. */
export const cutOffOutcome = { kind: 'failure', message: 'The run ended before it was done.' } as const

/** Turns the events of a run into its parts. Of calls that run at the same time one is told after the other. */
export class RunParts {
  readonly #text = new SpacedText()
  /** Where what the model writes now comes from; null where nobody has followed it. */
  #origins: readonly Taint[] | null = null
  readonly #calls: ToolCall[] = []

  next(event: AgentEvent): readonly RunPart[] {
    switch (event.type) {
      case 'step-start':
        this.#origins = event.origins ?? null
        return []
      case 'text-delta':
        return event.text === '' ? [] : [{ type: 'text', text: this.#text.add(event.step, event.text) }]
      case 'plan':
        return [...this.#message(), { type: 'plan', steps: event.steps }]
      case 'tool-call':
        this.#calls.push(event)
        return [...this.#message(), ...(this.#calls.length === 1 ? [callOf(event)] : [])]
      case 'tool-result': {
        const { type: _type, callId: _id, tool: _tool, origins, ...outcome } = event
        return this.#used(event.callId, { kind: 'result', ...outcome }, origins)
      }
      case 'tool-refusal': {
        const { type: _type, callId: _id, tool: _tool, ...outcome } = event
        return this.#used(event.callId, { kind: 'refusal', ...outcome })
      }
      case 'tool-failure':
        return this.#used(event.callId, { kind: 'failure', message: event.message }, event.origins)
      case 'artifact':
        return [{ type: 'artifact', artifact: event.artifact, fileId: null }]
      case 'end':
        return [...this.#unfinished(), ...this.#message(event.grounding), { type: 'end', end: event }]
    }
  }

  #message(grounding?: AnswerGrounding): readonly RunPart[] {
    const text = this.#text.take()
    return text === ''
      ? []
      : [Object.assign({ type: 'message', text } as const, this.#withOrigins(), groundingOf({ grounding }))]
  }

  /** With where it came from: what the model has read, of which it has written the call, and what came of it besides. */
  #withOrigins(more: readonly Taint[] | null = []): { readonly origins?: readonly Taint[] } {
    if (this.#origins === null || more === null) return {}
    return { origins: [...new Set([...this.#origins, ...more])].toSorted() }
  }

  #used(
    callId: string,
    outcome: ToolUse['outcome'],
    origins: readonly Taint[] | null = outcome.kind === 'refusal' ? [] : null,
  ): readonly RunPart[] {
    const at = Math.max(
      0,
      this.#calls.findIndex((call) => call.callId === callId),
    )
    const [call] = this.#calls.splice(at, 1)
    if (call === undefined) return []
    const [following] = this.#calls
    const { tool, source } = call
    const use = { type: 'tool-use', callId, tool, source, outcome, ...this.#withOrigins(origins) } as const
    return [{ type: 'tool-use', use }, ...(following === undefined ? [] : [callOf(following)])]
  }

  #unfinished(): readonly RunPart[] {
    return [...this.#calls].flatMap(({ callId }) => this.#used(callId, cutOffOutcome))
  }
}

const callOf = (call: ToolCall): RunPart => ({ type: 'call', call })

const nothingUsed = { usage: { inputTokens: 0, outputTokens: 0 }, steps: 0, milliseconds: 0 } as const

/** How a run ended that said nothing of it: its process is gone. */
export const interruptedEnd: RunEnd = {
  ending: 'failed',
  // What its caller may read.
  code: 'cancelled',
  message:
    'The run was interrupted: the process that ran it has ended, or could not keep the rest. What it had finished is kept; ask again for the rest.',
  ...nothingUsed,
}

/** The end of a run that broke off with this. */
export const brokenEnd = (of: Pick<RunEnd, 'code' | 'message'> & Partial<RunEnd>): RunEnding => ({
  type: 'end',
  ending: of.code === 'cancelled' ? 'cancelled' : 'failed',
  ...nothingUsed,
  ...of,
})

/** What is kept of a run, as the parts it was told in. What it was asked is not among them. */
export function partsOfKept(run: Run, items: readonly KeptItem[]): readonly RunPart[] {
  const parts = items.flatMap(({ item }): readonly RunPart[] => {
    switch (item.type) {
      case 'message':
        return [
          { type: 'text', text: item.content },
          Object.assign({ type: 'message', text: item.content } as const, originsOf(item), groundingOf(item)),
        ]
      case 'plan':
        return [{ type: 'plan', steps: item.steps }]
      case 'tool-use':
        return [
          { type: 'call', call: { type: 'tool-call', callId: item.callId, tool: item.tool, source: item.source } },
          { type: 'tool-use', use: item },
        ]
      case 'artifact':
        return [{ type: 'artifact', artifact: artifactOf(item), fileId: item.fileId }]
    }
  })
  if (run.state === 'running') return parts
  return [...parts, { type: 'end', end: { type: 'end', ...(run.end ?? interruptedEnd) } }]
}

/** Where something came from, as far as that is known, for what is made of it. */
export const originsOf = ({ origins }: { readonly origins?: readonly Taint[] | undefined }) =>
  origins === undefined ? {} : { origins }

/** What of something its run bears out, as far as that is known. */
export const groundingOf = ({ grounding }: { readonly grounding?: AnswerGrounding | undefined }) =>
  grounding === undefined ? {} : { grounding }

type KeptArtifact = Extract<ConversationItem, { readonly type: 'artifact' }>

/** Without its content, which only links need. */
const artifactOf = ({ name, mediaType, isMasked = false, origins }: KeptArtifact): AnswerArtifact => ({
  ...originsOf({ origins }),
  name,
  mediaType,
  content: '',
  isMasked,
})
