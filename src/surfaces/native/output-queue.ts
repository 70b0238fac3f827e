type StreamName = 'stdout' | 'stderr'

/**
 * Pieces of output on their way to a reader who may be slower than the program: what waits is put together by stream, in
 * order. The sandbox's own limit of output bounds it.
 */
export class OutputQueue {
  readonly #send: (stream: StreamName, text: string) => Promise<void>
  #waiting: { readonly stream: StreamName; text: string }[] = []
  #sending: Promise<void> = Promise.resolve()

  constructor(send: (stream: StreamName, text: string) => Promise<void>) {
    this.#send = send
  }

  /** Never throws and never waits; a reader that is gone is told by `end`. */
  push(stream: StreamName, text: string): void {
    const last = this.#waiting.at(-1)
    if (last?.stream === stream) {
      last.text += text
      return
    }
    this.#waiting.push({ stream, text })
    if (this.#waiting.length > 1) return
    this.#sending = this.#sending.then(() => this.#drain())
    this.#sending.catch(() => {})
  }

  /** Resolves when all of it is on its way; rejects with what kept a piece from it. */
  end(): Promise<void> {
    return this.#sending
  }

  async #drain(): Promise<void> {
    for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
      await this.#send(next.stream, next.text)
    }
  }
}
