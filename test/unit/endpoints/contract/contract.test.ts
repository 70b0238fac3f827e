import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../../src/core/errors.ts'
import { readContract } from '../../../../src/endpoints/contract/contract.ts'
import { documentFile, documentWith } from '../../../support/endpoints/document.ts'
import { temporaryFolder } from '../../../support/temporary-folder.ts'
import { verifies } from '../../../support/verifies.ts'

const refusalOf = async (document: object | string): Promise<string> => {
  const fault: unknown = await readContract('classifier', documentFile(document)).catch((thrown: unknown) => thrown)
  if (!(fault instanceof ServiceError)) throw new Error('It was taken.')
  expect(fault.code).toBe('invalid-config')
  expect(fault.message).toContain('endpoints.classifier.document: ')
  return fault.message
}

const withSchema = (schema: unknown, schemas: object = {}) => documentWith({ schema, components: { schemas } })
const picture = { type: 'string', contentEncoding: 'base64', contentMediaType: 'image/png' }
const withParameter = (parameter: object) => documentWith({ parameters: [parameter] })
const schemaPlace = '/paths/~1predict/post/requestBody/content/application~1json/schema'

describe('a document that an endpoint cannot be guarded by', () => {
  it.each([
    ['is no OpenAPI', '{"a": 1}', '/openapi only OpenAPI 3.0 and 3.1 are read'],
    ['is of Swagger 2', '{"swagger": "2.0"}', '/openapi only OpenAPI 3.0 and 3.1 are read'],
    ['is a list', '[1]', 'is no object'],
    ['is neither JSON nor YAML', '{"a": ', 'is neither JSON nor YAML'],
    ['says a name twice', '{"openapi": "3.1.0", "openapi": "3.0.0"}', 'Map keys must be unique'],
    ['has an alias', 'openapi: &version 3.1.0\ninfo: { title: *version }', 'has an alias (*name)'],
    ['has no title', { openapi: '3.1.0', info: { version: '1' }, paths: {} }, '/info'],
    [
      'has no operation',
      { openapi: '3.1.0', info: { title: 'x', version: '1' }, paths: {} },
      '/paths have no operation',
    ],
    [
      'points into the network',
      withSchema({ $ref: 'https://example.com/x.json' }),
      `${schemaPlace}/$ref points out of the document`,
    ],
    [
      'points into another file',
      withSchema({ $ref: '../secret.yaml#/a' }),
      `${schemaPlace}/$ref points out of the document's folder`,
    ],
    ['points to nothing', withSchema({ $ref: '#/components/schemas/Nothing' }), 'resolve #/components/schemas/Nothing'],
    [
      'misspells a keyword',
      withSchema({ type: 'string', maxLenght: 3 }),
      `${schemaPlace}/maxLenght is no keyword that is checked here`,
    ],
    [
      'misspells a keyword deep down',
      withSchema({ anyOf: [{ items: { maximun: 3 } }] }),
      `${schemaPlace}/anyOf/0/items/maximun`,
    ],
    [
      'moves the names of its schemas',
      withSchema({ $id: 'https://example.com/', type: 'string' }),
      `${schemaPlace}/$id`,
    ],
    ['has a type that is none', withSchema({ type: 'text' }), `${schemaPlace} cannot be enforced`],
    [
      'has a pattern that looks around',
      withSchema({ type: 'string', pattern: '^(?!a)b' }),
      `${schemaPlace} cannot be enforced`,
    ],
    [
      'has a pattern that looks back',
      withSchema({ type: 'string', pattern: String.raw`^(a)\1$` }),
      `${schemaPlace} cannot be enforced`,
    ],
    [
      'has an encoding that nobody reads',
      withSchema({ type: 'string', contentEncoding: 'quoted-printable' }),
      `${schemaPlace}/contentEncoding`,
    ],
    [
      'has a rule for a body that nobody reads',
      documentWith({
        operation: { requestBody: { content: { 'text/plain': { schema: { type: 'string', maxLength: 3 } } } } },
      }),
      '/schema/maxLength is not checked in a body that is not JSON',
    ],
    [
      'has a rule for an answer that nobody reads, in a part of it',
      documentWith({
        operation: {
          responses: {
            200: { description: 'x', content: { 'text/csv': { schema: { $ref: '#/components/schemas/Row' } } } },
          },
        },
        components: { schemas: { Row: { type: 'string', enum: ['a'] } } },
      }),
      '/components/schemas/Row/enum is not checked',
    ],
    [
      'has a picture in its JSON that is not said to be base64',
      withSchema({ type: 'string', contentMediaType: 'image/png' }),
      `${schemaPlace} is a picture, and neither of base64 nor a data: URL`,
    ],
    [
      'has a picture in its JSON of a type that nothing here reads',
      withSchema({ properties: { a: { ...picture, contentMediaType: 'image/png, image/svg+xml' } } }),
      `${schemaPlace}/properties/a/contentMediaType is a picture of image/svg+xml, which is not read`,
    ],
    [
      'has a picture in its JSON that may be no text',
      withSchema({ ...picture, type: ['string', 'object'] }),
      `${schemaPlace}/type is not string, which a picture is`,
    ],
    [
      'has a picture in its JSON that is not looked for there',
      withSchema({ if: { required: ['a'] }, else: { properties: { a: picture } } }),
      `${schemaPlace}/else says of a picture, which is not looked for there`,
    ],
    [
      'has a picture among elements that others leave',
      withSchema({ unevaluatedItems: { $ref: '#/components/schemas/Picture' } }, { Picture: picture }),
      `${schemaPlace}/unevaluatedItems says of a picture`,
    ],
    [
      'has a picture as a parameter',
      withParameter({ name: 'a', in: 'query', schema: picture }),
      'says of a picture, which a body alone takes',
    ],
    [
      'takes a picture that nothing here reads',
      documentWith({ operation: { requestBody: { content: { 'image/svg+xml': {} } } } }),
      'is a media type that is not supported yet',
    ],
    [
      'takes a type twice',
      documentWith({
        operation: {
          requestBody: {
            content: {
              'application/json': { schema: { type: 'object' } },
              'Application/JSON; version=2': { schema: {} },
            },
          },
        },
      }),
      'is application/json for the second time',
    ],
    [
      'has a path that no request is written with',
      documentWith({ path: '/größe' }),
      'plain ASCII without escapes is read',
    ],
    [
      'takes any type',
      documentWith({ operation: { requestBody: { content: { '*/*': {} } } } }),
      'is no single media type',
    ],
    [
      'takes JSON of any shape',
      documentWith({ operation: { requestBody: { content: { 'application/json': {} } } } }),
      'has no schema: nothing would be checked',
    ],
    [
      'answers with any type',
      documentWith({ operation: { responses: { 200: { description: 'x', content: { '*/*': {} } } } } }),
      'is no single media type',
    ],
    [
      'reads a cookie',
      withParameter({ name: 'a', in: 'cookie', schema: { type: 'string' } }),
      'cookies are never passed on',
    ],
    [
      'reads the header Host',
      withParameter({ name: 'Host', in: 'header', schema: { type: 'string' } }),
      'is the header Host, which is never passed on',
    ],
    [
      'has an object as its header',
      withParameter({ name: 'a', in: 'header', schema: { type: 'object' } }),
      'is an object of the style simple',
    ],
    [
      'has an object spread over its query',
      withParameter({ name: 'a', in: 'query', schema: { type: 'object' } }),
      'is an object of the style form',
    ],
    [
      'writes its path with labels',
      documentWith({
        path: '/predict/{id}',
        parameters: [{ name: 'id', in: 'path', required: true, style: 'label', schema: { type: 'string' } }],
      }),
      'has the style label, which is not read',
    ],
    [
      'does not describe what its path names',
      documentWith({ path: '/predict/{id}' }),
      'has no parameter "id", which its path names',
    ],
    [
      'has two parameters in one segment',
      documentWith({ path: '/predict/{a}-{b}' }),
      'has two parameters in one segment',
    ],
    ['has a path of dots', documentWith({ path: '/predict/../admin' }), 'has a segment of dots'],
    [
      'has a body at a GET',
      {
        ...documentWith(),
        paths: {
          '/a': { get: { requestBody: { content: { 'text/plain': {} } }, responses: { 200: { description: 'x' } } } },
        },
      },
      'stands at a GET',
    ],
    [
      'uses an operationId twice',
      {
        ...documentWith(),
        paths: Object.fromEntries(
          ['/a', '/b'].map((path) => [path, { get: { operationId: 'x', responses: { 200: { description: 'x' } } } }]),
        ),
      },
      'have the same operationId twice: x',
    ],
    [
      'has two paths that are one',
      {
        ...documentWith(),
        paths: Object.fromEntries(
          ['a', 'b'].map((name) => [
            `/{${name}}`,
            {
              parameters: [{ name, in: 'path', required: true, schema: { type: 'string' } }],
              get: { responses: { 200: { description: 'x' } } },
            },
          ]),
        ),
      },
      'have the same path twice',
    ],
  ])('that %s is refused with where and why', async (_what, document, words) => {
    verifies('endpoints.unfit-document')
    expect(await refusalOf(document)).toContain(words)
  })

  const [multipart, urlEncoded] = ['multipart/form-data', 'application/x-www-form-urlencoded']
  const rawPicture = { type: 'string', contentMediaType: 'image/png' }
  const formOf = (properties: object, others: object = {}, type = multipart) =>
    documentWith({
      operation: { requestBody: { content: { [type]: { schema: { type: 'object', properties }, ...others } } } },
    })
  it.each<[string, object, string]>([
    [
      'no schema',
      documentWith({ operation: { requestBody: { content: { [multipart]: {} } } } }),
      'multipart~1form-data has no schema: nothing would be checked',
    ],
    ['no parts', formOf({}), 'has no properties, of which each is a part'],
    ['a part that is a list or a text', formOf({ a: { type: ['array', 'string'] } }), 'no form tells apart'],
    ['a list of which nobody says what', formOf({ a: { type: 'array' } }), 'without one schema of its elements'],
    ['a part whose name no header can have', formOf({ 'a"b': { type: 'string' } }), 'a name that no part can have'],
    [
      'a part that two schemas name',
      documentWith({
        operation: {
          requestBody: {
            content: { [multipart]: { schema: { properties: { a: {} }, allOf: [{ properties: { a: {} } }] } } },
          },
        },
      }),
      'is a property for the second time',
    ],
    [
      'a picture beside its parts',
      documentWith({
        operation: {
          requestBody: {
            content: { [multipart]: { schema: { properties: { a: {} }, additionalProperties: rawPicture } } },
          },
        },
      }),
      'says of a picture beside its properties',
    ],
    [
      'a picture of a type that is not read',
      formOf({ a: { type: 'string', contentMediaType: 'image/tiff' } }),
      'is a picture of image/tiff, which is not read',
    ],
    ['a picture in the words of addresses', formOf({ a: rawPicture }, {}, urlEncoded), 'is picture, which'],
    [
      'an encoding of no part',
      formOf({ a: {} }, { encoding: { b: { contentType: 'text/csv' } } }),
      'is of no property',
    ],
    [
      'headers of a part',
      formOf({ a: {} }, { encoding: { a: { headers: { X: { schema: {} } } } } }),
      'headers is not read',
    ],
    ['a style of a part', formOf({ a: {} }, { encoding: { a: { style: 'form' } } }), 'style is not read'],
    [
      'a part of XML',
      formOf({ a: { type: 'string' } }, { encoding: { a: { contentType: 'application/xml' } } }),
      'has a media type that is not supported yet',
    ],
    [
      'a picture that is and is not written as a text',
      formOf({ a: { type: 'string', format: 'byte' } }, { encoding: { a: { contentType: 'image/png' } } }),
      'say one of both',
    ],
  ])('that has a form with %s is refused with where and why', async (_what, document, words) => {
    verifies('endpoints.unfit-forms')
    expect(await refusalOf(document)).toContain(words)
  })

  it('is refused where it cannot be read at all', async () => {
    const path = join(temporaryFolder('endpoint-'), 'none.yaml')
    await expect(readContract('classifier', path)).rejects.toThrow(/none\.yaml: cannot be read: ENOENT/)
  })

  it('is refused where it is larger than any document', async () => {
    expect(await refusalOf(`# ${'x'.repeat(4_194_304)}`)).toContain('it has more than 4,194,304 bytes')
  })
})

describe('a document', () => {
  it.each(['3.0.0', '3.0.4', '3.1.0', '3.1.1'])('of %s gives its operations', async (version) => {
    const { operations } = await readContract('classifier', documentFile(documentWith({ version })))
    expect(operations.map(({ name, method, path }) => ({ name, method, path: path.text }))).toEqual([
      { name: 'predict', method: 'POST', path: '/predict' },
    ])
  })

  it('may be YAML, with references within itself', async () => {
    const yaml = `
openapi: 3.0.3
info: { title: A classifier, version: "1" }
paths:
  /a/{id}:
    parameters: [{ $ref: "#/components/parameters/Id" }]
    delete: { responses: { "204": { $ref: "#/components/responses/Gone" } } }
  /a/me:
    delete: { responses: { "204": { $ref: "#/components/responses/Gone" } } }
components:
  parameters: { Id: { name: id, in: path, required: true, schema: { type: string } } }
  responses: { Gone: { description: It is gone. } }
`
    const { operations } = await readContract('classifier', documentFile(yaml, 'openapi.yaml'))
    // What says more stands first.
    expect(operations.map(({ name }) => name)).toEqual(['DELETE /a/me', 'DELETE /a/{id}'])
  })
})
