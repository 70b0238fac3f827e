import { ServiceError } from '../../core/errors.ts'
import type { Authorized } from '../../core/request.ts'
import type { FilterChain } from '../../filters/chain.ts'
import type { Direction } from '../../filters/filter.ts'
import type { KnownAddresses } from '../../filters/links/known-addresses.ts'
import { defaultProfile, type FilterDecision, type FilterProfile } from '../../filters/profile.ts'
import { createScreener, type Screener, type ScreenLimits } from './screener.ts'

/** What a screener has to know of a request. */
export type Granted = Pick<Authorized, 'principal' | 'grant'>

/** And of one that somebody asked in words: which addresses an answer may hold as links. */
type Asked = Granted & { readonly addresses?: KnownAddresses }

export interface ScreenerForOptions {
  readonly chain: FilterChain
  /** Profiles by name; `default` exists even when it is not listed. */
  readonly profiles: Readonly<Record<string, FilterProfile>>
  readonly limits: ScreenLimits
  readonly onDecisions?: (request: Granted, decisions: readonly FilterDecision[]) => void
}

export type ScreenerFor = (request: Asked, direction: Direction, hiddenSql: () => readonly string[] | null) => Screener

/** Screeners by the profile a grant names. Throws `invalid-config` for a name without a profile: nothing leaves unread. */
export function createScreenerFor(options: ScreenerForOptions): ScreenerFor {
  const profiles = new Map(Object.entries({ default: defaultProfile, ...options.profiles }))
  return (request, direction, hiddenSql) => {
    const name = request.grant.filterProfile
    const profile = profiles.get(name)
    if (profile === undefined) {
      throw new ServiceError(
        'invalid-config',
        `The group "${request.principal.group}" names the filter profile "${name}", which is not there.`,
        {
          advice: `Name one of: ${[...profiles.keys()].join(', ')}.`,
        },
      )
    }
    const { chain, limits, onDecisions } = options
    const { addresses } = request
    return createScreener({
      chain,
      profile,
      direction,
      group: request.principal.group,
      hiddenSql,
      limits,
      ...(addresses === undefined ? {} : { addresses }),
      onDecisions: (decisions) => onDecisions?.(request, decisions),
    })
  }
}
