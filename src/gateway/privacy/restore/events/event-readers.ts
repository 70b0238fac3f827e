import type { ModelApi } from '../../../../core/model-call.ts'
import { createChatCompletionsReader } from './chat-completions.ts'
import type { EventReader, EventTexts } from './event-texts.ts'
import { createMessagesReader } from './messages.ts'
import { createResponsesReader } from './responses.ts'

const nothing: EventTexts = { pieces: [], closes: () => false }

/** Who reads the events of one stream of an API. */
export const eventReaderFor: Readonly<Record<ModelApi, () => EventReader>> = {
  'chat-completions': createChatCompletionsReader,
  responses: createResponsesReader,
  messages: createMessagesReader,
  embeddings: () => () => nothing,
  'token-counts': () => () => nothing,
}
