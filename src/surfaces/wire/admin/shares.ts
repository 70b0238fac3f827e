import { z } from 'zod'
import { shareAudiences, type Share, type ShareFacts } from '../../../core/shares.ts'
import { noBody, noParams, route } from '../../openapi/contract.ts'
import { callerId } from './limits.ts'
import { pageOf, pageQuery } from './pages.ts'

const shareId = z.string().regex(/^shr_[0-9a-f]{32}$/, 'must be the id of a share')
const params = z.strictObject({ id: shareId })

const facts = z
  .strictObject({
    id: z.string(),
    principal: z.string().describe('Whoever made it.'),
    conversation: z.string().describe('With which it is deleted.'),
    audience: z.enum(shareAudiences).describe('group: callers of the group read it; link: whoever has its link.'),
    group: z.string().describe('Under whose policy it was made.'),
    made_at: z.iso.datetime(),
    expires_at: z.iso.datetime(),
  })
  .meta({ id: 'SeenShareFacts' })

export type SeenShareFactsJson = z.infer<typeof facts>

const seen = facts
  .extend({
    title: z.string().nullable().describe('As its readers have it.'),
    left_out: z.int().describe('How many parts of the conversation are not in it.'),
  })
  .meta({ id: 'SeenShare' })

export const listEveryShare = route({
  id: 'shares.list',
  method: 'get',
  path: '/admin/v1/shares',
  summary: 'Shares that there are, of everybody, newest first and without a word of what they show.',
  params: noParams,
  query: z.strictObject({
    limit: pageQuery.limit,
    after: shareId.optional().describe('What the answer before has under next, to go on behind it.'),
    audience: z.enum(shareAudiences).optional().describe('Those for groups, or links; both without it.'),
    group: z.string().min(1).max(200).optional().describe('Under whose policy they were made.'),
    principal: callerId.optional().describe('Whoever made them.'),
  }),
  body: noBody,
  status: 200,
  answer: pageOf(facts),
  errors: [],
})

export const readEveryShare = route({
  id: 'shares.read',
  method: 'post',
  path: '/admin/v1/shares/{id}/reading',
  summary: 'One of them with its title, and nothing else that it shows: that somebody looked is on the audit trail.',
  params,
  query: noParams,
  body: z.strictObject({}),
  status: 200,
  answer: seen,
  errors: ['not-found'],
})

export const revokeEveryShare = route({
  id: 'shares.revoke',
  method: 'delete',
  path: '/admin/v1/shares/{id}',
  summary: 'Revokes a share, whoever made it: nobody opens it from the next request on.',
  params,
  query: noParams,
  body: noBody,
  status: 204,
  answer: noBody,
  errors: ['not-found'],
})

/** The digest of a link's secret is nobody's to read. */
export function toSeenShareFacts(share: ShareFacts): SeenShareFactsJson {
  const { id, principal, conversation, audience, group, made, expires } = share
  const times = { made_at: made.toISOString(), expires_at: expires.toISOString() }
  return { id, principal, conversation, audience, group, ...times }
}

export function toSeenShare(share: Share): z.infer<typeof seen> {
  return { ...toSeenShareFacts(share), title: share.title, left_out: share.leftOut }
}
