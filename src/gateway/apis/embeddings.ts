import { failureFrom, usageFrom, type ApiDescription } from './api.ts'
import { refuseOtherSpellings, requiredText } from './members.ts'

/** OpenAI Embeddings: never a stream, nothing is kept. */
export const embeddings: ApiDescription = {
  name: 'embeddings',
  kind: 'openai',
  parameters: [],
  factsOf(body) {
    refuseOtherSpellings(body)
    return {
      model: requiredText(body, 'model'),
      streamed: false,
      outputTokens: 0,
      hostedTools: [],
      ids: [],
      itemIds: [],
    }
  },
  usageOf: (data) => usageFrom(data['usage'], 'prompt_tokens', null),
  keptIdsOf: () => [],
  streamEnd: () => () => null,
  isAnswer: ({ data }) => Array.isArray(data),
  hasContent: () => false,
  failureOf: ({ error }) => failureFrom(error),
  mayKeep: () => false,
}
