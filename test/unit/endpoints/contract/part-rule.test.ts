import { describe, expect, it } from 'vitest'
import type { OpenApiDocument } from '../../../../src/endpoints/contract/document.ts'
import { formRule } from '../../../../src/endpoints/contract/form-rule.ts'
import { formTypes, type FormType } from '../../../../src/endpoints/contract/part-rule.ts'
import { Schemas } from '../../../../src/endpoints/contract/schemas.ts'

const [multipart, urlEncoded] = formTypes
const text = { type: 'string' }
const picture = { type: 'string', contentEncoding: 'base64', contentMediaType: 'image/png' }
const schemas = {
  Text: text,
  Numbers: { type: 'array', items: { type: 'integer' } },
  Form: { type: 'object', properties: { f: text } },
}

function ruleOf(media: object, type: FormType = multipart, version: OpenApiDocument['version'] = '3.1') {
  const document = { version, root: { components: { schemas } } }
  return formRule(
    type,
    { value: media as Record<string, unknown>, place: '/form' },
    { document, schemas: new Schemas(document, 'request') },
  )
}

const of = (a: object, encoding?: object) => ({
  schema: { type: 'object', properties: { a } },
  ...(encoding === undefined ? {} : { encoding: { a: encoding } }),
})
const fieldOf = (media: object, type?: FormType, version?: OpenApiDocument['version']) =>
  ruleOf(media, type, version).fields.get('a')

const asText = (...kinds: string[]) => ({ kind: 'text', types: ['text/plain'], kinds: new Set(kinds) })

describe('a part of a form', () => {
  it.each<[object, object | undefined, boolean, object]>([
    [text, undefined, false, asText('string')],
    [{ type: ['integer', 'null'] }, undefined, false, asText('integer', 'null')],
    [{ $ref: '#/components/schemas/Text' }, undefined, false, asText('string')],
    [{ anyOf: [{ type: 'null' }, { type: 'integer' }] }, undefined, false, asText('null', 'integer')],
    [{ enum: ['x', 'y'] }, undefined, false, asText('string')],
    [{ type: 'array', items: text }, undefined, true, asText('string')],
    [{ $ref: '#/components/schemas/Numbers' }, undefined, true, asText('integer')],
    [{ anyOf: [{ $ref: '#/components/schemas/Numbers' }, { type: 'null' }] }, undefined, true, asText('integer')],
    [{ type: 'object' }, undefined, false, { kind: 'json', types: ['application/json'] }],
    [{ type: 'array', items: { type: 'object' } }, undefined, true, { kind: 'json', types: ['application/json'] }],
    [
      { type: 'array', items: { type: 'array', items: text } },
      undefined,
      true,
      { kind: 'json', types: ['application/json'] },
    ],
    [{}, undefined, false, { kind: 'bytes', types: null }],
    [{ type: 'string', format: 'binary' }, undefined, false, { kind: 'bytes', types: null }],
    [picture, undefined, false, asText('string')],
    [{ type: 'string', format: 'uri', contentMediaType: 'image/png' }, undefined, false, asText('string')],
    [{ type: 'string', contentEncoding: 'base64' }, undefined, false, asText('string')],
    [{ type: 'string', contentMediaType: 'image/png' }, undefined, false, { kind: 'picture', types: ['image/png'] }],
    [
      { type: 'string', contentMediaType: 'application/json' },
      undefined,
      false,
      { kind: 'text', types: ['text/plain', 'application/json'], kinds: new Set(['string']) },
    ],
    [
      { type: 'string', contentMediaType: 'text/csv' },
      undefined,
      false,
      { kind: 'text', types: ['text/csv'], kinds: new Set(['string']) },
    ],
    [
      { type: 'string', contentMediaType: 'application/pdf' },
      undefined,
      false,
      { kind: 'bytes', types: ['application/pdf'] },
    ],
    [
      { allOf: [{ type: 'string' }, { contentMediaType: 'image/gif' }] },
      undefined,
      false,
      { kind: 'picture', types: ['image/gif'] },
    ],
    [text, { contentType: 'image/png, image/jpeg' }, false, { kind: 'picture', types: ['image/png', 'image/jpeg'] }],
    [text, { contentType: 'application/json' }, false, { kind: 'json', types: ['application/json'] }],
    [
      text,
      { contentType: 'text/csv, Text/Plain' },
      false,
      { kind: 'text', types: ['text/csv', 'text/plain'], kinds: new Set(['string']) },
    ],
    [text, { contentType: 'text/*' }, false, { kind: 'bytes', types: ['text/*'] }],
    [text, { contentType: '*/*, text/csv' }, false, { kind: 'bytes', types: null }],
    [text, { contentType: 'application/*' }, false, { kind: 'bytes', types: ['application/*'] }],
    [text, { 'x-note': 1, allowReserved: false, headers: {} }, false, asText('string')],
  ])('is, by %j and %j: a list %s of %j', (schema, encoding, isList, part) => {
    expect(fieldOf(of(schema, encoding))).toEqual({ isList, part })
  })

  it.each<[object, object | undefined, string]>([
    [
      { type: ['array', 'string'], items: text },
      undefined,
      '/a is a list or something else, which no form tells apart',
    ],
    [{ type: 'array' }, undefined, '/a is a list without one schema of its elements'],
    [
      { anyOf: [schemas.Numbers, { type: 'array', items: text }] },
      undefined,
      '/a is a list without one schema of its elements',
    ],
    [
      picture,
      { contentType: 'image/png' },
      '/encoding/a/contentType is a picture whose schema says that it is written as a text',
    ],
    [
      { contentMediaType: 'image/bmp', type: 'string' },
      undefined,
      '/a/contentMediaType is a picture of image/bmp, which is not read',
    ],
    [text, { contentType: 'png' }, '/encoding/a/contentType is no list of media types'],
    [text, { contentType: 'text/plain,' }, '/encoding/a/contentType is no list of media types'],
    [text, { contentType: 'application/xml' }, '/encoding/a/contentType has a media type that is not supported yet'],
    [text, { contentType: 'multipart/mixed' }, '/encoding/a/contentType has a media type that is not supported yet'],
    [text, { style: 'form' }, '/encoding/a/style is not read: contentType is'],
    [text, { explode: true }, '/encoding/a/explode is not read: contentType is'],
    [text, { allowReserved: true }, '/encoding/a/allowReserved is not read: contentType is'],
    [text, { headers: { 'x-a': {} } }, '/encoding/a/headers is not read: contentType is'],
    [
      { ...picture, contentMediaType: 'image/png' },
      { contentType: 'application/pdf' },
      '/a says of a picture where it is not read',
    ],
  ])('is refused with its document: %j, %j', (schema, encoding, message) => {
    expect(() => ruleOf(of(schema, encoding))).toThrow(message)
  })

  it('of the form of an address is a text, or JSON where the document says so', () => {
    expect(fieldOf(of(text, { style: 'form', explode: true }), urlEncoded)?.part).toEqual(asText('string'))
    expect(fieldOf(of({ type: 'object' }, { contentType: 'application/json' }), urlEncoded)?.part.kind).toBe('json')
    for (const [schema, kind] of [
      [{ type: 'object' }, 'json'],
      [{}, 'bytes'],
      [{ type: 'string', contentMediaType: 'image/png' }, 'picture'],
    ] as const)
      expect(() => ruleOf(of(schema), urlEncoded)).toThrow(`/a is ${kind}, which ${urlEncoded} is not read for`)
    for (const encoding of [{ style: 'spaceDelimited' }, { explode: false }])
      expect(() => ruleOf(of(text, encoding), urlEncoded)).toThrow('is not read: contentType is')
  })

  it('in 3.0 is what its reference says, whatever stands beside', () => {
    const beside = { $ref: '#/components/schemas/Text', contentMediaType: 'image/png' }
    expect(fieldOf(of(beside), multipart, '3.0')?.part).toEqual(asText('string'))
    expect(fieldOf(of(beside))?.part).toEqual({ kind: 'picture', types: ['image/png'] })
  })
})

describe('a form', () => {
  const object = (more: object) => ({ schema: { type: 'object', ...more } })

  it('has the properties of all that it is combined of', () => {
    const { fields } = ruleOf(
      object({ properties: { a: text }, allOf: [{ properties: { b: text } }, { $ref: '#/components/schemas/Form' }] }),
    )
    expect([...fields.keys()]).toEqual(['a', 'b', 'f'])
  })

  it('has the pictures that stand in its texts, by their names', () => {
    const rule = ruleOf(
      object({ properties: { n: text, a: picture, j: { type: 'object', properties: { b: picture } } } }),
    )
    const value = { n: 'x', a: 'y', j: { b: 'z' } }
    const found = rule.pictures?.(value, { take: () => undefined } as never) ?? []
    expect(found.map(({ path, text: written }) => [path.join('.'), written])).toEqual([
      ['a', 'y'],
      ['j.b', 'z'],
    ])
    expect(ruleOf(object({ properties: { n: text } })).pictures).toBeNull()
  })

  it.each([
    [{}, '/form has no schema: nothing would be checked'],
    [object({}), '/form/schema has no properties, of which each is a part'],
    [object({ properties: { 'a"b': text } }), 'has a name that no part can have'],
    [object({ properties: { [String.raw`a\b`]: text } }), 'has a name that no part can have'],
    [object({ properties: { 'a\nb': text } }), 'has a name that no part can have'],
    [object({ properties: { '': text } }), 'has a name that no part can have'],
    [object({ properties: { ['a'.repeat(201)]: text } }), 'has a name that no part can have'],
    [
      object({ properties: { a: text }, allOf: [{ properties: { a: text } }] }),
      '/form/schema/allOf/0/properties/a is a property for the second time',
    ],
    [
      object({ properties: { a: text }, additionalProperties: picture }),
      '/form/schema says of a picture beside its properties',
    ],
    [
      { schema: { $ref: '#/components/schemas/Form', properties: { b: text } } },
      '/form/schema has properties beside a reference: put both into allOf',
    ],
    [
      { schema: { $ref: '#/components/schemas/Form', allOf: [{}] } },
      '/form/schema has properties beside a reference: put both into allOf',
    ],
    [
      { schema: { $ref: '#/components/schemas/Form', additionalProperties: picture } },
      'says of a picture beside its properties',
    ],
    [{ ...of(text), encoding: { b: {} } }, '/form/encoding/b is of no property'],
    [{ ...of(text), encoding: { a: [] } }, '/form/encoding/a is no object'],
  ])('is refused with its document: %j', (media, message) => {
    expect(() => ruleOf(media)).toThrow(message)
  })

  it('has names as long as a part may have, and is combined as deep as is read', () => {
    expect(ruleOf(object({ properties: { ['a'.repeat(200)]: text } })).fields.size).toBe(1)
    const deep = (depth: number): object => (depth === 0 ? { properties: { a: text } } : { allOf: [deep(depth - 1)] })
    expect(ruleOf({ schema: deep(8) }).fields.size).toBe(1)
    expect(() => ruleOf({ schema: deep(9) })).toThrow('is combined of more schemas than are read')
  })
})
