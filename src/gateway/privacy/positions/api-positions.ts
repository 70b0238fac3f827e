import type { ModelApi } from '../../../core/model-call.ts'
import { chatCompletionsPositions } from './chat-completions.ts'
import { embeddingsPositions } from './embeddings.ts'
import { messagesPositions } from './messages.ts'
import type { ApiPositions } from './position.ts'
import { responsesPositions } from './responses.ts'

/** The table of each API. */
export const positionsOf: Readonly<Record<ModelApi, ApiPositions>> = {
  'chat-completions': chatCompletionsPositions,
  responses: responsesPositions,
  embeddings: embeddingsPositions,
  messages: messagesPositions,
  'token-counts': messagesPositions,
}
