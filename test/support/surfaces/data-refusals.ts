import { idOf, runIn, talkAboutMail, upload } from './held-refusals.ts'
import { seenOf, type RefusingSurface } from './refusal-rows.ts'
import type { SurfaceService } from './surface-service.ts'

const noTool = 'No tool is asked.'
const noAction = 'Rules about actions are for tools.'
const nothingRuns = 'Nothing runs that could be ended.'
const notCounted = 'It is not counted: nothing is asked and nothing is run.'
const whoever = 'Whoever had a use for a run may see what it came to, whatever the group may ask by now.'

const look = async (service: SurfaceService, key: string | null, source = 'shop') =>
  seenOf(service.ask('GET', `/v1/sources/${source}`, key))

export const sourceRefusals: RefusingSurface = {
  name: '/v1/sources/{name}',
  cases: {
    'no key': { ask: (service) => look(service, null), status: 401, code: 'unauthenticated', audit: null },
    'wrong group': {
      ask: async (service) => look(service, await service.key('nothing')),
      status: 403,
      code: 'forbidden',
      audit: { event: 'fault', code: 'forbidden' },
    },
    'tool not granted': {
      ask: async (service) => look(service, await service.key('describing')),
      status: 403,
      code: 'forbidden',
      says: /run_sql/,
      audit: { event: 'fault', code: 'forbidden' },
    },
    'quota empty': {
      ask: async (service) => look(service, await service.key('empty')),
      status: 403,
      code: 'quota-exceeded',
      audit: { event: 'fault', code: 'quota-exceeded' },
    },
    'output blocked': 'It holds no rows; comments of a database are screened as those of describe_data are.',
    'column masked': 'It holds no rows; what is masked is said of each column.',
    "another's object": {
      ask: async (service) => look(service, await service.key(), 'payroll'),
      status: 404,
      code: 'not-found',
      audit: { event: 'fault', code: 'not-found' },
    },
    cancelled: 'It asks for one constant, and ends with its caller as a statement does.',
    'waiting for approval': noAction,
  },
}

const tables = async (service: SurfaceService, key: string | null, place: string) =>
  seenOf(service.ask('GET', `/v1/runs/${place}`, key))

/** The last run of a conversation about addresses. */
const runAboutMail = async (service: SurfaceService, key: string) =>
  runIn(service, key, await talkAboutMail(service, key))

export const tableRefusals: RefusingSurface = {
  name: '/v1/runs/{id}/tables/{call}',
  cases: {
    'no key': {
      ask: (service) => tables(service, null, 'run_1/tables/1'),
      status: 401,
      code: 'unauthenticated',
      audit: null,
    },
    'wrong group': whoever,
    'tool not granted': noTool,
    'quota empty': notCounted,
    'output blocked': 'What a run came to was screened before it was kept.',
    'column masked': {
      ask: async (service) => {
        const key = await service.key()
        return tables(service, key, `${await runAboutMail(service, key)}/tables/1`)
      },
      status: 200,
      code: null,
      says: /"masked":"filter".*\[email\]/,
      hides: /@[a-z]+\./,
      audit: { event: 'tool-result', tool: 'run_sql' },
    },
    "another's object": {
      ask: async (service) => {
        const run = await runAboutMail(service, await service.key())
        return tables(service, await service.key(), `${run}/tables/1/content?format=csv`)
      },
      status: 404,
      code: 'not-found',
      hides: /email/,
      audit: { event: 'fault', code: 'not-found' },
    },
    cancelled: nothingRuns,
    'waiting for approval': noAction,
  },
}

const search = async (service: SurfaceService, key: string | null) =>
  seenOf(service.post('/v1/conversations/searches', key, { text: 'here they are' }))

export const searchRefusals: RefusingSurface = {
  name: '/v1/conversations/searches',
  cases: {
    'no key': { ask: (service) => search(service, null), status: 401, code: 'unauthenticated', audit: null },
    'wrong group': 'Whoever had a use for conversations may look through them, whatever the group may ask by now.',
    'tool not granted': noTool,
    'quota empty': notCounted,
    'output blocked': 'What is found was screened before it was kept.',
    'column masked': {
      ask: async (service) => {
        const key = await service.key()
        await talkAboutMail(service, key)
        return search(service, key)
      },
      status: 200,
      code: null,
      says: /"where":"answer","excerpt":"Here they are/,
      hides: /@[a-z]+\./,
      audit: { event: 'tool-result', tool: 'run_sql' },
    },
    "another's object": {
      ask: async (service) => {
        await talkAboutMail(service, await service.key())
        return search(service, await service.key())
      },
      status: 200,
      code: null,
      says: /"data":\[\],"searched":0/,
      audit: null,
    },
    cancelled: 'It reads what is kept, a conversation at a time, and ends with its caller.',
    'waiting for approval': noAction,
  },
}

const preview = async (service: SurfaceService, key: string | null, id: string) =>
  seenOf(service.ask('GET', `/v1/files/${id}/preview`, key))

export const previewRefusals: RefusingSurface = {
  name: '/v1/files/{id}/preview',
  cases: {
    'no key': { ask: (service) => preview(service, null, 'file_1'), status: 401, code: 'unauthenticated', audit: null },
    'wrong group': 'Whoever was allowed to keep a file may see what it holds.',
    'tool not granted': noTool,
    'quota empty': notCounted,
    'output blocked': 'A table is looked at by a program of Python, which sandboxes of a test do not run.',
    'column masked': 'A file has no columns of a source; values of its first rows are screened.',
    "another's object": {
      ask: async (service) => preview(service, await service.key(), await idOf(upload(service, await service.key()))),
      status: 404,
      code: 'not-found',
      hides: /words/,
      audit: { event: 'fault', code: 'not-found' },
    },
    cancelled: 'What looks at a file is a cell, and ends with its caller as one.',
    'waiting for approval': noAction,
  },
}
