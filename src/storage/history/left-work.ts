/** What the storage could not take when it was to be done, by names. */
export class LeftWork {
  readonly #left = new Map<string, () => Promise<void>>()

  /** Work of the same name is left once: the last of it. */
  add(name: string, work: () => Promise<void>): void {
    this.#left.set(name, work)
  }

  has(name: string): boolean {
    return this.#left.has(name)
  }

  /** Does what is left, in its order; resolves with how much that was. Rejects with the first fault, and what is left by then stays so. */
  async doAll(): Promise<number> {
    let done = 0
    for (const [name, work] of this.#left) {
      await work()
      if (this.#left.get(name) === work) this.#left.delete(name)
      done += 1
    }
    return done
  }
}
