import { createHash, randomBytes, timingSafeEqual } from 'node:crypto'
import type { Conversation, Conversations } from '../../core/conversations.ts'
import { ServiceError } from '../../core/errors.ts'
import { newId } from '../../core/new-id.ts'
import type { Principal } from '../../core/principal.ts'
import type { Share, ShareContent, ShareFacts, ShareReaders, ShareWish, Sharing } from '../../core/shares.ts'
import type { Grant } from '../../core/grant.ts'
import type { GrantFor } from '../../gateway/authorize/policy.ts'
import { requireGroup } from '../../gateway/authorize/groups.ts'
import type { Audience } from './audience.ts'
import type { ShareOptions } from '../../sessions/options.ts'
import { makeContent, type ContentParts } from './make-content.ts'

/** Where shares are kept. */
export interface KeptShares {
  add(facts: ShareFacts, content: ShareContent, most: number): Promise<'added' | 'no-conversation' | 'too-many'>
  find(id: string): Promise<Share | null>
  content(id: string): Promise<ShareContent | null>
  list(principal: string, page: Parameters<Sharing['list']>[2]): Promise<readonly Share[]>
  listFor(group: string, page: Parameters<Sharing['list']>[2]): Promise<readonly Share[]>
  delete(principal: string, id: string): Promise<boolean>
}

interface SharingParts extends ContentParts {
  readonly conversations: Pick<Conversations, 'show' | 'showRun' | 'items' | 'runs'>
  readonly shares: KeptShares
  readonly options: ShareOptions
  /** Of the configuration. */
  readonly groups: readonly string[]
  readonly grantFor: GrantFor
  readonly audienceOf: (principal: Principal, grant: Grant, requestId: string) => Promise<Audience>
  /** Milliseconds since 1970. */
  readonly now: () => number
}

const dayMilliseconds = 86_400_000

export function createSharing(parts: SharingParts): Sharing {
  const { shares, options, groups, now } = parts
  const readers = ({ group }: Principal): ShareReaders => ({
    groups: options.groups === 'all' ? groups : [group],
    days: options.days,
    link: options.anonymous_group === null ? null : { group: options.anonymous_group, days: options.anonymous_days },
  })
  return {
    readers,
    async make(principal, wish, { requestId }, signal) {
      const { group, days } = readersOf(wish, principal, { readers: readers(principal), groups })
      const { conversation, run } = await wished(parts.conversations, principal, wish)
      // Stands for whoever reads it: no credential is its.
      const reader: Principal = {
        id: `share:${group}`,
        kind: wish.audience === 'link' ? 'anonymous' : 'api-key',
        group,
      }
      const author = { principal, grant: await parts.grantFor(principal, 'http', requestId) }
      const grant = await grantOf(parts.grantFor, reader, requestId)
      const audience = await parts.audienceOf(reader, grant, requestId)
      const content = await makeContent(parts, { conversation, run, author, audience }, signal)
      const made = now()
      const secret = wish.audience === 'link' ? randomBytes(32).toString('base64url') : null
      const facts: ShareFacts = {
        id: newId('shr', made),
        principal: principal.id,
        conversation: conversation.id,
        audience: wish.audience,
        group,
        secretDigest: secret === null ? null : digestOf(secret),
        made: new Date(made),
        expires: new Date(made + days * dayMilliseconds),
      }
      const added = await shares.add(facts, content, options.maximum_count)
      if (added === 'no-conversation') throw noConversation(conversation.id)
      if (added === 'too-many') throw tooMany(options.maximum_count)
      const leftOut = content.items.filter(({ type }) => type === 'left-out').length
      return { share: { ...facts, title: content.title, leftOut }, content, secret }
    },
    list: ({ id, group }, which, page) => (which === 'mine' ? shares.list(id, page) : shares.listFor(group, page)),
    async read(principal, id) {
      const share = await shares.find(id)
      if (share === null || !mayRead(principal, share)) return null
      const content = await shares.content(id)
      return content === null ? null : { share, content }
    },
    async findByLink(id, secret) {
      const share = await shares.find(id)
      if (share === null || share.audience !== 'link' || share.secretDigest === null) return null
      const [given, kept] = [digestOf(secret), share.secretDigest].map((digest) => Buffer.from(digest, 'hex'))
      return given !== undefined && kept !== undefined && given.length === kept.length && timingSafeEqual(given, kept)
        ? share
        : null
    },
    content: (id) => shares.content(id),
    revoke: ({ id: principal }, id) => shares.delete(principal, id),
  }
}

function mayRead({ id, group }: Principal, share: Share): boolean {
  return share.principal === id || (share.audience === 'group' && share.group === group)
}

const digestOf = (secret: string): string => createHash('sha256').update(secret).digest('hex')

interface Permitted {
  readonly readers: ShareReaders
  readonly groups: readonly string[]
}

/** For which group it is made, and for how long. Throws where that is not permitted. */
function readersOf(
  { audience, group, days }: ShareWish,
  principal: Principal,
  { readers, groups }: Permitted,
): { readonly group: string; readonly days: number } {
  if (audience === 'link') {
    if (readers.link === null) {
      throw new ServiceError('forbidden', 'Links that anybody may open are not allowed here.', {
        advice: 'Share it with a group; shares.anonymous_group in the configuration allows links.',
      })
    }
    return { group: readers.link.group, days: withinDays(days, readers.link.days) }
  }
  const wanted = group ?? principal.group
  requireGroup(wanted, groups)
  if (!readers.groups.includes(wanted)) {
    throw new ServiceError('forbidden', `What you make may not be shared with the group "${wanted}".`, {
      advice: 'Share it with your own group; shares.groups in the configuration allows others.',
    })
  }
  return { group: wanted, days: withinDays(days, readers.days) }
}

function withinDays(wanted: number | null, most: number): number {
  if (wanted === null || wanted <= most) return wanted ?? most
  throw new ServiceError('invalid-request', `days: a share is there for ${most} days at most.`, { parameter: 'days' })
}

/** The conversation, and the run of it. */
async function wished(
  conversations: SharingParts['conversations'],
  { id: principal }: Principal,
  wish: ShareWish,
): Promise<{ readonly conversation: Conversation; readonly run: string | null }> {
  const run = wish.run === null ? null : await conversations.showRun(principal, wish.run)
  if (wish.run !== null && run === null) throw noConversation(wish.run)
  const id = run?.conversation ?? wish.conversation ?? ''
  const conversation = await conversations.show(principal, id)
  if (conversation === null) throw noConversation(id)
  return { conversation, run: run?.id ?? null }
}

/** What a group may do at this moment. A rule that lets nobody of it in lets nobody read a share either. */
async function grantOf(grantFor: GrantFor, reader: Principal, requestId: string): Promise<Grant> {
  try {
    return await grantFor(reader, 'http', requestId)
  } catch (thrown) {
    if (!(thrown instanceof ServiceError) || thrown.code !== 'forbidden') throw thrown
    throw new ServiceError('forbidden', `Policy lets nobody of the group "${reader.group}" read anything.`, {
      cause: thrown,
      advice: 'Share it with another group.',
    })
  }
}

function noConversation(id: string): ServiceError {
  return new ServiceError('not-found', `There is no conversation or run "${id.slice(0, 100)}" of yours.`, {
    advice: 'GET /v1/conversations lists yours; items of one name their runs.',
  })
}

function tooMany(most: number): ServiceError {
  return new ServiceError('quota-exceeded', `You have ${most} shares already.`, {
    advice: 'Revoke some of them, or wait until they expire: GET /v1/shares lists yours.',
  })
}
