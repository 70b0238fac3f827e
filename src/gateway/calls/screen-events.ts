import type { CallFacts, ReceivedCall } from '../../core/model-call.ts'
import type { UpstreamFault } from '../../core/upstream-fault.ts'
import { failureFrom, type ApiDescription, type JsonObject, type StreamEnd, type StreamFailure } from '../apis/api.ts'
import type { CallMeter } from './call-meter.ts'
import { dataOf, eventsOf, type ReadEvent } from './event-data.ts'
import { protocol, toldFault } from './stream-faults.ts'
import { untilSilent } from './until-silent.ts'
import { wholeEvents } from './whole-events.ts'

export interface ScreenAnswerOptions {
  readonly api: ApiDescription
  readonly facts: CallFacts
  readonly method: ReceivedCall['method']
  /** Keeps ids of what the provider has made; resolves before the caller can read them. */
  readonly keep: (ids: readonly string[]) => Promise<void>
  readonly meter: CallMeter
}

/** One or several whole events of a stream. */
export interface ScreenedEvents {
  readonly bytes: Buffer
  /** Do they bring anything of the answer? Comments and pings, and what only announces it, do not. */
  readonly hasContent: boolean
  /** Has the answer come to its end, or said why it ends? */
  readonly isOver: boolean
}

/** The events of a stream as they may leave. Throws an `UpstreamFault` behind the last of them that can be read. */
export async function* screenEvents(
  body: AsyncIterable<Buffer>,
  leave: () => void,
  { api, facts, keep, meter }: ScreenAnswerOptions,
): AsyncGenerator<ScreenedEvents> {
  const kept = new Set<string>()
  const reader = new StreamReader(api, facts)
  const incoming = untilSilent(
    wholeEvents(body, (event) => reader.isLast(event)),
    () => reader.isOver,
    leave,
  )
  for await (const whole of incoming) {
    meter.came(whole.length)
    // What is looked for is ASCII, and this reading of bytes is the cheapest.
    const { kept: parts, fault, hasContent, objects } = reader.read(whole.toString('latin1'))
    const bytes = partsOf(whole, parts)
    const text = bytes.toString('latin1')
    meter.hasContent ||= hasContent
    if (withUsage.test(text)) for (const data of objects) meter.count(api.usageOf(data))
    if (api.mayKeep(text, facts.answerIsKept)) {
      const ids = [...dataOf(bytes.toString('utf8'))].flatMap((data) => api.keptIdsOf(data, facts.answerIsKept))
      const unknown = ids.filter((id) => !kept.has(id))
      if (unknown.length > 0) await keep(unknown)
      for (const id of unknown) kept.add(id)
    }
    if (bytes.length > 0) yield { bytes, hasContent, isOver: reader.isOver }
    if (fault !== null) throw fault
  }
  if (!reader.isOver) throw protocol('a stream that broke off before its end')
  if (!reader.hasEnded && api.endMark !== undefined) {
    yield { bytes: Buffer.from(api.endMark), hasContent: false, isOver: true }
  }
}

function partsOf(whole: Buffer, parts: readonly Part[]): Buffer {
  const [first, ...others] = parts
  if (first === undefined) return Buffer.alloc(0)
  if (others.length === 0) return whole.subarray(first.begin, first.end)
  return Buffer.concat(parts.map(({ begin, end }) => whole.subarray(begin, end)))
}

const withUsage = /"usage"\s*:\s*\{/

/** Events that keep a connection open, by whatever name. */
const signsOfLife = /^(?:ping|keep-?alive|heartbeat)$/i

interface Part {
  readonly begin: number
  end: number
}

interface ToldByEvent {
  readonly leaves: boolean
  readonly fault: UpstreamFault | null
}

const passing: ToldByEvent = { leaves: true, fault: null }
const skipped: ToldByEvent = { leaves: false, fault: null }
const failing = (fault: UpstreamFault): ToldByEvent => ({ leaves: false, fault })

/** Reads the events of one stream up to the first that is none, or that tells of a failure. */
class StreamReader {
  readonly #api: ApiDescription
  readonly #endOf: StreamEnd
  hasEnded = false
  /** Has the reason to end been said? All of the answer is there then. */
  isOver = false
  /** Nothing leaves any more of what comes behind an answer that is over. */
  #isClosed = false

  constructor(api: ApiDescription, facts: CallFacts) {
    this.#api = api
    this.#endOf = api.streamEnd(facts)
  }

  /** May the stream end with this event, which lacks the empty line behind it? */
  isLast(event: string): boolean {
    if (/^data: ?\[DONE\]\s*$/.test(event)) return true
    const needed = this.#api.endMark === undefined ? 'reason' : 'end'
    return [...dataOf(event)].some((data) => this.#endOf(data)?.includes(needed) === true)
  }

  /** `kept` are the parts of the text that may leave. */
  read(text: string) {
    const objects: JsonObject[] = []
    const kept: Part[] = []
    let hasContent = false
    let fault: UpstreamFault | null = null
    if (this.#isClosed) return { objects, hasContent, fault, kept }
    for (const event of eventsOf(text)) {
      const told = this.#toldBy(event)
      fault = told.fault
      if (told.leaves) {
        const { begin, end, data } = event
        const last = kept.at(-1)
        if (last?.end === begin) last.end = end
        else kept.push({ begin, end })
        if (data !== null) objects.push(data)
        hasContent ||= fault === null && data !== null && this.#api.hasContent(data)
      }
      if (fault !== null || this.#isClosed) break
    }
    return { objects, hasContent, fault, kept }
  }

  #toldBy(event: ReadEvent): ToldByEvent {
    const { data, name, isUnreadable, isMark } = event
    if (isUnreadable) {
      // A client that reads what it is sent would break off at a ping that it cannot read.
      if (signsOfLife.test(name)) return skipped
      return this.hasEnded ? this.#close() : failing(protocol('an event that cannot be read'))
    }
    const failure = failureIn(event, this.#api)
    if (failure === null) {
      if (data === null && !isMark) return passing
      return this.#goesOnWith(data) ? passing : failing(protocol('a stream that ended without saying why'))
    }
    const fault = toldFault(failure)
    if (!this.isOver) return { leaves: failure.isShown === true, fault }
    // The answer is whole; only one that is taken back is none.
    return fault.isPolicy && !this.hasEnded ? failing(fault) : this.#close()
  }

  #close(): ToldByEvent {
    this.#isClosed = true
    return skipped
  }

  /** Notes what an event says of the end; false where it is one without a reason. */
  #goesOnWith(data: JsonObject | null): boolean {
    const told = this.#endOf(data)
    if (told === null) return true
    this.isOver ||= told !== 'end'
    if (!this.isOver) return false
    this.hasEnded ||= told !== 'reason'
    return true
  }
}

/** What an event tells of a failure, by what it carries or by its name, which clients go by. */
function failureIn({ name, data }: ReadEvent, api: ApiDescription): StreamFailure | null {
  const failure = data === null ? null : api.failureOf(data)
  if (failure !== null || name !== 'error') return failure
  return { type: null, code: null, ...failureFrom(data?.['error'] ?? data) }
}
