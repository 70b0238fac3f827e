import { setTimeout as sleep } from 'node:timers/promises'
import { ServiceError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import type { SessionSummary } from '../../sessions/session-entry.ts'
import type { SessionService } from '../native/sessions.ts'

/** A session that is nobody else's until it is disposed of, which does not end it. */
export interface PromisedSession extends Disposable {
  readonly id: string
}

/** How often it is looked whether one is unused, and at least how often. */
const lookMilliseconds = 100
const leastLooks = 3

/**
 * The sessions that this interface has opened. LibreChat takes each file as soon as it is made, and uploads it again where its session is gone: so
 * the one that its caller has not used for the longest time makes room for another, and a key for many people goes on at its limit of sessions. Where each
 * of them runs something, whoever asks for one more waits as for a sandbox.
 */
export class OpenedSessions {
  readonly #sessions: Pick<SessionService, 'open' | 'list' | 'close'>
  readonly #waitMilliseconds: number
  /** Ids by whose they are. Those that have ended are forgotten when their caller opens another, so that no caller has more than may be open. */
  readonly #opened = new Map<Principal['id'], Set<string>>()
  /** Those that somebody is about to use, who has been told of them. */
  readonly #promised = new Set<string>()
  /** Requests for one that are under way. */
  #opening = 0

  /** `waitMilliseconds`: how long somebody waits at most. */
  constructor(
    sessions: Pick<SessionService, 'open' | 'list' | 'close'>,
    { waitMilliseconds }: { readonly waitMilliseconds: number },
  ) {
    this.#sessions = sessions
    this.#waitMilliseconds = waitMilliseconds
  }

  /**
   * A new session, which gives way while it is unused, once whoever asked has disposed of it. Rejects as `SessionService.open` does, at the limit with `rate-limited` where no session of the
   * caller's became unused in time, and at once where none of them is one of these.
   */
  async open(principal: Principal, signal: AbortSignal): Promise<PromisedSession> {
    for (let looks = 1, waited = 0; ; looks += 1) {
      try {
        const id = await this.#openOne(principal)
        return { id, [Symbol.dispose]: () => void this.#promised.delete(id) }
      } catch (thrown) {
        if (!isLimit(thrown)) throw thrown
        const room = await this.#makeRoom(principal)
        if (room === 'none') throw thrown
        if (room === 'made') continue
        if (waited >= this.#waitMilliseconds && looks >= leastLooks) throw this.#allRun()
        await sleep(lookMilliseconds, undefined, { signal })
        waited += lookMilliseconds
      }
    }
  }

  async #openOne(principal: Principal): Promise<string> {
    this.#opening += 1
    try {
      const { id } = await this.#sessions.open(principal, {}, { givesWay: true })
      this.#promised.add(id)
      this.#opened.set(principal.id, (this.#opened.get(principal.id) ?? new Set()).add(id))
      await this.#openOf(principal)
      return id
    } finally {
      this.#opening -= 1
    }
  }

  /** How many are remembered of a caller. */
  countOf({ id }: Pick<Principal, 'id'>): number {
    return this.#opened.get(id)?.size ?? 0
  }

  /** Those of a caller that have not ended; the others are forgotten. */
  async #openOf(principal: Principal): Promise<readonly SessionSummary[]> {
    const all = await this.#sessions.list(principal)
    const known = this.#opened.get(principal.id) ?? new Set()
    const open = all.filter(({ id }) => known.has(id))
    const ids = new Set(open.map(({ id }) => id))
    for (const id of known) if (!ids.has(id)) known.delete(id)
    return open
  }

  /** `none`: none of the caller's sessions is one of these. `later`: each of these runs something. */
  async #makeRoom(principal: Principal): Promise<'made' | 'later' | 'none'> {
    const open = await this.#openOf(principal)
    const unused = open.filter(({ id, inUse }) => !inUse && !this.#promised.has(id))
    const [oldest] = unused.toSorted((one, other) => (one.leftMilliseconds ?? 0) - (other.leftMilliseconds ?? 0))
    if (oldest === undefined) return open.length === 0 && this.#opening === 0 ? 'none' : 'later'
    this.#opened.get(principal.id)?.delete(oldest.id)
    await this.#sessions.close(principal, oldest.id).catch(() => undefined)
    return 'made'
  }

  #allRun(): ServiceError {
    const seconds = Math.max(1, Math.ceil(this.#waitMilliseconds / 1_000))
    return new ServiceError(
      'rate-limited',
      `Each session of this key runs a program, and none ended within ${seconds} s.`,
      {
        retryAfterSeconds: seconds,
        advice: 'Try again then, or ask the operator for a higher sessions.maximum_per_tenant.',
      },
    )
  }
}

const isLimit = (thrown: unknown): boolean =>
  thrown instanceof ServiceError && (thrown.code === 'rate-limited' || thrown.code === 'quota-exceeded')
