import { z } from 'zod'
import { noBody, noParams, plainId, route } from '../../openapi/contract.ts'
import { chatAnswer, chatChunk, chatRequest, modelName as model } from '../chat.ts'
import { problemSchema } from '../problem.ts'

const any = z.record(z.string(), z.json())

const modelObject = z
  .object({ id: z.string(), object: z.literal('model'), created: z.int(), owned_by: z.string() })
  .meta({ id: 'Model' })

/** What any of the routes may be answered with that ask a model. */
const asked = [
  'model-not-found',
  'refused',
  'content-blocked',
  'approval-required',
  'not-found',
  'conflict',
  'sandbox-unavailable',
  'sandbox-busy',
  'sandbox-lost',
  'database-unavailable',
  'query-failed',
  'model-unavailable',
  'model-timeout',
  'model-rejected',
  'model-protocol',
  'model-overloaded',
  'model-busy',
  'model-refused',
  'deadline-exceeded',
] as const

/** Asks a model by an API of its provider; what its provider takes beside these members is taken here. */
function passed(id: string, path: string, summary: string, body: z.ZodType) {
  const about = { id, method: 'post', path, summary, params: noParams, query: noParams, body, status: 200 } as const
  return route({ ...about, answer: any, errors: asked, access: 'key', streams: true })
}

/** A problem as Anthropic's clients read it. */
const anthropicProblem = problemSchema
  .omit({ type: true, error: true })
  .extend({
    type: z.literal('error'),
    error: z.object({ type: z.string(), message: z.string() }),
    problem: z.string().describe('urn:sallyport:error: and the code.'),
  })
  .meta({ id: 'AnthropicProblem' })

const list = { method: 'get', query: noParams, body: noBody, status: 200, access: 'key' } as const
const idOf = (what: string) => z.strictObject({ id: plainId.describe(what) })
const response = idOf('Of the response.')

export const modelContracts = [
  route({
    ...list,
    id: 'models.list',
    path: '/v1/models',
    summary: 'The models that the key may ask, as OpenAI’s API lists them; as Anthropic’s with its header.',
    params: noParams,
    answer: z.object({ object: z.literal('list'), data: z.array(modelObject) }),
    errors: [],
  }),
  route({
    ...list,
    id: 'models.show',
    path: '/v1/models/{id}',
    summary: 'One model.',
    params: idOf('analyst, analyst:SOURCE, or the name of a model of an upstream.'),
    answer: modelObject,
    errors: ['model-not-found'],
  }),
  {
    ...passed(
      'chat.complete',
      '/v1/chat/completions',
      'OpenAI’s Chat Completions: the service’s own analyst, or a model of an upstream.',
      chatRequest,
    ),
    answer: chatAnswer,
    streams: { event: chatChunk, last: '[DONE]' },
  },
  passed(
    'responses.create',
    '/v1/responses',
    'OpenAI’s Responses: the service’s own analyst, or a model of an upstream.',
    z.looseObject({ model }),
  ),
  route({
    ...list,
    id: 'responses.show',
    path: '/v1/responses/{id}',
    summary: 'A response of the service’s own analyst, or one that its upstream keeps.',
    params: response,
    answer: any,
    errors: asked,
    streams: true,
  }),
  route({
    ...list,
    method: 'delete',
    id: 'responses.delete',
    path: '/v1/responses/{id}',
    summary: 'Deletes a response of the service’s own analyst with its files, or has its upstream forget one.',
    params: response,
    answer: any,
    errors: asked,
  }),
  route({
    ...list,
    method: 'post',
    id: 'responses.cancel',
    path: '/v1/responses/{id}/cancel',
    summary: 'Cancels a response in the background.',
    params: response,
    answer: any,
    errors: asked,
  }),
  route({
    ...list,
    id: 'responses.input',
    path: '/v1/responses/{id}/input_items',
    summary: 'What a response was asked.',
    params: response,
    answer: any,
    errors: asked,
  }),
  passed('embeddings.create', '/v1/embeddings', 'OpenAI’s Embeddings.', z.looseObject({ model })),
  {
    ...passed('messages.create', '/v1/messages', 'Anthropic’s Messages.', z.looseObject({ model })),
    fault: anthropicProblem,
  },
  {
    ...passed(
      'messages.count',
      '/v1/messages/count_tokens',
      'How many tokens a request of Anthropic’s Messages has.',
      z.looseObject({ model }),
    ),
    fault: anthropicProblem,
  },
]
