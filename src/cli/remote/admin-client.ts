import type { z } from 'zod'
import type { JsonValue } from '../../core/json.ts'
import { ServiceError } from '../../core/errors.ts'
import { isLoopbackHost } from '../../surfaces/admin/options.ts'
import { hasBody, type RouteContract } from '../../surfaces/openapi/contract.ts'
import type { CommandContext } from '../context.ts'
import { createRunningService, type RunningServiceOptions } from '../running-service.ts'
import { waitFor } from '../wait-for.ts'

/** A service that runs elsewhere, by its routes for operators. */
export interface ServerAddress {
  /** `https://gateway.example:8081`; absent for the files of this machine. */
  readonly server?: string
  /** File with the key, instead of the variable SALLYPORT_KEY. A key on a command line is seen by every process. */
  readonly keyFile?: string
}

/** What a route is asked: what its contract takes, as a caller writes it. */
interface Asked<Contract extends RouteContract> {
  readonly params?: z.input<Contract['params']>
  readonly query?: z.input<Contract['query']>
  readonly body?: z.input<Contract['body']>
}

/** Asks a route for operators by its contract. Rejects with what the service said was wrong. */
export type AskAdmin = <Contract extends RouteContract>(
  contract: Contract,
  asked: Asked<Contract>,
) => Promise<z.output<Contract['answer']>>

export function createAskAdmin(
  context: CommandContext,
  {
    server,
    keyFile,
    answerMilliseconds,
  }: ServerAddress & { readonly server: string } & Pick<RunningServiceOptions, 'answerMilliseconds'>,
): AskAdmin {
  requirePrivate(server)
  const { config } = context.config()
  const address = { url: server, ...(keyFile === undefined ? {} : { keyFile }) }
  const service = createRunningService(address, {
    config,
    variables: context.variables,
    ...(answerMilliseconds === undefined ? {} : { answerMilliseconds }),
  })
  return async <Contract extends RouteContract>(contract: Contract, { params, query, body }: Asked<Contract>) => {
    // What somebody has written becomes part of an address: only what the contract takes may.
    const wrong = contract.params.safeParse(params ?? {}).error?.issues[0]
    if (wrong !== undefined) throw new ServiceError('invalid-request', `That is no id: it ${wrong.message}.`)
    const path = `${filled(contract.path, params ?? {})}${queryText(query ?? {})}`
    const answer = await waitFor(context, 'asking the service', (signal) => {
      if (hasBody(contract)) return service.post(path, JSON.parse(JSON.stringify(body)) as JsonValue, signal)
      return service.ask(contract.method === 'delete' ? 'DELETE' : 'GET', path, signal)
    })
    const read = contract.answer.safeParse(answer ?? undefined)
    if (read.success) return read.data as z.output<Contract['answer']>
    throw new ServiceError(
      'service-unavailable',
      'What answered at this address does not serve operators as Sallyport does',
      {
        advice: 'Name the address of its routes for operators with --server: "sallyport serve" prints it.',
      },
    )
  }
}

/** Throws `invalid-request` for an address to which the key would go readable by whoever is on the way. */
function requirePrivate(server: string): void {
  const url = URL.parse(server)
  if (url?.protocol !== 'http:' || isLoopbackHost(url.hostname.replace(/^\[|\]$/g, ''))) return
  throw new ServiceError('invalid-request', `${url.origin} is another machine, and asked without TLS`, {
    advice: 'Name it with https, or reach it through a tunnel that ends on this machine: the key may do everything.',
  })
}

function filled(path: string, params: unknown): string {
  return Object.entries(params as Readonly<Record<string, string>>).reduce(
    (text, [name, value]) => text.replace(`{${name}}`, encodeURIComponent(value)),
    path,
  )
}

function queryText(query: unknown): string {
  const given = Object.entries(query as Readonly<Record<string, string | number | undefined>>)
  const text = new URLSearchParams()
  for (const [name, value] of given) if (value !== undefined) text.set(name, String(value))
  return text.size === 0 ? '' : `?${text.toString()}`
}
