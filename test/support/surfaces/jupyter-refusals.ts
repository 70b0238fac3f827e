import { KernelClient } from '../jupyter/kernel-client.ts'
import { leaving, seenOf, type RefusingSurface, type Seen } from './refusal-rows.ts'
import type { SurfaceService } from './surface-service.ts'

const address = 'anna.berg@example.com'
const kernels = '/jupyter/api/kernels'
const start = (service: SurfaceService, key: string | null) => service.post(kernels, key, {})

/** A kernel of a key, by the address of its channels. */
async function channelsOf(service: SurfaceService, key: string): Promise<string> {
  const { id } = (await (await start(service, key)).json()) as { readonly id: string }
  return `${service.url}${kernels}/${id}/channels?token=${key}`
}

/** What a connection shows of one program: the name of what went wrong in the place of a status. */
async function run(service: SurfaceService, key: string, code: string): Promise<Seen> {
  await using client = await KernelClient.connect(await channelsOf(service, key))
  const { stdout, stderr } = await client.run(code)
  const name = /^(\w+): /.exec(stderr)?.[1] ?? 'ok'
  return { status: name, code: null, text: stdout + stderr }
}

export const jupyterRefusals: RefusingSurface = {
  name: 'kernels of Jupyter',
  cases: {
    'no key': {
      ask: (service) => seenOf(start(service, null)),
      status: 401,
      code: 'unauthenticated',
      audit: null,
    },
    'wrong group': {
      ask: async (service) => seenOf(start(service, await service.key('nothing'))),
      status: 403,
      code: 'forbidden',
      audit: { event: 'fault', code: 'forbidden' },
    },
    'tool not granted': {
      ask: async (service) => run(service, await service.key('describing'), '1'),
      status: 'Forbidden',
      code: null,
      says: /run_python/,
      audit: { event: 'fault', code: 'forbidden' },
    },
    'quota empty': {
      ask: async (service) => run(service, await service.key('empty'), '1'),
      status: 'QuotaExceeded',
      code: null,
      audit: { event: 'fault', code: 'quota-exceeded' },
    },
    'output blocked': {
      ask: async (service) => run(service, await service.key('blocking'), `print("${address}")`),
      status: 'Refused',
      code: null,
      hides: /anna\.berg/,
      audit: { event: 'fault', code: 'refused' },
    },
    'column masked': {
      ask: async (service) => run(service, await service.key(), `print("${address}")`),
      status: 'ok',
      code: null,
      says: /./,
      hides: /anna\.berg/,
      audit: { event: 'execution-result', outcome: 'ok' },
    },
    "another's object": {
      ask: async (service) => {
        const [mine, theirs] = [await service.key(), await service.key()]
        const place = (await channelsOf(service, mine)).replace(/\/channels.*$/, '')
        return seenOf(fetch(place, { method: 'DELETE', headers: { authorization: `Bearer ${theirs}` } }))
      },
      status: 404,
      code: 'not-found',
      audit: { event: 'fault', code: 'not-found' },
    },
    cancelled: {
      ask: async (service) => {
        const client = await KernelClient.connect(await channelsOf(service, await service.key()))
        return leaving(service, 'execution', async (signal) => {
          client.send('execute_request', { code: 'sleep = 1' })
          signal.addEventListener('abort', () => client.socket.terminate())
          await new Promise<never>((_, reject) => client.socket.once('close', () => reject(new Error('left'))))
          return new Response()
        })
      },
      status: 'left',
      code: null,
      audit: { event: 'execution-result', outcome: 'cancelled' },
    },
    'waiting for approval': 'Rules of this service want a person for shell alone, and kernels run Python.',
  },
}
