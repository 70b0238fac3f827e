import type { Principal } from './principal.ts'

/** Where an Idempotency-Key was used before, as its caller is told. */
export interface RequestKeyPlace {
  /** What the process is called that has, or had, the request. */
  readonly replica: string
  /** `lost`: that process ended, or was taken for dead, and nobody has the answer; what was done by then is not undone. */
  readonly state: 'running' | 'answered' | 'lost'
}

interface NamedKey {
  readonly principal: Principal['id']
  readonly key: string
}

/**
 * Which process of a storage has which Idempotency-Key: a request that is repeated at another one is not done there. Answers are not kept here. Each method rejects with
 * `storage-unavailable` where the store is at fault.
 */
export interface RequestKeys {
  /** This process has it from now on, under its lease, and null; or where it was used before. */
  take(named: NamedKey): Promise<RequestKeyPlace | null>
  /** Its request is over, and the key remembered for so long; what the storage cannot take now is done when it can. */
  end(named: NamedKey, keepMilliseconds: number): Promise<void>
  /** Nothing was done: the key is as new. */
  release(named: NamedKey): Promise<void>
}
