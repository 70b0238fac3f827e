import type { ProposedCall } from '../../provenance/decide-action.ts'
import type { JsonObject } from '../apis/api.ts'
import { protocol } from '../calls/stream-faults.ts'
import { longestEvent } from '../calls/whole-events.ts'

/** The sentence that stands in the place of a call; null where the client may make it. Calls of one answer are asked about in order. */
export type DecideCall = (call: ProposedCall) => Promise<string | null>

/** Holds calls of a stream until they are whole and decided; everything else flows on. */
export interface GuardedStream {
  /** Takes one or several whole events; gives what may leave. */
  push(events: string): Promise<string>
  /** What is left when nothing comes any more. */
  end(): Promise<string>
}

/** Events that wait for the end of their call. */
export class HeldEvents {
  #events: string[] = []
  #length = 0

  hold(event: string): void {
    this.#length += event.length
    if (this.#length > longestEvent) throw protocol('a call of a tool that is too long to be decided about')
    this.#events.push(event)
  }

  /** All of them; nothing is held after. */
  take(): string {
    const taken = this.#events.join('')
    this.#events = []
    this.#length = 0
    return taken
  }
}

export const dataEvent = (data: JsonObject): string => `data: ${JSON.stringify(data)}\n\n`
export const namedEvent = (data: JsonObject): string => `event: ${String(data['type'])}\n${dataEvent(data)}`
