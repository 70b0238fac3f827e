import { ServiceError } from '../../core/errors.ts'
import { sessionList, type SessionJson } from '../../surfaces/wire/sessions.ts'
import type { CommandContext, ExitCode } from '../context.ts'
import { exitCodes } from '../exit-codes.ts'
import { textTable } from '../output/tables.ts'
import { createRunningService, type RunningService, type ServiceAddress } from '../running-service.ts'
import { waitFor } from '../wait-for.ts'

export interface SessionsOptions extends ServiceAddress {
  readonly output?: 'text' | 'json'
}

/** `sallyport sessions list`: the sessions of the key's owner, oldest first. */
export async function sessionsList(context: CommandContext, options: SessionsOptions): Promise<ExitCode> {
  const data = await ownSessions(context, options)
  const { out } = context.terminal
  if (options.output === 'json') out.writeJson({ object: 'list', data: [...data] })
  else out.write(data.length === 0 ? 'No session is open.\n' : asText(data, out.width))
  return exitCodes.ok
}

/** `sallyport sessions show ID`: one of them, as the list has it. */
export async function sessionsShow(context: CommandContext, id: string, options: SessionsOptions): Promise<ExitCode> {
  requireSessionId(id)
  const session = (await ownSessions(context, options)).find((each) => each.id === id)
  if (session === undefined) {
    throw new ServiceError('not-found', `There is no session "${id}" of this key's owner`, {
      advice: '"sallyport sessions list" shows those that are open.',
    })
  }
  const { out } = context.terminal
  if (options.output === 'json') out.writeJson(session)
  else out.write(asText([session], out.width))
  return exitCodes.ok
}

/** `sallyport sessions close ID`: what runs in it is cancelled. */
export async function sessionsClose(context: CommandContext, id: string, options: SessionsOptions): Promise<ExitCode> {
  requireSessionId(id)
  const service = serviceOf(context, options)
  await waitFor(context, 'asking the service', (signal) => service.ask('DELETE', `/v1/sessions/${id}`, signal))
  const { out } = context.terminal
  if (options.output === 'json') out.writeJson({ id, closed: true })
  else out.write(`Closed ${id}.\n`)
  return exitCodes.ok
}

async function ownSessions(context: CommandContext, options: SessionsOptions): Promise<readonly SessionJson[]> {
  const service = serviceOf(context, options)
  const answer = await waitFor(context, 'asking the service', (signal) => service.ask('GET', '/v1/sessions', signal))
  const { data: list } = sessionList.safeParse(answer)
  if (list !== undefined) return list.data
  throw new ServiceError('service-unavailable', 'What answered at this address does not list sessions')
}

/** An id becomes part of an address: nothing else may. */
function requireSessionId(id: string): void {
  if (/^session_[\w-]{1,100}$/.test(id)) return
  throw new ServiceError('invalid-request', 'That is no id of a session', {
    advice: '"sallyport sessions list" shows them; they begin with session_.',
  })
}

function serviceOf(context: CommandContext, options: SessionsOptions): RunningService {
  return createRunningService(options, { config: context.config().config, variables: context.variables })
}

function asText(sessions: readonly SessionJson[], width: number | null): string {
  const columns = ['session', 'opened', 'closed if unused', 'limits of its own'].map((name) => ({ name, type: 'text' }))
  const rows = sessions.map(({ id, opened_at, in_use, expires_at, sandbox }) => [
    id,
    opened_at,
    in_use ? 'in use now' : expires_at,
    Object.entries(sandbox)
      .map(([name, value]) => `${name}=${value}`)
      .join(' '),
  ])
  return textTable({ columns, rows, totalRows: rows.length }, { maximumRows: rows.length, width })
}
