import { Client, StreamableHTTPClientTransport, type Transport } from '@modelcontextprotocol/client'
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio'
import { Client as FormerClient } from '@modelcontextprotocol/sdk/client/index.js'
import { StdioClientTransport as FormerStdio } from '@modelcontextprotocol/sdk/client/stdio.js'
import { StreamableHTTPClientTransport as FormerHttp } from '@modelcontextprotocol/sdk/client/streamableHttp.js'

/** Clients as people have them: of this generation in both eras of the protocol, and of the one before. */
export const mcpClients = ['client of 2026-07-28', 'client of 2025-11-25', 'client of the former generation'] as const

export type McpClientName = (typeof mcpClients)[number]

export interface McpContent {
  readonly type: string
  readonly text?: string
  readonly data?: string
  readonly mimeType?: string
  readonly uri?: string
  readonly name?: string
  readonly size?: number
}

export interface McpResult {
  readonly content: readonly McpContent[]
  readonly structuredContent?: Readonly<Record<string, unknown>>
  readonly isError?: boolean
}

export interface CallOptions {
  readonly onProgress?: (progress: { readonly progress: number; readonly message?: string | undefined }) => void
  readonly signal?: AbortSignal
}

/** What tests do with each of them. */
export interface TestMcpClient extends AsyncDisposable {
  readonly version: () => string | undefined
  readonly tools: () => Promise<readonly { readonly name: string; readonly [member: string]: unknown }[]>
  readonly call: (name: string, input?: Record<string, unknown>, options?: CallOptions) => Promise<McpResult>
  readonly read: (uri: string) => Promise<readonly { readonly text?: string; readonly blob?: string }[]>
  readonly resources: () => Promise<readonly { readonly uri: string; readonly name: string }[]>
}

export type McpPlace =
  | { readonly url: string; readonly key: string | null; readonly headers?: Record<string, string> }
  | { readonly command: string; readonly args: readonly string[]; readonly env: Record<string, string> }

const info = { name: 'a test', version: '1.0.0' }

/** Connects; rejects as the client itself does. */
export async function openMcpClient(name: McpClientName, place: McpPlace): Promise<TestMcpClient> {
  return name === 'client of the former generation' ? openFormer(place) : openCurrent(name, place)
}

function headersOf(place: Extract<McpPlace, { url: string }>): Record<string, string> {
  return { ...(place.key === null ? {} : { authorization: `Bearer ${place.key}` }), ...place.headers }
}

async function openCurrent(name: McpClientName, place: McpPlace): Promise<TestMcpClient> {
  const mode = name === 'client of 2026-07-28' ? 'auto' : 'legacy'
  const client = new Client(info, { versionNegotiation: { mode } })
  const transport: Transport =
    'url' in place
      ? new StreamableHTTPClientTransport(new URL(`${place.url.replace(/\/$/, '')}/mcp`), {
          requestInit: { headers: headersOf(place) },
        })
      : new StdioClientTransport({ ...place, args: [...place.args], stderr: 'ignore' })
  await client.connect(transport)
  return {
    version: () => client.getNegotiatedProtocolVersion(),
    tools: async () => (await client.listTools()).tools,
    call: async (tool, input = {}, options = {}) =>
      (await client.callTool({ name: tool, arguments: input }, requestOptions(options))) as never,
    read: async (uri) => (await client.readResource({ uri })).contents,
    resources: async () => (await client.listResources()).resources,
    [Symbol.asyncDispose]: () => client.close(),
  }
}

async function openFormer(place: McpPlace): Promise<TestMcpClient> {
  const client = new FormerClient(info)
  const transport =
    'url' in place
      ? new FormerHttp(new URL(`${place.url.replace(/\/$/, '')}/mcp`), { requestInit: { headers: headersOf(place) } })
      : new FormerStdio({ ...place, args: [...place.args], stderr: 'ignore' })
  await client.connect(transport)
  return {
    version: () => '2025-11-25',
    tools: async () => (await client.listTools()).tools,
    call: async (tool, input = {}, options = {}) =>
      (await client.callTool({ name: tool, arguments: input }, undefined, requestOptions(options))) as never,
    read: async (uri) => (await client.readResource({ uri })).contents,
    resources: async () => (await client.listResources()).resources,
    [Symbol.asyncDispose]: () => client.close(),
  }
}

function requestOptions({ onProgress, signal }: CallOptions) {
  return {
    timeout: 120_000,
    ...(signal === undefined ? {} : { signal }),
    ...(onProgress === undefined ? {} : { onprogress: onProgress, resetTimeoutOnProgress: true }),
  }
}

/** The texts of a result, as a host shows them. */
export function textOf({ content }: McpResult): string {
  return content.map(({ text = '' }) => text).join('\n')
}
