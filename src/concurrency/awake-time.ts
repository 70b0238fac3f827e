/** A wait is counted in so many ticks. */
const ticks = 20
const shortestTick = 5

/**
 * Milliseconds that others have to answer in, of which only those count in which an answer could have been read here: a turn of
 * the event loop that takes long, and a process that was stopped for a while, count as two ticks of twenty at most. What has
 * come until the end is read before `onEnd` is called. Stop it when it is not needed any more.
 */
export class AwakeTime {
  readonly #onEnd: () => void
  readonly #tick: number
  #left: number
  #began = 0
  #timer: NodeJS.Timeout | null = null
  #last: NodeJS.Immediate | null = null

  constructor(milliseconds: number, onEnd: () => void = () => undefined) {
    this.#left = milliseconds
    this.#tick = Math.max(shortestTick, milliseconds / ticks)
    this.#onEnd = onEnd
    this.#wait()
  }

  /** 0 once it is over. */
  get left(): number {
    return this.#timer === null ? this.#left : Math.max(0, this.#left - this.#passed())
  }

  stop(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    if (this.#last !== null) clearImmediate(this.#last)
    this.#left = this.left
    this.#timer = null
  }

  #passed(): number {
    return Math.min(performance.now() - this.#began, 2 * this.#tick)
  }

  #wait(): void {
    this.#began = performance.now()
    this.#timer = setTimeout(() => this.#count(), Math.min(this.#tick, this.#left))
  }

  #count(): void {
    this.#left = this.left
    this.#timer = null
    // A timer may be a hair early.
    if (this.#left >= 1) this.#wait()
    else {
      this.#left = 0
      // Timers come before what has arrived.
      this.#last = setImmediate(this.#onEnd)
    }
  }
}
