import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/** Whose values share their tokens. */
export interface TokenScope {
  readonly principal: string
  /** The person behind the principal, where the call names one; null where it does not. */
  readonly endUser: string | null
}

/** Keys of the scopes that asked last, at most so many. */
const mostKept = 1_000

/**
 * The keys of the tokens, one for each scope, 32 bytes, by HKDF-SHA-256 of the service's key. Who knows the tokens of one scope
 * knows nothing of those of another, for the same values, either.
 */
export class TokenKeys {
  readonly #serviceKey: Buffer
  readonly #kept = new Map<string, KeyObject>()

  /** `serviceKey`: 32 bytes. */
  constructor(serviceKey: Buffer) {
    this.#serviceKey = serviceKey
  }

  of({ principal, endUser }: TokenScope): KeyObject {
    const info = JSON.stringify(['sallyport tokens 1', principal, endUser])
    let key = this.#kept.get(info)
    if (key === undefined) {
      key = createSecretKey(Buffer.from(hkdfSync('sha256', this.#serviceKey, Buffer.alloc(0), info, 32)))
      if (this.#kept.size >= mostKept) this.#kept.clear()
      this.#kept.set(info, key)
    }
    return key
  }
}
