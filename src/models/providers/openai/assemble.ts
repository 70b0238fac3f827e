import { charactersPerToken } from '../../../core/tokens.ts'
import { ServiceError } from '../../../core/errors.ts'
import type { ModelEvent, ToolRequest } from '../../model.ts'
import type { CallDelta, Chunk } from './wire.ts'

type Finish = Extract<ModelEvent, { readonly type: 'finish' }>

interface PartialCall {
  readonly index: number | null
  readonly id: string | null
  name: string
  argumentsText: string
}

export interface TurnAssembler {
  /** Takes a chunk and returns the text it adds. */
  add(chunk: Chunk): string
  /** True once the endpoint said why it stopped. */
  finished(): boolean
  /** True once the turn is as long as it may be: what follows is not wanted. */
  full(): boolean
  /** The calls and the finish. Throws `model-protocol` when the endpoint never said why it stopped. */
  end(): { readonly calls: readonly ToolRequest[]; readonly finish: Finish }
}

export interface TurnAssemblerOptions {
  /** Feeds the estimate of tokens where the endpoint gives no usage. */
  readonly promptCharacters: number
  /** Text and arguments together; a turn that is longer is cut there, as one that reached its limit of tokens. */
  readonly maximumCharacters: number
}

/** Builds one turn out of chunks. */
export function createTurnAssembler({ promptCharacters, maximumCharacters }: TurnAssemblerOptions): TurnAssembler {
  const calls: PartialCall[] = []
  let reason: string | null = null
  let usage: Chunk['usage'] = null
  let characters = 0
  let argumentCharacters = 0
  const full = (): boolean => characters + argumentCharacters > maximumCharacters

  return {
    add(chunk) {
      usage = chunk.usage ?? usage
      const choice = chunk.choices?.[0]
      if (choice === undefined) return ''
      for (const delta of choice.delta?.tool_calls ?? []) {
        addCallDelta(calls, delta)
        argumentCharacters += delta.function?.arguments.length ?? 0
      }
      // An empty string is no reason: some endpoints send it with every chunk.
      if (choice.finish_reason) reason = choice.finish_reason
      const text = (choice.delta?.content ?? '') + (choice.delta?.refusal ?? '')
      const kept = text.slice(0, Math.max(0, maximumCharacters - characters - argumentCharacters))
      characters += text.length
      if (full()) reason = 'length'
      return kept
    },
    finished: () => reason !== null,
    full,
    end() {
      if (reason === null) {
        throw new ServiceError(
          'model-protocol',
          "The model's answer broke off: the stream ended without a finish reason",
          {
            advice: 'Try again; where it happens each time, check the endpoint and any proxy before it.',
          },
        )
      }
      const finishReason = finishReasonOf(reason, calls.length > 0)
      const written = calls.reduce((sum, call) => sum + call.name.length + call.argumentsText.length, characters)
      return {
        // A turn cut at its length has cut arguments too: none of its calls is to be trusted.
        calls: finishReason === 'tool-calls' ? withUniqueIds(calls) : [],
        finish: {
          type: 'finish',
          reason: finishReason,
          usage: usage
            ? { inputTokens: usage.prompt_tokens, outputTokens: usage.completion_tokens, estimated: false }
            : {
                inputTokens: Math.ceil(promptCharacters / charactersPerToken),
                outputTokens: Math.ceil(written / charactersPerToken),
                estimated: true,
              },
        },
      }
    },
  }
}

/**
 * Endpoints differ: most number calls by `index`; some give every call index 0 and a new id, some no index at all. A new
 * id starts a new call; a delta without one continues the call of its index, else the last.
 */
function addCallDelta(calls: PartialCall[], delta: CallDelta): void {
  const index = delta.index ?? null
  const id = delta.id ? delta.id : null
  const sameIndex = index === null ? calls.at(-1) : calls.findLast((call) => call.index === index)
  const known = id === null ? sameIndex : (calls.findLast((call) => call.id === id) ?? adoptable(sameIndex))
  const call = known ?? { index, id, name: '', argumentsText: '' }
  if (known === undefined) calls.push(call)
  const name = delta.function?.name ?? ''
  if (name !== call.name) call.name += name
  call.argumentsText += delta.function?.arguments ?? ''
}

function adoptable(call: PartialCall | undefined): PartialCall | undefined {
  return call !== undefined && call.id === null && call.argumentsText === '' ? call : undefined
}

function finishReasonOf(reason: string, hasCalls: boolean): Finish['reason'] {
  if (reason === 'length' || reason === 'max_tokens') return 'length'
  if (reason === 'content_filter') return 'content-filter'
  // Some endpoints say "stop" for a turn that calls tools.
  return hasCalls ? 'tool-calls' : 'stop'
}

function withUniqueIds(calls: readonly PartialCall[]): ToolRequest[] {
  const seen = new Set<string>()
  return calls.map((call, position) => {
    const wanted = call.id ?? `call_${position + 1}`
    const callId = seen.has(wanted) ? `${wanted}_${position + 1}` : wanted
    seen.add(callId)
    return { callId, name: call.name, argumentsText: call.argumentsText }
  })
}
