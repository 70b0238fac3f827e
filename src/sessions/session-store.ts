import { randomUUID } from 'node:crypto'
import { ServiceError } from '../core/errors.ts'
import { limitReached } from '../core/limit-reached.ts'
import { refuseUnfitLimits, type LimitClaim, type RequestedLimits } from '../core/requested-limits.ts'
import { Session, type SessionSandbox } from './session.ts'

export interface SessionStoreSettings<Sandbox extends SessionSandbox> {
  /** Claims a sandbox for a tenant. */
  readonly claim: (tenant: string, wishes: LimitClaim | null, signal: AbortSignal) => Promise<Sandbox>
  readonly idleMilliseconds: number
  readonly maximumPerTenant: number
  /** Milliseconds since any fixed point. */
  readonly now?: () => number
}

/** What its owner may know of a session. */
export interface SessionSummary {
  readonly id: string
  readonly openedAt: Date
  readonly inUse: boolean
  /** When it will be closed if nobody uses it; null while it is in use. */
  readonly expiresAt: Date | null
  readonly limits: RequestedLimits
}

export interface LeaseOptions {
  /** Keep it when the lease ends, until it is closed or expires. */
  readonly keep?: boolean
  /** Limits of a session that this opens; null for the defaults. */
  readonly wishes?: LimitClaim | null
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
/** How many expired sessions are remembered, to tell their owners why they are gone. */
const maximumRemembered = 1000

/** All open sessions. Idle ones are closed by themselves; disposing closes every one. */
export class SessionStore<Sandbox extends SessionSandbox> implements AsyncDisposable {
  readonly #settings: SessionStoreSettings<Sandbox>
  readonly #entries = new Map<string, Entry<Sandbox>>()
  /** Tenants of the sessions that expired, by id, oldest first. */
  readonly #expired = new Map<string, string>()
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
   * set. Another tenant's session is `not-found`, as one that never was. At the limit of those that
   * are kept it throws `rate-limited` or `quota-exceeded`, `invalid-request` for limits above the ceilings.
   */
  lease(tenant: string, id: string | null, options: LeaseOptions = {}): SessionLease<Sandbox> {
    if (this.#closed) throw new ServiceError('shutting-down', 'The service is shutting down')
    const entry = id === null ? this.#open(tenant, options) : this.#find(tenant, id)
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
  list(tenant: string): readonly SessionSummary[] {
    const own = [...this.#entries.values()].filter((entry) => entry.session.tenant === tenant)
    return own.map((entry) => this.#summarize(entry))
  }

  /** A new session that is kept for later use; its sandbox is claimed when code first runs. Throws as `lease` does. */
  async open(tenant: string, wishes: LimitClaim | null): Promise<SessionSummary> {
    const lease = this.lease(tenant, null, { keep: true, wishes })
    await lease[Symbol.asyncDispose]()
    return this.#summarize(this.#find(tenant, lease.session.id))
  }

  /** Closes a session now; what runs in it is cancelled. */
  async close(tenant: string, id: string): Promise<void> {
    await this.#close(this.#find(tenant, id))
  }

  /** Closes what has been idle too long. Called by itself every few seconds. */
  async expire(): Promise<void> {
    const oldest = this.#now() - this.#settings.idleMilliseconds
    const idle = [...this.#entries.values()].filter((entry) => entry.uses === 0 && entry.lastUsed < oldest)
    for (const { session } of idle) this.#expired.set(session.id, session.tenant)
    for (const id of [...this.#expired.keys()].slice(0, -maximumRemembered)) this.#expired.delete(id)
    await Promise.all(idle.map((entry) => this.#close(entry)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    await Promise.all([...this.#entries.values()].map((entry) => this.#close(entry)))
  }

  #summarize({ session, openedAt, uses, lastUsed }: Entry<Sandbox>): SessionSummary {
    const left = lastUsed + this.#settings.idleMilliseconds - this.#now()
    const expiresAt = uses > 0 ? null : new Date(Date.now() + left)
    return { id: session.id, openedAt, inUse: uses > 0, expiresAt, limits: session.limits }
  }

  #open(tenant: string, { keep = false, wishes = null }: LeaseOptions): Entry<Sandbox> {
    if (wishes !== null) refuseUnfitLimits(wishes)
    if (keep) this.#refuseOneTooMany(tenant)
    const session = new Session<Sandbox>({
      id: `session_${randomUUID()}`,
      tenant,
      limits: wishes?.limits ?? {},
      claim: (signal) => this.#settings.claim(tenant, wishes, signal),
    })
    const entry = { session, openedAt: new Date(), uses: 0, lastUsed: this.#now(), passing: !keep }
    this.#entries.set(session.id, entry)
    return entry
  }

  /** Only sessions that are kept count: one that ends with its request is held by the limit of requests at a time. */
  #refuseOneTooMany(tenant: string): void {
    const own = [...this.#entries.values()].filter((entry) => entry.session.tenant === tenant)
    const kept = own.filter((entry) => !entry.passing)
    if (kept.length < this.#settings.maximumPerTenant) return
    const idle = kept.filter((entry) => entry.uses === 0)
    const left = idle.map((entry) => entry.lastUsed + this.#settings.idleMilliseconds - this.#now())
    // An expired session is closed by the next sweep.
    const milliseconds = idle.length === 0 ? null : Math.max(0, Math.min(...left)) + sweepMilliseconds
    throw limitReached(`${this.#settings.maximumPerTenant} sessions are open already.`, {
      seconds: milliseconds === null ? null : milliseconds / 1_000,
      ...(milliseconds === null ? {} : { at: new Date(Date.now() + milliseconds) }),
      advice: 'Close one, or wait until one has been idle long enough to expire.',
    })
  }

  #find(tenant: string, id: string): Entry<Sandbox> {
    const entry = this.#entries.get(id)
    if (entry === undefined || entry.session.tenant !== tenant) {
      const shown = id.slice(0, 100)
      if (this.#expired.get(id) === tenant) {
        const seconds = Math.round(this.#settings.idleMilliseconds / 1000)
        throw new ServiceError('not-found', `The session "${shown}" was unused for ${seconds} s and was closed.`, {
          parameter: 'session',
          advice: 'Begin a new one. Its variables and files are gone.',
        })
      }
      throw new ServiceError('not-found', `There is no session "${shown}".`, {
        parameter: 'session',
        advice: 'It may have been closed, or have expired. Begin a new one.',
      })
    }
    return entry
  }

  async #close(entry: Entry<Sandbox>): Promise<void> {
    this.#entries.delete(entry.session.id)
    await entry.session[Symbol.asyncDispose]()
  }
}
