import { ServiceError } from '../core/errors.ts'
import type { Authorized, Received } from '../core/request.ts'
import type { Quota } from './admit/quota.ts'
import type { Identify } from './authenticate/authenticate.ts'
import type { GrantFor } from './authorize/policy.ts'
import { requireScope } from './authorize/scopes.ts'
import type { ScreenerFor } from './screen/screener-for.ts'
import type { Screener } from './screen/screener.ts'
import { toldIfRefused, type TellRefused } from './tell-refused.ts'

/** A request about SQL that its caller wrote, before anything of it is checked. */
export interface StatementReceived extends Pick<Received, 'requestId' | 'channel' | 'credential'> {
  /** Name of the data source asked for, null for the group's first. */
  readonly dataSource: string | null
  /** The most rows that it may be answered with; absent for none. */
  readonly maximumRows?: number
}

/** Who asks, what is granted, and the source it is about. */
export interface StatementAuthorized extends Pick<Authorized, 'requestId' | 'channel' | 'principal' | 'grant'> {
  readonly dataSource: string
}

/** What the work on an admitted request is given; whatever it hands out of rows or comments goes through `screener`. */
export interface StatementTask {
  readonly request: StatementAuthorized
  readonly screener: Screener
  /** Says how many rows its caller is given. */
  readonly countRows: (rows: number) => void
}

/** Does work for a caller who may ask SQL. Rejects with a ServiceError. */
export type StatementAuthorizer = <T>(
  received: StatementReceived,
  work: (task: StatementTask) => Promise<T>,
) => Promise<T>

export interface StatementDeskOptions {
  readonly identify: Identify
  readonly grantFor: GrantFor
  readonly quota: Quota
  readonly screenerFor: ScreenerFor
  readonly tellRefused: TellRefused
}

/** authenticate → authorize → admit → work, for callers who write their SQL themselves: no model is asked. */
export function createStatementAuthorizer(options: StatementDeskOptions): StatementAuthorizer {
  return async (received, work) => {
    // No model means no tokens: what is held is one of the caller's places, and its rows.
    const rows = received.maximumRows ?? 0
    const { request, reservation } = await toldIfRefused(received.requestId, options.tellRefused, async () => {
      const authorized = await authorizeStatement(received, options)
      const bounds = rows === 0 ? {} : { rows }
      const held = await options.quota.reserve(authorized.principal, bounds, { guessed: ['rows'] })
      return { request: authorized, reservation: held }
    })
    await using place = reservation
    // The SQL is its caller's own: repeating it tells them nothing.
    const screener = options.screenerFor(request, 'outbound', () => null)
    return await work({ request, screener, countRows: (counted) => place.use({ rows: counted }) })
  }
}

async function authorizeStatement(
  { requestId, channel, credential, dataSource }: StatementReceived,
  { identify, grantFor }: StatementDeskOptions,
): Promise<StatementAuthorized> {
  const principal = await identify(channel, credential)
  requireScope(principal, 'sql')
  const grant = await grantFor(principal, channel, requestId)
  if (!grant.tools.includes('run_sql')) {
    throw new ServiceError('forbidden', `The group "${principal.group}" may not run SQL.`, {
      advice: `Ask the operator: gateway.groups.${principal.group}.tools has to list run_sql.`,
    })
  }
  const name = dataSource ?? grant.dataSources[0]
  // A source outside the grant is answered as if it did not exist.
  if (name === undefined || !grant.dataSources.includes(name)) {
    const message = name === undefined ? 'There is no data source for you.' : `There is no data source "${name}".`
    const advice = `There are: ${grant.dataSources.join(', ') || 'none'}.`
    throw new ServiceError('not-found', message, { parameter: 'source', advice })
  }
  return { requestId, channel, principal, grant, dataSource: name }
}
