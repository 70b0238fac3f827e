import type { MarkVerdict } from './answer-grounding.ts'
import type { PageOptions } from './conversations.ts'
import type { JsonValue } from './json.ts'
import type { ToolLanguage } from './languages.ts'
import type { PlanStep } from './plan.ts'
import type { Principal } from './principal.ts'
import type { TableData } from './result.ts'
import type { WrappedRow, WrappedRows } from './wrapped-rows.ts'

/** Who reads a share: callers of a group, or whoever has its link. */
export const shareAudiences = ['group', 'link'] as const

export type ShareAudience = (typeof shareAudiences)[number]

/** Why a part of a conversation is not in a share of it. */
export const omissions = [
  /** Policy of the audience does not allow what was read. */
  'policy',
  /** It was written after something that the audience may not read, and may repeat it. */
  'made-of-it',
  /** Nobody knows any more what was read. */
  'unknown',
  /** It names a table or a column that the audience does not see. */
  'names',
  /** The filter profile of the audience withholds it. */
  'filter',
  /** It is pixels, which no filter reads. */
  'picture',
  /** It is a file of a kind that no filter reads. */
  'unread',
  /** It is larger than what a share takes. */
  'size',
  /** It is not kept any more. */
  'gone',
] as const

export type Omission = (typeof omissions)[number]

export interface SharedTable extends TableData {
  /** Columns whose values the policy of the audience hides. */
  readonly hidden: readonly string[]
}

/** A chart as data. */
export interface SharedChart {
  readonly title: string | null
  /** Vega-Lite whose data is `{name: 'table'}`: the rows, by the names of their columns. */
  readonly spec: { readonly [key: string]: JsonValue }
  readonly columns: readonly { readonly name: string; readonly title: string }[]
  readonly rows: readonly (readonly JsonValue[])[]
}

/** What a figure of a shared answer rests on. */
export interface SharedMarkSource {
  /** The place of a call among the parts of the share, from 0. */
  readonly part: number
  /** In the first table of the call; null where it has none. `row` counts from 0. */
  readonly cell: { readonly row: number; readonly column: string } | null
}

/** A figure, date, name or claim of a shared answer. */
export interface SharedMark {
  /** Offsets in its text, in UTF-16 units. */
  readonly start: number
  readonly end: number
  readonly verdict: MarkVerdict
  readonly sources: readonly SharedMarkSource[]
}

/** A part of a conversation as the audience of a share may have it. */
export type SharedItem =
  | {
      readonly type: 'message'
      readonly role: 'user' | 'assistant' | 'system'
      readonly text: string
      /** Absent for none, and in shares that were made without them. */
      readonly marks?: readonly SharedMark[]
    }
  | { readonly type: 'plan'; readonly steps: readonly PlanStep[] }
  | {
      readonly type: 'call'
      readonly tool: string
      /** What ran; null where it may not be shown. */
      readonly source: { readonly language: ToolLanguage; readonly text: string } | null
      readonly outcome: 'result' | 'refusal' | 'failure'
      readonly summary: string
      /** What a program said; null for nothing. */
      readonly output: string | null
      readonly tables: readonly SharedTable[]
      readonly charts: readonly SharedChart[]
    }
  /** One that a program saved. */
  | { readonly type: 'chart'; readonly chart: SharedChart }
  | { readonly type: 'file'; readonly name: string; readonly mediaType: string; readonly text: string }
  | {
      readonly type: 'left-out'
      readonly what: 'message' | 'plan' | 'call' | 'file' | 'picture'
      /** Of a tool or a file; null for none. */
      readonly name: string | null
      readonly why: Omission
    }

/** What a share shows: it does not change any more. */
export interface ShareContent {
  readonly title: string | null
  readonly items: readonly SharedItem[]
}

export interface ShareFacts {
  /** `shr_…` */
  readonly id: string
  /** Its maker. */
  readonly principal: Principal['id']
  /** The conversation with which it is deleted. */
  readonly conversation: string
  readonly audience: ShareAudience
  /** The group under whose policy it was made: that of its readers, or what a link stands for. */
  readonly group: string
  /** Of the secret in its link, SHA-256 in hexadecimal; null where there is none. */
  readonly secretDigest: string | null
  readonly made: Date
  /** From then on it is not there. */
  readonly expires: Date
}

/** What is said of a share without opening all of it. */
export interface ShareWords {
  readonly title: string | null
  /** How many parts are not in it. */
  readonly leftOut: number
}

export interface Share extends ShareFacts, ShareWords {}

/** A share as it is stored: its words and what it shows are sealed by a data key of its own, which the key of the service wraps. */
export interface SealedShare extends ShareFacts, WrappedRow {
  readonly sealed: string
  /** In how many rows what it shows stands. */
  readonly pieces: number
}

/** Which shares of everybody are meant; what is not named may be anything. */
export interface ShareFilter {
  readonly audience?: ShareAudience | undefined
  readonly group?: string | undefined
  /** Whoever made it. */
  readonly principal?: Principal['id'] | undefined
}

/** Shares in the storage. One that is expired, or whose conversation is gone, is not there. What a method resolves for is on the disk. */
export interface StoredShares extends WrappedRows {
  /** `most`: shares of one principal. */
  add(share: SealedShare, pieces: readonly string[], most: number): Promise<'added' | 'no-conversation' | 'too-many'>
  find(id: string): Promise<SealedShare | null>
  /** Newest first: those that a principal made. */
  list(principal: string, page: PageOptions): Promise<readonly SealedShare[]>
  /** Newest first: those that are for a group. */
  listFor(group: string, page: PageOptions): Promise<readonly SealedShare[]>
  /** Newest first: those of everybody. */
  listEvery(filter: ShareFilter, page: PageOptions): Promise<readonly SealedShare[]>
  pieces(id: string): Promise<readonly string[]>
  /** For good, with its key. False for none of the principal's. */
  delete(principal: string, id: string): Promise<boolean>
}

/** Which part of what, for whom. One of `conversation` and `run` is null. */
export interface ShareWish {
  /** All of a conversation. */
  readonly conversation: string | null
  /** One answer, with what was asked. */
  readonly run: string | null
  readonly audience: ShareAudience
  /** Of the readers; null for the group of its maker. Of a link it is the operator's. */
  readonly group: string | null
  /** How long it is there; null for as long as it may be. */
  readonly days: number | null
}

export interface OpenedShare {
  readonly share: Share
  readonly content: ShareContent
}

export interface MadeShare extends OpenedShare {
  /** In the link, and nowhere else; null where callers of a group read it. */
  readonly secret: string | null
}

/** For whom a caller may make shares, and for how many days at most. */
export interface ShareReaders {
  readonly groups: readonly string[]
  readonly days: number
  /** Whoever has the link, as a group of the operator's; null where nobody may make one. */
  readonly link: { readonly group: string; readonly days: number } | null
}

/** Versions of conversations that their owners give to others. Another's share is `null`, as one that never was. */
export interface Sharing {
  readers(principal: Principal): ShareReaders
  /**
   * Rejects with `not-found` for no conversation of the principal's, with `invalid-request` for a group that there is not, with `forbidden` where
   * it may not be shared with them, with `quota-exceeded` where the principal has too many, and with `payload-too-large`.
   */
  make(
    principal: Principal,
    wish: ShareWish,
    about: { readonly requestId: string },
    signal: AbortSignal,
  ): Promise<MadeShare>
  /** `mine`: made by the principal; `group`: for its group. Newest first. */
  list(principal: Principal, which: 'mine' | 'group', page: PageOptions): Promise<readonly Share[]>
  /** For its maker, and for callers of the group that it is for. */
  read(principal: Principal, id: string): Promise<OpenedShare | null>
  /** For whoever has the secret of its link. */
  findByLink(id: string, secret: string): Promise<Share | null>
  content(id: string): Promise<ShareContent | null>
  /** For good. False for none of the principal's. */
  revoke(principal: Principal, id: string): Promise<boolean>
}

/** What operators can do with the shares of everybody. `read` and `revoke` reject with `not-found` for one that is not there. */
export interface OperatorShares {
  /** Newest first. Nothing is opened. */
  list(filter: ShareFilter, page: PageOptions): Promise<readonly ShareFacts[]>
  /** Its title and how much is left out, opened with the key of the service; nothing else of what it shows. Whoever calls this has it on the audit trail before. */
  read(id: string): Promise<Share>
  /** For good, also where it does not open any more: whoever has its link, or is of its group, finds nothing from the next request on. */
  revoke(id: string): Promise<void>
}
