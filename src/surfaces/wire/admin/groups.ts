import { z } from 'zod'
import { quotaUnits } from '../../../core/quotas.ts'
import { noBody, noParams, route } from '../../openapi/contract.ts'

/** A group as the configuration has it; what it signs with is not in it. */
const adminGroup = z
  .strictObject({
    name: z.string(),
    models: z.array(z.string()),
    tools: z.array(z.string()),
    hosted_tools: z.array(z.string()),
    data_sources: z.array(z.string()),
    filter_profile: z.string(),
    privacy_profile: z.string().nullable(),
    call_filter_profile: z.string().nullable(),
    metrics: z.boolean(),
    tenant: z.string(),
    names_end_users: z.boolean().describe('Does it have an end_user_secret?'),
    concurrent_requests: z.int(),
    tokens_per_day: z.int(),
    limits: z.array(
      z.strictObject({
        per: z.enum(['key', 'user', 'group', 'tenant']),
        unit: z.enum(quotaUnits),
        most: z.int(),
        every: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: 'Group' })

export type AdminGroup = z.infer<typeof adminGroup>

export const listGroups = route({
  id: 'groups.list',
  method: 'get',
  path: '/admin/v1/groups',
  summary: 'The groups in force, as they are configured.',
  params: noParams,
  query: noParams,
  body: noBody,
  status: 200,
  answer: z.strictObject({ data: z.array(adminGroup) }),
  errors: [],
})
