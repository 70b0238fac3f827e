/** Work that goes on after whoever began it has gone on. Disposing waits for all of it and throws its first fault. */
export class PendingWork implements AsyncDisposable {
  readonly #pending = new Set<Promise<unknown>>()
  /** The others are not kept: there may be one for each request of a service that runs for months. */
  #firstFault: { readonly thrown: unknown } | null = null

  add(work: Promise<unknown>): void {
    const settled = work
      .catch((thrown: unknown) => {
        this.#firstFault ??= { thrown }
      })
      .finally(() => {
        this.#pending.delete(settled)
      })
    this.#pending.add(settled)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    while (this.#pending.size > 0) await Promise.all(this.#pending)
    if (this.#firstFault !== null) throw this.#firstFault.thrown
  }
}
