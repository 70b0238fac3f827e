/** Work that goes on after whoever began it has gone on. Disposing waits for all of it and throws its first fault. */
export class PendingWork implements AsyncDisposable {
  readonly #pending = new Set<Promise<unknown>>()
  readonly #faults: unknown[] = []

  add(work: Promise<unknown>): void {
    const settled = work
      .catch((fault: unknown) => this.#faults.push(fault))
      .finally(() => {
        this.#pending.delete(settled)
      })
    this.#pending.add(settled)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending)
    if (this.#faults.length > 0) throw this.#faults[0]
  }
}
