import type { GrantFor } from '../../gateway/authorize/policy.ts'
import { bytesOf } from '../../core/sizes.ts'
import type { HttpOptions } from '../../http/options.ts'
import { KeptResults } from './kept-results.ts'
import type { McpRouteOptions } from './mcp-routes.ts'
import type { McpServerParts } from './server-for.ts'
import type { McpUseCases } from './use-cases.ts'

interface McpUses extends McpUseCases, Pick<McpServerParts, 'onCall' | 'version' | 'defusesFormulas'> {
  readonly grantFor: GrantFor
  readonly issuers: readonly string[]
  /** Said before every answer; null for none. */
  readonly label: string | null
}

/** What `/mcp` does, by the settings of HTTP. */
export function createMcpSettings(
  uses: McpUses,
  { settings, baseUrl }: { readonly settings: HttpOptions; readonly baseUrl: () => string },
): Omit<McpRouteOptions, 'know' | 'limits' | 'stopping' | 'onFault'> {
  const { host, base_url: url, mcp } = settings
  return {
    grantFor: uses.grantFor,
    onCall: uses.onCall,
    version: uses.version,
    defusesFormulas: uses.defusesFormulas,
    tools: async () => {
      const { createMcpTools } = await import('./tools.ts')
      return createMcpTools(uses, { label: uses.label, tableRows: settings.table_rows })
    },
    results: new KeptResults({
      timeToLiveMilliseconds: settings.artifact_ttl_ms,
      maximumBytes: bytesOf.mb(settings.artifact_mb),
    }),
    progressMilliseconds: mcp.progress_ms,
    heartbeatMilliseconds: settings.heartbeat_ms,
    stallMilliseconds: settings.reader_timeout_ms,
    hosts: [host.includes(':') ? `[${host}]` : host, ...(url === null ? [] : [new URL(url).hostname]), ...mcp.hosts],
    origins: mcp.origins,
    resource: { baseUrl, issuers: uses.issuers },
  }
}
