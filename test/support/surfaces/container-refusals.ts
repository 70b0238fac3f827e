import { idOf, uploadHalf } from './held-refusals.ts'
import { leaving, seenOf, type RefusingSurface } from './refusal-rows.ts'
import { keptFiles, type SurfaceService } from './surface-service.ts'

const containers = '/v1/containers'
const make = (service: SurfaceService, key: string | null) => service.post(containers, key, { name: 'work' })
const address = 'anna.berg@example.com'

/** Asks for a response whose programs run in a container of the caller's. */
async function askIn(service: SurfaceService, key: string, code: string): Promise<Response> {
  const container = await idOf(make(service, key))
  service.script([
    { kind: 'turn', calls: [{ name: 'run_python', arguments: JSON.stringify({ code }) }] },
    { kind: 'turn', text: 'It was done.' },
  ])
  const tools = [{ type: 'code_interpreter', container }]
  return service.post('/v1/responses', key, { model: 'analyst', input: 'Do it.', tools })
}

export const containerRefusals: RefusingSurface = {
  name: containers,
  cases: {
    'no key': { ask: (service) => seenOf(make(service, null)), status: 401, code: 'unauthenticated', audit: null },
    'wrong group': {
      ask: async (service) => seenOf(make(service, await service.key('nothing'))),
      status: 403,
      code: 'forbidden',
      audit: { event: 'fault', code: 'forbidden' },
    },
    'tool not granted': {
      ask: async (service) => seenOf(askIn(service, await service.key('describing'), 'print("it ran")')),
      status: 200,
      code: null,
      hides: /it ran\\n/,
      audit: { event: 'tool-refusal' },
    },
    'quota empty': {
      ask: async (service) => {
        const key = await service.key()
        for (let at = 0; at < 8; at += 1) await (await make(service, key)).text()
        return seenOf(make(service, key))
      },
      status: 403,
      code: 'quota-exceeded',
      audit: { event: 'fault', code: 'quota-exceeded' },
    },
    'output blocked': {
      ask: async (service) => seenOf(askIn(service, await service.key('blocking'), `print("${address}")`)),
      status: 400,
      code: 'refused',
      hides: /anna\.berg/,
      audit: { event: 'fault', code: 'refused' },
    },
    'column masked': {
      ask: async (service) => seenOf(askIn(service, await service.key(), `print("${address}")`)),
      status: 200,
      code: null,
      says: /It was done/,
      // What the program printed; its own text is the model's.
      hides: /"logs":"anna\.berg/,
      audit: { event: 'tool-result', tool: 'run_python' },
    },
    "another's object": {
      ask: async (service) => {
        const container = await idOf(make(service, await service.key()))
        const tools = [{ type: 'code_interpreter', container }]
        const asked = { model: 'analyst', input: 'Do it.', tools }
        return seenOf(service.post('/v1/responses', await service.key(), asked))
      },
      status: 404,
      code: 'not-found',
      audit: { event: 'fault', code: 'not-found' },
    },
    cancelled: {
      ask: async (service) => {
        const key = await service.key()
        const container = await idOf(make(service, key))
        service.script([{ kind: 'hang' }])
        const tools = [{ type: 'code_interpreter', container }]
        const asked = { model: 'analyst', input: 'Do it.', tools }
        return leaving(service, 'admitted', (signal) => service.post('/v1/responses', key, asked, { signal }))
      },
      status: 'left',
      code: null,
      audit: { event: 'fault', code: 'cancelled' },
    },
    'waiting for approval': 'What runs in a container is asked for by responses, which have the row.',
  },
}

const upload = async (service: SurfaceService, key: string | null, container: string, text = 'words') => {
  const body = new FormData()
  body.append('file', new Blob([text]), `${text}.txt`)
  return service.ask('POST', `${containers}/${container}/files`, key, { body })
}

export const containerFileRefusals: RefusingSurface = {
  name: `${containers}/{id}/files`,
  cases: {
    'no key': {
      ask: async (service) => seenOf(upload(service, null, await idOf(make(service, await service.key())))),
      status: 401,
      code: 'unauthenticated',
      audit: null,
    },
    'wrong group': {
      ask: async (service) =>
        seenOf(upload(service, await service.key('nothing'), await idOf(make(service, await service.key())))),
      status: 404,
      code: 'not-found',
      audit: { event: 'fault', code: 'not-found' },
    },
    'tool not granted': 'No tool is asked.',
    'quota empty': {
      ask: async (service) => {
        const key = await service.key()
        const container = await idOf(make(service, key))
        for (let at = 0; at < keptFiles; at += 1) await (await upload(service, key, container, `${at}`)).text()
        return seenOf(upload(service, key, container))
      },
      status: 403,
      code: 'quota-exceeded',
      audit: { event: 'fault', code: 'quota-exceeded' },
    },
    'output blocked': 'What a program made was screened before it was kept; what its caller gave comes back as it was.',
    'column masked': 'A file has no columns of a source.',
    "another's object": {
      ask: async (service) => {
        const key = await service.key()
        const container = await idOf(make(service, key))
        const file = await idOf(upload(service, key, container))
        const path = `${containers}/${container}/files/${file}/content`
        return seenOf(service.ask('GET', path, await service.key()))
      },
      status: 404,
      code: 'not-found',
      hides: /words/,
      audit: { event: 'fault', code: 'not-found' },
    },
    cancelled: {
      ask: async (service) => {
        const key = await service.key()
        const path = `${containers}/${await idOf(make(service, key))}/files`
        return leaving(service, 'container', (signal) => uploadHalf(service, key, { path, signal }))
      },
      status: 'left',
      code: null,
      audit: { event: 'fault', code: 'cancelled' },
    },
    'waiting for approval': 'Rules about actions are for tools.',
  },
}
