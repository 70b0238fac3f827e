import { ServiceError, toServiceError } from '../core/errors.ts'
import type { SeenSource, SourceFound, SourceLook, SourceOversight } from '../core/seen-sources.ts'
import { checkSource } from '../sources/check-source.ts'
import type { SourcesConfig } from '../sources/options.ts'
import type { Sources } from '../sources/sources.ts'

interface OversightParts {
  readonly config: SourcesConfig
  /** Names of data sources that each group may ask; `*` is all. */
  readonly groups: Readonly<Record<string, { readonly data_sources: readonly string[] }>>
  readonly sources: () => Promise<Sources>
  /** Milliseconds since any fixed point. */
  readonly clock?: () => number
}

/** The longest that a source may take to be looked at. */
const lookMilliseconds = 30_000

interface KeptLook extends Omit<SourceLook, 'ago'> {
  readonly at: number
}

/** The sources of a configuration, each with what was found when this process last looked at it. */
export function createSourceOversight({
  config,
  groups,
  sources,
  clock = () => performance.now(),
}: OversightParts): SourceOversight {
  const looks = new Map<string, KeptLook>()
  const running = new Map<string, Promise<void>>()
  const seen = (name: string): SeenSource => {
    const { database } = config.sources[name] ?? {}
    const isServer = database?.kind === 'postgresql' || database?.kind === 'mysql'
    const kept = looks.get(name)
    return {
      name,
      kind: database?.kind ?? '',
      groups: Object.entries(groups)
        .filter(([, { data_sources: given }]) => given.includes('*') || given.includes(name))
        .map(([group]) => group),
      maximumLagMilliseconds: isServer ? database.maximum_lag_ms : null,
      look: kept === undefined ? null : { ago: clock() - kept.at, took: kept.took, found: kept.found },
    }
  }
  const look = async (name: string): Promise<void> => {
    const began = clock()
    const found = await findingOf({ config, sources: await sources() }, name, AbortSignal.timeout(lookMilliseconds))
    looks.set(name, { at: clock(), took: clock() - began, found })
  }
  return {
    list: () => Object.keys(config.sources).map(seen),
    async check(name) {
      if (!Object.hasOwn(config.sources, name)) {
        throw new ServiceError('not-found', `There is no data source "${name}".`, {
          advice: 'GET /admin/v1/sources lists those that there are.',
        })
      }
      const looking = running.get(name) ?? look(name).finally(() => running.delete(name))
      running.set(name, looking)
      await looking
      return seen(name)
    },
  }
}

async function findingOf(
  parts: { readonly config: SourcesConfig; readonly sources: Sources },
  name: string,
  signal: AbortSignal,
): Promise<SourceFound> {
  try {
    const { role, inRecovery: standby, excess } = await checkSource(parts, name, signal)
    const state = (await parts.sources.database(name).state?.(signal)) ?? null
    const settings = parts.config.sources[name]?.database
    const lagEstimated = settings?.kind === 'postgresql' && settings.heartbeat_query === null
    const freshness = state && { asOf: state.asOf, lagMilliseconds: state.lagMilliseconds, lagEstimated }
    return { state: 'usable', role, standby, excess, freshness }
  } catch (thrown) {
    const { code, message, advice } = toServiceError(thrown)
    return { state: 'unusable', code, message, advice: advice ?? null }
  }
}
