import { ServiceError } from '../../core/errors.ts'
import type { Principal } from '../../core/principal.ts'
import type { SessionService } from '../native/sessions.ts'

/** How often room is made for one session, where others take it meanwhile. */
const mostTries = 3

/**
 * The sessions that this interface has opened. LibreChat takes each file as soon as it is made, and uploads it again where its session is gone: so
 * the one that its caller has not used for the longest time makes room for another, and a key for many people goes on at its limit of sessions.
 */
export class OpenedSessions {
  readonly #sessions: Pick<SessionService, 'open' | 'list' | 'close'>
  /** Whose each is, by its id. */
  readonly #opened = new Map<string, Principal['id']>()

  constructor(sessions: Pick<SessionService, 'open' | 'list' | 'close'>) {
    this.#sessions = sessions
  }

  /** The id of a new session. Rejects as `SessionService.open` does, at the limit only where none of these is unused. */
  async open(principal: Principal): Promise<string> {
    for (let tries = 1; ; tries += 1) {
      try {
        const { id } = await this.#sessions.open(principal, {})
        this.#opened.set(id, principal.id)
        return id
      } catch (thrown) {
        if (tries === mostTries || !isLimit(thrown) || !(await this.#makeRoom(principal))) throw thrown
      }
    }
  }

  /** False where there is none that could be closed. */
  async #makeRoom(principal: Principal): Promise<boolean> {
    const open = new Map((await this.#sessions.list(principal)).map((session) => [session.id, session]))
    for (const [id, owner] of this.#opened) if (owner === principal.id && !open.has(id)) this.#opened.delete(id)
    const unused = [...open.values()].filter(({ id, inUse }) => this.#opened.has(id) && !inUse)
    const [oldest] = unused.toSorted((one, other) => (one.leftMilliseconds ?? 0) - (other.leftMilliseconds ?? 0))
    if (oldest === undefined) return false
    this.#opened.delete(oldest.id)
    await this.#sessions.close(principal, oldest.id).catch(() => undefined)
    return true
  }
}

const isLimit = (thrown: unknown): boolean =>
  thrown instanceof ServiceError && (thrown.code === 'rate-limited' || thrown.code === 'quota-exceeded')
