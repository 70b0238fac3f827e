import type { CallTarget } from '../../../core/model-call.ts'
import { ServiceError } from '../../../core/errors.ts'
import { UpstreamFault } from '../../../core/upstream-fault.ts'
import { bytesOf } from '../../../core/sizes.ts'
import type { MaskedCall } from '../../privacy/privacy.ts'
import { isUsedUp } from '../admit-call.ts'
import { CallMeter } from '../call-meter.ts'
import { aimedAt } from '../limit-output.ts'
import type { ScreenedHead } from '../screen-answer.ts'
import { beginStream, type BeginOptions } from './begin-stream.ts'
import { backoff } from './backoff.ts'
import type { AttemptOptions } from './options.ts'
import { runsOnce } from './runs-once.ts'
import { pause } from './pause.ts'
import type { TargetBreaker, TargetBreakers } from './target-breakers.ts'

/** One attempt that was sent, with what came of it so far. */
export interface SentAttempt {
  readonly call: MaskedCall
  readonly meter: CallMeter
}

/** How one attempt ended, or began to be answered. */
export interface ToldAttempt {
  readonly call: MaskedCall
  /** 1 for the first of the call. */
  readonly number: number
  /** null where something of an answer has come. */
  readonly fault: UpstreamFault | null
  readonly milliseconds: number
}

export interface AttemptsContext {
  readonly options: AttemptOptions
  readonly breakers: TargetBreakers
  /** Sends the call as it is for a target, and looks at what comes. */
  readonly send: (attempt: SentAttempt) => Promise<ScreenedHead>
  /** Holds what a further attempt may cost, beside what those before it have cost; rejects where that is not left. */
  readonly hold: (call: MaskedCall) => Promise<void>
  /** Why another answer is asked for, where one has come; absent for the first. */
  readonly another?: string
  /** Every attempt that was sent is added, in order: what each has cost is charged. */
  readonly sent: SentAttempt[]
  readonly onAttempt: (attempt: ToldAttempt) => void
  /** Told of a target that is not asked, or not once more: it has failed in a row, or costs more than is left. */
  readonly onPassedOver: (target: CallTarget, why: 'breaker' | 'quota') => void
  readonly signal: AbortSignal
}

/** The answer of the attempt that has one. */
export interface AttemptedAnswer extends SentAttempt {
  readonly status: number
  readonly headers: readonly string[]
  readonly body: Buffer | AsyncIterable<Buffer>
  /** Lets the upstream go where nobody begins to read, or reads on. */
  readonly leave: () => void
}

/**
 * Asks the targets of a call, each once more where that may help, until something of an answer has come, or all of it where
 * it is held. Nothing of what failed before reaches the caller, so that no answer holds the text of two attempts. Where none
 * has answered, throws the fault of the first target, or why another attempt was not affordable; and at once what no other
 * attempt can help against.
 */
export async function attemptCall(call: MaskedCall, context: AttemptsContext): Promise<AttemptedAnswer> {
  const { breakers } = context
  const { candidates } = call
  const caller = call.principal.id
  const attempts = new Attempts(call, context)
  let shown: ServiceError | null = null
  for (const target of candidates) {
    if (shown !== null && attempts.isTooLate(0)) break
    // Who is the only one is asked in any case.
    if (candidates.length > 1 && breakers.of(target).wait(caller) > 0) {
      context.onPassedOver(target, 'breaker')
      continue
    }
    const answered = await attempts.at(target, context.options.retries, shown)
    if (!(answered instanceof ServiceError)) return answered
    if (shown === null || !(answered instanceof UpstreamFault)) shown = answered
  }
  if (shown === null) {
    const answered = await attempts.at(candidates[0], 0, null)
    if (!(answered instanceof ServiceError)) return answered
    shown = answered
  }
  throw shown
}

class Attempts {
  readonly #call: MaskedCall
  readonly #context: AttemptsContext
  readonly #began = performance.now()
  #hasFailed = false

  constructor(call: MaskedCall, context: AttemptsContext) {
    this.#call = call
    this.#context = context
  }

  /**
   * The answer of this target, or its last fault, or why an attempt at it was not affordable; throws what ends the call,
   * which is `before` where another target failed.
   */
  async at(target: CallTarget, retries: number, before: ServiceError | null): Promise<AttemptedAnswer | ServiceError> {
    const { options, breakers, signal } = this.#context
    const call = aimedAt(this.#call, target)
    for (let retry = 0; ; retry += 1) {
      const refusal = await this.#held(call)
      if (refusal !== null) {
        breakers.of(target).toldNothing(call.principal.id)
        return refusal
      }
      const answered = await this.#once(call)
      if (!(answered instanceof UpstreamFault)) return answered
      this.#hasFailed = true
      const { repeat, mayHaveRun } = answered
      if (mayHaveRun && runsOnce(call)) throw answered
      // What another target says of a request that the first one took is not what its caller has to know.
      if (repeat === 'never') throw before !== null && !answered.isPolicy ? before : answered
      if (repeat === 'elsewhere' || retry >= retries || this.isTooLate(0)) return answered
      const wait = backoff(retry, answered.retryAfterSeconds)
      if (wait > options.longest_wait_ms || this.isTooLate(wait)) return answered
      if (breakers.of(target).wait(call.principal.id) > 0) return answered
      await pause(wait, signal)
    }
  }

  /** Why a further attempt is not affordable, where it is not: a cheaper target may be. */
  async #held(call: MaskedCall): Promise<ServiceError | null> {
    if (this.#context.sent.length === 0) return null
    try {
      await this.#context.hold(call)
      return null
    } catch (thrown) {
      if (!isUsedUp(thrown)) throw thrown
      this.#context.onPassedOver(call.target, 'quota')
      const { another } = this.#context
      const why = another === undefined || this.#hasFailed ? 'The model failed' : another
      return thrown.because(`${why}, and another attempt costs more than is left.`)
    }
  }

  #holding(): Pick<BeginOptions, 'until' | 'mostBytes'> {
    const { recovery, hold_limit_mb } = this.#context.options
    // Of what goes on in the background its caller has to know the id at once.
    const until = this.#call.facts.runsOn === true ? 'first bytes' : recovery === 'hold' ? 'whole' : 'first content'
    return { until, mostBytes: bytesOf.mb(hold_limit_mb) }
  }

  /** Would an attempt after so many milliseconds begin too late? */
  isTooLate(wait: number): boolean {
    return performance.now() - this.#began + wait > this.#context.options.within_ms
  }

  /** Rejects with what is no fault of the upstream. */
  async #once(call: MaskedCall): Promise<AttemptedAnswer | UpstreamFault> {
    const { sent, send, breakers, onAttempt } = this.#context
    const attempt = { call, meter: new CallMeter() }
    const began = performance.now()
    const number = sent.push(attempt)
    const breaker = breakers.of(call.target)
    const caller = call.principal.id
    const tell = (fault: UpstreamFault | null): void =>
      onAttempt({ call, number, fault, milliseconds: performance.now() - began })
    try {
      const { status, headers, body } = await send(attempt)
      if (Buffer.isBuffer(body)) {
        breaker.succeeded(caller)
        tell(null)
        return { ...attempt, status, headers, body, leave: () => undefined }
      }
      const { contentMilliseconds } = body
      const spentMilliseconds = performance.now() - began
      const events = await beginStream(body, { contentMilliseconds, spentMilliseconds, ...this.#holding() })
      tell(null)
      return { ...attempt, status, headers, body: watched(events, breaker, caller), leave: body.leave }
    } catch (thrown) {
      if (!(thrown instanceof UpstreamFault)) {
        breaker.toldNothing(caller)
        throw thrown
      }
      breaker.failedBy(thrown, caller)
      tell(thrown)
      return thrown
    }
  }
}

/** The events of an answer, whose end says how the target does; who leaves before it has learned nothing. */
async function* watched(events: AsyncIterable<Buffer>, breaker: TargetBreaker, caller: string): AsyncGenerator<Buffer> {
  let learn = (): void => breaker.toldNothing(caller)
  try {
    yield* events
    learn = () => breaker.succeeded(caller)
  } catch (thrown) {
    if (thrown instanceof UpstreamFault) learn = () => breaker.failedBy(thrown, caller)
    throw thrown
  } finally {
    learn()
  }
}
