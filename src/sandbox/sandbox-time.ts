import { untilAborted } from '../concurrency/until-aborted.ts'
import type { CellResult } from '../core/result.ts'

interface Cell {
  /** How long it may take by itself, milliseconds. */
  readonly wanted: number
  readonly run: (timeoutMilliseconds: number) => Promise<CellResult>
}

/**
 * The time that the programs of one request may take in sandboxes together: what its caller had left when it began. A program that would take
 * more is stopped where it is used up, and none begins after it.
 */
export class SandboxTime {
  readonly #most: number
  readonly #onUsed: (milliseconds: number) => void
  /** Ends of programs that run. */
  readonly #running = new Set<Promise<void>>()
  #used = 0
  /** Of programs that run. */
  #held = 0

  /** `most`: milliseconds, infinite where nothing holds them. `onUsed`: told after each program of all milliseconds until then. */
  constructor(most: number, onUsed: (milliseconds: number) => void) {
    this.#most = most
    this.#onUsed = onUsed
  }

  /** Is nothing left, and nothing on its way back? */
  get isUsedUp(): boolean {
    return this.#left < 1 && this.#running.size === 0
  }

  /**
   * Runs a program within what is left, once those beside it have given back what they do not use; null where nothing is left. Rejects as
   * the program does, whose time counts all the same.
   */
  async run({ wanted, run }: Cell, signal: AbortSignal): Promise<CellResult | null> {
    while (this.#left < 1 && this.#running.size > 0) await untilAborted(Promise.race(this.#running), signal)
    const given = Math.min(wanted, Math.floor(this.#left))
    if (given < 1) return null
    const { promise: ended, resolve: end } = Promise.withResolvers<void>()
    this.#running.add(ended)
    this.#held += given
    const started = performance.now()
    let took: number | null = null
    try {
      const cell = await run(given)
      took = cell.timings.runMs
      return given < wanted && cell.outcome === 'timeout' ? { ...cell, notice: withReason(cell.notice) } : cell
    } finally {
      this.#held -= given
      this.#used += took ?? performance.now() - started
      this.#onUsed(this.#used)
      this.#running.delete(ended)
      end()
    }
  }

  get #left(): number {
    return this.#most - this.#used - this.#held
  }
}

const usedUp = 'That was all that was left of the milliseconds of sandboxes (sandbox_ms) that whoever asks may use.'

const withReason = (notice: string | null): string => (notice === null ? usedUp : `${notice} ${usedUp}`)
