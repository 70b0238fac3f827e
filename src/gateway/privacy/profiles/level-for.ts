import { maskingLevels, type MaskingLevel, type PrivacyProfile } from './options.ts'

/** Where a call may be read. */
export interface Destination {
  readonly upstream: string
  /** As the configuration calls it; null for an upstream of none. */
  readonly region: string | null
}

type Levels = Pick<PrivacyProfile, 'masking' | 'regions' | 'upstreams'>

/**
 * How much is hidden from wherever a call may go: by the upstream's own name, else by its region, else as everywhere. Of
 * several destinations, one of which may step in for another, the strictest decides: what is masked once is masked for all.
 */
export function levelFor(profile: Levels, destinations: readonly [Destination, ...Destination[]]): MaskingLevel {
  const levels = destinations.map((destination) => maskingLevels.indexOf(levelOf(profile, destination)))
  return maskingLevels[Math.max(...levels)] ?? 'all'
}

function levelOf({ masking, regions, upstreams }: Levels, { upstream, region }: Destination): MaskingLevel {
  // What every object has by itself ("constructor") is no level of a profile.
  const by = (levels: Levels['regions'], name: string): MaskingLevel | undefined =>
    Object.hasOwn(levels, name) ? levels[name] : undefined
  return by(upstreams, upstream) ?? (region === null ? undefined : by(regions, region)) ?? masking
}
