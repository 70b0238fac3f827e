import type { CallFacts, ReceivedCall } from '../../core/model-call.ts'
import type { UpstreamFault } from '../../core/upstream-fault.ts'
import type { ApiDescription, JsonObject } from '../apis/api.ts'
import type { CallMeter } from './call-meter.ts'
import { dataOf, eventsOf } from './event-data.ts'
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
  const isEnd = api.streamEnd(facts)
  const isLast = (event: string): boolean =>
    isEnd(event, () => dataOf(event)) && (/^data: ?\[DONE\]\s*$/.test(event) || dataOf(event).next().done !== true)
  const reader = new StreamReader(api)
  const incoming = untilSilent(wholeEvents(body, isLast), () => reader.isOver, leave)
  for await (const whole of incoming) {
    meter.came(whole.length)
    // What is looked for is ASCII, and this reading of bytes is the cheapest.
    const { kept: parts, fault, hasContent, objects } = reader.read(whole.toString('latin1'))
    const bytes = partsOf(whole, parts)
    const text = bytes.toString('latin1')
    reader.hasEnded ||= isEnd(text, () => objects)
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
  if (reader.hasEnded) return
  if (!reader.hasFinished || api.finish === undefined) throw protocol('a stream that broke off before its end')
  yield { bytes: Buffer.from(api.finish.endMark), hasContent: false, isOver: true }
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

/** Reads the events of one stream up to the first that is none, or that tells of a failure. */
class StreamReader {
  readonly #api: ApiDescription
  hasEnded = false
  /** Has the reason to end been said? */
  hasFinished = false

  constructor(api: ApiDescription) {
    this.#api = api
  }

  get isOver(): boolean {
    return this.hasEnded || this.hasFinished
  }

  /** `kept` are the parts of the text that may leave. */
  read(text: string) {
    const api = this.#api
    const objects: JsonObject[] = []
    let hasContent = false
    let fault: UpstreamFault | null = null
    let part: Part = { begin: 0, end: 0 }
    const kept = [part]
    for (const event of eventsOf(text)) {
      const { data, end } = event
      if (event.isUnreadable) {
        // A client that reads what it is sent would break off at a ping that it cannot read.
        if (signsOfLife.test(event.name)) kept.push((part = { begin: end, end }))
        else fault = protocol('an event that cannot be read')
        if (fault !== null) break
        continue
      }
      if (data === null) {
        part.end = end
        continue
      }
      const failure = this.hasEnded ? null : api.failureOf(data)
      if (failure === null || failure.isShown === true) objects.push(data)
      if (failure !== null) {
        fault = toldFault(failure)
        if (failure.isShown === true) part.end = end
        break
      }
      part.end = end
      hasContent ||= api.hasContent(data)
      this.hasFinished ||= api.finish?.isFinish(data) === true
    }
    return { objects, hasContent, fault, kept: kept.filter((each) => each.end > each.begin) }
  }
}
