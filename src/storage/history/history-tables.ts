import type { ColumnType } from 'kysely'
import type { RunState } from '../../core/conversations.ts'
import type { ShareAudience } from '../../core/shares.ts'

/** A number of 64 bits, which a server gives as a text. */
type Counted = ColumnType<number | string>

/** Processes that run something, or write content: what they leave when they are killed is settled by another one. */
export interface ProcessLeasesTable {
  /** Tells the process from every other one, as `lease-id.ts` writes it. */
  readonly id: string
  /** When it last said that it lives, by the clock that all processes of the storage share. */
  readonly seen: string
  /** The fencing number: higher than that of every lease before it. */
  readonly number: Counted
  /** What the process is called. */
  readonly replica: string
}

/** One row. */
export interface LeaseNumbersTable {
  readonly one: 1
  /** That of the last lease. */
  readonly last: Counted
}

/** One row. */
export interface SealingKeyTable {
  readonly one: 1
  /** What begins every key that the one in use has wrapped. */
  readonly name: string
}

/** Open sessions, each of one process, and those that were lost with theirs as long as that is told. */
export interface HeldSessionsTable {
  readonly id: string
  readonly principal: string
  /** The lease of the process that has it, or had it. */
  readonly owner: string
  /** What that process is called. */
  readonly replica: string
  readonly made: string
  /** When its process was taken for dead, or ended; null as long as it is open. */
  readonly ended: string | null
}

/** Requests with an Idempotency-Key, by a digest of it and its caller. */
export interface RequestKeysTable {
  readonly id: string
  /** The lease of the process that has the request. */
  readonly owner: string
  readonly replica: string
  readonly state: 'running' | 'answered' | 'lost'
  /** When it is forgotten; null while it runs. */
  readonly ends: string | null
}

export interface ConversationsTable {
  readonly id: string
  readonly principal: string
  /** The data key of all that is said in it, wrapped by the key of the service. */
  readonly wrapped_key: string
  readonly made: string
  /** When it last got an item. */
  readonly used: string
  /** The place of its next item. */
  readonly next_place: Counted
  /** Its title and what its owner says of it. */
  readonly sealed: string
}

export interface ConversationRunsTable {
  readonly id: string
  readonly conversation: string
  readonly principal: string
  readonly previous: string | null
  readonly state: RunState
  /** The process that runs it, or ran it. */
  readonly owner: string
  /** 1 for the only one that may run in its conversation. */
  readonly exclusive: number
  /** 1 where somebody has asked for its end. */
  readonly cancel_asked: number
  readonly model: string
  readonly request_id: string
  readonly begun: string
  readonly ended: string | null
  readonly sealed: string
  readonly sealed_end: string | null
}

/** An item is as many rows as it has pieces. */
export interface ConversationItemsTable {
  readonly conversation: string
  readonly place: Counted
  readonly piece: number
  readonly run: string | null
  readonly made: string
  readonly sealed: string
}

export interface StoredFilesTable {
  readonly id: string
  readonly principal: string
  readonly content: string
  readonly bytes: Counted
  readonly purpose: string
  readonly made: string
  readonly expires: string | null
  readonly run: string | null
  readonly conversation: string | null
  readonly wrapped_key: string
  readonly sealed: string
}

export interface FileContentsTable {
  readonly id: string
  readonly principal: string
  /** Made by a key of the principal, hexadecimal; null as long as it is being written. */
  readonly digest: string | null
  /** The process that writes it; null for one that is whole. */
  readonly owner: string | null
  readonly bytes: Counted
  readonly pieces: number
  /** Files that have this content. */
  readonly uses: number
  readonly wrapped_key: string
}

export interface ContentPiecesTable {
  readonly content: string
  readonly place: number
  readonly sealed: Uint8Array
}

/** Versions of conversations for others; what one shows is sealed by a data key of its own. */
export interface SharesTable {
  readonly id: string
  readonly principal: string
  /** The conversation with which it is deleted. */
  readonly conversation: string
  readonly audience: ShareAudience
  readonly audience_group: string
  /** Of the secret in its link, hexadecimal; null where there is none. */
  readonly secret_digest: string | null
  readonly made: string
  readonly expires: string
  readonly wrapped_key: string
  /** Its title, and how much is not in it. */
  readonly sealed: string
  /** How many rows of pieces it has. */
  readonly pieces: number
}

export interface SharePiecesTable {
  readonly share: string
  readonly place: number
  readonly sealed: string
}
