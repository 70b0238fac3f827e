import type { ShareAudiences, SharesMakeRequest } from '../../../client/generated/shares.ts'

/** What somebody has chosen in the dialog. */
export interface ShareDraft {
  readonly audience: 'group' | 'link'
  readonly group: string
  readonly days: number
}

/** What is shared: all of a conversation, or one answer of it. */
export interface SharedThing {
  readonly conversation: string
  readonly run: string | null
}

const usualDays = [1, 7, 30, 90, 365]

/** For one's own group, for a month at most, where both may be. */
export function firstDraft(audiences: ShareAudiences, ownGroup: string): ShareDraft {
  const group = audiences.groups.includes(ownGroup) ? ownGroup : (audiences.groups[0] ?? ownGroup)
  return { audience: 'group', group, days: Math.min(30, audiences.days) }
}

/** The longest life that a share of this kind may have. */
export const mostDays = ({ days, link }: ShareAudiences, audience: ShareDraft['audience']): number =>
  audience === 'link' ? (link?.days ?? 1) : days

/** How long it may be there: usual times up to the longest, which is the last. */
export function dayChoices(audiences: ShareAudiences, audience: ShareDraft['audience']): readonly number[] {
  const most = mostDays(audiences, audience)
  return [...usualDays.filter((days) => days < most), most]
}

/** The same draft for others, with a time that they may have. */
export function withAudience(
  draft: ShareDraft,
  audience: ShareDraft['audience'],
  audiences: ShareAudiences,
): ShareDraft {
  return { ...draft, audience, days: Math.min(draft.days, mostDays(audiences, audience)) }
}

export function toRequest(
  { audience, group, days }: ShareDraft,
  { conversation, run }: SharedThing,
): SharesMakeRequest {
  const what = run === null ? { conversation } : { run }
  return audience === 'link' ? { ...what, audience, days } : { ...what, audience, group, days }
}

export const daysText = (days: number): string => (days === 1 ? '1 day' : `${days} days`)

/** Where a share is opened. The secret stands behind the `#`, which no browser sends anywhere. `page`: the address of the app, without a fragment. */
export function addressOfShare(page: string, id: string, secret: string | null): string {
  const query = secret === null ? '' : `?secret=${encodeURIComponent(secret)}`
  return `${page.replace(/#.*$/, '')}#/share/${encodeURIComponent(id)}${query}`
}

/** In one sentence, for whoever made it. */
export function leftOutText(count: number): string {
  if (count === 0) return 'Nothing had to be left out.'
  return count === 1 ? '1 part is not in it.' : `${count} parts are not in it.`
}
