import type { GrantFor } from '../gateway/authorize/policy.ts'
import type { SourceService } from '../surfaces/native/sources.ts'
import type { Analysis } from './analysis.ts'

interface AskedSourcesParts {
  readonly grantFor: GrantFor
  readonly analysis: () => Promise<Analysis>
}

/** Data sources for those who may ask them in SQL. */
export function askedSources({ grantFor, analysis }: AskedSourcesParts): SourceService {
  return {
    list: async (principal) => {
      const { tools, dataSources } = await grantFor(principal, 'http')
      if (!tools.includes('run_sql') || dataSources.length === 0) return []
      const { sources } = await analysis()
      return dataSources.map((name) => ({ name, kind: sources.database(name).kind }))
    },
    look: async (received, signal) => (await analysis()).statements.look(received, signal),
  }
}
