import type { ApiPositions } from './position.ts'

/** https://platform.openai.com/docs/api-reference/embeddings */
export const embeddingsPositions: ApiPositions = {
  first: [],
  turns: [],
  request: {
    model: 'kept',
    input: 'token-ids',
    'input[]': 'token-ids',
    encoding_format: 'identifier',
    dimensions: 'identifier',
  },
  answer: {},
  event: {},
}
