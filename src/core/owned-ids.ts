/** Who made what a provider keeps under an id: responses, their items, files, containers. */
export interface OwnedIds {
  /** Resolves when it is kept for good. Ids known already for the same principal are left. */
  remember(entry: {
    readonly principal: string
    readonly upstream: string
    readonly ids: readonly string[]
  }): Promise<void>
  /** For each id the principal that made it through this upstream, null for an unknown one. One query. */
  owners(upstream: string, ids: readonly string[]): Promise<ReadonlyMap<string, string | null>>
  forget(upstream: string, ids: readonly string[]): Promise<void>
}
