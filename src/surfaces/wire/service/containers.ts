import { origins } from '../origins.ts'
import { z } from 'zod'
import { containerFileForm, containerRequest } from '../../openai/wire/containers.ts'
import { noBody, noParams, plainId, route } from '../../openapi/contract.ts'
import { containerFileListQuery, containerListQuery } from '../files.ts'
import { listOf } from './history.ts'

const idParams = z.strictObject({ id: plainId })
const fileParams = z.strictObject({ id: plainId, file: plainId })
const get = { method: 'get', params: idParams, query: noParams, body: noBody, status: 200, access: 'sessions' } as const
const post = { ...get, method: 'post' } as const
const remove = { ...get, method: 'delete' } as const

const containerObject = z.object({
  id: z.string(),
  object: z.literal('container'),
  name: z.string(),
  created_at: z.int(),
  last_active_at: z.int(),
  status: z.enum(['running', 'expired']),
  expires_after: z.object({ anchor: z.literal('last_active_at'), minutes: z.int() }),
  memory_limit: z.string().nullable(),
  network_policy: z.object({ type: z.literal('disabled') }),
  sallyport: z.object({ sandboxes_lost: z.int(), message: z.string().optional() }),
})
const fileObject = z.object({
  id: z.string(),
  object: z.literal('container.file'),
  bytes: z.int(),
  container_id: z.string(),
  created_at: z.int(),
  path: z.string(),
  source: z.enum(['user', 'assistant']),
  origins,
})
const deleted = (object: string) => z.object({ id: z.string(), object: z.literal(object), deleted: z.literal(true) })
const containers = '/v1/containers'
const files = `${containers}/{id}/files`

/** Containers of callers, in which programs of their responses run, and the files in them. */
export const containerContracts = [
  route({
    ...get,
    id: 'containers.list',
    path: containers,
    summary: 'The containers that the caller made, newest first.',
    params: noParams,
    query: containerListQuery,
    answer: listOf(containerObject),
    errors: [],
  }),
  route({
    ...post,
    id: 'containers.create',
    path: containers,
    summary: 'Makes a container, in which programs of several responses find the same variables and files.',
    params: noParams,
    body: containerRequest,
    answer: containerObject,
    errors: ['not-found', 'invalid-file'],
  }),
  route({
    ...get,
    id: 'containers.show',
    path: `${containers}/{id}`,
    summary: 'One container.',
    answer: containerObject,
    errors: ['not-found'],
  }),
  route({
    ...remove,
    id: 'containers.delete',
    path: `${containers}/{id}`,
    summary: 'Closes a container; what runs in it is cancelled, and files that were given to it alone are deleted.',
    answer: deleted('container.deleted'),
    errors: ['not-found'],
  }),
  route({
    ...get,
    id: 'containers.files',
    path: files,
    summary: 'The files of a container that are kept, newest first.',
    query: containerFileListQuery,
    answer: listOf(fileObject),
    errors: ['not-found'],
  }),
  route({
    ...post,
    id: 'containers.add',
    path: files,
    summary: 'Gives a container a file, as multipart/form-data, or one that is kept by its file_id, also in JSON.',
    body: containerFileForm,
    bodyType: 'multipart/form-data',
    answer: fileObject,
    errors: [
      'not-found',
      'invalid-file',
      'payload-too-large',
      'quota-exceeded',
      'unsupported-media-type',
      'sandbox-unavailable',
      'sandbox-busy',
      'sandbox-lost',
    ],
  }),
  route({
    ...get,
    id: 'containers.file',
    path: `${files}/{file}`,
    summary: 'One file of a container.',
    params: fileParams,
    answer: fileObject,
    errors: ['not-found'],
  }),
  route({
    ...remove,
    id: 'containers.remove',
    path: `${files}/{file}`,
    summary: 'Takes a file out of a container.',
    params: fileParams,
    answer: deleted('container.file.deleted'),
    errors: ['not-found'],
  }),
  route({
    ...get,
    id: 'containers.content',
    path: `${files}/{file}/content`,
    summary: 'What a file of a container holds, also when the container is gone and an answer cites it.',
    params: fileParams,
    answer: z.string(),
    answerType: '*/*',
    errors: ['not-found'],
  }),
]
