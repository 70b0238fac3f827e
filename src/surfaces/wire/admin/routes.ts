import { z } from 'zod'
import { noParams, route } from '../../openapi/contract.ts'
import { callerId } from './limits.ts'

const target = z.strictObject({
  name: z.string(),
  upstream: z.string(),
  why: z.string().describe('The strategy, policy, exploring, or single where there is nothing to choose from.'),
  figure: z
    .int()
    .nullable()
    .describe('What it was ranked by: millionths of the currency, milliseconds or calls; null where by none of these.'),
  breaker: z
    .enum(['closed', 'open', 'half-open'])
    .describe('open: it has failed in a row. half-open: it had, and one call finds out whether it is back.'),
})

export const explainRoute = route({
  id: 'routes.explain',
  method: 'post',
  path: '/admin/v1/routes/explain',
  summary: 'Where a request would go at this moment, by what the process that is asked knows; nothing is sent.',
  params: noParams,
  query: noParams,
  body: z.strictObject({
    body: z.string().min(2).describe('The body of the request, as it would be sent.'),
    api: z
      .enum(['chat-completions', 'responses', 'messages', 'embeddings'])
      .optional()
      .describe('The API of the request, where its body does not tell.'),
    principal: callerId.optional().describe('Who would send it: the id of a key, or token-…; absent for anybody.'),
    group: z.string().min(1).max(64).optional().describe('Of whoever has a token, or of anybody; a key has its own.'),
    person: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .describe('One person for whom an application would send it, as it signs them.'),
  }),
  status: 200,
  answer: z.strictObject({
    route: z.string(),
    by: z.string(),
    asked: z.array(target).describe('In their order: the first is asked, the others where those before it fail.'),
    skipped: z.array(z.strictObject({ name: z.string(), upstream: z.string(), why: z.string() })),
  }),
  errors: ['not-found', 'model-not-found'],
})
