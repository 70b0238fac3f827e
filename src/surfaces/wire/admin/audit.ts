import { z } from 'zod'
import { noBody, noParams, route } from '../../openapi/contract.ts'
import { moment } from './moment.ts'

const sha256 = z.string().regex(/^[0-9a-f]{64}$/, 'must be 64 digits of 0-9 and a-f')

/** A line of the trail, as it stands there. */
const auditEntry = z
  .strictObject({
    sequence: z.int(),
    time: z.iso.datetime(),
    fact: z.record(z.string(), z.unknown()).describe('event, requestId, and what else there is to say of the event.'),
    previous: z.string().describe('The hash of the line before it.'),
    hash: z.string(),
  })
  .meta({ id: 'AuditEntry' })

/** Which lines of those that are asked for. */
const piece = {
  since: moment.optional().describe('From then on.'),
  until: moment.optional().describe('Before then.'),
  order: z.enum(['oldest', 'newest']).default('oldest').describe('Which come first.'),
  after: z.coerce
    .number()
    .int()
    .min(0)
    .default(0)
    .describe('Lines with a greater number only: what next says where the oldest come first.'),
  before: z.coerce
    .number()
    .int()
    .min(1)
    .optional()
    .describe('Lines with a smaller number only: what next says where the newest come first.'),
  limit: z.coerce.number().int().min(1).max(1_000).default(100).describe('At most so many.'),
}

export const searchAudit = route({
  id: 'audit.search',
  method: 'get',
  path: '/admin/v1/audit',
  summary: 'Lines of the audit trail of this machine, oldest first unless order says otherwise.',
  params: noParams,
  query: z.strictObject({
    event: z.string().min(1).max(100).optional().describe('Lines of this event only.'),
    request: z.string().min(1).max(200).optional().describe('Lines of this request only.'),
    principal: z.string().min(1).max(200).optional().describe('Lines that name this caller only.'),
    ...piece,
  }),
  body: noBody,
  status: 200,
  answer: z.strictObject({
    data: z.array(auditEntry),
    next: z.int().nullable().describe('The number of the last line of this piece; null where there are no more.'),
  }),
  errors: ['not-found'],
})

export const listDecisions = route({
  id: 'decisions.list',
  method: 'get',
  path: '/admin/v1/decisions',
  summary: 'Decisions of policy that are on the audit trail of this machine, oldest first unless order says otherwise.',
  params: noParams,
  query: z.strictObject({
    request: z.string().min(1).max(200).optional().describe('About this request only.'),
    principal: z.string().min(1).max(200).optional().describe('About this caller only.'),
    ...piece,
  }),
  body: noBody,
  status: 200,
  answer: searchAudit.answer,
  errors: ['not-found'],
})

export const verifyAudit = route({
  id: 'audit.verify',
  method: 'get',
  path: '/admin/v1/audit/verification',
  summary: 'Whether the chain of the audit trail of this machine is whole.',
  params: noParams,
  query: z.strictObject({ expect: sha256.optional().describe('A hash noted earlier, which has to be there still.') }),
  body: noBody,
  status: 200,
  answer: z.discriminatedUnion('verdict', [
    z.strictObject({
      verdict: z.literal('intact'),
      entries: z.int(),
      first: z.int(),
      last_hash: z.string(),
      signatures: z
        .strictObject({ checkpoints: z.int(), up_to: z.int() })
        .nullable()
        .describe('null where no key is there to check them with.'),
    }),
    z.strictObject({
      verdict: z.literal('broken'),
      breaks: z.array(
        z.strictObject({
          file: z.string().describe('The name of the file of the trail, without its folder.'),
          line: z.int(),
          reason: z.string(),
        }),
      ),
    }),
  ]),
  errors: ['not-found'],
})
