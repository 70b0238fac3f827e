import { z } from 'zod'
import { quotaUnits } from '../../../core/quotas.ts'
import { noBody, noParams, route } from '../../openapi/contract.ts'

export const callerId = z.string().regex(/^[\w-]{1,200}$/, 'must be the id of a caller')

const limit = z
  .strictObject({
    per: z.enum(['key', 'user', 'group', 'tenant']),
    unit: z.enum(quotaUnits),
    window: z
      .union([z.enum(['hour', 'day', 'month', 'running']), z.templateLiteral([z.int(), 's'])])
      .describe('hour, day, month, running, or the seconds of a sliding window: 60s.'),
    most: z.int(),
    used: z.int(),
    held: z.int().describe('By requests that run.'),
    left: z.int(),
    next_at: z.iso.datetime().nullable().describe('When the first of what counts now counts no more.'),
  })
  .meta({ id: 'Limit' })

export const showLimits = route({
  id: 'limits.show',
  method: 'get',
  path: '/admin/v1/limits',
  summary: 'How each limit of one caller stands.',
  params: noParams,
  query: z.strictObject({
    principal: callerId.describe('The id of a key, or token-… of whoever has a token.'),
    group: z.string().min(1).max(64).optional().describe('Of whoever has a token; a key has its own.'),
    person: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .describe('One person for whom an application asks by that key, as it signs them.'),
  }),
  body: noBody,
  status: 200,
  answer: z.strictObject({ group: z.string(), limits: z.array(limit) }),
  errors: ['not-found'],
})
