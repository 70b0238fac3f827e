import type { AgentEvent } from '../core/events.ts'
import type { ReplayedCall } from '../core/replayed-call.ts'
import type { Model, ModelEvent, ToolRequest } from '../models/model.ts'

export interface ReplayOptions {
  readonly calls: readonly ReplayedCall[]
  /** Is this the source that a call asked? Its rows are another's, or nobody's, elsewhere. */
  readonly isSourceOf: (call: ReplayedCall) => boolean
  /** Called before each one is run. */
  readonly onCall: (call: ReplayedCall) => void
}

/**
 * What stands in the place of a model where the calls of a conversation are run again: it calls the same tools with the same texts, one after the other, and
 * stops behind the first that does not come to what it came to before. Everything between a model and its tools stands between it and them as well.
 */
export class Replay {
  readonly model: Model = { id: 'replay', scripted: true, turn: () => this.#turn() }
  readonly #options: ReplayOptions
  /** Of those that were run. */
  #done = 0
  /** How the last one ended, where that was not well. */
  #failure: string | null = null

  constructor(options: ReplayOptions) {
    this.#options = options
  }

  /** To be told of all that the run says. */
  see(event: AgentEvent): void {
    if (event.type === 'tool-refusal') this.#failure = `was refused: ${event.message}`
    else if (event.type === 'tool-failure') this.#failure = `failed: ${event.message}`
    else if (event.type === 'tool-result') {
      const outcome = event.cell?.outcome ?? 'ok'
      const mayFail = this.#options.calls[this.#done]?.mayFail === true
      if (outcome === 'ok' || (outcome === 'user-error' && mayFail)) this.#done += 1
      else this.#failure = `ended otherwise than before: ${event.summary}`
    }
  }

  async *#turn(): AsyncGenerator<ModelEvent, void> {
    const { calls, isSourceOf, onCall } = this.#options
    const next = calls[this.#done]
    const why = this.#failure ?? (next === undefined ? null : whyNot(next, isSourceOf(next)))
    if (next === undefined || next.text === null || why !== null) {
      yield { type: 'text-delta', text: this.#said(why) }
      yield { type: 'finish', reason: 'stop', usage: nothingUsed }
      return
    }
    onCall(next)
    yield { type: 'tool-call', call: requestOf(next, next.text, this.#done + 1) }
    yield { type: 'finish', reason: 'tool-calls', usage: nothingUsed }
  }

  #said(why: string | null): string {
    const { calls } = this.#options
    const made = calls.slice(0, this.#done)
    const files = made.flatMap(({ result }) => (result === null ? [] : [`\`${fileOf(result)}\``]))
    const programs = made.filter(({ tool }) => tool === 'run_python').length
    const there = [
      ...(programs === 0 ? [] : [`what ${counted(programs, 'program')} defined and wrote`]),
      ...(files.length === 0 ? [] : [`the rows of ${counted(files.length, 'query', 'queries')} (${files.join(', ')})`]),
    ]
    const again = there.length === 0 ? 'Nothing was made again.' : `Made again: ${there.join('; ')}.`
    if (why === null) return `Ran again all ${calls.length} that had run here. ${again}`
    const left = calls.length - this.#done
    return `Ran again ${this.#done} of ${calls.length}, and stopped: number ${this.#done + 1} ${why}\n\n${again} Not there: what the ${left === 1 ? 'last one' : `last ${left}`} made.`
  }
}

const nothingUsed = { inputTokens: 0, outputTokens: 0, estimated: false } as const

const fileOf = (result: number): string => `result_${result}.parquet`

const counted = (count: number, one: string, more = `${one}s`): string => `${count} ${count === 1 ? one : more}`

function whyNot({ text, tool, model }: ReplayedCall, isOfSource: boolean): string | null {
  if (text === null)
    return 'cannot be run again: its text is not kept as it was, since a filter changed it or it may not be seen.'
  return tool === 'run_sql' && !isOfSource ? `asked another source; replay it with the model \`${model}\`.` : null
}

function requestOf({ tool }: ReplayedCall, text: string, number: number): ToolRequest {
  const given = tool === 'run_sql' ? { sql: text } : { code: text }
  return { callId: `replay_${number}`, name: tool, argumentsText: JSON.stringify(given) }
}
