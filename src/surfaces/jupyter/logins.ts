import { createHash, randomBytes } from 'node:crypto'
import type { Secret } from '../../core/secret.ts'

interface Login {
  readonly credential: Secret
  /** On the clock of the process. */
  readonly ends: number
}

const lifetimeMilliseconds = 60 * 60 * 1_000
const mostLogins = 10_000

/** A token is kept as its digest: what is looked up is no secret that somebody could time. */
const digestOf = (token: string): string => createHash('sha256').update(token).digest('base64url')

/**
 * Who has logged in with a key for a password. A cookie stands for the key, and is decided on by it anew each time. In memory: none outlives the
 * process, nor its hour.
 */
export class Logins {
  readonly #logins = new Map<string, Login>()
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** The token that the cookie carries. */
  add(credential: Secret): string {
    for (const [known, { ends }] of this.#logins) {
      if (ends > this.#now() && this.#logins.size < mostLogins) break
      this.#logins.delete(known)
    }
    const token = randomBytes(32).toString('base64url')
    this.#logins.set(digestOf(token), { credential, ends: this.#now() + lifetimeMilliseconds })
    return token
  }

  /** Null for a token that is nobody's, or no longer somebody's. */
  find(token: string): Secret | null {
    const login = this.#logins.get(digestOf(token))
    return login === undefined || login.ends <= this.#now() ? null : login.credential
  }
}
