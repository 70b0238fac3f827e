import { z } from 'zod'
import { suspensionKinds, suspensionReasons, type Suspension } from '../../../core/suspensions.ts'
import { noBody, noParams, route } from '../../openapi/contract.ts'
import { lifetime } from './keys.ts'
import { pageOf, pageQuery } from './pages.ts'

const suspensionId = z.string().regex(/^susp_[\w-]{1,100}$/, 'must be the id of a suspension')

const suspension = z
  .strictObject({
    id: z.string(),
    kind: z.enum(suspensionKinds),
    principal: z.string().describe('The caller whose credential it is.'),
    subject: z.string().describe('Who is kept out: the caller, or user: and a digest for one person behind a key.'),
    reason: z.enum(suspensionReasons),
    note: z.string().nullable(),
    made: z.iso.datetime(),
    made_by: z.string().describe('The id of who suspended, local for the command line, automatic for nobody.'),
    until: z.iso.datetime().nullable().describe('null where it does not end by itself.'),
    lifted: z.iso.datetime().nullable(),
    lifted_by: z.string().nullable(),
  })
  .meta({ id: 'Suspension' })

export type SuspensionJson = z.infer<typeof suspension>

export function toSuspension({ madeBy, liftedBy, ...rest }: Suspension): SuspensionJson {
  return { ...rest, made_by: madeBy, lifted_by: liftedBy }
}

const params = z.strictObject({ id: suspensionId })

export const listSuspensions = route({
  id: 'suspensions.list',
  method: 'get',
  path: '/admin/v1/suspensions',
  summary: 'Suspensions, newest first.',
  params: noParams,
  query: z.strictObject({
    ...pageQuery,
    state: z.enum(['in-force', 'all']).default('in-force').describe('Those in force, or those that are over as well.'),
  }),
  body: noBody,
  status: 200,
  answer: pageOf(suspension),
  errors: [],
})

export const addSuspension = route({
  id: 'suspensions.add',
  method: 'post',
  path: '/admin/v1/suspensions',
  summary: 'A suspension, which counts from the next request on.',
  params: noParams,
  query: noParams,
  body: z.strictObject({
    principal: z
      .string()
      .regex(/^[\w-]{1,200}$/, 'must be the id of a caller')
      .describe('The id of a key, or token-… of whoever has a token.'),
    person: z
      .string()
      .min(1)
      .max(1_000)
      .optional()
      .describe('One person for whom an application asks by that key, as it signs them.'),
    note: z.string().min(1).max(1_000).optional().describe('For operators; whoever is suspended does not read it.'),
    lasts: lifetime.optional().describe('How long; until it is lifted where it is absent.'),
  }),
  status: 201,
  answer: suspension,
  errors: ['not-found'],
  told: ['principal', 'lasts'],
})

export const showSuspension = route({
  id: 'suspensions.show',
  method: 'get',
  path: '/admin/v1/suspensions/{id}',
  summary: 'One suspension, in force or over.',
  params,
  query: noParams,
  body: noBody,
  status: 200,
  answer: suspension,
  errors: ['not-found'],
})

export const liftSuspension = route({
  id: 'suspensions.lift',
  method: 'delete',
  path: '/admin/v1/suspensions/{id}',
  summary: 'The suspension is over from the next request on.',
  params,
  query: noParams,
  body: noBody,
  status: 204,
  answer: noBody,
  errors: ['not-found'],
})
