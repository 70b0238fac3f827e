import type { FilterChain } from '../../../filters/chain.ts'
import { customDetector } from '../../../filters/custom/custom-filter.ts'
import type { FilterPart } from '../../../filters/filter.ts'
import { withholds, type FilterDecision, type FilterProfile } from '../../../filters/profile.ts'
import { ofWords } from '../../../filters/categories.ts'
import type { Detect, DetectedValue } from '../mask/mask-body.ts'
import type { MaskingLevel, PrivacyProfile } from '../profiles/options.ts'

export interface DetectOptions {
  readonly chain: FilterChain
  readonly profile: PrivacyProfile
  readonly level: MaskingLevel
  readonly group: string
}

/** All that the chain sees in texts, each with what the rules of a privacy profile make of it. */
export type DecideOnTexts = (parts: readonly FilterPart[], signal: AbortSignal) => Promise<readonly FilterDecision[]>

/** Without a level it is as if all were hidden. */
export function createDecide({
  chain,
  profile,
  level = 'all',
  group,
}: Omit<DetectOptions, 'level'> & Partial<Pick<DetectOptions, 'level'>>): DecideOnTexts {
  const filterProfile: FilterProfile = { version: 1, inbound: profile.rules, outbound: {} }
  const structuredOnly = level === 'structured'
  const context = { direction: 'inbound', group, executedSql: [], structuredOnly } as const
  return (parts, signal) => chain.decide(parts, { profile: filterProfile, context }, signal)
}

/** Does what was seen count at a level of masking? What an operator has defined does at every one but `none`. */
export function isLookedFor(
  { category, detector }: Pick<FilterDecision, 'category' | 'detector'>,
  level: MaskingLevel,
): boolean {
  return level === 'all' || (level === 'structured' && (!ofWords.has(category) || detector === customDetector))
}

/** Finds values with the chain of detectors, as a privacy profile wants them. */
export function createDetect(options: DetectOptions): Detect {
  const { level } = options
  if (level === 'none') return async () => []
  const decide = createDecide(options)
  return async (parts, signal) => {
    const decisions = await decide(parts, signal)
    const counted = decisions.filter((decision) => isLookedFor(decision, level))
    // Of two kinds at one place the first is the token's: ten digits behind "NHS" are a telephone number, too, but less surely.
    return counted.sort((one, other) => one.part - other.part || other.score - one.score).flatMap(toDetected)
  }
}

function toDetected({ part, start, end, category, score, effective }: FilterDecision): readonly DetectedValue[] {
  if (effective === 'allow') return []
  return [{ part, start, end, category, action: withholds(effective) ? 'block' : effective, score }]
}
