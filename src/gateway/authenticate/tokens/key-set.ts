import { createLocalJWKSet, type JWK, type JWTVerifyGetKey } from 'jose'

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

const mostKeys = 100

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

/** The keys of a set that can check a signature of others. A set without any is as none: it would withdraw all. */
function publicKeys(text: string): JWK[] {
  const { keys } = (JSON.parse(text) ?? {}) as { readonly keys?: unknown }
  if (!Array.isArray(keys) || keys.length > mostKeys) throw new Error('it is no set of keys, or has too many')
  const usable = keys.filter(isPublic)
  if (usable.length === 0) throw new Error('it has no key that can check a signature')
  return usable
}

/** A secret is none of others' keys, and a private key that was published is nobody's any more. */
function isPublic(key: unknown): key is JWK {
  if (typeof key !== 'object' || key === null) return false
  const { kty, d } = key as JWK
  return (kty === 'RSA' || kty === 'EC' || kty === 'OKP') && d === undefined
}
