/** Why somebody is kept out: an operator said so, or what was counted of them reached a threshold. */
export const suspensionReasons = ['operator', 'refusals', 'client-errors', 'spend'] as const

export type SuspensionReason = (typeof suspensionReasons)[number]

/** `throttled`: for moments, answered 429. `suspended`: for longer, answered 403. */
export const suspensionKinds = ['throttled', 'suspended'] as const

export type SuspensionKind = (typeof suspensionKinds)[number]

/** What keeps a caller out, or did. Times are ISO 8601. */
export interface Suspension {
  readonly id: string
  readonly kind: SuspensionKind
  /** Who is kept out: the id of a caller, or `user:` and a digest for one person behind the key of an application. */
  readonly subject: string
  /** The caller whose credential it is. */
  readonly principal: string
  readonly reason: SuspensionReason
  /** What an operator wrote; null for nothing. */
  readonly note: string | null
  readonly made: string
  /** The caller who suspended, `local` for the command line, `automatic` for nobody. */
  readonly madeBy: string
  /** null where it does not end by itself. */
  readonly until: string | null
  /** When it was undone; null where it was not. */
  readonly lifted: string | null
  readonly liftedBy: string | null
}

/** What is known of a subject without asking the storage. */
export interface SubjectStanding {
  /** What keeps it out now, unless its time is over; the one that does so longest. */
  readonly inForce: Suspension | null
  /** Of the newest suspension, over or not: what is counted begins anew behind it. */
  readonly newest: string | null
}

/** Who is kept out. Every method rejects with `storage-unavailable` where the storage is at fault. */
export interface Suspensions {
  /** Costs microseconds; what another process has changed counts as soon as a key that it revokes does. */
  of(subject: string): Promise<SubjectStanding>
  /** Newest first, without those that throttle; `isInForce`: without those that are over. */
  list(asked: {
    readonly isInForce: boolean
    readonly after: string | null
    readonly most: number
  }): Promise<readonly Suspension[]>
  find(id: string): Promise<Suspension | null>
  /**
   * Keeps one more; null, and nothing changes, where a subject is kept out at least as long already, or, of one that is made
   * automatically, in the same way.
   */
  add(suspension: Omit<Suspension, 'id' | 'made' | 'lifted' | 'liftedBy'>): Promise<Suspension | null>
  /** null where there is none of this id, or it is over. */
  lift(id: string, by: string): Promise<Suspension | null>
}
