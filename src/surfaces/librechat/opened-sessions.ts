import { ServiceError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import type { SessionSummary } from '../../sessions/session-store.ts'
import type { SessionService } from '../native/sessions.ts'

/** How often room is made for one session, where others take it meanwhile. */
const mostTries = 3

/**
 * The sessions that this interface has opened. LibreChat takes each file as soon as it is made, and uploads it again where its session is gone: so
 * the one that its caller has not used for the longest time makes room for another, and a key for many people goes on at its limit of sessions.
 */
export class OpenedSessions {
  readonly #sessions: Pick<SessionService, 'open' | 'list' | 'close'>
  /** Ids by whose they are. Those that have ended are forgotten when their caller opens another, so that no caller has more than may be open. */
  readonly #opened = new Map<Principal['id'], Set<string>>()

  constructor(sessions: Pick<SessionService, 'open' | 'list' | 'close'>) {
    this.#sessions = sessions
  }

  /** The id of a new session. Rejects as `SessionService.open` does, at the limit only where none of these is unused. */
  async open(principal: Principal): Promise<string> {
    for (let tries = 1; ; tries += 1) {
      try {
        const { id } = await this.#sessions.open(principal, {})
        await this.#openOf(principal)
        this.#opened.set(principal.id, (this.#opened.get(principal.id) ?? new Set()).add(id))
        return id
      } catch (thrown) {
        if (tries === mostTries || !isLimit(thrown) || !(await this.#makeRoom(principal))) throw thrown
      }
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

  /** False where there is none that could be closed. */
  async #makeRoom(principal: Principal): Promise<boolean> {
    const unused = (await this.#openOf(principal)).filter(({ inUse }) => !inUse)
    const [oldest] = unused.toSorted((one, other) => (one.leftMilliseconds ?? 0) - (other.leftMilliseconds ?? 0))
    if (oldest === undefined) return false
    this.#opened.get(principal.id)?.delete(oldest.id)
    await this.#sessions.close(principal, oldest.id).catch(() => undefined)
    return true
  }
}

const isLimit = (thrown: unknown): boolean =>
  thrown instanceof ServiceError && (thrown.code === 'rate-limited' || thrown.code === 'quota-exceeded')
