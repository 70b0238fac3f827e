import { describe, expect, it } from 'vitest'
import { CheckingBudget } from '../../../../src/endpoints/contract/checking-budget.ts'
import type { OpenApiDocument } from '../../../../src/endpoints/contract/document.ts'
import { holdsPicture } from '../../../../src/endpoints/contract/find-pictures.ts'
import { Schemas } from '../../../../src/endpoints/contract/schemas.ts'

const png = { type: 'string', contentEncoding: 'base64', contentMediaType: 'image/png' }
const any = { type: 'string', contentEncoding: 'base64', contentMediaType: 'image/*' }
const text = { type: 'string' }
const of = (properties: object, more: object = {}) => ({ type: 'object', properties, ...more })

function documentOf(schemas: object = {}, version: OpenApiDocument['version'] = '3.1'): OpenApiDocument {
  return { version, root: { components: { schemas } } }
}

const compile = (schema: unknown, document = documentOf()) =>
  new Schemas(document, 'request').compilePictures(schema, '/schema')

/** Where pictures stand in a value, and of which types. */
function found(schema: unknown, value: unknown, document = documentOf()): string[] {
  const find = compile(schema, document)
  if (find === null) throw new Error('It takes none.')
  return find(value, new CheckingBudget(0)).map(({ path, rule }) => `${path.join('.')} ${rule.types.join()}`)
}

const node = { Node: of({ image: png, next: { $ref: '#/components/schemas/Node' } }) }
const ref = { $ref: '#/components/schemas/Node' }

describe('the pictures of a value', () => {
  it.each<[string, unknown, unknown, string[]]>([
    ['itself', png, 'a', [' image/png']],
    ['no text', png, 7, []],
    ['a member', of({ a: png, b: text }), { a: 'x', b: 'y' }, ['a image/png']],
    ['a member that is not there', of({ a: png }), {}, []],
    ['members of no object', of({ a: png }), ['x'], []],
    ['elements', { items: png }, ['x', 'y'], ['0 image/png', '1 image/png']],
    ['elements of no list', { items: png }, { 0: 'x' }, []],
    ['places of a list', { prefixItems: [text, png], items: png }, ['x', 'y', 'z'], ['1 image/png', '2 image/png']],
    ['places of a list, and none behind', { prefixItems: [png], items: text }, ['x', 'y'], ['0 image/png']],
    ['any member', { additionalProperties: png }, { a: 'x' }, ['a image/png']],
    ['any member but named ones', of({ a: text }, { additionalProperties: png }), { a: 'x', b: 'y' }, ['b image/png']],
    [
      'any member but of a pattern',
      { patternProperties: { '^a': text, '^b': png }, additionalProperties: png },
      { a1: 'x', b1: 'y', c1: 'z' },
      ['b1 image/png', 'c1 image/png'],
    ],
    ['all of several', { allOf: [of({ a: png }), of({ b: png })] }, { a: 'x', b: 'y' }, ['a image/png', 'b image/png']],
    ['what both speak of, as both take it', { allOf: [of({ a: any }), of({ a: png })] }, { a: 'x' }, ['a image/png']],
    [
      'the branch that takes it',
      { oneOf: [of({ kind: { const: 1 }, a: png }), of({ kind: { const: 2 }, b: png })] },
      { kind: 2, a: 'YQ==', b: 'Yg==' },
      ['b image/png'],
    ],
    [
      'every branch that takes it',
      { anyOf: [of({ a: png }), of({ b: png }), text] },
      { a: 'YQ==', b: 'Yg==' },
      ['a image/png', 'b image/png'],
    ],
    [
      'beside a reference',
      { ...ref, properties: { b: png } },
      { image: 'x', b: 'y' },
      ['image image/png', 'b image/png'],
    ],
    [
      'a schema that holds itself',
      ref,
      { image: 'x', next: { image: 'y', next: { image: 'z' } } },
      ['image image/png', 'next.image image/png', 'next.next.image image/png'],
    ],
    [
      'members under a reference that stands twice',
      of({ a: ref, b: ref }),
      { a: { image: 'x' }, b: { image: 'y' } },
      ['a.image image/png', 'b.image image/png'],
    ],
  ])('are found: %s', (_what, schema, value, places) => {
    expect(found(schema, value, documentOf(node))).toEqual(places)
  })

  it('are none of what stands beside a reference in 3.0', () => {
    const document = documentOf({ Text: of({ a: text }) }, '3.0')
    const beside = { $ref: '#/components/schemas/Text', properties: { a: png } }
    expect(compile(beside, document)?.({ a: 'x' }, new CheckingBudget(0)) ?? []).toEqual([])
  })

  it.each([
    'contains',
    'dependentSchemas',
    'else',
    'if',
    'not',
    'propertyNames',
    'then',
    'unevaluatedItems',
    'unevaluatedProperties',
  ])('are not looked for in %s, so that a schema with one there is refused', (name) => {
    const schema = Object.fromEntries([[name, name === 'dependentSchemas' ? { a: png } : png]])
    const inDocument = { ...documentOf(), root: { schema: { ...schema, properties: { a: png } } } }
    expect(() => compile({ ...schema, properties: { a: png } }, inDocument)).toThrow(
      `/schema/${name} says of a picture, which is not looked for there`,
    )
  })

  it.each([
    [{ ...png, type: 'object' }, '/schema/type is not string, which a picture is'],
    [{ ...png, type: ['string', 'integer'] }, '/schema/type is not string, which a picture is'],
    [{ contentEncoding: 'base64', contentMediaType: 'image/png' }, '/schema/type is not string, which a picture is'],
    [{ type: 'string', contentMediaType: 'image/png' }, '/schema is a picture, and neither of base64 nor a data: URL'],
    [
      { ...png, contentMediaType: 'image/bmp' },
      '/schema/contentMediaType is a picture of image/bmp, which is not read',
    ],
    [{ ...png, contentMediaType: 'image/png, text/plain' }, 'is a picture of text/plain, which is not read'],
  ])('are refused with their schema: %j', (schema, message) => {
    expect(() => compile(schema)).toThrow(message)
  })

  it.each([
    [{ ...png, type: ['string', 'null'] }, 'image/png'],
    [{ ...png, contentMediaType: ' Image/PNG , image/JPEG,image/png' }, 'image/png,image/jpeg'],
    [any, 'image/png,image/jpeg,image/gif,image/webp'],
    [{ type: 'string', format: 'byte', 'x-contentMediaType': 'image/gif' }, 'image/gif'],
    [{ type: 'string', format: 'uri', contentMediaType: 'image/webp' }, 'image/webp'],
  ])('have the types of %j', (schema, types) => {
    expect(new Set(found(schema, 'x')[0]?.trim().split(','))).toEqual(new Set(types.split(',')))
  })

  it('take of what may be spent: sixteen for each, and one for each member and element that is looked at', () => {
    const find = compile({ anyOf: [{ items: png }, { items: any }] })
    const value = Array.from({ length: 2_000 }, () => '')
    expect(find?.(value, new CheckingBudget(0))).toHaveLength(2_000)
    expect(() =>
      find?.(
        Array.from({ length: 3_200 }, () => ''),
        new CheckingBudget(0),
      ),
    ).toThrow('takes more work')
    const members = compile(of({ a: png }))
    const wide = Object.fromEntries(Array.from({ length: 100_001 }, (_, index) => [`m${index}`, 1]))
    expect(() => members?.(wide, new CheckingBudget(0))).toThrow('takes more work')
    delete wide['m0']
    expect(members?.(wide, new CheckingBudget(0))).toEqual([])
    const elements = compile({ items: png })
    expect(
      elements?.(
        Array.from({ length: 100_000 }, () => 1),
        new CheckingBudget(0),
      ),
    ).toEqual([])
    expect(() =>
      elements?.(
        Array.from({ length: 100_001 }, () => 1),
        new CheckingBudget(0),
      ),
    ).toThrow('takes more work')
    expect(
      elements?.(
        Array.from({ length: 5_882 }, () => ''),
        new CheckingBudget(0),
      ),
    ).toHaveLength(5_882)
    expect(() =>
      elements?.(
        Array.from({ length: 5_883 }, () => ''),
        new CheckingBudget(0),
      ),
    ).toThrow('takes more work')
  })
})

describe('a schema', () => {
  it.each<[unknown, boolean]>([
    [png, true],
    [of({ a: { items: { anyOf: [text, png] } } }), true],
    [{ patternProperties: { a: png } }, true],
    [{ $defs: { a: png } }, false],
    [{ example: png, default: png }, false],
    [ref, true],
    [{ $ref: '#/components/schemas/Text' }, false],
    [of({ a: text }), false],
    [{ type: 'string', contentEncoding: 'base64', contentMediaType: 'text/csv' }, false],
    [true, false],
    [null, false],
  ])('says of a picture or does not: %j', (schema, holds) => {
    const document = documentOf({ ...node, Text: of({ next: { $ref: '#/components/schemas/Text' } }) })
    expect(holdsPicture(schema, document)).toBe(holds)
    expect(compile(schema, document) !== null).toBe(holds)
  })
})
