import type { CallForm } from './call-forms.ts'

/** What has one turn, and no tools. */
export const embeddingsForm: CallForm = {
  api: 'embeddings',
  path: '/v1/embeddings',
  whole: (given) => ({ model: 'text-embedding-3-small', input: ['An order.'], ...given }),
  beside: {},
}
