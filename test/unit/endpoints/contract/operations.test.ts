import { describe, expect, it } from 'vitest'
import { rulesOfStatus, takesPictures } from '../../../../src/endpoints/contract/content.ts'
import { compileOperations } from '../../../../src/endpoints/contract/operations.ts'

const answer = { description: 'x' }
const responses = { 200: answer }
const json = (schema: object) => ({ 'application/json': { schema } })
const parameter = (name: string, where: string, schema: object = {}) => ({
  name,
  in: where,
  schema,
  ...(where === 'path' ? { required: true } : {}),
})

const compile = (paths: object) => compileOperations({ version: '3.1', root: { paths } })
const bodyOf = (content: object) => {
  const body = compile({ '/a': { post: { requestBody: { content }, responses } } })[0]?.body
  if (body === null || body === undefined) throw new Error('There is no body.')
  return body
}

describe('the operations of a document', () => {
  it('have their names, or those of their methods and paths, and what says more comes first', () => {
    const id = [parameter('id', 'path')]
    const found = compile({
      '/a/{id}': { parameters: id, get: { responses }, post: { operationId: 'make', responses } },
      '/a/me': { delete: { responses }, patch: { operationId: 'change', responses }, put: { responses } },
      'x-more': { get: { responses } },
    })
    expect(found.map(({ name, method, path }) => [name, method, path.text])).toEqual([
      ['PUT /a/me', 'PUT', '/a/me'],
      ['change', 'PATCH', '/a/me'],
      ['DELETE /a/me', 'DELETE', '/a/me'],
      ['GET /a/{id}', 'GET', '/a/{id}'],
      ['make', 'POST', '/a/{id}'],
    ])
  })

  it('have the parameters of their path, of which their own take the place', () => {
    const [operation] = compile({
      '/a': {
        parameters: [parameter('p', 'query', { type: 'integer' }), parameter('X-A', 'header'), parameter('q', 'query')],
        get: {
          parameters: [
            parameter('p', 'query', { type: 'boolean' }),
            parameter('x-a', 'header', { enum: ['b'] }),
            parameter('p', 'header'),
            parameter('Accept', 'header'),
            parameter('Authorization', 'header'),
            parameter('CONTENT-TYPE', 'header'),
          ],
          responses,
        },
      },
    })
    expect(operation?.parameters.map(({ in: where, name }) => `${where} ${name}`)).toEqual([
      'query p',
      'header x-a',
      'query q',
      'header p',
    ])
    expect(operation?.parameters[0]?.read('true')).toBe('true')
  })

  it('need a body where the document says so alone', () => {
    const needs = (required: unknown) =>
      compile({ '/a': { post: { requestBody: { required, content: json({}) }, responses } } })[0]?.body?.required
    expect([needs(true), needs(false), needs(undefined), needs('true')]).toEqual([true, false, false, false])
    expect(compile({ '/a': { post: { responses } } })[0]?.body).toBeNull()
  })

  it.each([
    [{}, '/paths have no operation'],
    [{ '/a': {} }, '/paths have no operation'],
    [{ '/a': { trace: { responses } } }, '/paths/~1a/trace is never passed on'],
    [{ '/a': { get: { responses: {} } } }, '/paths/~1a/get/responses names no answer'],
    [{ '/a': { get: { responses: { 'x-note': answer } } } }, '/paths/~1a/get/responses names no answer'],
    [{ '/a': { get: { responses: { 200: { content: [] } } } } }, '/paths/~1a/get/responses/200/content is no object'],
    [{ '/a/{id}': { get: { responses } } }, 'has no parameter "id", which its path names'],
    [
      { '/a': { get: { parameters: [parameter('id', 'path')], responses } } },
      'has a parameter that its path does not name',
    ],
    [
      { '/a': { get: { requestBody: { content: json({}) }, responses } } },
      '/paths/~1a/get/requestBody stands at a GET',
    ],
    [{ '/a': { post: { requestBody: { content: {} }, responses } } }, '/requestBody/content names no media type'],
    [
      { '/a': { post: { requestBody: { content: { 'text/*': {} } }, responses } } },
      'is no single media type: name each',
    ],
    [{ '/a': { post: { requestBody: { content: { text: {} } }, responses } } }, 'is no single media type: name each'],
    [
      { '/a': { post: { requestBody: { content: { 'application/json': {} } }, responses } } },
      'has no schema: nothing would be checked',
    ],
    [
      { '/a': { post: { requestBody: { content: { 'application/xml': {} } }, responses } } },
      'is a media type that is not supported yet',
    ],
    [
      { '/a': { post: { requestBody: { content: { 'image/bmp': {} } }, responses } } },
      'is a media type that is not supported yet',
    ],
    [
      {
        '/a': {
          post: { requestBody: { content: { 'text/plain': { schema: { type: 'string', maxLength: 3 } } } }, responses },
        },
      },
      '/schema/maxLength is not checked in a body that is not JSON',
    ],
    [
      {
        '/a': {
          post: {
            requestBody: { content: { 'text/plain': { schema: { type: 'string', format: 'byte' } } } },
            responses,
          },
        },
      },
      '/schema/format is not checked in a body that is not JSON',
    ],
    [
      { '/a': { post: { requestBody: { content: { 'text/plain': { schema: { type: 'integer' } } } }, responses } } },
      '/schema/type is not checked in a body that is not JSON',
    ],
    [
      { '/a': { get: { operationId: 'x', responses } }, '/b': { get: { operationId: 'x', responses } } },
      '/paths have the same operationId twice: x',
    ],
    [
      {
        '/a/{b}': { get: { parameters: [parameter('b', 'path')], responses } },
        '/a/{c}': { get: { parameters: [parameter('c', 'path')], responses } },
      },
      '/paths have the same path twice: GET /a/{}',
    ],
  ])('are refused: %j', (paths, message) => {
    expect(() => compile(paths)).toThrow(message)
  })
})

describe('a body', () => {
  it.each([
    ['image/png', { kind: 'picture', type: 'image/png' }],
    ['image/jpeg', { kind: 'picture', type: 'image/jpeg' }],
    ['image/gif', { kind: 'picture', type: 'image/gif' }],
    ['Image/WebP', { kind: 'picture', type: 'image/webp' }],
    ['text/plain', { kind: 'bytes' }],
    ['application/octet-stream', { kind: 'bytes' }],
  ])('of %s is %j', (type, rule) => {
    expect([...bodyOf({ [type]: {} }).types]).toEqual([[type.toLowerCase(), rule]])
  })

  it.each([
    { schema: true },
    { schema: { type: 'string', description: 'x', 'x-note': 1, format: 'licence-plate' } },
    {},
  ])('that is no JSON may say that it is a text: %j', (media) => {
    expect([...bodyOf({ 'text/plain': media }).types.values()]).toEqual([{ kind: 'bytes' }])
  })

  const picture = { type: 'string', contentEncoding: 'base64', contentMediaType: 'image/png' }
  const form = (properties: object) => ({ 'multipart/form-data': { schema: { type: 'object', properties } } })
  const bytes = { type: 'string', contentMediaType: 'image/png' }
  it.each([
    ['a picture', { 'image/png': {} }, true],
    ['a picture among others', { 'text/plain': {}, 'image/png': {}, 'application/json': { schema: {} } }, true],
    ['JSON with a picture', json({ properties: { a: picture } }), true],
    ['JSON without one', json({ properties: { a: { type: 'string' } } }), false],
    ['a form with a picture', form({ n: { type: 'string' }, a: bytes }), true],
    ['a form with one in JSON', form({ a: { type: 'object', properties: { b: picture } } }), true],
    ['a form without one', form({ a: { type: 'string' } }), false],
    ['bytes', { 'application/octet-stream': {} }, false],
  ])('takes pictures or not: %s', (_what, content, takes) => {
    expect(takesPictures(bodyOf(content))).toBe(takes)
  })
})

describe('an answer', () => {
  const rules = compile({
    '/a': { get: { responses: { 200: answer, '2xx': answer, '4XX': answer, default: answer } } },
  })[0]?.responses

  it.each([
    [200, '200'],
    [201, '2XX'],
    [299, '2XX'],
    [400, '4XX'],
    [300, 'DEFAULT'],
    [500, 'DEFAULT'],
  ])('of %i has the rules of %s', (status, name) => {
    if (rules === undefined) throw new Error('There are no rules.')
    expect(rulesOfStatus(rules, status)).toBe(rules.get(name))
    expect(
      rulesOfStatus(
        new Map(
          [...rules].filter(([each]) => each !== name && each !== 'DEFAULT' && !(status === 200 && each === '2XX')),
        ),
        status,
      ),
    ).toBeNull()
  })

  it('may be of a type that no body has, which nobody reads', () => {
    const [operation] = compile({
      '/a': { get: { responses: { 200: { content: { 'text/html': {}, 'image/png': {} } } } } },
    })
    expect([...(operation?.responses.get('200') ?? [])]).toEqual([
      ['text/html', { kind: 'bytes' }],
      ['image/png', { kind: 'bytes' }],
    ])
  })
})
