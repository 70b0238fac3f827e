import { describe, expect, it } from 'vitest'
import { encodedPositions } from '../../../../src/endpoints/contract/encoded-positions.ts'

const base64 = { type: 'string', contentEncoding: 'base64' }
const text = { type: 'string' }
const of = (properties: object): object => ({ type: 'object', properties })

/** `if`, `then` and `else`, each with a position of its own. */
const conditional = Object.fromEntries(['if', 'then', 'else'].map((name, at) => [name, of({ [`a${at}`]: base64 })]))

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
    ['places in a list', { type: 'array', prefixItems: [text, of({ i: base64 })] }, ['[].i']],
    ['all of several', { allOf: [of({ a: base64 }), of({ b: base64 })] }, ['a', 'b']],
    ['one of several', { oneOf: [of({ a: base64 }), of({ b: base64 })] }, ['a', 'b']],
    ['what follows from something', conditional, ['a0', 'a1', 'a2']],
    ['the same in two branches', { anyOf: [of({ image: base64 }), of({ image: base64 })] }, ['image']],
    ['a text that may be missing', of({ image: { ...base64, type: ['string', 'null'] } }), ['image']],
    ['names with what names have', of({ _a: base64, 'B-2': base64, c_3: base64 }), ['_a', 'B-2', 'c_3']],
    ['branches', { anyOf: [of({ image: base64 }), of({ url: text })] }, ['image']],
  ])('are found for %s', (_kind, schema, expected) => {
    expect(positionsOf(schema)).toEqual(expected)
  })

  it.each<readonly [string, object]>([
    ['another branch takes any text', { oneOf: [of({ image: base64 }), of({ image: text })] }],
    ['another branch has another text first', { oneOf: [of({ image: text }), of({ image: base64 })] }],
    ['the name has a dot, as nesting has', of({ 'a.b': base64 })],
    ['the name has other signs', of({ 'a b': base64, ['*']: base64, 'a[]': base64 })],
    ['a branch takes another value there', { anyOf: [of({ image: base64 }), of({ image: { const: 'none' } })] }],
    ['a branch lists other values there', { anyOf: [of({ image: base64 }), of({ image: { enum: ['none'] } })] }],
    [
      'a branch takes a text or nothing',
      { anyOf: [of({ image: base64 }), of({ image: { type: ['null', 'string'] } })] },
    ],
    ['the name begins with a digit', of({ '1a': base64 })],
    ['it is the value itself', base64],
    ['it is no schema', [base64]],
    ['a branch is no list', { anyOf: of({ image: base64 }) }],
    ['it is an address', of({ image: { type: 'string', format: 'uri' } })],
  ])('are none where %s', (_why, schema) => {
    expect(positionsOf(schema)).toEqual([])
  })

  it('are found through references, and in a schema that holds itself to a depth that ends', () => {
    const schemas = { Node: of({ data: base64, next: { $ref: '#/components/schemas/Node' } }) }
    const found = positionsOf({ $ref: '#/components/schemas/Node' }, schemas)
    expect(found.slice(0, 2)).toEqual(['data', 'next.data'])
    expect(found.length).toBeLessThan(10)
    const nested = (depth: number): object => (depth === 0 ? base64 : of({ a: nested(depth - 1) }))
    expect(positionsOf(nested(12))).toEqual([Array.from({ length: 12 }, () => 'a').join('.')])
    expect(positionsOf(nested(13))).toEqual([])
    const listed = (depth: number): object => (depth === 0 ? base64 : { items: listed(depth - 1) })
    expect([positionsOf(listed(12)).length, positionsOf(listed(13)).length]).toEqual([1, 0])
    const combined = (depth: number): object => (depth === 0 ? of({ a: base64 }) : { allOf: [combined(depth - 1)] })
    expect([positionsOf(combined(11)), positionsOf(combined(12))]).toEqual([['a'], []])
    const chosen = (depth: number): object => (depth === 0 ? of({ a: base64 }) : { else: chosen(depth - 1) })
    expect([positionsOf(chosen(11)), positionsOf(chosen(12))]).toEqual([['a'], []])
    const any = (depth: number): object => (depth === 0 ? base64 : { additionalProperties: any(depth - 1) })
    expect([positionsOf(any(12)).length, positionsOf(any(13)).length]).toEqual([1, 0])
  })
})
