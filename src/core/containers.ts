import type { Principal } from './principal.ts'
import type { RequestedLimits } from './requested-limits.ts'
import type { WrappedRow, WrappedRows } from './wrapped-rows.ts'

/** What can be known of a container without opening it. */
export interface ContainerState {
  /** `cntr_…` */
  readonly id: string
  readonly principal: Principal['id']
  readonly made: Date
  /** When something was last done in it, as far as that was kept. */
  readonly used: Date
  /** When it ends, however much it is used. */
  readonly ends: Date
  /** Was it ended? One whose time is over may still be called open. */
  readonly isOver: boolean
  /** The process that has its session, or had it. */
  readonly holder: string
  /** Grows with every change. */
  readonly revision: number
}

/** A file as a container has it. */
export interface HeldFile {
  readonly fileId: string
  /** Below `/mnt/data`. */
  readonly path: string
  readonly source: 'user' | 'assistant'
  /** Was it given to this container alone, so that it goes with it? */
  readonly isOwn: boolean
}

/** What its owner says of a container, and what has become of it. */
export interface ContainerWords {
  readonly name: string
  /** How long it may be unused. */
  readonly idleMilliseconds: number
  readonly limits: RequestedLimits
  /** Has its holder run something in it, so that there are variables to lose? */
  readonly hasRun: boolean
  /** The last of what ran in its present sandbox, oldest first, to be run again where that is lost; null where that is not known. */
  readonly programs: readonly string[] | null
  /** How many of its sandboxes were lost, as far as that was kept. */
  readonly losses: number
  /** In the order in which they came. */
  readonly files: readonly HeldFile[]
}

export interface KeptContainer extends ContainerState, ContainerWords {}

export interface ContainerPage {
  /** The id of the last one of the page before. */
  readonly after?: string | undefined
  readonly most: number
  /** `desc`: newest first. */
  readonly order: 'asc' | 'desc'
}

/**
 * Containers that are kept, each its principal's own: another's is `null`, as one that never was. What a method resolves for is on the disk. Each rejects with
 * `storage-unavailable` where the store is at fault.
 */
export interface ContainerStore {
  add(container: KeptContainer): Promise<void>
  show(principal: string, id: string): Promise<KeptContainer | null>
  list(principal: string, page: ContainerPage): Promise<readonly KeptContainer[]>
  /** Keeps what it is now, where it still has this revision, and gives it the next one. False where it has another one, or is gone. */
  change(container: KeptContainer): Promise<boolean>
  /** For good. False for none. */
  delete(principal: string, id: string): Promise<boolean>
  /** Which process has each of these, or had it last, by its id; one that is gone is missing. Opens none of them. */
  holdersOf(ids: readonly string[]): Promise<ReadonlyMap<string, string>>
}

export interface SealedContainer extends ContainerState, WrappedRow {
  /** Its words: only its data key opens them. */
  readonly sealed: string
}

/** Containers in the storage. Every id is looked for beside its principal. */
export interface StoredContainers extends WrappedRows {
  /** Of those of its principal that are over the oldest ones make room, where there are too many. */
  add(container: SealedContainer): Promise<void>
  show(principal: string, id: string): Promise<SealedContainer | null>
  list(principal: string, page: ContainerPage): Promise<readonly SealedContainer[]>
  change(container: SealedContainer): Promise<boolean>
  delete(principal: string, id: string): Promise<boolean>
  holdersOf: ContainerStore['holdersOf']
}
