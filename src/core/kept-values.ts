/** Whose kept conversations: those of one caller, of the callers of a group, or all. */
export type KeptBy =
  | { readonly of: 'own'; readonly principal: string }
  | { readonly of: 'group'; readonly group: string }
  | { readonly of: 'all' }

/** A value of a kept conversation, as it is stored, with what opens it. */
export interface KeptValue {
  readonly conversation: string
  /** The data key of the conversation, wrapped by the key of the service. */
  readonly wrappedKey: string
  readonly token: string
  readonly sealed: string
}

/** Behind which value the next ones stand; without a token, behind all of the conversation. */
export interface KeptPlace {
  readonly conversation: string
  readonly token: string | null
}

/** What is kept of the conversations of many, for whoever may look for a value of a person in them. */
export interface KeptValues {
  /** The values behind a place, conversation by conversation; fewer than `most` where there are no more. */
  page(by: KeptBy, options: { readonly after: KeptPlace | null; readonly most: number }): Promise<readonly KeptValue[]>
  /** Forgets a conversation, its key and its values, for good; false where these callers have none of the id. */
  forget(by: KeptBy, conversation: string): Promise<boolean>
}

/** Who looks for a value, or forgets a conversation, for the audit trail: never the value. */
export type SearchNotice = { readonly requestId: string } & (
  | { readonly event: 'privacy-search'; readonly principal: string; readonly group: string; readonly of: KeptBy['of'] }
  | { readonly event: 'privacy-search-end'; readonly found: number; readonly conversations: number }
  | {
      readonly event: 'privacy-forget'
      readonly principal: string
      readonly group: string
      readonly conversation: string
    }
)
