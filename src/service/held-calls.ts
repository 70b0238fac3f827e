import type { AgentEvent } from '../core/events.ts'
import type { HeldCall, StoppedCall } from '../core/held-call.ts'
import type { ToolAction } from '../tools/permit.ts'

type Became = HeldCall['became']

/** Says how a call that was stopped went on; the last word counts. */
export type TellWhatBecame = (became: Became) => void

interface Told {
  readonly callId: string
  readonly tool: string
  /** What its model wrote; null where nothing runs that a model wrote. */
  readonly text: string | null
}

interface Stopped extends StoppedCall {
  readonly tool: string
  readonly written: string
  became: Became
}

/** No honest run is stopped so often; what comes behind stands on the trail alone. */
const mostHeld = 100
/** Of what a call may come of, the last ones. */
const mostReads = 20

/** Which calls of one run were asked about or refused, and what became of each, to be kept with its end. */
export class HeldCalls {
  readonly #told: Told[] = []
  readonly #stopped: Stopped[] = []

  stop({ tool, written }: Pick<ToolAction, 'tool' | 'written'>, stopped: StoppedCall): TellWhatBecame {
    const held: Stopped = { ...stopped, tool, written, became: 'undecided' }
    if (this.#stopped.length < mostHeld) this.#stopped.push(held)
    return (became) => {
      held.became = became
    }
  }

  /** Of each event of the run, as its agent says it. */
  see(event: AgentEvent): void {
    if (event.type !== 'tool-call') return
    const { callId, tool, source } = event
    this.#told.push({ callId, tool, text: source?.text ?? null })
  }

  /** By the numbers of the calls, in the order in which they were stopped. */
  get all(): readonly HeldCall[] {
    const taken = new Set<Told>()
    const numberOf = (told: Told | undefined): number | null =>
      told === undefined ? null : this.#told.indexOf(told) + 1
    return this.#stopped.map(({ tool, written, became, outcome, mode, rules, reason, reads }) => {
      const open = this.#told.filter((told) => told.tool === tool && !taken.has(told))
      const call = open.find(({ text }) => text === written) ?? open.find(({ text }) => text === null)
      if (call !== undefined) taken.add(call)
      const read = reads.slice(-mostReads).map(({ id, callId, tool: by, origin }) => {
        const from = this.#told.find((told) => told.callId === callId)
        return { id, call: numberOf(from), tool: by, origin }
      })
      return { call: numberOf(call), tool, outcome, mode, rules, reason, reads: read, became }
    })
  }
}
