import type { ModelApi } from '../../core/model-call.ts'
import type { ApiDescription } from './api.ts'
import { chatCompletions } from './chat-completions.ts'
import { embeddings } from './embeddings.ts'
import { messages, tokenCounts } from './messages.ts'
import { responses } from './responses.ts'

/** Each API of a provider that is served by passing calls on. */
export const apis: Readonly<Record<ModelApi, ApiDescription>> = {
  'chat-completions': chatCompletions,
  responses,
  embeddings,
  messages,
  'token-counts': tokenCounts,
}
