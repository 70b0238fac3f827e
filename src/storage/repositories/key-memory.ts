/** The keys of a storage as they were at one moment. */
export interface KeysAt<Key> {
  /** Another one after every change. */
  readonly revision: string
  readonly keys: ReadonlyMap<string, Key>
}

interface KeyMemoryOptions<Key> {
  readonly revision: () => Promise<string>
  readonly load: () => Promise<KeysAt<Key>>
  /** Differs once another process has changed a key; null where nothing tells. Takes no time worth mentioning. */
  readonly mark: (() => bigint) | null
  /** Milliseconds since any fixed moment. */
  readonly elapsed: () => number
}

/** How long what is known counts where no mark says otherwise, in milliseconds. */
export const believedMilliseconds = 1_000

/**
 * The keys in memory, by the digest of each. What is given was in force when it was asked for, or a second before where
 * there is no mark; while the storage cannot be asked for longer than that, nobody is known.
 */
export class KeyMemory<Key> {
  readonly #options: KeyMemoryOptions<Key>
  #known: KeysAt<Key> | null = null
  #mark: bigint | null = null
  #asked = Number.NEGATIVE_INFINITY
  #asking: Promise<void> | null = null
  /** Grows with what this process itself changes. */
  #changes = 0

  constructor(options: KeyMemoryOptions<Key>) {
    this.#options = options
  }

  async find(digest: string): Promise<Key | null> {
    // What is under way may have begun before the change that counts here. The asking after it has not, and is enough
    // however long it takes: a slow storage must not keep a caller waiting for an answer that is old when it comes.
    if (!this.#isFresh()) {
      if (this.#asking !== null) await this.#asking
      if (!this.#isFresh()) await this.#askOnce()
    }
    return this.#known?.keys.get(digest) ?? null
  }

  /** The next `find` asks the storage. */
  forget(): void {
    this.#changes += 1
    this.#asked = Number.NEGATIVE_INFINITY
  }

  #isFresh(): boolean {
    const { mark, elapsed } = this.#options
    return elapsed() - this.#asked < believedMilliseconds && (mark === null || mark() === this.#mark)
  }

  #askOnce(): Promise<void> {
    this.#asking ??= this.#ask().finally(() => {
      this.#asking = null
    })
    return this.#asking
  }

  async #ask(): Promise<void> {
    const { revision, load, mark, elapsed } = this.#options
    // All three are from before the asking: what changes while it is under way makes it old.
    const [changes, asked, marked] = [this.#changes, elapsed(), mark?.() ?? null]
    if (this.#known === null || this.#known.revision !== (await revision())) this.#known = await load()
    if (changes !== this.#changes) return
    this.#asked = asked
    this.#mark = marked
  }
}
