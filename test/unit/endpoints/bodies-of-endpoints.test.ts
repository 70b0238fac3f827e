import { expect, it } from 'vitest'
import { bodiesOfEndpoints } from '../../../src/endpoints/bodies-of-endpoints.ts'
import { endpointsOptions } from '../../../src/endpoints/options.ts'
import { documentFile } from '../../support/endpoints/document.ts'

const responses = { 200: { description: 'x' } }
const base64 = { type: 'string', contentEncoding: 'base64' }
const image = { type: 'object', properties: { image: base64, note: { type: 'string' } } }

const document = {
  openapi: '3.1.0',
  info: { title: 'x', version: '1' },
  paths: {
    '/a/{id}': {
      parameters: [{ name: 'id', in: 'path', required: true, schema: {} }],
      get: { responses },
      put: { requestBody: { $ref: '#/components/requestBodies/Image' }, responses },
    },
    '/b': {
      post: {
        requestBody: {
          content: {
            'Application/Problem+JSON; charset=utf-8': { schema: image },
            'multipart/form-data': { schema: { type: 'object', properties: { a: { type: 'string' } } } },
            'application/x-www-form-urlencoded': { schema: { type: 'object', properties: { a: { type: 'string' } } } },
            'text/plain': {},
            'image/png': {},
            'application/octet-stream': {},
          },
        },
        responses,
      },
    },
    'x-note': { post: { requestBody: { content: { 'text/plain': {} } } } },
  },
  components: { requestBodies: { Image: { content: { 'application/json': { schema: image } } } } },
}

const optionsOf = (...documents: readonly object[]) =>
  endpointsOptions.parse(
    Object.fromEntries(
      documents.map((each, at) => [`e${at}`, { document: documentFile(each), base_url: 'http://127.0.0.1:1' }]),
    ),
  )

it('bodies of endpoints are said by method, path and type, with the places of base64', async () => {
  const bare = (name: string, kind: string) => ({ name, kind, encoded: [] })
  expect(await bodiesOfEndpoints(optionsOf(document))).toEqual([
    {
      name: 'e0',
      operations: [
        { method: 'GET', path: '/a/{id}', types: [] },
        { method: 'PUT', path: '/a/{id}', types: [{ name: 'application/json', kind: 'json', encoded: ['image'] }] },
        {
          method: 'POST',
          path: '/b',
          types: [
            { name: 'application/problem+json', kind: 'json', encoded: ['image'] },
            bare('multipart/form-data', 'form'),
            bare('application/x-www-form-urlencoded', 'form'),
            bare('text/plain', 'text'),
            bare('image/png', 'bytes'),
            bare('application/octet-stream', 'bytes'),
          ],
        },
      ],
    },
  ])
})

it('bodies are of every endpoint, and of none where one cannot be guarded', async () => {
  expect((await bodiesOfEndpoints(optionsOf(document, document))).map(({ name }) => name)).toEqual(['e0', 'e1'])
  expect(await bodiesOfEndpoints({})).toEqual([])
  const unfit = { ...document, paths: {} }
  await expect(bodiesOfEndpoints(optionsOf(document, unfit))).rejects.toMatchObject({ code: 'invalid-config' })
})
