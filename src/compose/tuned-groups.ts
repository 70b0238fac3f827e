import type { Config } from '../config/schema.ts'
import { groupsInForce } from '../gateway/options.ts'

/** The profiles that each group is configured with: that of its calls before that of its answers, one of both once. */
export function tunedGroups(gateway: Config['gateway']): Readonly<Record<string, readonly string[]>> {
  const groups = Object.entries(groupsInForce(gateway))
  return Object.fromEntries(
    groups.map(([name, { call_filter_profile: ofCalls, filter_profile: ofAnswers }]) => {
      return [name, [...new Set(ofCalls === null ? [ofAnswers] : [ofCalls, ofAnswers])]] as const
    }),
  )
}
