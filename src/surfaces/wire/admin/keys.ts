import { z } from 'zod'
import { keyScopes } from '../../../core/key-scopes.ts'
import { noBody, noParams, route } from '../../openapi/contract.ts'
import { moment } from './moment.ts'
import { pageOf, pageQuery } from './pages.ts'

const keyId = z.string().regex(/^[\w-]{1,200}$/, 'must be the id of a key')
const groupName = z.string().regex(/^[a-z][a-z0-9-]{0,63}$/, 'must be the name of a group')

/** A hundred years, in milliseconds. */
const longestLife = 36_525 * 86_400_000

export const lifetime = z
  .union([z.strictObject({ milliseconds: z.int().min(1).max(longestLife) }), z.strictObject({ until: moment })])
  .describe('From now, or until a moment in UTC.')

const keyFacts = {
  id: z.string(),
  name: z.string(),
  group: z.string(),
  created: z.iso.datetime(),
  state: z.enum(['active', 'held', 'expired']),
  scopes: z.array(z.enum(keyScopes)),
  expires: z.iso.datetime().nullable(),
  last_used: z.iso.datetime().nullable().describe('To the minute.'),
  replaced_by: z.string().nullable().describe('The key that was made of this one.'),
}

/** What is kept of a key, which is not the key. */
const adminKey = z.strictObject(keyFacts).meta({ id: 'Key' })

const newKey = z
  .strictObject({
    ...keyFacts,
    key: z.string().describe('The key itself, which is shown this once.'),
    place: z.string().describe('Where its hash is kept.'),
  })
  .meta({ id: 'NewKey' })

const keyParams = z.strictObject({ id: keyId })

export const listKeys = route({
  id: 'keys.list',
  method: 'get',
  path: '/admin/v1/keys',
  summary: 'The keys, oldest first.',
  params: noParams,
  query: z.strictObject(pageQuery),
  body: noBody,
  status: 200,
  answer: pageOf(adminKey),
  errors: [],
})

export const createKey = route({
  id: 'keys.create',
  method: 'post',
  path: '/admin/v1/keys',
  summary: 'A key that was made; the only answer, beside that of a rotation, with a key in it.',
  params: noParams,
  query: noParams,
  body: z.strictObject({
    name: z.string().min(1).max(100).describe('Of whoever has it.'),
    group: groupName.default('default'),
    scopes: z
      .array(z.enum(keyScopes))
      .min(1)
      .transform((named) => keyScopes.filter((scope) => named.includes(scope)))
      .optional()
      .describe('What it may be used for; all but approve and admin where it is absent.'),
    expires: lifetime.optional(),
  }),
  status: 201,
  answer: newKey,
  errors: [],
  told: ['group', 'scopes', 'expires'],
})

export const showKey = route({
  id: 'keys.show',
  method: 'get',
  path: '/admin/v1/keys/{id}',
  summary: 'What is kept of one key.',
  params: keyParams,
  query: noParams,
  body: noBody,
  status: 200,
  answer: adminKey,
  errors: ['not-found'],
})

export const rotateKey = route({
  id: 'keys.rotate',
  method: 'post',
  path: '/admin/v1/keys/{id}/rotation',
  summary: 'A key that was made in place of one.',
  params: keyParams,
  query: noParams,
  body: z.strictObject({
    overlap_ms: z.int().min(1).max(longestLife).optional().describe('How long the old one goes on beside it.'),
    expires: lifetime.optional(),
  }),
  status: 201,
  answer: newKey,
  errors: ['not-found'],
  told: ['overlap_ms', 'expires'],
})

export const revokeKey = route({
  id: 'keys.revoke',
  method: 'delete',
  path: '/admin/v1/keys/{id}',
  summary: 'The key is ended; the next request with it is refused.',
  params: keyParams,
  query: noParams,
  body: noBody,
  status: 204,
  answer: noBody,
  errors: ['not-found'],
})
