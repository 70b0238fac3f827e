import type { Model } from 'openai/resources/models'
import { servedJson, type Served } from './served.ts'

const models: readonly Model[] = ['gpt-5', 'text-embedding-3-small'].map((id) => ({
  id,
  object: 'model',
  created: 1_780_000_000,
  owned_by: 'system',
}))

/** `GET /models` and `GET /models/ID`; null for anything else. */
export function answerModels(path: string, headers: Readonly<Record<string, string>>): Served | null {
  if (path === '/v1/models') return servedJson({ object: 'list', data: models }, headers)
  const model = models.find(({ id }) => path === `/v1/models/${id}`)
  return model === undefined ? null : servedJson(model, headers)
}
