/** A model as OpenAI's clients list it. */
export interface ModelEntry {
  /** `analyst` or `analyst:SOURCE`. */
  readonly id: string
  /** Whose it is: the model behind it, as shown to people. */
  readonly ownedBy: string
}

export function toModel(entry: ModelEntry) {
  return { id: entry.id, object: 'model', created: 0, owned_by: entry.ownedBy }
}

export function toModelList(entries: readonly ModelEntry[]) {
  return { object: 'list', data: entries.map(toModel) }
}
