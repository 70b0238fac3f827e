import { ServiceError } from '../../core/errors.ts'
import { ClaimQueue } from './claim-queue.ts'
import type { Place, PoolFigures, PoolMember, PoolOptions } from './pool-options.ts'

const demandMilliseconds = 10_000
const longestPauseMilliseconds = 30_000

/** Keeps members ready, hands each to one tenant, and holds its place as long as anything of it runs. */
export class WarmPool<Member extends PoolMember> implements AsyncDisposable {
  readonly #options: PoolOptions<Member>
  readonly #queue: ClaimQueue<Member | Place>
  readonly #ready: Member[] = []
  /** Claimed members by tenant, those included that are being stopped and those that could not be removed. */
  readonly #held = new Map<Member, string>()
  /** Members of which nothing runs any more, while what is left of them is removed. */
  readonly #leaving = new Set<Member>()
  readonly #places = new Set<Place>()
  /** Members whose removal was not confirmed yet. */
  readonly #doomed = new Set<Member>()
  readonly #closing = new AbortController()
  /** Starts, the oldest first, each with what tells it that somebody waits for it. */
  readonly #starts = new Map<Promise<void>, AbortController>()
  #recentClaims: number[] = []
  #failures = 0
  #lastFault: string | null = null
  #pausedUntil = 0
  #warm = false
  /** Is a member begun for a first claim that has not come yet? */
  #isAhead = false
  /** What claims are refused with; null where they are served. */
  #drained: ServiceError | null = null

  constructor(options: PoolOptions<Member>) {
    this.#options = options
    const { queueCapacity, queueMilliseconds } = options.settings
    const waiting = { capacity: queueCapacity, waitMilliseconds: queueMilliseconds }
    this.#queue = new ClaimQueue({ ...waiting, lastFault: () => this.#lastFault })
  }

  get figures(): PoolFigures {
    return {
      ready: this.#ready.length,
      starting: this.#starts.size + this.#places.size,
      claimed: this.#held.size,
      waiting: this.#queue.length,
    }
  }

  /** From now on members are kept ready without anyone asking. */
  warm(): void {
    this.#warm = true
    this.#pump()
  }

  /** Begins one member for the first claim, which gets it, or what its start failed with. */
  startAhead(): void {
    this.#isAhead = true
    this.#pump()
  }

  /** Rejects with `sandbox-busy`, `shutting-down`, a failed start's fault, or the signal's reason. */
  async claim(tenant: string, signal: AbortSignal): Promise<Member> {
    this.#refuseClaims()
    this.#recentClaims.push(this.#options.now())
    this.#isAhead = false
    const waiting = this.#queue.wait({ tenant, wanted: 'ready' }, signal)
    this.#pump()
    const member = await waiting
    if ('free' in member) throw new TypeError('a place instead of a member')
    return member
  }

  /**
   * A member made for this claim alone, within the same bounds: it waits for its place like any other, and a spare ready
   * one gives way. Rejects as `claim` does, and with what `make` rejects with.
   */
  async claimMade(
    tenant: string,
    make: (signal: AbortSignal) => Promise<Member>,
    signal: AbortSignal,
  ): Promise<Member> {
    this.#refuseClaims()
    this.#isAhead = false
    const waiting = this.#queue.wait({ tenant, wanted: 'place' }, signal)
    this.#pump()
    const place = await waiting
    if (!('free' in place)) throw new TypeError('a member instead of a place')
    try {
      const member = await make(AbortSignal.any([signal, this.#closing.signal]))
      this.#held.set(member, tenant)
      return member
    } finally {
      place.free()
    }
  }

  /**
   * Destroys a claimed member; resolves when it is gone. Its place is free before that, when nothing of it runs any more;
   * one that cannot be removed takes it back, so that a host that removes nothing is not filled.
   */
  async release(member: Member): Promise<void> {
    const tenant = this.#held.get(member)
    void member.stopped.then(() => this.#vacate(member))
    try {
      await member[Symbol.asyncDispose]()
      this.#doomed.delete(member)
      this.#held.delete(member)
    } catch (fault) {
      if (tenant !== undefined) {
        this.#held.set(member, tenant)
        this.#doomed.add(member)
      }
      throw fault
    } finally {
      this.#leaving.delete(member)
      this.#pump()
    }
  }

  #vacate(member: Member): void {
    if (!this.#held.delete(member)) return
    this.#leaving.add(member)
    this.#pump()
  }

  /** Destroys a member, whoever has it; resolves and rejects as `release` does. */
  async end(member: Member): Promise<void> {
    const place = this.#ready.indexOf(member)
    if (place >= 0) {
      this.#ready.splice(place, 1)
      // Held by nobody, yet its place is taken until it is gone.
      this.#held.set(member, '')
    }
    await this.release(member)
  }

  /** Refuses claims with this, those that wait included, and keeps none ready, until `resume`. Resolves when none is. */
  async drain(refusal: ServiceError): Promise<void> {
    this.#drained = refusal
    this.#queue.rejectAll(refusal)
    await this.replaceReady()
  }

  resume(): void {
    this.#drained = null
    this.#pump()
  }

  #refuseClaims(): void {
    if (this.#closing.signal.aborted) throw new ServiceError('shutting-down', 'The sandboxes are being closed')
    if (this.#drained !== null) throw this.#drained
  }

  /** Destroys the members that are ready, so that later claims get new ones. */
  async replaceReady(): Promise<void> {
    await Promise.all(this.#ready.splice(0).map((member) => this.#discard(member)))
  }

  /** Tries failed removals again and follows the demand. The engine calls it at intervals. */
  async tend(): Promise<void> {
    await Promise.allSettled([...this.#doomed].map((member) => this.release(member)))
    await this.#trim()
    this.#pump()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort(new ServiceError('shutting-down', 'The sandboxes are being closed'))
    this.#queue.rejectAll(this.#closing.signal.reason)
    await Promise.allSettled([...this.#starts.keys(), ...[...this.#places].map((place) => place.freed)])
    await this.replaceReady()
    await Promise.allSettled([...this.#held.keys(), ...this.#leaving].map((member) => this.release(member)))
  }

  /** Members to keep ready: as many as were claimed lately, between floor and ceiling. */
  #target(): number {
    if (this.#drained !== null) return 0
    if (!this.#warm) return this.#isAhead ? 1 : 0
    const since = this.#options.now() - demandMilliseconds
    this.#recentClaims = this.#recentClaims.filter((time) => time > since)
    const { minimumReady, maximumReady } = this.#options.settings
    return Math.min(maximumReady, Math.max(minimumReady, this.#recentClaims.length))
  }

  /**
   * Destroys members that nobody waits for and no demand keeps, such as one whose claim was aborted while it started.
   */
  async #trim(): Promise<void> {
    const surplus = this.#ready.splice(Math.max(this.#target(), this.#queue.length))
    await Promise.all(surplus.map((member) => this.#discard(member)))
  }

  readonly #countHeld = (tenant: string): number => {
    let count = 0
    for (const owner of this.#held.values()) if (owner === tenant) count += 1
    for (const place of this.#places) if (place.tenant === tenant) count += 1
    return count
  }

  /** Members that may still be added. */
  get #room(): number {
    const { maximum } = this.#options.settings
    return maximum - this.#ready.length - this.#starts.size - this.#held.size - this.#places.size
  }

  #pump(): void {
    if (this.#closing.signal.aborted) return
    this.#handOut()
    this.#handOutPlaces()
    const { maximumPerTenant, startsAtOnce } = this.#options.settings
    const wanted = this.#queue.servable(this.#countHeld, maximumPerTenant)
    const spare = this.#options.now() < this.#pausedUntil ? 0 : this.#target()
    const missing = wanted + spare - this.#ready.length - this.#starts.size
    // A start takes the processors that those who were served need for their first programs: what nobody waits for comes one by one.
    const isEnough = wanted === 0 && this.#ready.length >= spare / 2
    const atOnce = isEnough ? 1 : startsAtOnce
    const starts = Math.min(missing, this.#room, atOnce - this.#starts.size - this.#places.size)
    for (let started = 0; started < starts; started += 1) this.#start()
    const waitedFor = Math.max(wanted, this.#isAhead ? 1 : 0)
    for (const start of [...this.#starts.values()].slice(0, waitedFor)) start.abort()
  }

  #handOut(): void {
    while (this.#ready.length > 0) {
      const member = this.#ready[0] as Member
      if (!member.alive) {
        this.#ready.shift()
        void this.#discard(member)
        continue
      }
      const waiter = this.#queue.take('ready', this.#countHeld, this.#options.settings.maximumPerTenant)
      if (waiter === null) return
      this.#ready.shift()
      this.#held.set(member, waiter.tenant)
      waiter.resolve(member)
    }
  }

  /** Alternates between waiters for a place and waiters for a ready member, so that neither kind starves the other. */
  #handOutPlaces(): void {
    const { maximumPerTenant, startsAtOnce } = this.#options.settings
    while (this.#starts.size + this.#places.size < startsAtOnce) {
      if (this.#queue.next(this.#countHeld, maximumPerTenant)?.wanted !== 'place') return
      if (this.#room <= 0) {
        // No waiter can use this member, or it would have been handed out. Its removal frees a place.
        const spare = this.#ready.shift()
        if (spare !== undefined) void this.#discard(spare)
        return
      }
      const waiter = this.#queue.take('place', this.#countHeld, maximumPerTenant)
      if (waiter === null) return
      waiter.resolve(this.#openPlace(waiter.tenant))
    }
  }

  #openPlace(tenant: string): Place {
    const { promise: freed, resolve } = Promise.withResolvers<void>()
    const free = () => {
      this.#places.delete(place)
      resolve()
      this.#pump()
    }
    const place: Place = { tenant, free, freed }
    this.#places.add(place)
    return place
  }

  #start(): void {
    const wanted = new AbortController()
    const start = this.#create(wanted.signal).finally(() => {
      this.#starts.delete(start)
      this.#pump()
      void this.#trim()
    })
    this.#starts.set(start, wanted)
  }

  async #create(wanted: AbortSignal): Promise<void> {
    try {
      const member = await this.#options.create(this.#closing.signal, wanted)
      this.#failures = 0
      this.#lastFault = null
      this.#ready.push(member)
    } catch (fault) {
      if (this.#closing.signal.aborted) return
      this.#options.onFault(fault)
      this.#failures += 1
      this.#lastFault = fault instanceof Error ? fault.message : null
      // A spare member has no waiter, so its next try may wait; a claim tries at once and gets the fault.
      this.#pausedUntil = this.#options.now() + Math.min(longestPauseMilliseconds, 500 * 2 ** this.#failures)
      this.#queue.take('ready', this.#countHeld, this.#options.settings.maximumPerTenant)?.reject(fault)
    }
  }

  async #discard(member: Member): Promise<void> {
    // Held by nobody, yet its place is taken until it is gone.
    this.#held.set(member, '')
    await this.release(member).catch(this.#options.onFault)
  }
}
