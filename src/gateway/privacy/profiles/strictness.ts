import { isAtLeastAsStrict } from '../../../filters/strictness.ts'
import { levelFor } from './level-for.ts'
import { maskingLevels, type PrivacyProfile } from './options.ts'

/**
 * Does a profile hide all that another one hides, wherever a call goes? Where that cannot be told, as with other
 * recognizers, the answer is no.
 */
export function hidesNoLess(profile: PrivacyProfile, than: PrivacyProfile): boolean {
  return (
    hidesNoLessAnywhere(profile, than) &&
    isAtLeastAsStrict(rulesOf(profile), rulesOf(than)) &&
    findsNoLess(profile, than) &&
    profile.tools.every((tool) => than.tools.includes(tool) || than.tools.includes('*')) &&
    (profile.unread === 'refuse' || than.unread === 'pass') &&
    (profile.user_location === 'refuse' || than.user_location === 'pass') &&
    (profile.answers === 'mask' || than.answers === 'pass')
  )
}

const rulesOf = ({ rules }: PrivacyProfile) => ({ version: 1, inbound: rules, outbound: {} })

/** At every upstream and region that either names, and at one that neither does. */
function hidesNoLessAnywhere(profile: PrivacyProfile, than: PrivacyProfile): boolean {
  const upstreams = [...Object.keys(profile.upstreams), ...Object.keys(than.upstreams), '']
  const regions = [...Object.keys(profile.regions), ...Object.keys(than.regions), null]
  return upstreams.every((upstream) =>
    regions.every((region) => {
      const [level, before] = [profile, than].map((each) =>
        maskingLevels.indexOf(levelFor(each, [{ upstream, region }])),
      )
      return (level ?? 0) >= (before ?? 0)
    }),
  )
}

function findsNoLess(profile: PrivacyProfile, than: PrivacyProfile): boolean {
  const isIn = (list: readonly unknown[]): ((each: unknown) => boolean) => {
    const texts = new Set(list.map((each) => JSON.stringify(each)))
    return (each) => texts.has(JSON.stringify(each))
  }
  return (
    than.recognizers.every(isIn(profile.recognizers)) &&
    than.deny.every(isIn(profile.deny)) &&
    JSON.stringify(profile.allow) === JSON.stringify(than.allow)
  )
}
