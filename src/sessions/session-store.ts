import { randomUUID } from 'node:crypto'
import { allOf } from '../concurrency/all-of.ts'
import { ServiceError } from '../core/errors.ts'
import type { HeldSessions, SessionElsewhere } from '../core/held-sessions.ts'
import { limitReached } from '../core/limit-reached.ts'
import { refuseUnfitLimits, type LimitClaim } from '../core/requested-limits.ts'
import { ExpiredSessions } from './expired-sessions.ts'
import { endOf, summaryOf, type Entry, type SessionSummary } from './session-entry.ts'
import { lostProcess, SessionPlaces } from './session-places.ts'
import { SandboxClaims, type ClaimBounds } from './sandbox-claims.ts'
import { Session, type SessionSandbox } from './session.ts'

export interface SessionStoreSettings<Sandbox extends SessionSandbox> {
  /** Claims a sandbox for a tenant. */
  readonly claim: (tenant: string, wishes: LimitClaim | null, signal: AbortSignal) => Promise<Sandbox>
  readonly idleMilliseconds: number
  readonly maximumPerTenant: number
  /** Sandboxes that there may be; absent where nobody waits for one. */
  readonly sandboxes?: ClaimBounds
  /** Which process has which session that was opened to be kept; null, or absent, where there is one process. */
  readonly held?: () => Promise<HeldSessions | null>
  /** Milliseconds since any fixed point. */
  readonly now?: () => number
}

/** How long a session lives that is kept. */
export interface SessionLife {
  /** Milliseconds from now until it is closed, used or not; absent where only idleness ends it. */
  readonly lifetimeMilliseconds?: number
  /** How long it may be unused; absent, as long as the store says, and without an end where it has a lifetime. */
  readonly idleMilliseconds?: number
  /** Called once, when it is closed, however that came; not where the store itself ends, as it does with the process. Must not throw. */
  readonly onClosed?: () => void
  /** May it be closed while nobody uses it, where its owner would wait for a sandbox otherwise? */
  readonly givesWay?: boolean
}

export interface LeaseOptions {
  /** Keep it when the lease ends, until it is closed or expires. */
  readonly keep?: boolean
  /** Limits of a session that this opens; null for the defaults. */
  readonly wishes?: LimitClaim | null
  readonly life?: SessionLife
}

/** A session for the time of one use. Disposing gives it back; a session in use never expires. */
export interface SessionLease<Sandbox extends SessionSandbox> extends AsyncDisposable {
  readonly session: Session<Sandbox>
}

const sweepMilliseconds = 5000
const unbounded = { perTenant: Number.POSITIVE_INFINITY, all: Number.POSITIVE_INFINITY }

/** All open sessions. Idle ones are closed by themselves; disposing closes every one. */
export class SessionStore<Sandbox extends SessionSandbox> implements AsyncDisposable {
  readonly #settings: SessionStoreSettings<Sandbox>
  readonly #entries = new Map<string, Entry<Sandbox>>()
  /** Those whose sandboxes have to end before anything else begins. */
  readonly #lost = new Set<Entry<Sandbox>>()
  readonly #expired = new ExpiredSessions()
  readonly #claims: SandboxClaims
  readonly #places: SessionPlaces
  readonly #now: () => number
  readonly #timer: NodeJS.Timeout
  #closed = false

  constructor(settings: SessionStoreSettings<Sandbox>) {
    this.#settings = settings
    this.#claims = new SandboxClaims(settings.sandboxes ?? unbounded)
    this.#places = new SessionPlaces(settings.held ?? (async () => null))
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

  /**
   * Takes a session as `lease` does, and says of one of the tenant's that another process has which one that is (`wrong-replica`), and of one that was lost with
   * its process that it was.
   */
  async take(tenant: string, id: string | null, options: LeaseOptions = {}): Promise<SessionLease<Sandbox>> {
    if (id !== null) await this.find(tenant, id)
    return this.lease(tenant, id, options)
  }

  /** Open sessions of a tenant, oldest first. */
  list(tenant: string): readonly SessionSummary[] {
    const own = [...this.#entries.values()].filter((entry) => entry.session.tenant === tenant)
    return own.map((entry) => summaryOf(entry, this.#now()))
  }

  /** Those that other processes have of it; null where there are no other processes. */
  elsewhere(tenant: string): Promise<readonly SessionElsewhere[] | null> {
    return this.#places.elsewhere(tenant)
  }

  /** One open session of a tenant; null for none. */
  show(tenant: string, id: string): SessionSummary | null {
    const entry = this.#entries.get(id)
    return entry?.session.tenant === tenant ? summaryOf(entry, this.#now()) : null
  }

  /** As `show`, and says of one that another process has, or has lost, what `take` does. */
  async find(tenant: string, id: string): Promise<SessionSummary | null> {
    const own = this.show(tenant, id)
    if (own === null) await this.#places.refuse(tenant, id)
    return own
  }

  /** A new session that is kept for later use; its sandbox is claimed when code first runs. Throws as `lease` does. */
  async open(tenant: string, wishes: LimitClaim | null, life: SessionLife = {}): Promise<SessionSummary> {
    const lease = this.lease(tenant, null, { keep: true, wishes, life })
    const { id } = lease.session
    try {
      await this.#places.note(tenant, id)
    } catch (thrown) {
      await this.close(tenant, id).catch(() => undefined)
      throw thrown
    } finally {
      await lease[Symbol.asyncDispose]()
    }
    return summaryOf(this.#find(tenant, id), this.#now())
  }

  /** Gives a session another lifetime, from now on; at its end it is closed whether it is used or not. */
  endIn(tenant: string, id: string, lifetimeMilliseconds: number): SessionSummary {
    const entry = this.#find(tenant, id)
    this.#endIn(entry, lifetimeMilliseconds)
    return summaryOf(entry, this.#now())
  }

  /** Closes a session now; what runs in it is cancelled. */
  async close(tenant: string, id: string): Promise<void> {
    await this.find(tenant, id)
    await this.#close(this.#find(tenant, id))
  }

  /**
   * Ends every session with what runs in it, as this process has lost its lease; others may be opened at once. Resolves when their sandboxes are gone, and rejects where
   * one of them could not be ended: the next call tries that again.
   */
  async endLost(): Promise<void> {
    this.#places.startOver()
    const why = lostProcess()
    for (const entry of this.#entries.values()) this.#lost.add(entry)
    await allOf(
      [...this.#lost].map(async (entry) => {
        await this.#close(entry, why)
        this.#lost.delete(entry)
      }),
    )
  }

  /** Closes what has been idle too long, and what has reached the end of its lifetime. Called by itself every few seconds. */
  async expire(): Promise<void> {
    const over = [...this.#entries.values()].filter((entry) => this.#isOver(entry))
    await Promise.all(over.map((entry) => this.#end(entry)))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    clearInterval(this.#timer)
    for (const { alarm } of this.#entries.values()) if (alarm !== null) clearTimeout(alarm)
    await Promise.all([...this.#entries.values()].map((entry) => this.#close(entry)))
  }

  #isOver(entry: Entry<Sandbox>): boolean {
    const end = endOf(entry)
    return end !== null && end <= this.#now()
  }

  #endIn(entry: Entry<Sandbox>, milliseconds: number): void {
    if (entry.alarm !== null) clearTimeout(entry.alarm)
    entry.endsAt = this.#now() + milliseconds
    this.#setAlarm(entry, milliseconds)
  }

  /** A timer may ring a little before its time: then it is set once more. */
  #setAlarm(entry: Entry<Sandbox>, milliseconds: number): void {
    entry.alarm = setTimeout(
      () => {
        if (this.#isOver(entry)) void this.#end(entry).catch(() => undefined)
        else this.#setAlarm(entry, Math.max(0, (entry.endsAt ?? 0) - this.#now()))
      },
      Math.ceil(milliseconds) + 1,
    )
    entry.alarm.unref()
  }

  async #end(entry: Entry<Sandbox>): Promise<void> {
    const { id, tenant } = entry.session
    const isOld = entry.endsAt !== null && entry.endsAt <= this.#now()
    this.#expired.note(id, { tenant, unused: isOld ? null : entry.idleMilliseconds })
    await this.#close(entry)
  }

  #open(tenant: string, { keep = false, wishes = null, life = {} }: LeaseOptions): Entry<Sandbox> {
    const { lifetimeMilliseconds = null, idleMilliseconds = null, onClosed = () => undefined, givesWay = false } = life
    if (wishes !== null) refuseUnfitLimits(wishes)
    if (keep) this.#refuseOneTooMany(tenant)
    const session: Session<Sandbox> = new Session<Sandbox>({
      id: `session_${randomUUID()}`,
      tenant,
      limits: wishes?.limits ?? {},
      claim: (signal) => {
        this.#makeRoom(session)
        return this.#claims.take(session, () => this.#settings.claim(tenant, wishes, signal))
      },
    })
    const entry: Entry<Sandbox> = {
      session,
      openedAt: new Date(),
      uses: 0,
      lastUsed: this.#now(),
      passing: !keep,
      endsAt: null,
      alarm: null,
      idleMilliseconds: idleMilliseconds ?? (lifetimeMilliseconds === null ? this.#settings.idleMilliseconds : null),
      onClosed,
      givesWay,
    }
    if (lifetimeMilliseconds !== null) this.#endIn(entry, lifetimeMilliseconds)
    this.#entries.set(session.id, entry)
    return entry
  }

  /** Closes the session that gives way and was not used for the longest time, where the owner of this one would wait for a sandbox that it has. */
  #makeRoom(session: Session<Sandbox>): void {
    const inTheWay = this.#claims.inTheWayOf(session)
    const [oldest] = [...this.#entries.values()]
      .filter((entry) => inTheWay.has(entry.session.id) && entry.givesWay && entry.uses === 0)
      .toSorted((one, other) => one.lastUsed - other.lastUsed)
    if (oldest !== undefined) void this.#close(oldest).catch(() => undefined)
  }

  /** Only sessions that are kept count: one that ends with its request is held by the limit of requests at a time. */
  #refuseOneTooMany(tenant: string): void {
    const own = [...this.#entries.values()].filter((entry) => entry.session.tenant === tenant)
    const kept = own.filter((entry) => !entry.passing)
    if (kept.length < this.#settings.maximumPerTenant) return
    const left = kept.flatMap((entry) => endOf(entry) ?? []).map((end) => end - this.#now())
    // An expired session is closed by the next sweep.
    const milliseconds = left.length === 0 ? null : Math.max(0, Math.min(...left)) + sweepMilliseconds
    throw limitReached(`${this.#settings.maximumPerTenant} sessions are open already.`, {
      seconds: milliseconds === null ? null : milliseconds / 1_000,
      ...(milliseconds === null ? {} : { at: new Date(Date.now() + milliseconds) }),
      advice: 'Close one, or wait until one has been idle long enough to expire.',
    })
  }

  #find(tenant: string, id: string): Entry<Sandbox> {
    const entry = this.#entries.get(id)
    if (entry === undefined || entry.session.tenant !== tenant) throw this.#expired.faultOf(tenant, id)
    // Nothing begins in a session whose time is over, however late its alarm is.
    if (entry.endsAt !== null && this.#isOver(entry)) {
      void this.#end(entry).catch(() => undefined)
      throw this.#expired.faultOf(tenant, id)
    }
    return entry
  }

  async #close(entry: Entry<Sandbox>, why: ServiceError | null = null): Promise<void> {
    const { session, alarm } = entry
    if (alarm !== null) clearTimeout(alarm)
    const isFirst = this.#entries.delete(session.id)
    if (isFirst && !this.#closed) entry.onClosed()
    this.#claims.end(session.id)
    await (why === null ? session[Symbol.asyncDispose]() : session.end(why))
    // Those that end with their process are lost with its lease, which others tell.
    if (isFirst && !this.#closed) await this.#places.forget(session.id)
  }
}
