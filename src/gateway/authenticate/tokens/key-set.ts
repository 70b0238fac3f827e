import { createLocalJWKSet, type JWTVerifyGetKey } from 'jose'
import { publicKeys } from './public-keys.ts'

interface KeySetOptions {
  /** Gives the text of the set. Rejects where it cannot be had. */
  readonly read: () => Promise<string>
  readonly refreshMilliseconds: number
  readonly cooldownMilliseconds: number
  readonly staleMilliseconds: number
  /** Told of each look for keys that failed. */
  readonly onFault: (error: unknown) => void
  /** Milliseconds since any fixed moment. */
  readonly elapsed: () => number
}

/** Keys as they were read, until another set is. Two of them are the same only where the text was. */
export interface KnownKeys {
  readonly find: JWTVerifyGetKey
}

/** How the last look went: well, or not, and then whether those that are known still count. */
export type KeySetState = 'fresh' | 'stale' | 'none'

/**
 * The public keys of an issuer. They are looked for again when they are old, by one look at a time, and not more often than
 * the cool-down lets it, whatever tokens name. While that fails, those that are known go on until they are stale.
 */
export class KeySet {
  readonly #options: KeySetOptions
  #known: { readonly keys: KnownKeys; readonly text: string } | null = null
  #readAt = Number.NEGATIVE_INFINITY
  #lookedAt = Number.NEGATIVE_INFINITY
  #failed = false
  #looking: Promise<void> | null = null

  constructor(options: KeySetOptions) {
    this.#options = options
  }

  get state(): KeySetState {
    if (!this.#failed) return 'fresh'
    return this.#usable() === null ? 'none' : 'stale'
  }

  /** What is known now; null where nothing is that still counts. Begins to look where it is old, and does not wait. */
  current(): KnownKeys | null {
    const { refreshMilliseconds, elapsed } = this.#options
    if (elapsed() - this.#readAt >= refreshMilliseconds) void this.#lookAgain()
    return this.#usable()
  }

  /** What is known once there was a look, which is waited for; null where nothing counts. */
  async first(): Promise<KnownKeys | null> {
    if (this.#usable() === null) await this.#lookAgain()
    return this.#usable()
  }

  /** Another set than the one in which a key was not found, where a look is allowed now and finds one; else null. */
  async after(known: KnownKeys): Promise<KnownKeys | null> {
    if (this.#usable() === known) await this.#lookAgain()
    const now = this.#usable()
    return now === known ? null : now
  }

  #usable(): KnownKeys | null {
    const { staleMilliseconds, elapsed } = this.#options
    return elapsed() - this.#readAt < staleMilliseconds ? (this.#known?.keys ?? null) : null
  }

  async #lookAgain(): Promise<void> {
    const { cooldownMilliseconds, elapsed } = this.#options
    if (this.#looking === null && elapsed() - this.#lookedAt < cooldownMilliseconds) return
    this.#looking ??= this.#look().finally(() => {
      this.#looking = null
    })
    await this.#looking
  }

  async #look(): Promise<void> {
    const { read, onFault, elapsed } = this.#options
    // What is withdrawn while the answer is on its way counts as known from the beginning of the look.
    const begun = elapsed()
    this.#lookedAt = begun
    try {
      const text = await read()
      if (this.#known?.text !== text)
        this.#known = { keys: { find: createLocalJWKSet({ keys: publicKeys(text) }) }, text }
      this.#readAt = begun
      this.#failed = false
    } catch (error) {
      this.#failed = true
      onFault(error)
    }
  }
}
