import { leaving, type RefusingSurface, type Seen } from './refusal-rows.ts'
import type { SurfaceService } from './surface-service.ts'

const address = 'anna.berg@example.com'
const saying = { code: `print("${address}")` }

/** A problem as the clients of E2B read it: its own code stands in another member. */
async function seenOf(answer: Response): Promise<Seen> {
  const text = await answer.text()
  return { status: answer.status, code: /"error_code":"([a-z-]+)"/.exec(text)?.[1] ?? null, text }
}

interface Opened {
  readonly id: string
  readonly headers: Readonly<Record<string, string>>
}

const create = (service: SurfaceService, key: string | null) =>
  service.post('/v2/sandboxes', key, { templateID: 'code-interpreter-v1', timeout: 60 })

async function open(service: SurfaceService, key: string): Promise<Opened> {
  const answer = await create(service, key)
  const { sandboxID: id, envdAccessToken: token } = (await answer.json()) as Record<string, string>
  const headers = { 'content-type': 'application/json', 'e2b-sandbox-id': String(id), 'x-access-token': String(token) }
  return { id: String(id), headers }
}

const run = (service: SurfaceService, { headers }: Opened, body: object, init: RequestInit = {}) =>
  service.post('/execute', null, body, { ...init, headers })

const runAs = async (service: SurfaceService, key: string, body: object) =>
  seenOf(await run(service, await open(service, key), body))

export const e2bRefusals: RefusingSurface = {
  name: 'POST /v2/sandboxes and POST /execute',
  cases: {
    'no key': {
      ask: async (service) => seenOf(await create(service, null)),
      status: 401,
      code: 'unauthenticated',
      audit: null,
    },
    'wrong group': {
      ask: async (service) => seenOf(await create(service, await service.key('nothing'))),
      status: 403,
      code: 'forbidden',
      audit: { event: 'fault', code: 'forbidden' },
    },
    'tool not granted': {
      ask: async (service) => runAs(service, await service.key('blocking'), { code: 'ls', language: 'bash' }),
      status: 403,
      code: 'forbidden',
      says: /run_shell/,
      audit: { event: 'fault', code: 'forbidden' },
    },
    'quota empty': {
      ask: async (service) => runAs(service, await service.key('empty'), { code: '1' }),
      status: 403,
      code: 'quota-exceeded',
      audit: { event: 'fault', code: 'quota-exceeded' },
    },
    'output blocked': {
      ask: async (service) => runAs(service, await service.key('blocking'), saying),
      status: 400,
      code: 'refused',
      hides: /anna\.berg/,
      audit: { event: 'fault', code: 'refused' },
    },
    'column masked': {
      ask: async (service) => runAs(service, await service.key(), saying),
      status: 200,
      code: null,
      says: /"type": ?"stdout"/,
      hides: /anna\.berg/,
      audit: { event: 'execution-result', outcome: 'ok' },
    },
    "another's object": {
      ask: async (service) => {
        const { id } = await open(service, await service.key())
        return seenOf(await service.ask('DELETE', `/sandboxes/${id}`, await service.key()))
      },
      status: 404,
      code: 'not-found',
      audit: { event: 'fault', code: 'not-found' },
    },
    cancelled: {
      ask: async (service) => {
        const opened = await open(service, await service.key())
        return leaving(service, 'execution', (signal) => run(service, opened, { code: 'sleep = 1' }, { signal }))
      },
      status: 'left',
      code: null,
      audit: { event: 'execution-result', outcome: 'cancelled' },
    },
    'waiting for approval': {
      ask: async (service) => runAs(service, await service.key(), { code: 'ls', language: 'bash' }),
      status: 403,
      code: 'approval-required',
      says: /apr-/,
      audit: { event: 'approval-asked', tool: 'run_shell' },
    },
  },
}
