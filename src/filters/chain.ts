import { AwakeTime } from '../concurrency/awake-time.ts'
import { threadMilliseconds } from '../concurrency/thread-time.ts'
import type { FilterFailure } from '../core/facts.ts'
import { ServiceError } from '../core/errors.ts'
import { batchesOf } from './batches.ts'
import { DetectorFault } from './detector-fault.ts'
import type { Filter, FilterContext, FilterFinding, FilterPart } from './filter.ts'
import { LoopShare } from './loop-share.ts'
import { decide, type FilterDecision, type FilterProfile } from './profile.ts'
import { ScreeningTime } from './screening-time.ts'

/** Runs every detector over texts and says what the profile makes of the findings. */
export interface FilterChain {
  /**
   * Decisions in the order of the parts. Gives way to other work of the process every few milliseconds. Rejects with
   * `refused` when a detector that must answer failed or the time of the response ran out, and with the signal's reason
   * when aborted.
   */
  decide(parts: readonly FilterPart[], policy: FilterPolicy, signal: AbortSignal): Promise<readonly FilterDecision[]>
  /** Can a text of which SQL is not looked for hold nothing that a detector finds? Such texts need no decision. */
  isInert(text: string): boolean
  /** The time for the checks of one response. */
  startTime(): ScreeningTime
  /** Resolves when it is this caller's turn to work on; for long work beside the detectors. */
  turn(): Promise<void>
}

export interface FilterPolicy {
  readonly profile: FilterProfile
  readonly context: FilterContext
  /** What is left for the response that the texts belong to; without it they are a response of their own. */
  readonly time?: ScreeningTime
}

export interface FilterChainOptions {
  readonly filters: readonly Filter[]
  /** The time for all checks of one response. */
  readonly deadlineMilliseconds: number
  /** The setting that says so; `filters.deadline_ms` where it is not named. */
  readonly deadlineSetting?: string
  readonly onFailure?: (failure: FilterFailure) => void
  /** What chains that work beside each other divide the event loop by; without it, the chain's own. */
  readonly share?: LoopShare
  /** Proves that none of the filters finds anything in a text when no SQL is looked for; without it, none is. */
  readonly isInert?: (text: string) => boolean
}

interface Inspection {
  readonly context: FilterContext
  readonly options: FilterChainOptions
  readonly time: ScreeningTime
  /** The caller's. */
  readonly signal: AbortSignal
}

/**
 * Rejects when the deadline passes or the signal is aborted, whichever is first; tells the detector, too. What was waited is
 * spent when it is disposed of.
 */
function interruption(detector: AbortController, { time, signal }: Inspection): Promise<never> & Disposable {
  const { promise, reject } = Promise.withResolvers<never>()
  const stop = (reason: unknown) => {
    detector.abort(reason)
    reject(reason)
  }
  const abort = () => stop(signal.reason)
  const most = time.left
  const waiting = new AwakeTime(most, () => stop(overrun))
  if (signal.aborted) abort()
  else signal.addEventListener('abort', abort, { once: true })
  return Object.assign(promise, {
    [Symbol.dispose]() {
      waiting.stop()
      time.spend(most - waiting.left)
      signal.removeEventListener('abort', abort)
    },
  })
}

/** What the detector finds. One that works at once is waited for without a timer; one that hangs is left behind. */
async function ask(
  filter: Filter,
  parts: readonly FilterPart[],
  inspection: Inspection,
): Promise<readonly FilterFinding[]> {
  const { context, time, signal } = inspection
  signal.throwIfAborted()
  const detector = new AbortController()
  const started = threadMilliseconds()
  let isDone = false
  const answer = filter.inspect(parts, context, detector.signal).finally(() => {
    isDone = true
  })
  await Promise.resolve()
  await Promise.resolve()
  time.spend(threadMilliseconds() - started)
  if (isDone) return answer
  using interrupted = interruption(detector, inspection)
  return await Promise.race([answer, interrupted])
}

/** The reason of an abort at the deadline. */
const overrun = new Error('the checks of the texts took longer than their deadline')

async function inspectWith(
  filter: Filter,
  parts: readonly FilterPart[],
  inspection: Inspection,
): Promise<readonly FilterFinding[]> {
  const { time } = inspection
  try {
    if (time.left <= 0) throw overrun
    const findings = await ask(filter, parts, inspection)
    if (time.left <= 0) throw overrun
    return findings
  } catch (cause) {
    return withoutFindings(filter, cause, inspection)
  }
}

/** The same with a detector that waits for nothing, and therefore without a timer or a promise. */
function inspectAtOnceWith(
  filter: Filter & Required<Pick<Filter, 'inspectAtOnce'>>,
  parts: readonly FilterPart[],
  inspection: Inspection,
): readonly FilterFinding[] {
  const { context, time, signal } = inspection
  const started = threadMilliseconds()
  try {
    if (time.left <= 0) throw overrun
    signal.throwIfAborted()
    const findings = filter.inspectAtOnce(parts, context)
    time.spend(threadMilliseconds() - started)
    if (time.left <= 0) throw overrun
    return findings
  } catch (cause) {
    return withoutFindings(filter, cause, inspection)
  }
}

/** What a failure means: no findings of a detector that may fail, said aloud; of any other, no answer. */
function withoutFindings(
  filter: Filter,
  cause: unknown,
  { options, time, signal }: Inspection,
): readonly FilterFinding[] {
  signal.throwIfAborted()
  options.onFailure?.({ filter: filter.name, onFailure: filter.onFailure, cause })
  if (filter.onFailure === 'open') return []
  throw withheld(filter, cause, { limit: time.limit, setting: options.deadlineSetting ?? 'filters.deadline_ms' })
}

const worksAtOnce = (filter: Filter): filter is Filter & Required<Pick<Filter, 'inspectAtOnce'>> =>
  filter.inspectAtOnce !== undefined

interface Deadline {
  readonly limit: number
  readonly setting: string
}

function withheld(filter: Filter, cause: unknown, { limit, setting }: Deadline): ServiceError {
  if (cause instanceof DetectorFault) {
    return new ServiceError('refused', `The text was withheld: ${cause.message}`, { cause, advice: cause.advice })
  }
  if (cause !== overrun) {
    const message = `The text was withheld: the filter "${filter.name}" did not finish its check.`
    return new ServiceError('refused', message, {
      cause,
      advice: 'Send the request again; if it happens again the log names the cause.',
    })
  }
  const message = `The text was withheld: its checks took longer than ${limit} ms (${setting}).`
  return new ServiceError('refused', message, {
    cause,
    advice: `Ask for less at once, or ask the operator to raise ${setting}.`,
  })
}

export function createFilterChain(options: FilterChainOptions): FilterChain {
  const share = options.share ?? new LoopShare()
  const turn = async () => {
    for (let pause = share.pause(); pause !== null; pause = share.pause()) await pause
  }
  const startTime = () => new ScreeningTime(options.deadlineMilliseconds)
  return {
    isInert: options.isInert ?? (() => false),
    startTime,
    turn,
    async decide(parts, { profile, context, time = startTime() }, signal) {
      const decisions: FilterDecision[] = []
      for (const batch of batchesOf(parts)) {
        signal.throwIfAborted()
        for (let pause = share.pause(); pause !== null; pause = share.pause()) await pause
        for (const filter of options.filters) {
          const inspection = { context, options, time, signal }
          const findings = worksAtOnce(filter)
            ? inspectAtOnceWith(filter, batch.parts, inspection)
            : await inspectWith(filter, batch.parts, inspection)
          for (const finding of findings) {
            decisions.push(decide(profile, context.direction, { ...finding, part: finding.part + batch.offset }))
          }
        }
      }
      return decisions
    },
  }
}
