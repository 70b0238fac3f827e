import { Breaker, type BreakerOptions, type BreakerState } from '../../../concurrency/breaker.ts'
import type { CallTarget } from '../../../core/model-call.ts'
import type { UpstreamFault } from '../../../core/upstream-fault.ts'

/** What one target has done lately, for all callers of this process. */
export class TargetBreaker {
  readonly #breaker: Breaker

  constructor(options: BreakerOptions) {
    this.#breaker = new Breaker(options)
  }

  /** Milliseconds until a call of the caller may be sent; 0 now, and then that call may be the only one until it has ended. */
  wait(caller: string): number {
    return this.#breaker.wait(caller)
  }

  stateFor(caller: string): BreakerState {
    return this.#breaker.stateFor(caller)
  }

  succeeded(caller: string): void {
    this.#breaker.succeeded(caller)
  }

  /** A call that ended without a word about the target: the next one finds out what it would have. */
  toldNothing(caller: string): void {
    this.#breaker.toldNothing(caller)
  }

  /** What is wrong with a request says nothing of the target, and no connection that is free here neither. */
  failedBy(fault: UpstreamFault, caller: string): void {
    if (fault.code === 'model-refused' || fault.code === 'model-busy' || fault.repeat === 'never') {
      return this.toldNothing(caller)
    }
    // Keys, limits and connections are the target's; what else it fails at may be what one caller sends.
    const isOfAll = fault.code === 'model-rejected' || fault.code === 'model-overloaded' || !fault.mayHaveRun
    this.#breaker.failed(caller, fault.mayBeCallers || !isOfAll)
  }
}

/** One breaker for each model at each upstream. */
export class TargetBreakers {
  readonly #options: BreakerOptions
  readonly #breakers = new Map<string, TargetBreaker>()

  constructor(options: BreakerOptions) {
    this.#options = options
  }

  of({ upstream, model }: Pick<CallTarget, 'upstream' | 'model'>): TargetBreaker {
    const name = `${upstream} ${model ?? ''}`
    const known = this.#breakers.get(name)
    if (known !== undefined) return known
    const breaker = new TargetBreaker(this.#options)
    this.#breakers.set(name, breaker)
    return breaker
  }
}
