/** What is counted of a request. Money is in millionths of the currency that prices are in; everything is a whole number. */
export const quotaUnits = [
  'requests',
  'runs',
  'tokens',
  'input_tokens',
  'output_tokens',
  'money',
  'sandbox_ms',
  'rows',
  'bytes',
] as const

export type QuotaUnit = (typeof quotaUnits)[number]

/** An amount of each unit; one that is missing is 0. */
export type Amounts = Partial<Readonly<Record<QuotaUnit, number>>>

/**
 * How long an amount counts. `running`: while its request runs. `hour`, `day`, `month`: until that of its admission ends, in
 * UTC. `60s`: so many seconds from its admission, and then until the end of the piece of the window that it fell into; a
 * window has 60 pieces of one length, so that an amount counts at most a sixtieth too long and never too short.
 */
export type QuotaWindow = 'running' | 'hour' | 'day' | 'month' | `${number}s`

/** At most so much of a unit in each window of an account. */
export interface QuotaLimit {
  /** Whose it is: `key:…`, `user:…`, `group:…`, `tenant:…`. */
  readonly account: string
  readonly unit: QuotaUnit
  readonly window: QuotaWindow
  readonly most: number
}

/** What a request asks to hold until it is settled. */
export interface QuotaAsk {
  /** Of the request alone, by which it is settled once. */
  readonly id: string
  readonly limits: readonly QuotaLimit[]
  /** The most that it may use. Of what is not bounded nothing is asked, and what was used is counted afterwards. */
  readonly bounds: Amounts
  /** What counts as used from the beginning, whatever becomes of the request. */
  readonly known: Amounts
  /** How long it is held without being renewed. */
  readonly leaseMilliseconds: number
  /** Does it take the place of what is held under this id? Where it does not fit, that stays held. */
  readonly again?: true
}

/** Names what is held, to whoever holds it. */
export interface QuotaLease {
  readonly id: string
  readonly accounts: readonly string[]
}

/** How one limit stands, without the request that asks. */
export interface QuotaStanding {
  readonly limit: QuotaLimit
  readonly used: number
  /** By requests that run. */
  readonly held: number
  /** The store's time, milliseconds since 1970. */
  readonly now: number
  /** When the first of what counts now counts no more; null where nothing does, or nobody can say. */
  readonly nextAt: number | null
}

export interface QuotaHeld {
  readonly kind: 'held'
  readonly lease: QuotaLease
  readonly standings: readonly QuotaStanding[]
}

/** Nothing is held of a request that does not fit a single one of its limits. */
export interface QuotaRefused {
  readonly kind: 'refused'
  /** Of the limit that refuses; of several the one that refuses longest. */
  readonly standing: QuotaStanding
  readonly asked: number
  /** When it fits if requests that run use all that they hold; null where only their end helps, or nothing. */
  readonly fitsAt: number | null
  /** Does it fit once requests that run end without using anything? */
  readonly fitsWithoutHeld: boolean
}

/**
 * Holds what requests may use, and counts what they have used. A request fits where, in every limit, what is used and held
 * and what it asks are at most the limit; an account's time never goes back, whatever the clock does. Each method rejects with
 * `storage-unavailable` where the store is at fault, and then nothing of it counts, or what may count expires with its lease.
 */
export interface QuotaLedger {
  /** All of it or nothing, in one step of the store. */
  hold(ask: QuotaAsk): Promise<QuotaHeld | QuotaRefused>
  /**
   * Counts what was used, at the time of the admission, and gives back what was held; a second time changes nothing. More
   * than was held is counted too. A lease that was lost meanwhile is set right.
   */
  settle(lease: QuotaLease, uses: Amounts): Promise<void>
  /** Says that requests still run, and what each has used so far. */
  renew(running: readonly QuotaRenewal[]): Promise<void>
  /** Settles leases that nobody renewed, at what was last said of them; resolves to their number. */
  recover(): Promise<number>
}

export interface QuotaRenewal {
  readonly lease: QuotaLease
  readonly known: Amounts
  readonly leaseMilliseconds: number
}
