import { describe, expect, it } from 'vitest'
import { encodedPositions } from '../../../../src/endpoints/contract/encoded-positions.ts'

const base64 = { type: 'string', contentEncoding: 'base64' }
const text = { type: 'string' }
const of = (properties: object): object => ({ type: 'object', properties })

const positionsOf = (schema: unknown, schemas: object = {}) =>
  encodedPositions(schema, { version: '3.1', root: { components: { schemas } } })

describe('the positions of base64 in a schema', () => {
  it.each<readonly [string, object, readonly string[]]>([
    ['a member', of({ image: base64, note: text }), ['image']],
    ['format byte, as OpenAPI 3.0 has it', of({ image: { type: 'string', format: 'byte' } }), ['image']],
    ['a data: URL of a picture', of({ i: { type: 'string', format: 'uri', contentMediaType: 'image/png' } }), ['i']],
    ['elements', of({ images: { type: 'array', items: base64 } }), ['images[]']],
    ['members of any name', of({ pages: { type: 'object', additionalProperties: base64 } }), ['pages.*']],
    ['members below members', of({ a: of({ imageData: base64 }) }), ['a.imageData']],
    ['branches', { anyOf: [of({ image: base64 }), of({ url: text })] }, ['image']],
  ])('are found for %s', (_kind, schema, expected) => {
    expect(positionsOf(schema)).toEqual(expected)
  })

  it.each<readonly [string, object]>([
    ['another branch takes any text', { oneOf: [of({ image: base64 }), of({ image: text })] }],
    ['another branch has another text first', { oneOf: [of({ image: text }), of({ image: base64 })] }],
    ['the name has a dot, as nesting has', of({ 'a.b': base64 })],
    ['the name has other signs', of({ 'a b': base64, ['*']: base64, 'a[]': base64 })],
    ['it is an address', of({ image: { type: 'string', format: 'uri' } })],
  ])('are none where %s', (_why, schema) => {
    expect(positionsOf(schema)).toEqual([])
  })

  it('are found through references, and in a schema that holds itself to a depth that ends', () => {
    const schemas = { Node: of({ data: base64, next: { $ref: '#/components/schemas/Node' } }) }
    const found = positionsOf({ $ref: '#/components/schemas/Node' }, schemas)
    expect(found.slice(0, 2)).toEqual(['data', 'next.data'])
    expect(found.length).toBeLessThan(10)
  })
})
