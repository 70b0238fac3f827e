import { leaving, seenOf, type RefusingSurface } from './refusal-rows.ts'
import type { SurfaceService } from './surface-service.ts'

const address = 'anna.berg@example.com'
const exec = (code: string, lang = 'py') => ({ lang, code })
const post = async (service: SurfaceService, key: string | null, body: object) =>
  seenOf(service.post('/v1/exec', key, body))
const forbidden = { status: 403, code: 'forbidden', audit: { event: 'fault', code: 'forbidden' } } as const

export const librechatRefusals: RefusingSurface = {
  name: 'POST /v1/exec of LibreChat',
  cases: {
    'no key': {
      ask: (service) => post(service, null, exec('1')),
      status: 401,
      code: 'unauthenticated',
      audit: null,
    },
    'wrong group': { ask: async (service) => post(service, await service.key('nothing'), exec('1')), ...forbidden },
    'tool not granted': {
      ask: async (service) => post(service, await service.key('blocking'), exec('ls', 'bash')),
      says: /run_shell/,
      ...forbidden,
    },
    'quota empty': {
      ask: async (service) => post(service, await service.key('empty'), exec('1')),
      status: 403,
      code: 'quota-exceeded',
      audit: { event: 'fault', code: 'quota-exceeded' },
    },
    'output blocked': {
      ask: async (service) => post(service, await service.key('blocking'), exec(`print("${address}")`)),
      status: 400,
      code: 'refused',
      hides: /anna\.berg/,
      audit: { event: 'fault', code: 'refused' },
    },
    'column masked': {
      ask: async (service) => post(service, await service.key(), exec(`print("${address}")`)),
      status: 200,
      code: null,
      says: /"stdout":"\[/,
      hides: /anna\.berg/,
      audit: { event: 'execution-result', outcome: 'ok' },
    },
    "another's object": {
      ask: async (service) => {
        const form = new FormData()
        form.append('file', new Blob(['n\n1\n']), 'mine.csv')
        const headers = { 'x-api-key': await service.key() }
        const answer = await fetch(`${service.url}/v1/upload`, { method: 'POST', headers, body: form })
        const { session_id: session, files } = (await answer.json()) as {
          readonly session_id: string
          readonly files: readonly { readonly fileId: string }[]
        }
        const file = { id: files[0]?.fileId, name: 'mine.csv', storage_session_id: session }
        return post(service, await service.key(), { ...exec('1'), files: [file] })
      },
      status: 404,
      code: 'not-found',
      audit: { event: 'fault', code: 'not-found' },
    },
    cancelled: {
      ask: async (service) => {
        const key = await service.key()
        return leaving(service, 'execution', (signal) => service.post('/v1/exec', key, exec('sleep = 1'), { signal }))
      },
      status: 'left',
      code: null,
      audit: { event: 'execution-result', outcome: 'cancelled' },
    },
    'waiting for approval': {
      ask: async (service) => post(service, await service.key(), exec('ls', 'bash')),
      status: 403,
      code: 'approval-required',
      says: /apr-/,
      audit: { event: 'approval-asked', tool: 'run_shell' },
    },
  },
}
