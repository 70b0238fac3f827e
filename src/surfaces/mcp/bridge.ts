import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client'
import { ProtocolError, ProtocolErrorCode, Server, type ServerContext } from '@modelcontextprotocol/server'
import { ServiceError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import { serveOn, type McpStreams } from './serve-stdio.ts'

export interface BridgedService {
  /** Of the service, as its callers reach it. */
  readonly url: string
  readonly key: Secret
  readonly version: string
}

/** Longest a call may take whose caller sets no limit, in milliseconds. */
const longestCall = 3_600_000

/**
 * Serves on two streams the tools of a service that runs elsewhere, with one key: for hosts that start a program. Rejects with
 * `service-unavailable` where it cannot be reached, or does not take the key.
 */
export async function bridgeMcp(service: BridgedService, streams: McpStreams, signal: AbortSignal): Promise<void> {
  const client = await connect(service)
  try {
    await serveOn(streams, () => serverThrough(client, service.version), signal)
  } finally {
    await client.close()
  }
}

async function connect({ url, key, version }: BridgedService): Promise<Client> {
  const client = new Client({ name: 'sallyport', version }, { versionNegotiation: { mode: 'auto' } })
  // Whoever answers in the service's place must not send the key on to somebody else.
  const requestInit = { headers: { authorization: `Bearer ${key.reveal()}` }, redirect: 'error' } as const
  try {
    await client.connect(new StreamableHTTPClientTransport(new URL('mcp', url.replace(/\/*$/, '/')), { requestInit }))
    return client
  } catch (cause) {
    throw new ServiceError('service-unavailable', `The tools of ${new URL(url).origin} cannot be asked.`, {
      cause,
      advice: 'See that the service runs at this address, and that the key counts there.',
    })
  }
}

/** A server whose every answer is that of the client. */
function serverThrough(client: Client, version: string): Server {
  const server = new Server(
    { name: 'sallyport', title: 'Sallyport', version },
    { capabilities: { tools: {}, resources: {} }, instructions: client.getInstructions() ?? '' },
  )
  server.setRequestHandler('tools/list', () => passed(() => client.listTools()))
  server.setRequestHandler('tools/call', ({ params: { name, arguments: input } }, context) =>
    passed(() => client.callTool({ name, ...(input === undefined ? {} : { arguments: input }) }, optionsOf(context))),
  )
  server.setRequestHandler('resources/list', () => passed(() => client.listResources()))
  server.setRequestHandler('resources/templates/list', () => passed(() => client.listResourceTemplates()))
  server.setRequestHandler('resources/read', ({ params: { uri } }) => passed(() => client.readResource({ uri })))
  return server
}

function optionsOf({ mcpReq }: ServerContext) {
  const progressToken = mcpReq._meta?.progressToken
  const told = { timeout: longestCall, signal: mcpReq.signal }
  if (progressToken === undefined) return told
  const onprogress = (progress: object): void => {
    const params = { ...progress, progressToken } as { readonly progressToken: typeof progressToken; progress: number }
    void mcpReq.notify({ method: 'notifications/progress', params }).catch(() => undefined)
  }
  return { ...told, onprogress }
}

/** What the service says is wrong goes on; what fails on the way is said in words of ours. */
async function passed<T>(ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (thrown) {
    if (ProtocolError.isInstance(thrown)) throw new ProtocolError(thrown.code, thrown.message, thrown.data)
    throw new ProtocolError(ProtocolErrorCode.InternalError, 'The service could not be asked.')
  }
}
