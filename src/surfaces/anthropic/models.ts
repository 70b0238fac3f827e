import type { ModelEntry } from '../openai/wire/models.ts'

/** The service knows of no date on which a model was made; Anthropic's clients want one. */
const createdAt = '1970-01-01T00:00:00Z'

/** A model as Anthropic's clients list it. */
export function toAnthropicModel({ id }: ModelEntry) {
  return { type: 'model', id, display_name: id, created_at: createdAt }
}

/** All of them on one page. */
export function toAnthropicModelList(entries: readonly ModelEntry[]) {
  return {
    data: entries.map(toAnthropicModel),
    has_more: false,
    first_id: entries[0]?.id ?? null,
    last_id: entries.at(-1)?.id ?? null,
  }
}
