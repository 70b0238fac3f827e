// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.
import { segment } from '../call.ts'
import type { CallOptions, Transport } from '../transport.ts'
import type { JsonValue } from './shared.ts'

export interface ShareAudiencesLink {
  /** Under whose policy links are made. */
  readonly group: string
  readonly days: number
}

export interface ShareAudiences {
  readonly object: 'share.audiences'
  /** For callers of these the caller may make shares. */
  readonly groups: readonly string[]
  /** Longest life of a share for a group. */
  readonly days: number
  /** null where nobody may make links. */
  readonly link: ShareAudiencesLink | null
}

export interface ShareFacts {
  readonly id: string
  readonly object: 'share'
  readonly title: string | null
  readonly audience: 'group' | 'link'
  /** Under whose policy it was made. */
  readonly group: string
  readonly is_mine: boolean
  /** For whoever made it; null for all others. */
  readonly conversation: string | null
  readonly made_at: string
  readonly expires_at: string
  /** How many parts are not in it. */
  readonly left_out: number
}

export interface SharesListAnswer {
  readonly object: 'list'
  readonly data: readonly ShareFacts[]
  readonly first_id: string | null
  readonly last_id: string | null
  readonly has_more: boolean
}

export interface SharedMarkSourcesItemCell {
  /** From 0. */
  readonly row: number
  readonly column: string
}

export interface SharedMarkSourcesItem {
  /** The place of a call among the items, from 0. */
  readonly part: number
  /** In the first table of the call; null where it has none. */
  readonly cell: SharedMarkSourcesItemCell | null
}

export interface SharedMark {
  /** In the text, in UTF-16 units. */
  readonly start: number
  readonly end: number
  /** cell: it is the value of the cell; computed: of the cells; contradicted: they give another value; unsupported: nothing gives it. */
  readonly verdict: 'cell' | 'computed' | 'contradicted' | 'unsupported'
  readonly sources: readonly SharedMarkSourcesItem[]
}

export interface SharedPartMessage {
  readonly type: 'message'
  readonly role: 'user' | 'assistant' | 'system'
  /** Markdown of somebody nobody vouches for. */
  readonly text: string
  /** Figures of an answer that rest on parts of the share; none where nothing was looked at. */
  readonly marks: readonly SharedMark[]
}

export interface SharedPartPlanStepsItem {
  readonly text: string
  readonly status: 'pending' | 'in_progress' | 'completed'
}

export interface SharedPartPlan {
  readonly type: 'plan'
  readonly steps: readonly SharedPartPlanStepsItem[]
}

export interface SharedPartCallSource {
  readonly language: 'sql' | 'python' | 'javascript' | 'shell'
  readonly text: string
}

export interface SharedPartCallTablesItemColumnsItem {
  readonly name: string
  readonly type: string
}

export interface SharedPartCallTablesItem {
  readonly columns: readonly SharedPartCallTablesItemColumnsItem[]
  readonly rows: readonly (readonly JsonValue[])[]
  /** Of the whole table; it may hold fewer. */
  readonly total_rows: number
  /** Columns whose values policy hides from its audience. */
  readonly hidden: readonly string[]
}

export interface SharedChartColumnsItem {
  readonly name: string
  /** For people. */
  readonly title: string
}

export interface SharedChart {
  readonly title: string | null
  /** Vega-Lite that loads nothing; its data is {"name": "table"}: the rows, by the names of their columns. */
  readonly spec: { readonly [name: string]: JsonValue }
  readonly columns: readonly SharedChartColumnsItem[]
  readonly rows: readonly (readonly JsonValue[])[]
}

export interface SharedPartCall {
  readonly type: 'call'
  readonly tool: string
  /** What ran, as far as its audience may see it. */
  readonly source: SharedPartCallSource | null
  readonly outcome: 'result' | 'refusal' | 'failure'
  readonly summary: string
  /** What a program said. */
  readonly output: string | null
  readonly tables: readonly SharedPartCallTablesItem[]
  readonly charts: readonly SharedChart[]
}

export interface SharedPartChart {
  readonly type: 'chart'
  readonly chart: SharedChart
}

export interface SharedPartFile {
  readonly type: 'file'
  readonly name: string
  readonly media_type: string
  readonly text: string
}

export interface SharedPartLeftOut {
  readonly type: 'left-out'
  readonly what: 'message' | 'plan' | 'call' | 'file' | 'picture'
  /** Of a tool or a file. */
  readonly name: string | null
  readonly why: 'policy' | 'made-of-it' | 'unknown' | 'names' | 'filter' | 'picture' | 'unread' | 'size' | 'gone'
  /** The same for people. */
  readonly sentence: string
}

export type SharedPart = SharedPartMessage | SharedPartPlan | SharedPartCall | SharedPartChart | SharedPartFile | SharedPartLeftOut

export interface MadeShare {
  readonly id: string
  readonly object: 'share'
  readonly title: string | null
  readonly audience: 'group' | 'link'
  /** Under whose policy it was made. */
  readonly group: string
  readonly is_mine: boolean
  /** For whoever made it; null for all others. */
  readonly conversation: string | null
  readonly made_at: string
  readonly expires_at: string
  /** How many parts are not in it. */
  readonly left_out: number
  readonly items: readonly SharedPart[]
  /** What belongs behind the # of a link: told once. null for a group. */
  readonly secret: string | null
}

export interface SharesMakeRequest {
  /** All of it. */
  readonly conversation?: string | undefined
  /** One answer of it, with what was asked; in place of a conversation. */
  readonly run?: string | undefined
  /** group: callers of a group; link: whoever has the link, where the operator allows that. */
  readonly audience: 'group' | 'link'
  /** Of the readers; without it the caller’s own. Of a link it is the operator’s. */
  readonly group?: string | undefined
  /** How long it is there; as long as it may be without it. */
  readonly days?: number | undefined
}

export interface Share {
  readonly id: string
  readonly object: 'share'
  readonly title: string | null
  readonly audience: 'group' | 'link'
  /** Under whose policy it was made. */
  readonly group: string
  readonly is_mine: boolean
  /** For whoever made it; null for all others. */
  readonly conversation: string | null
  readonly made_at: string
  readonly expires_at: string
  /** How many parts are not in it. */
  readonly left_out: number
  readonly items: readonly SharedPart[]
}

export interface SharesRevokeAnswer {
  readonly id: string
  readonly object: 'share.deleted'
  readonly deleted: true
}

export interface SharesOpenRequest {
  /** What the link holds behind its #. */
  readonly secret: string
}

export interface SharesListQuery {
  /** Of one page at most. */
  readonly limit?: number | undefined
  /** The id of the last one of the page before. */
  readonly after?: string | undefined
  /** mine: those that the caller made; group: those that are for its group. */
  readonly of?: 'mine' | 'group' | undefined
}

/** Of the operations `shares.*`. */
export class Shares {
  readonly #transport: Transport

  constructor(transport: Transport) {
    this.#transport = transport
  }

  /** For whom the caller may make shares, and for how long. Wants a key with the scope sessions. */
  audiences(options: CallOptions = {}): Promise<ShareAudiences> {
    return this.#transport.json({ method: 'GET', path: '/v1/shares/audiences' }, options)
  }

  /** Shares that the caller made, or that are for its group, newest first. Wants a key with the scope sessions. */
  list(query: SharesListQuery = {}, options: CallOptions = {}): Promise<SharesListAnswer> {
    return this.#transport.json({ method: 'GET', path: '/v1/shares', query }, options)
  }

  /** Makes a version of a conversation, or of one answer, for others: anew under their policy, without what was restored for its author. It does not change any more. Wants a key with the scope sessions. */
  make(body: SharesMakeRequest, options: CallOptions = {}): Promise<MadeShare> {
    return this.#transport.json({ method: 'POST', path: '/v1/shares', body }, options)
  }

  /** A share, for whoever made it and for callers of its group. Wants a key with the scope sessions. */
  show(id: string, options: CallOptions = {}): Promise<Share> {
    return this.#transport.json({ method: 'GET', path: `/v1/shares/${segment(id)}` }, options)
  }

  /** Revokes a share: nobody opens it any more. Wants a key with the scope sessions. */
  revoke(id: string, options: CallOptions = {}): Promise<SharesRevokeAnswer> {
    return this.#transport.json({ method: 'DELETE', path: `/v1/shares/${segment(id)}` }, options)
  }

  /** A share by the secret of its link, which is the permission. */
  open(id: string, body: SharesOpenRequest, options: CallOptions = {}): Promise<Share> {
    return this.#transport.json({ method: 'POST', path: `/v1/shares/${segment(id)}/open`, body }, options)
  }
}
