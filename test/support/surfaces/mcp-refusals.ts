import { leaving, type RefusingSurface, type Seen } from './refusal-rows.ts'
import type { SurfaceService } from './surface-service.ts'

const address = 'anna.berg@example.com'

function send(
  service: SurfaceService,
  key: string | null,
  { name, input }: { readonly name: string; readonly input: object },
  init: RequestInit = {},
): Promise<Response> {
  const headers = {
    accept: 'application/json, text/event-stream',
    'content-type': 'application/json',
    'mcp-protocol-version': '2025-11-25',
    ...(key === null ? {} : { authorization: `Bearer ${key}` }),
  }
  const message = { jsonrpc: '2.0', id: 1, method: 'tools/call', params: { name, arguments: input } }
  return service.post('/mcp', null, message, { ...init, headers })
}

/** A refusal is a result in words, with its code in brackets behind them; of what came before the protocol it is a problem. */
async function call(service: SurfaceService, key: string | null, name: string, input: object): Promise<Seen> {
  const answer = await send(service, key, { name, input })
  const text = await answer.text()
  const code = /\(([a-z-]+), request |"code":"([a-z-]+)"/.exec(text)
  return { status: answer.status, code: code?.[1] ?? code?.[2] ?? null, text }
}

const ended = (code: string, tool: string) => ({ event: 'mcp-call', tool, outcome: 'fault', code })
const none = /anna\.berg/

export const mcpRefusals: RefusingSurface = {
  name: 'POST /mcp',
  cases: {
    'no key': {
      ask: (service) => call(service, null, 'run_python', { code: '1' }),
      status: 401,
      code: 'unauthenticated',
      audit: null,
    },
    'wrong group': {
      ask: async (service) => call(service, await service.key('nothing'), 'run_python', { code: '1' }),
      status: 200,
      code: 'forbidden',
      says: /"isError":true/,
      audit: ended('forbidden', 'run_python'),
    },
    'tool not granted': {
      ask: async (service) => call(service, await service.key('blocking'), 'run_shell', { code: 'ls' }),
      status: 200,
      code: 'forbidden',
      says: /run_shell/,
      audit: ended('forbidden', 'run_shell'),
    },
    'quota empty': {
      ask: async (service) => call(service, await service.key('empty'), 'run_python', { code: '1' }),
      status: 200,
      code: 'quota-exceeded',
      audit: ended('quota-exceeded', 'run_python'),
    },
    'output blocked': {
      ask: async (service) =>
        call(service, await service.key('blocking'), 'run_python', { code: `print("${address}")` }),
      status: 200,
      code: 'refused',
      hides: none,
      audit: ended('refused', 'run_python'),
    },
    'column masked': {
      ask: async (service) =>
        call(service, await service.key(), 'run_sql', { statement: 'SELECT email FROM customers LIMIT 2' }),
      status: 200,
      code: null,
      says: /filter\/pii-email/,
      hides: /@[a-z]+\./,
      audit: { event: 'mcp-call', tool: 'run_sql', outcome: 'result' },
    },
    "another's object": {
      ask: async (service) => {
        const opened = await service.post('/v1/sessions', await service.key(), {})
        const { id } = (await opened.json()) as { readonly id: string }
        return call(service, await service.key(), 'run_python', { code: '1', session: id })
      },
      status: 200,
      code: 'not-found',
      audit: ended('not-found', 'run_python'),
    },
    cancelled: {
      ask: async (service) => {
        const key = await service.key()
        const asked = { name: 'run_python', input: { code: 'sleep = 1' } }
        return leaving(service, 'execution', (signal) => send(service, key, asked, { signal }))
      },
      status: 'left',
      code: null,
      audit: { event: 'execution-result', outcome: 'cancelled' },
    },
    'waiting for approval': {
      ask: async (service) => call(service, await service.key(), 'run_shell', { code: 'ls' }),
      status: 200,
      code: 'approval-required',
      says: /approval apr-/,
      audit: { event: 'approval-asked', tool: 'run_shell' },
    },
  },
}
