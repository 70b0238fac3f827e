import type { ModelApi } from '../../core/model-call.ts'

/** Where a call of an API is sent to, here and below the address of its upstream. */
export interface ModelRoute {
  readonly api: ModelApi
  readonly path: string
  /** `/chat/completions`. */
  readonly below: string
}

const routeOf = (api: ModelApi, below: string): ModelRoute => ({ api, path: `/v1${below}`, below })

/** Every `POST` that asks a model. */
export const modelRoutes = {
  'chat-completions': routeOf('chat-completions', '/chat/completions'),
  responses: routeOf('responses', '/responses'),
  embeddings: routeOf('embeddings', '/embeddings'),
  messages: routeOf('messages', '/messages'),
  'token-counts': routeOf('token-counts', '/messages/count_tokens'),
} as const satisfies Readonly<Record<ModelApi, ModelRoute>>
