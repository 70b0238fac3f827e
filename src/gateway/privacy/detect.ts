import type { FilterChain } from '../../filters/chain.ts'
import type { FilterProfile, FilterDecision } from '../../filters/profile.ts'
import type { Detect, DetectedValue } from './mask/mask-body.ts'
import type { MaskingLevel, PrivacyProfile } from './options.ts'

/** Kinds that only words hold, and no form of their own tells. */
const unstructured: ReadonlySet<string> = new Set(['pii/person', 'pii/organization', 'pii/location', 'pii/address'])

/** A number of seven digits that nothing says more of is hardly one's own; what is likelier is replaced. */
export interface DetectOptions {
  readonly chain: FilterChain
  readonly profile: PrivacyProfile
  readonly level: MaskingLevel
  readonly group: string
}

/** Finds values with the chain of detectors, as a privacy profile wants them. */
export function createDetect({ chain, profile, level, group }: DetectOptions): Detect {
  if (level === 'none') return async () => []
  const filterProfile: FilterProfile = { version: 1, inbound: profile.rules, outbound: {} }
  const isLookedFor = ({ category }: FilterDecision): boolean => level === 'all' || !unstructured.has(category)
  return async (parts, signal) => {
    const context = { direction: 'inbound', group, executedSql: [] } as const
    const decisions = await chain.decide(parts, { profile: filterProfile, context }, signal)
    return decisions.filter(isLookedFor).flatMap(toDetected)
  }
}

function toDetected({ part, start, end, category, effective }: FilterDecision): readonly DetectedValue[] {
  return effective === 'allow' ? [] : [{ part, start, end, category, action: effective }]
}
