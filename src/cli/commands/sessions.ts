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
  const service = serviceOf(context, options)
  const answer = await waitFor(context, 'asking the service', (signal) => service.ask('GET', '/v1/sessions', signal))
  const { data: list } = sessionList.safeParse(answer)
  if (list === undefined) {
    throw new ServiceError('service-unavailable', 'What answered at this address does not list sessions')
  }
  const { out } = context.terminal
  if (options.output === 'json') out.writeJson(list)
  else out.write(asText(list.data, out.width))
  return exitCodes.ok
}

/** `sallyport sessions close ID`: what runs in it is cancelled. */
export async function sessionsClose(context: CommandContext, id: string, options: SessionsOptions): Promise<ExitCode> {
  // It becomes part of an address: nothing but an id may.
  if (!/^session_[\w-]{1,100}$/.test(id)) {
    throw new ServiceError('invalid-request', 'That is no id of a session', {
      advice: '"sallyport sessions list" shows them; they begin with session_.',
    })
  }
  const service = serviceOf(context, options)
  await waitFor(context, 'asking the service', (signal) => service.ask('DELETE', `/v1/sessions/${id}`, signal))
  const { out } = context.terminal
  if (options.output === 'json') out.writeJson({ id, closed: true })
  else out.write(`Closed ${id}.\n`)
  return exitCodes.ok
}

function serviceOf(context: CommandContext, options: SessionsOptions): RunningService {
  return createRunningService(options, { config: context.config().config, variables: context.variables })
}

function asText(sessions: readonly SessionJson[], width: number | null): string {
  if (sessions.length === 0) return 'No session is open.\n'
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
