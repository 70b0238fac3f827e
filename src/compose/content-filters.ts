import type { Config } from '../config/schema.ts'
import type { Filter } from '../filters/filter.ts'
import { createContent, type Content } from '../filters/pipeline/content.ts'
import { askedFor, detectorOf } from '../filters/pipeline/detectors.ts'
import type { NamedProfile } from '../filters/pipeline/named-profiles.ts'
import { failureOf } from '../filters/profile.ts'
import type { RemoteFilter } from '../filters/remote/remote-filter.ts'
import { FilterProcesses } from '../filters/service/filter-processes.ts'
import { createRemotePipeline } from '../filters/service/remote-pipeline.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'

/** What looks at the content of conversations, by the profiles of `filters`. */
export interface ContentFilters extends Content {
  /** Rejects where a program could not be asked now whose failure would block by one of the profiles. */
  available(): Promise<void>
  /** Lets each detector of this process read something, so that no caller waits for what it loads first. */
  warm(signal: AbortSignal): Promise<void>
}

type Told = Pick<Telemetry, 'onFilterFailure' | 'onDetectorOutcome'>

/**
 * In this process, or in those of `filters.content.service.urls`. Throws `invalid-config` for a profile that names a category
 * or a detector that is not there.
 */
export function openContentFilters(config: Pick<Config, 'filters'>, telemetry: Told): ContentFilters {
  const own = openOwnContentFilters(config, telemetry)
  const { service } = config.filters.content
  if (service.urls.length === 0) return own
  const processes = new FilterProcesses(service, (_url, outcome) =>
    telemetry.onDetectorOutcome('filter-service', outcome),
  )
  const { filters, profiles } = own
  const blocks = [...profiles.values()].some((profile) => filters.some((filter) => blocksWithout(filter, profile)))
  return {
    ...own,
    pipeline: createRemotePipeline({
      processes,
      filters,
      onFailure: (failure) => telemetry.onFilterFailure(failure),
    }),
    available: async () => (blocks ? processes.probe(new AbortController().signal) : undefined),
    warm: async () => {},
  }
}

/** In this process, whatever the configuration says of others. */
export function openOwnContentFilters({ filters: options }: Pick<Config, 'filters'>, telemetry: Told): ContentFilters {
  const content = createContent(options, {
    onFailure: (failure) => telemetry.onFilterFailure(failure),
    onOutcome: (name, outcome) => telemetry.onDetectorOutcome(name, outcome),
  })
  const profiles = [...content.profiles.values()]
  const needed = content.filters
    .filter((filter) => isRemote(filter))
    .filter((filter) => profiles.some((profile) => blocksWithout(filter, profile)))
  return {
    ...content,
    async available() {
      const { signal } = new AbortController()
      await Promise.all(needed.map((filter) => filter.probe(signal)))
    },
    async warm(signal) {
      const context = { direction: 'inbound', group: 'default', executedSql: [] } as const
      const parts = [{ text: 'Nothing is in here.', provenance: 'user' }] as const
      for (const filter of content.filters) if (!isRemote(filter)) await filter.inspect(parts, context, signal)
    },
  }
}

const isRemote = (filter: Filter): filter is RemoteFilter => 'probe' in filter

/** Is a text blocked by the profile where the detector does not answer? */
function blocksWithout(filter: Filter, profile: NamedProfile): boolean {
  return (['inbound', 'outbound'] as const).some((direction) =>
    askedFor([detectorOf(filter)], profile, direction).some(({ rules }) =>
      rules.some(({ rule }) => rule.mode === 'enforce' && failureOf(rule) === 'closed'),
    ),
  )
}
