import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CheckingBudget } from '../../../../src/endpoints/contract/checking-budget.ts'
import type { OpenApiDocument } from '../../../../src/endpoints/contract/document.ts'
import { Schemas } from '../../../../src/endpoints/contract/schemas.ts'
import { verifies } from '../../../support/verifies.ts'

const tree = {
  type: 'object',
  required: ['size'],
  properties: {
    size: { type: 'integer' },
    'a/b': { type: 'string' },
    children: { type: 'array', items: { $ref: '#/components/schemas/Tree' } },
  },
}

function compile(schema: unknown, version: OpenApiDocument['version'] = '3.1') {
  const document = { version, root: { components: { schemas: { Tree: tree } } } }
  return new Schemas(document, 'request').compile(schema, '/schema')
}

describe('a schema that is none by JSON Schema', () => {
  it.each([
    ['data/minLength must be >= 0', { type: 'string', minLength: -1 }],
    ['data/maxLength must be integer', { type: 'string', maxLength: 1.5 }],
    ['data/multipleOf must be > 0', { type: 'number', multipleOf: 0 }],
    ['data/allOf must NOT have fewer than 1 items', { allOf: [] }],
    ['data/required must not have the same element twice', { type: 'object', required: ['a', 'a'] }],
    ['data/items/minItems must be >= 0', { type: 'array', items: { type: 'array', minItems: -2 } }],
  ])('is refused, and what is wrong with it said: %s', (fault, schema) => {
    expect(() => compile(schema)).toThrow(`cannot be enforced: schema is invalid: ${fault}`)
  })

  it('is refused behind a reference, too', () => {
    const document = { version: '3.1', root: { components: { schemas: { Bad: { multipleOf: 0 } } } } } as const
    const schemas = new Schemas(document, 'request')
    expect(() => schemas.compile({ $ref: '#/components/schemas/Bad' }, '/schema')).toThrow(
      'data/multipleOf must be > 0',
    )
  })
})

describe('a schema of OpenAPI 3.0', () => {
  it.each([
    ['nullable', { type: 'string', nullable: true }, null, true],
    ['nullable', { type: 'string', nullable: true }, 'a', true],
    ['nullable', { type: 'string', nullable: true }, 1, false],
    ['not nullable', { type: 'string' }, null, false],
    ['exclusiveMinimum', { type: 'number', minimum: 1, exclusiveMinimum: true }, 1, false],
    ['exclusiveMinimum', { type: 'number', minimum: 1, exclusiveMinimum: true }, 1.5, true],
    ['exclusiveMinimum false', { type: 'number', minimum: 1, exclusiveMinimum: false }, 1, true],
    ['exclusiveMaximum', { type: 'number', maximum: 1, exclusiveMaximum: true }, 1, false],
    ['what stands beside a reference', { $ref: '#/components/schemas/Tree', required: ['other'] }, { size: 1 }, true],
    ['int32', { type: 'integer', format: 'int32' }, 2 ** 31, false],
    ['byte', { type: 'string', format: 'byte' }, 'YWI=', true],
    ['byte', { type: 'string', format: 'byte' }, 'YW I=', false],
    ['byte', { type: 'string', format: 'byte' }, 'YWI', false],
  ])('reads %s as that version means it: %j, %j', (_what, schema, value, isValid) => {
    verifies('endpoints.versions')
    expect(compile(schema, '3.0')(value) === null).toBe(isValid)
  })
})

describe('a schema of OpenAPI 3.1', () => {
  it.each([
    ['a number as bound', { type: 'number', exclusiveMinimum: 1 }, 1, false],
    ['several types', { type: ['string', 'null'] }, null, true],
    ['what stands beside a reference', { $ref: '#/components/schemas/Tree', required: ['other'] }, { size: 1 }, false],
    ['prefixItems', { prefixItems: [{ const: 1 }], items: false }, [1, 2], false],
    ['dependentRequired', { dependentRequired: { a: ['b'] } }, { a: 1 }, false],
    ['unevaluatedProperties', { properties: { a: {} }, unevaluatedProperties: false }, { b: 1 }, false],
    ['contentEncoding', { type: 'string', contentEncoding: 'base64' }, 'YWI=\n', false],
    ['a member of the prototype', { type: 'object', required: ['toString'] }, {}, false],
    [
      'the same twice',
      { uniqueItems: true },
      [
        { a: 1, b: 2 },
        { b: 2, a: 1 },
      ],
      false,
    ],
    ['the same twice', { uniqueItems: true }, [1, '1', [1], [[1]]], true],
    ['an extension', { 'x-note': { anything: true }, type: 'string' }, 'a', true],
    ['false', false, 1, false],
    ['a format that nobody knows', { type: 'string', format: 'licence-plate' }, 'a', true],
    ['letters by their number', { type: 'string', pattern: String.raw`^[\u00e4\u0041]+$` }, 'äA', true],
  ])('reads %s as that version means it: %j, %j', (_what, schema, value, isValid) => {
    verifies('endpoints.versions')
    expect(compile(schema)(value) === null).toBe(isValid)
  })

  it('says where in a value the fault is, and why', () => {
    const check = compile({ $ref: '#/components/schemas/Tree' })
    expect(check({ size: 1, children: [{ size: 2 }, { size: 'x' }] })).toEqual({
      place: '.children[1].size',
      reason: 'must be integer',
    })
    expect(check({ size: 1, 'a/b': 3 })).toEqual({ place: '.a/b', reason: 'must be string' })
    expect(compile({ additionalProperties: false })({ secret: 1 })).toEqual({
      place: '',
      reason: 'must NOT have additional properties: "secret"',
    })
  })

  it('repeats no value of a caller in what it says', () => {
    const check = compile({ type: 'object', properties: { a: { enum: ['x'] }, b: { pattern: '^x$', type: 'string' } } })
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Z]{8,20}$/), (secret) => {
        for (const value of [{ a: secret }, { b: secret }]) expect(check(value)?.reason).not.toContain(secret)
      }),
    )
  })

  it('takes time in proportion to a text, whatever its pattern is', () => {
    verifies('endpoints.linear-patterns')
    // On an engine that goes back this takes longer than anybody waits.
    const check = compile({ type: 'string', pattern: '^(a+)+$' })
    expect(check(`${'a'.repeat(20_000)}b`)).not.toBeNull()
    expect(check('a'.repeat(20_000))).toBeNull()
  })

  it('compares many elements without comparing every two', () => {
    const check = compile({ type: 'array', uniqueItems: true, items: { type: 'object' } })
    const list = Array.from({ length: 50_000 }, (_, at) => ({ at }))
    const budget = () => new CheckingBudget(JSON.stringify(list).length)
    expect(check(list, budget())).toBeNull()
    expect(check([...list, { at: 7 }], budget())?.reason).toBe('must not have the same element twice')
  })
})
