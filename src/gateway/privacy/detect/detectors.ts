import { ServiceError } from '../../../core/errors.ts'
import { createFilterChain, type FilterChain, type FilterChainOptions } from '../../../filters/chain.ts'
import { createCustomFilter, withoutAllowed } from '../../../filters/custom/custom-filter.ts'
import type { CustomOptions } from '../../../filters/custom/options.ts'
import { ValueBeginnings } from '../../../filters/custom/value-list.ts'
import type { Filter } from '../../../filters/filter.ts'
import { createIdentifiersFilter } from '../../../filters/identifiers/identifiers-filter.ts'
import { createNamesFilter } from '../../../filters/names/names-filter.ts'
import { LoopShare } from '../../../filters/loop-share.ts'
import { createPiiFilter } from '../../../filters/pii/pii-filter.ts'
import { createPresidioFilter } from '../../../filters/remote/presidio.ts'
import { createSecretsFilter } from '../../../filters/secrets/secrets-filter.ts'
import type { PrivacyOptions } from '../profiles/options.ts'

/** What finds the values that a profile hides. */
export interface Detectors {
  readonly chain: FilterChain
  /** For answers, piece by piece as they come: detectors of what has a form of its own, in this process. */
  readonly answerChain: FilterChain
  /** Of the values that the profile names; null where it defines nothing of its own. */
  readonly beginnings: ValueBeginnings | null
}

type DetectorsConfig = Pick<PrivacyOptions, 'deadline_ms' | 'profiles' | 'presidio'>

export type DetectorsFor = (profile: CustomOptions) => Detectors

/**
 * The detectors of each privacy profile: those of all, without what the profile allows, and its own. Throws
 * `invalid-config` for a profile with a pattern that cannot be read.
 */
export function createDetectorsFor(
  { deadline_ms: deadlineMilliseconds, profiles, presidio }: DetectorsConfig,
  { onFailure }: Pick<FilterChainOptions, 'onFailure'> = {},
): DetectorsFor {
  const share = new LoopShare()
  const common = { deadlineSetting: 'privacy.deadline_ms', deadlineMilliseconds, share } as const
  const chainOf = (filters: FilterChainOptions['filters']): FilterChain =>
    createFilterChain(onFailure === undefined ? { ...common, filters } : { ...common, filters, onFailure })
  const chainsOf = (own: readonly Filter[], others: readonly Filter[]) => ({
    answerChain: chainOf(own),
    chain: chainOf([...own, ...others]),
  })
  const usual = [createPiiFilter(), createIdentifiersFilter(), createSecretsFilter()]
  // Names are told by the sentences that they stand in, which an answer has only at its end.
  const names = createNamesFilter()
  const ofWords = presidio === null ? [names] : [names, createPresidioFilter(presidio)]
  const ofAll: Detectors = { ...chainsOf(usual, ofWords), beginnings: null }
  const own = new Map<CustomOptions, Detectors>()
  const detectorsFor: DetectorsFor = (profile) => {
    if (!hasOwn(profile)) return ofAll
    let detectors = own.get(profile)
    if (detectors === undefined) {
      const excepted = (filters: readonly Filter[]) => filters.map((filter) => withoutAllowed(filter, profile.allow))
      const beginnings = new ValueBeginnings(profile.deny.flatMap(({ values }) => values))
      const chains = chainsOf([...excepted(usual), createCustomFilter(profile)], excepted(ofWords))
      detectors = { ...chains, beginnings }
      own.set(profile, detectors)
    }
    return detectors
  }
  // A service that starts with a profile can serve it.
  for (const [name, profile] of Object.entries(profiles)) {
    try {
      detectorsFor(profile)
    } catch (cause) {
      throw refusePattern(name, cause)
    }
  }
  return detectorsFor
}

function refusePattern(profile: string, cause: unknown): unknown {
  if (!(cause instanceof TypeError)) return cause
  return new ServiceError('invalid-config', `privacy.profiles.${profile}: ${cause.message}.`, {
    cause,
    advice: 'Letters that look like Latin ones are read as these: leave them out of ranges.',
  })
}

function hasOwn({ recognizers, allow, deny }: CustomOptions): boolean {
  return recognizers.length + deny.length + allow.values.length + allow.patterns.length > 0
}

/** Rejects where another program that the detectors ask could not look at a text now. */
export async function detectorsAvailable({ presidio }: Pick<PrivacyOptions, 'presidio'>): Promise<void> {
  if (presidio !== null) await createPresidioFilter(presidio).probe(new AbortController().signal)
}
