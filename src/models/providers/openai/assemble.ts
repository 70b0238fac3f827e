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

/** Of a tool, in characters. */
const longestName = 64

/** What a call counts beside what it says, so that calls that say nothing have an end too. */
const charactersPerCall = 64

/** No tokenizer makes more of a character; what a provider adds of its own to a prompt or an answer comes on top. */
const mostTokensPerCharacter = 3
const spareTokens = 100_000

export interface TurnAssembler {
  /** Takes a chunk and returns the text it adds. */
  add(chunk: Chunk): string
  /** Names of tools of which calls were begun since this was last asked, each once a turn. */
  takeBegun(): readonly string[]
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
  const calls = new PartialCalls()
  let reason: string | null = null
  let usage: Chunk['usage'] = null
  let characters = 0
  let position: number | null = null
  const full = (): boolean => characters + calls.characters > maximumCharacters
  /** A count far above what was asked and may be said is a fault of the endpoint's, which must not use up a day's quota. */
  const isBelievable = (counted: Chunk['usage']): counted is NonNullable<Chunk['usage']> =>
    counted !== null &&
    counted !== undefined &&
    counted.prompt_tokens <= mostTokensPerCharacter * promptCharacters + spareTokens &&
    counted.completion_tokens <= maximumCharacters + spareTokens

  return {
    add(chunk) {
      usage = chunk.usage ?? usage
      // One answer was asked for: those beside the first are not mixed into it.
      position ??= chunk.choices?.[0]?.index ?? null
      const choice = chunk.choices?.find(({ index }) => (index ?? position) === position)
      if (choice === undefined) return ''
      for (const delta of choice.delta?.tool_calls ?? []) {
        if (!full()) calls.add(delta)
      }
      // Some endpoints send an empty string with every chunk, which does not end the turn.
      if (choice.finish_reason) reason = choice.finish_reason
      const text = (choice.delta?.content ?? '') + (choice.delta?.refusal ?? '')
      const kept = text.slice(0, Math.max(0, maximumCharacters - characters - calls.characters))
      characters += text.length
      if (full()) reason = 'length'
      return kept
    },
    takeBegun: () => calls.begun.splice(0),
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
      const finishReason = finishReasonOf(reason, calls.all.length > 0)
      const written = calls.all.reduce((sum, call) => sum + call.name.length + call.argumentsText.length, characters)
      return {
        // A turn cut at its length has cut arguments too: none of its calls is to be trusted.
        calls: finishReason === 'tool-calls' ? withUniqueIds(calls.all) : [],
        finish: {
          type: 'finish',
          reason: finishReason,
          usage: isBelievable(usage)
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
class PartialCalls {
  readonly all: PartialCall[] = []
  /** Names that nobody was told of yet. */
  readonly begun: string[] = []
  readonly #told = new Set<string>()
  readonly #byId = new Map<string, PartialCall>()
  /** The last call of each index. */
  readonly #byIndex = new Map<number, PartialCall>()
  #characters = 0

  /** What was said so far: ids, names and arguments. */
  get characters(): number {
    return this.#characters
  }

  add(delta: CallDelta): void {
    const call = this.#callOf(delta)
    const name = delta.function?.name ?? ''
    const text = delta.function?.arguments ?? ''
    if (name !== call.name) call.name += name
    if (name !== '') this.#tell(call.name)
    call.argumentsText += text
    this.#characters += name.length + text.length
  }

  /** Each name once, and none that is longer than any tool's. */
  #tell(name: string): void {
    if (name.length > longestName || this.#told.has(name)) return
    this.#told.add(name)
    this.begun.push(name)
  }

  #callOf(delta: CallDelta): PartialCall {
    const index = delta.index ?? null
    const id = delta.id ? delta.id : null
    const sameIndex = index === null ? this.all.at(-1) : this.#byIndex.get(index)
    const known = id === null ? sameIndex : (this.#byId.get(id) ?? adoptable(sameIndex))
    if (known !== undefined) return known
    const call = { index, id, name: '', argumentsText: '' }
    this.all.push(call)
    if (id !== null) this.#byId.set(id, call)
    if (index !== null) this.#byIndex.set(index, call)
    this.#characters += charactersPerCall + (id?.length ?? 0)
    return call
  }
}

function adoptable(call: PartialCall | undefined): PartialCall | undefined {
  return call !== undefined && call.id === null && call.argumentsText === '' ? call : undefined
}

/** What endpoints say, in lower case; OpenAI's words and those of others behind the same interface. */
const finishReasons: Readonly<Record<string, Finish['reason']>> = {
  stop: 'stop',
  stop_sequence: 'stop',
  end_turn: 'stop',
  eos: 'stop',
  eos_token: 'stop',
  complete: 'stop',
  tool_calls: 'tool-calls',
  tool_call: 'tool-calls',
  tool_use: 'tool-calls',
  function_call: 'tool-calls',
  length: 'length',
  max_tokens: 'length',
  model_length: 'length',
  content_filter: 'content-filter',
  safety: 'content-filter',
  sensitive: 'content-filter',
  recitation: 'content-filter',
}

/** Throws `model-protocol` for a reason that is none of a turn that came to its end: half an answer must not pass for one. */
function finishReasonOf(reason: string, hasCalls: boolean): Finish['reason'] {
  const word = reason.toLowerCase()
  const known = Object.hasOwn(finishReasons, word) ? finishReasons[word] : undefined
  if (known === undefined) {
    const shown = /^[\w.-]{1,40}$/.test(reason) ? `"${reason}"` : 'a word that is not known'
    throw new ServiceError('model-protocol', `The model's answer broke off: the endpoint says why with ${shown}`, {
      advice: 'Try again; where it happens each time, check the endpoint and any proxy before it.',
    })
  }
  if (known === 'length' || known === 'content-filter') return known
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
