import { randomUUID } from 'node:crypto'
import { ServiceError } from '../core/errors.ts'
import { Session, type SessionSandbox } from './session.ts'

export interface SessionStoreSettings<Sandbox extends SessionSandbox> {
  /** Claims a sandbox for a tenant. */
  readonly claim: (tenant: string, signal: AbortSignal) => Promise<Sandbox>
  readonly idleMilliseconds: number
  readonly maximumPerTenant: number
  /** Milliseconds since any fixed point. */
  readonly now?: () => number
}

/** A session for the time of one use. Disposing gives it back; a session in use never expires. */
export interface SessionLease<Sandbox extends SessionSandbox> extends AsyncDisposable {
  readonly session: Session<Sandbox>
}

interface Entry<Sandbox extends SessionSandbox> {
  readonly session: Session<Sandbox>
  readonly openedAt: Date
  uses: number
  lastUsed: number
  /** Closed as soon as its last user gives it back. */
  passing: boolean
}

const sweepMilliseconds = 5000

/** All open sessions. Idle ones are closed by themselves; disposing closes every one. */
export class SessionStore<Sandbox extends SessionSandbox> implements AsyncDisposable {
  readonly #settings: SessionStoreSettings<Sandbox>
  readonly #entries = new Map<string, Entry<Sandbox>>()
  readonly #now: () => number
  readonly #timer: NodeJS.Timeout
  #closed = false

  constructor(settings: SessionStoreSettings<Sandbox>) {
    this.#settings = settings
    this.#now = settings.now ?? (() => performance.now())
    this.#timer = setInterval(() => void this.expire().catch(() => undefined), sweepMilliseconds)
    this.#timer.unref()
  }

  /**
   * Takes a session: the one of that id, or a new one. With `id: null` it ends when the lease does, unless `keep` is
   * set. Another tenant's session is `not-found`, as one that never was. Throws `quota-exceeded` at the limit.
   */
  lease(tenant: string, id: string | null, options: { readonly keep?: boolean } = {}): SessionLease<Sandbox> {
    if (this.#closed) throw new ServiceError('shutting-down', 'The service is shutting down')
    const entry = id === null ? this.#open(tenant, options.keep ?? false) : this.#find(tenant, id)
    entry.uses += 1
    let returned = false
    return {
      session: entry.session,
      [Symbol.asyncDispose]: async () => {
        if (returned) return
        returned = true
        entry.uses -= 1
        entry.lastUsed = this.#now()
        if (entry.passing && entry.uses === 0) await this.#close(entry)
      },
    }
  }

  /** Open sessions of a tenant, oldest first. */
  list(tenant: string): readonly { readonly id: string; readonly openedAt: Date; readonly inUse: boolean }[] {
    const own = [...this.#entries.values()].filter((entry) => entry.session.tenant === tenant)
    return own.map((entry) => ({ id: entry.session.id, openedAt: entry.openedAt, inUse: entry.uses > 0 }))
  }

  /** Closes a session now; what runs in it is cancelled. */
  async close(tenant: string, id: string): Promise<void> {
    await this.#close(this.#find(tenant, id))
  }

  /** Closes what has been idle too long. Called by itself every few seconds. */
  async expire(): Promise<void> {
    const oldest = this.#now() - this.#settings.idleMilliseconds
    const idle = [...this.#entries.values()].filter((entry) => entry.uses === 0 && entry.lastUsed < oldest)
    await Promise.all(idle.map((entry) => this.#close(entry)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await Promise.all([...this.#entries.values()].map((entry) => this.#close(entry)))
  }

  #open(tenant: string, keep: boolean): Entry<Sandbox> {
    if (this.list(tenant).length >= this.#settings.maximumPerTenant) {
      throw new ServiceError('quota-exceeded', `${this.#settings.maximumPerTenant} sessions are open already`, {
        advice: 'Close one, or wait until one has been idle long enough to expire.',
      })
    }
    const session = new Session<Sandbox>({
      id: `session_${randomUUID()}`,
      tenant,
      claim: (signal) => this.#settings.claim(tenant, signal),
    })
    const entry = { session, openedAt: new Date(), uses: 0, lastUsed: this.#now(), passing: !keep }
    this.#entries.set(session.id, entry)
    return entry
  }

  #find(tenant: string, id: string): Entry<Sandbox> {
    const entry = this.#entries.get(id)
    if (entry === undefined || entry.session.tenant !== tenant) {
      throw new ServiceError('not-found', `There is no session "${id}"`, {
        advice: 'It may have expired. Begin a new one.',
      })
    }
    return entry
  }

  async #close(entry: Entry<Sandbox>): Promise<void> {
    this.#entries.delete(entry.session.id)
    await entry.session[Symbol.asyncDispose]()
  }
}
