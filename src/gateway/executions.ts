import { ServiceError } from '../core/errors.ts'
import type { ExecutionReceived } from '../core/execution.ts'
import type { ToolName } from '../core/grant.ts'
import type { Authorized } from '../core/request.ts'
import { enough } from './admit/admit.ts'
import type { Quota } from './admit/quota.ts'
import type { Identify } from './authenticate/authenticate.ts'
import type { GrantFor } from './authorize/policy.ts'
import { requireScope } from './authorize/scopes.ts'
import type { Screener } from './screen/screener.ts'
import type { ScreenerFor } from './screen/screener-for.ts'
import { toldIfRefused, type TellRefused } from './tell-refused.ts'

/** Who asks and what is granted. */
export type ExecutionAuthorized = Pick<Authorized, 'requestId' | 'channel' | 'principal' | 'grant' | 'sessionId'>

/** What the work on an admitted request is given; whatever it hands out goes through a screener. */
export interface ExecutionTask {
  readonly request: ExecutionAuthorized
  /** One for each text that leaves by itself. */
  readonly screener: () => Screener
  /** How long a sandbox may work for it by what is left of its caller's limits, milliseconds; infinite where none of them holds it. */
  readonly mostTime: number
  /** Says how long a sandbox has worked for it until now, milliseconds. */
  readonly countTime: (milliseconds: number) => void
  /** Says how many bytes were asked and answered. */
  readonly countBytes: (bytes: number) => void
}

/** What a request is about: one of these tools has to be granted. */
export interface ExecutionWish {
  readonly tools: readonly ToolName[]
  /** How long a sandbox may work for it, by whose it is and its grant, milliseconds. */
  readonly most: (who: Pick<ExecutionAuthorized, 'principal' | 'grant'>) => number
  /** May it begin where less is left, and be stopped when that is used? */
  readonly takesLess?: boolean
}

/** Does work for a caller who may run programs. Rejects with a ServiceError. */
export type ExecutionAuthorizer = <T>(
  received: ExecutionReceived,
  wish: ExecutionWish,
  work: (task: ExecutionTask) => Promise<T>,
) => Promise<T>

export interface ExecutionDeskOptions {
  readonly identify: Identify
  readonly grantFor: GrantFor
  readonly quota: Quota
  readonly screenerFor: ScreenerFor
  readonly tellRefused: TellRefused
}

/** authenticate → authorize → admit → work, for callers who bring their own program: no model is asked. */
export function createExecutionAuthorizer(options: ExecutionDeskOptions): ExecutionAuthorizer {
  return async ({ requestId, channel, credential, sessionId }, { tools, most, takesLess = false }, work) => {
    const { identify, grantFor, quota, screenerFor, tellRefused } = options
    const { request, reservation, mostTime } = await toldIfRefused(requestId, tellRefused, async () => {
      const principal = await identify(channel, credential)
      requireScope(principal, 'execute')
      const grant = await grantFor(principal, channel, requestId)
      if (!tools.some((tool) => grant.tools.includes(tool))) throw notGranted(principal.group, tools)
      const milliseconds = most({ principal, grant })
      const bounds = milliseconds === 0 ? {} : { sandbox_ms: milliseconds }
      const less = takesLess ? { enough } : {}
      const held = await quota.reserve(principal, bounds, { guessed: ['sandbox_ms'], ...less })
      const left = held.held.sandbox_ms ?? milliseconds
      const mostTime = left < milliseconds ? left : Number.POSITIVE_INFINITY
      return { request: { requestId, channel, principal, grant, sessionId }, reservation: held, mostTime }
    })
    await using place = reservation
    return await work({
      request,
      // What it says of SQL is its caller's own, or the program's.
      screener: () => screenerFor(request, 'outbound', () => null),
      mostTime,
      countTime: (counted) => place.use({ sandbox_ms: Math.ceil(counted) }),
      countBytes: (counted) => place.use({ bytes: counted }),
    })
  }
}

/** Tools that run programs which callers bring. */
export const programTools: readonly ToolName[] = ['run_python', 'run_javascript', 'run_shell']

/** May the group run programs of its own in any language? */
export function mayRunPrograms({ tools }: Pick<Authorized['grant'], 'tools'>): boolean {
  return programTools.some((tool) => tools.includes(tool))
}

function notGranted(group: string, tools: readonly ToolName[]): ServiceError {
  const [tool = ''] = tools
  const what = tools.length > 1 ? 'programs' : languages[tool as keyof typeof languages]
  return new ServiceError('forbidden', `The group "${group}" may not run ${what}.`, {
    advice: `Ask the operator: gateway.groups.${group}.tools has to list ${tools.join(' or ')}.`,
  })
}

const languages = { run_python: 'Python', run_javascript: 'JavaScript', run_shell: 'shell commands' } as const
