/**
 * Ctrl-C once cancels what is running, twice leaves. `leave` ends the process; the sweep of the next start removes what
 * a departure in a hurry left behind.
 */
export class Interrupts {
  readonly #leave: () => void
  readonly #say: (text: string) => void
  #running: AbortController | null = null
  #pending = 0
  #notice = ''

  constructor(options: { readonly leave: () => void; readonly say: (text: string) => void }) {
    this.#leave = options.leave
    this.#say = options.say
  }

  /** Runs a task that the next interrupt cancels, with a word about what that means. Tasks do not nest. */
  async during<T>(task: (signal: AbortSignal) => Promise<T>, notice = 'Cancelling.'): Promise<T> {
    const controller = new AbortController()
    this.#notice = notice
    this.#running = controller
    this.#pending = 0
    try {
      return await task(controller.signal)
    } finally {
      this.#running = null
    }
  }

  /** Is there something that an interrupt would cancel? */
  get isBusy(): boolean {
    return this.#running !== null
  }

  /** An interrupt from outside: SIGINT, or Ctrl-C read by a prompt. */
  interrupt(): void {
    this.#pending += 1
    if (this.#running === null || this.#pending > 1) {
      this.#leave()
      return
    }
    this.#say(`${this.#notice} Ctrl-C again leaves at once.\n`)
    this.#running.abort(new DOMException('Cancelled with Ctrl-C', 'AbortError'))
  }

  /** A request to end that leaves no choice: SIGTERM. */
  terminate(): void {
    if (this.#running === null) this.#leave()
    else this.#running.abort(new DOMException('Terminated', 'AbortError'))
  }
}
