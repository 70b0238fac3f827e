import { ownModel } from '../../core/own-model.ts'
import type { Authorized } from '../../core/request.ts'
import type { FilterPart } from '../../filters/filter.ts'
import { maskText } from '../../filters/mask.ts'
import { appealsOver, blockedInput, whyWithheld } from './blocked.ts'
import { asConfigured, conversationOfTurn } from './call-thresholds.ts'
import { ContentProfiles } from './content-alone.ts'
import { ContentRecord } from './content-record.ts'
import { refuseUnlessAllowed } from './refuse-unless-allowed.ts'
import type { ModerationOptions } from './moderation.ts'

/**
 * A question to the service's own model as it may go on by the rules for content of its group's profile; values are looked for
 * elsewhere. Rejects as `CallModeration.input`. Without such rules nothing is read.
 */
export type ModerateQuestion = <Request extends Authorized>(request: Request, signal: AbortSignal) => Promise<Request>

const roles = { system: 'operator', user: 'user', assistant: 'model' } as const

export function createModerateQuestion(options: ModerationOptions): ModerateQuestion {
  const { pipeline, rules, tell, appeals, thresholds: thresholdsFor = asConfigured } = options
  const profiles = new ContentProfiles(options.profiles)
  // A question that is looked at again by a stricter profile: a person has read all of it, and is not asked twice.
  const allowed = new WeakSet<readonly object[]>()
  return async (request, signal) => {
    const { grant, principal, channel, requestId, messages, model } = request
    const thresholds = thresholdsFor(principal, profiles.of(grant.filterProfile))
    const { profile } = thresholds
    if (!pipeline.applies(profile, 'inbound')) return request
    const parts = messages.map(({ role, content }): FilterPart => ({ text: content, provenance: roles[role] }))
    const context = { direction: 'inbound', group: principal.group, executedSql: [] } as const
    const seen = await pipeline.inspect(parts, { profile, context }, signal)
    const about = { principal, channel, requestId, direction: 'inbound', api: ownModel, model } as const
    const decided = await rules(seen, parts, about)
    const call = { requestId, principal, api: ownModel }
    const conversation = conversationOfTurn(request)
    const record = new ContentRecord({
      call,
      direction: 'inbound',
      thresholds,
      conversation,
      appeals: appealsOver(channel, appeals),
    })
    record.add(decided, parts)
    record.complete()
    await record.tell(tell)
    const { action, reason, decisions } = decided
    if (action === 'block') throw blockedInput(record, reason ?? whyWithheld(record), 'messages')
    if (action === 'human' && !allowed.has(messages)) {
      const data = request.dataSource ?? grant.dataSources[0]
      const source = data === undefined ? model : `${model}, ${data}`
      const asked = { principal, requestId, source, session: request.sessionId, text: JSON.stringify(messages) }
      await refuseUnlessAllowed({ ...asked, record, reason }, options.askPerson, signal)
      allowed.add(messages)
    }
    const byPart = Map.groupBy(
      decisions.filter(({ effective }) => effective === 'mask'),
      ({ part }) => part,
    )
    if (byPart.size === 0) return request
    const masked = messages.map(({ role, content }, at) => ({ role, content: maskText(content, byPart.get(at) ?? []) }))
    if (allowed.has(messages)) allowed.add(masked)
    return { ...request, messages: masked }
  }
}
