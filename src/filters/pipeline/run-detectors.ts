import { AwakeTime } from '../../concurrency/awake-time.ts'
import { threadMilliseconds } from '../../concurrency/thread-time.ts'
import type { FilterFailure } from '../../core/facts.ts'
import { batchesOf, type Batch } from '../batches.ts'
import { ofWords } from '../categories.ts'
import { DetectorFault, type DetectorFailure } from '../detector-fault.ts'
import type { Filter, FilterContext, FilterFinding, FilterPart } from '../filter.ts'
import type { LoopShare } from '../loop-share.ts'
import { ScreeningTime } from '../screening-time.ts'
import { touches } from '../views/text-view.ts'
import type { AskedDetector } from './detectors.ts'
import { Pieces } from './pieces.ts'
import type { Votes } from './votes.ts'

interface Work {
  readonly parts: readonly FilterPart[]
  readonly context: FilterContext
  readonly votes: Votes
  readonly share: LoopShare
  readonly deadlineMilliseconds: number
  readonly onFailure?: ((failure: FilterFailure) => void) | undefined
}

type AtOnce = AskedDetector & { readonly filter: Required<Pick<Filter, 'inspectAtOnce'>> }

const worksAtOnce = (detector: AskedDetector): detector is AtOnce => {
  const { inspectAtOnce, cost, readsTogether = false } = detector.filter
  return inspectAtOnce !== undefined && cost !== 'costly' && !readsTogether
}

/** The reason of an abort at the deadline. */
const overrun = new Error('the check of the texts took longer than its deadline')
/** The reason of an abort that asks for no answer any more. */
const settled = new Error('what becomes of the texts is certain')

/**
 * Asks detectors and hands what they say to the votes: those that wait for nothing first, batch by batch; the others beside
 * them, costly ones once the first batch was read. Resolves with those that were asked, when all have answered or failed, or
 * a block is certain; rejects with the signal's reason.
 */
export async function runDetectors(
  asked: readonly AskedDetector[],
  work: Work,
  signal: AbortSignal,
): Promise<ReadonlySet<AskedDetector>> {
  const run = new DetectorRun(work, signal)
  const [cheap, waiting] = [asked.filter(worksAtOnce), asked.filter((each) => !worksAtOnce(each))]
  try {
    run.begin(waiting.filter(({ filter }) => filter.cost !== 'costly'))
    await run.readAtOnce(cheap, () => run.begin(waiting.filter(({ filter }) => filter.cost === 'costly')))
    await run.rest()
    return run.begun
  } finally {
    run.end()
  }
}

class DetectorRun {
  readonly begun = new Set<AskedDetector>()
  readonly #work: Work
  readonly #signal: AbortSignal
  readonly #pieces: Pieces
  readonly #answers: Promise<void>[] = []
  /** Of what waits for others. */
  readonly #stop = new AbortController()
  readonly #stopped = Promise.withResolvers<void>()
  #time: AwakeTime | null = null

  constructor(work: Work, signal: AbortSignal) {
    this.#work = work
    this.#signal = signal
    this.#pieces = new Pieces(work.parts)
  }

  /** Lets detectors that wait for something work beside everything else. */
  begin(detectors: readonly AskedDetector[]): void {
    if (detectors.length === 0 || this.#work.votes.isBlockCertain) return
    if (this.#time === null) this.#watch()
    for (const detector of detectors) {
      this.begun.add(detector)
      this.#answers.push(this.#ask(detector))
    }
  }

  /** Asks detectors that wait for nothing, together so that each text is made readable once. */
  async readAtOnce(detectors: readonly AtOnce[], onFirst: () => void): Promise<void> {
    const { votes, share, deadlineMilliseconds } = this.#work
    const time = new ScreeningTime(deadlineMilliseconds)
    const working = new Set(detectors)
    for (const detector of detectors) this.begun.add(detector)
    let isFirst = true
    for (const { batch, isLast } of withEnd(batchesOf(this.#pieces))) {
      if (working.size === 0) break
      for (const detector of working) {
        for (let pause = share.pause(); pause !== null; pause = share.pause()) await pause
        this.#signal.throwIfAborted()
        if (votes.isBlockCertain) return
        if (!this.#readBatch(detector, batch, time)) working.delete(detector)
        else if (isLast) votes.complete(detector)
      }
      if (isFirst) onFirst()
      isFirst = false
    }
    if (!isFirst) return
    for (const detector of detectors) votes.complete(detector)
    onFirst()
  }

  /** Resolves when those that wait have answered, or need not any more. */
  async rest(): Promise<void> {
    if (!this.#work.votes.isBlockCertain && this.#answers.length > 0) {
      await Promise.race([Promise.all(this.#answers), this.#stopped.promise])
    }
    this.#signal.throwIfAborted()
  }

  /** Lets go of everything. */
  end(): void {
    this.#time?.stop()
    this.#signal.removeEventListener('abort', this.#leave)
    this.#stop.abort(settled)
  }

  #watch(): void {
    this.#time = new AwakeTime(this.#work.deadlineMilliseconds, () => this.#stop.abort(overrun))
    if (this.#signal.aborted) this.#leave()
    else this.#signal.addEventListener('abort', this.#leave, { once: true })
  }

  readonly #leave = (): void => {
    this.#stop.abort(this.#signal.reason)
    this.#stopped.resolve()
  }

  /** Does the detector go on? */
  #readBatch(
    detector: AtOnce,
    { parts, offset }: { readonly parts: FilterPart[]; readonly offset: number },
    time: ScreeningTime,
  ): boolean {
    const began = threadMilliseconds()
    try {
      const findings = detector.filter.inspectAtOnce(parts, this.#work.context)
      time.spend(threadMilliseconds() - began)
      this.#hear(detector, findings, offset)
      if (time.left <= 0) throw overrun
      return true
    } catch (cause) {
      this.#fail(detector, cause)
      return false
    }
  }

  async #ask(detector: AskedDetector): Promise<void> {
    try {
      const { signal } = this.#stop
      if (signal.aborted) throw signal.reason
      const { filter } = detector
      if (filter.cost === 'costly' || filter.readsTogether === true) {
        this.#hear(detector, await this.#answerOf(filter, this.#work.parts), null)
      } else {
        for (const { batch, isLast } of withEnd(batchesOf(this.#pieces))) {
          this.#hear(detector, await this.#answerOf(filter, batch.parts), batch.offset)
          if (this.#work.votes.isBlockCertain && !isLast) return this.#stopped.resolve()
        }
      }
      if (!this.#isOver()) this.#work.votes.complete(detector)
    } catch (cause) {
      this.#fail(detector, cause)
    }
    if (this.#work.votes.isBlockCertain) this.#stopped.resolve()
  }

  /** What a detector says; one that hangs is left behind. */
  #answerOf(filter: Filter, parts: readonly FilterPart[]): Promise<readonly FilterFinding[]> {
    const { signal } = this.#stop
    const { promise, resolve, reject } = Promise.withResolvers<readonly FilterFinding[]>()
    const stop = (): void => reject(signal.reason as Error)
    if (signal.aborted) stop()
    else signal.addEventListener('abort', stop, { once: true })
    filter
      .inspect(parts, this.#work.context, signal)
      .then(resolve, reject)
      .finally(() => signal.removeEventListener('abort', stop))
    return promise
  }

  /** `offset`: of the pieces that were looked at; null where it was the parts themselves. */
  #hear(detector: AskedDetector, findings: readonly FilterFinding[], offset: number | null): void {
    if (this.#isOver()) return
    for (const finding of findings) {
      const whole = offset === null ? finding : this.#pieces.inWhole({ ...finding, part: finding.part + offset })
      if (whole !== null && this.#canBeTrue(whole)) this.#work.votes.add(detector, whole)
    }
  }

  /** Is it of what is decided on, and of a kind that can stand there? */
  #canBeTrue(finding: FilterFinding): boolean {
    const { focus, isCompared } = this.#work.parts[finding.part] ?? {}
    if (isCompared === true && ofWords.has(finding.category)) return false
    return focus === undefined || touches(finding, focus)
  }

  #fail(detector: AskedDetector, cause: unknown): void {
    if (this.#isOver()) return
    this.#work.votes.fail(detector, whyOf(cause))
    const { onFailure } = detector.filter
    this.#work.onFailure?.({ filter: detector.filter.name, onFailure, cause })
  }

  /** Was nobody to wait for any more? What is said now came too late. */
  #isOver(): boolean {
    const { reason } = this.#stop.signal as { readonly reason: unknown }
    return this.#signal.aborted || reason === settled
  }
}

/** Each with whether it is the last one. */
function* withEnd(batches: Iterator<Batch>): Generator<{ readonly batch: Batch; readonly isLast: boolean }> {
  for (let now = batches.next(); now.done !== true;) {
    const next = batches.next()
    yield { batch: now.value, isLast: next.done === true }
    now = next
  }
}

function whyOf(cause: unknown): DetectorFailure {
  if (cause === overrun) return 'deadline'
  return cause instanceof DetectorFault ? cause.why : 'fault'
}
