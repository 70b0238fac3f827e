import type { Config } from '../config/schema.ts'
import { onceUntilFailure } from '../concurrency/once-until-failure.ts'
import { ServiceError } from '../core/errors.ts'
import type { Sharing } from '../core/shares.ts'
import { askRules } from '../gateway/authorize/action-policy.ts'
import type { Ask } from '../gateway/authorize/ask.ts'
import type { GrantFor } from '../gateway/authorize/policy.ts'
import type { ScreenerFor } from '../gateway/screen/screener-for.ts'
import type { HideValues } from '../service/shares/hide-values.ts'
import { createSharing } from '../service/shares/sharing.ts'
import type { Sources } from '../sources/sources.ts'
import type { Telemetry } from '../telemetry/telemetry.ts'
import type { History } from './open-history.ts'

export interface SharingParts {
  readonly config: Config
  readonly history: History
  readonly grantFor: GrantFor
  readonly screenerFor: ScreenerFor
  readonly ask: Ask
  readonly telemetry: Telemetry
  /** Milliseconds since 1970. */
  readonly now: () => number
  /** Opens what works on data: asked for where a statement is judged. */
  readonly analysis: () => Promise<{ readonly sources: Sources }>
}

/** Shares of a running service. Throws `invalid-config` where links are to be made for a group that there is not. */
export function openSharing(parts: SharingParts): Sharing {
  const { config, history, grantFor, screenerFor, ask, telemetry, analysis, now } = parts
  const groups = Object.keys(config.gateway.groups)
  const { anonymous_group: anonymous } = config.shares
  if (anonymous !== null && !groups.includes(anonymous)) {
    throw new ServiceError('invalid-config', `shares.anonymous_group: there is no group "${anonymous}".`, {
      advice: `There are: ${groups.join(', ')}.`,
    })
  }
  const hider = onceUntilFailure(async (): Promise<HideValues> => {
    const { createHideValues } = await import('../service/shares/hide-values.ts')
    const { createDetectorsFor } = await import('../gateway/privacy/detect/detectors.ts')
    const detectorsFor = createDetectorsFor(config.privacy, {
      onFailure: (failure) => telemetry.onFilterFailure(failure),
    })
    return createHideValues({ options: config.privacy, detectorsFor })
  })
  // Where no group asks data, what works on it is never opened.
  const sourcesOf = async (group: string) => {
    if (Object.keys(config.sources).length === 0) return noSource
    const { sources } = await analysis()
    return (name: string) => sources.forTools(name, group)
  }
  return createSharing({
    conversations: history.conversations,
    files: history.files,
    shares: history.shares,
    hideValues: async (items, author, signal) =>
      author.grant.privacyProfile === null ? items : (await hider())(items, author, signal),
    options: config.shares,
    groups,
    grantFor,
    audienceOf: async (principal, grant, requestId) => ({
      principal,
      grant,
      screenerFor,
      linkHosts: config.filters.link_hosts,
      source: await sourcesOf(principal.group),
      allows: async ({ source, relations, columns }) => {
        const ruled = await askRules(
          ask,
          { principal, channel: 'http', requestId },
          {
            tool: 'run_sql',
            language: 'sql',
            source,
            tables: [...relations],
            columns: [...columns],
            provenance: ['user'],
            spent: { tokens: 0, cost: null },
            budget: { cost: null },
            call: null,
          },
        )
        return ruled.kind === 'allow'
      },
    }),
    now,
  })
}

const noSource = (name: string): never => {
  throw new ServiceError('not-found', `There is no data source "${name}".`)
}
