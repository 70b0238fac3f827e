import type { Principal } from './principal.ts'
import type { RequestKeys } from './request-keys.ts'
import type { SealingKey } from './sealing-key.ts'

/** Where a session is, as its owner is told. */
export interface SessionPlace {
  /** What the process is called that has it, or had it. */
  readonly replica: string
  /** `lost`: its process ended, or was taken for dead, and its sandbox with it. */
  readonly state: 'open' | 'lost'
}

/** An open session that another process has. */
export interface SessionElsewhere {
  readonly id: string
  readonly openedAt: Date
  /** What that process is called. */
  readonly replica: string
}

/**
 * Which process of a storage has which open session. What a method resolves for is on the disk; each rejects with `storage-unavailable` where the store is
 * at fault.
 */
export interface HeldSessions {
  /** From now on this process has it, under its lease. */
  add(session: { readonly id: string; readonly principal: Principal['id'] }): Promise<void>
  /** It was closed. */
  remove(id: string): Promise<void>
  /** Of a session that this process has not. Null for none, and for one of another principal: nobody learns whether there is one. */
  placeOf(principal: Principal['id'], id: string): Promise<SessionPlace | null>
  /** The open ones of a principal that other processes have, oldest first; a thousand at most. */
  elsewhere(principal: Principal['id']): Promise<readonly SessionElsewhere[]>
}

/** What processes that serve together from one storage know of each other. */
export interface Replicas {
  readonly lease: ReplicaLease
  readonly sessions: HeldSessions
  readonly requestKeys: RequestKeys
  readonly sealingKey: SealingKey
}

/** The lease of a process on what it does: whoever has lost it was taken for dead by another one. */
export interface ReplicaLease {
  /** The process says that it lives as long as this is held. */
  hold(): Promise<Disposable>
  /**
   * Calls `end` where the lease was lost, and takes another one when it has resolved: nothing that ran under the first is left by then. Where it rejects, it is called
   * again before anything begins.
   */
  onLost(end: () => Promise<unknown>): Disposable
}
