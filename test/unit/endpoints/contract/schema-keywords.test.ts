import { describe, expect, it } from 'vitest'
import { withEffort } from '../../../../src/endpoints/contract/effort.ts'
import { Schemas } from '../../../../src/endpoints/contract/schemas.ts'

const text = { type: 'string' }

/** Of a document that holds it: what asks for the rest of a value is looked for there. */
const compile = (schema: unknown) =>
  new Schemas({ version: '3.1', root: { components: { schemas: { Text: text, Own: schema } } } }, 'request').compile(
    schema,
    '',
  )

/** By keyword of JSON Schema 2020-12: a schema, a value that it takes, and one that it does not. */
const enforced: readonly (readonly [string, object, unknown, unknown])[] = [
  ['additionalProperties', { additionalProperties: text }, { a: 'b' }, { a: 1 }],
  ['allOf', { allOf: [{ minimum: 1 }, { maximum: 2 }] }, 2, 3],
  ['anyOf', { anyOf: [{ const: 1 }, { const: 2 }] }, 2, 3],
  ['const', { const: { a: [1] } }, { a: [1] }, { a: [2] }],
  ['contains', { contains: { const: 1 } }, [0, 1], [0]],
  ['dependentRequired', { dependentRequired: { a: ['b'] } }, { a: 1, b: 1 }, { a: 1 }],
  ['dependentSchemas', { dependentSchemas: { a: { required: ['b'] } } }, { b: 1 }, { a: 1 }],
  ['else', { if: { const: 1 }, else: { const: 2 } }, 2, 3],
  ['enum', { enum: [1, 'a', null] }, null, 'b'],
  ['exclusiveMaximum', { exclusiveMaximum: 2 }, 1.9, 2],
  ['exclusiveMinimum', { exclusiveMinimum: 2 }, 2.1, 2],
  ['items', { items: text }, ['a'], [1]],
  ['maxContains', { contains: { const: 1 }, maxContains: 1 }, [1, 2], [1, 1]],
  ['maxItems', { maxItems: 1 }, [1], [1, 2]],
  ['maxLength', { maxLength: 2 }, 'ab', 'abc'],
  ['maxProperties', { maxProperties: 1 }, { a: 1 }, { a: 1, b: 1 }],
  ['maximum', { maximum: 2 }, 2, 2.1],
  ['minContains', { contains: { const: 1 }, minContains: 2 }, [1, 1], [1, 2]],
  ['minItems', { minItems: 1 }, [1], []],
  ['minLength', { minLength: 2 }, 'ab', 'a'],
  ['minProperties', { minProperties: 1 }, { a: 1 }, {}],
  ['minimum', { minimum: 2 }, 2, 1.9],
  ['multipleOf', { multipleOf: 3 }, 6, 7],
  ['not', { not: { const: 1 } }, 2, 1],
  ['oneOf', { oneOf: [{ minimum: 1 }, { minimum: 2 }] }, 1, 2],
  ['pattern', { pattern: '^a+$' }, 'aa', 'ab'],
  ['patternProperties', { patternProperties: { '^a': text } }, { a: 'x', b: 1 }, { a: 1 }],
  ['prefixItems', { prefixItems: [text] }, ['a', 1], [1]],
  ['properties', { properties: { a: text } }, { a: 'x' }, { a: 1 }],
  ['propertyNames', { propertyNames: { maxLength: 1 } }, { a: 1 }, { ab: 1 }],
  ['required', { required: ['a'] }, { a: 1 }, {}],
  ['$ref', { $ref: '#/components/schemas/Text' }, 'a', 1],
  ['then', JSON.parse('{ "if": { "const": 1 }, "then": false }') as object, 2, 1],
  ['type', { type: ['integer', 'null'] }, null, 'a'],
  ['unevaluatedItems', { prefixItems: [{}], unevaluatedItems: false }, [1], [1, 2]],
  ['unevaluatedProperties', { properties: { a: {} }, unevaluatedProperties: false }, { a: 1 }, { b: 1 }],
  ['uniqueItems', { uniqueItems: true }, [1, 2], [1, 1]],
  ['contentEncoding', { type: 'string', contentEncoding: 'base64' }, 'YWI=', 'YWI'],
]

/** Each format with a text that has it and one that has not. */
const formats: readonly (readonly [string, unknown, unknown])[] = [
  ['date', '2026-02-28', '2026-02-30'],
  ['date-time', '2026-02-28T10:00:00Z', '2026-02-28'],
  ['time', '10:00:00Z', '25:00:00Z'],
  ['duration', 'P1DT2H', '1 day'],
  ['uuid', '123e4567-e89b-12d3-a456-426614174000', '123e4567'],
  ['email', 'a@example.com', 'a.example.com'],
  ['hostname', 'a.example.com', '-a-'],
  ['ipv4', '192.0.2.1', '192.0.2.256'],
  ['ipv6', '2001:db8::1', '2001:db8::g'],
  ['uri', 'https://example.com/a', 'not a uri'],
  ['int32', 2_147_483_647, 2_147_483_648],
  ['int64', 9_007_199_254_740_991, 1.5],
  ['byte', 'YWI=', 'YW I='],
]

const notes: readonly object[] = [
  { $comment: 'said' },
  { $defs: { A: { type: 'object' } } },
  { $schema: 'https://json-schema.org/draft/2020-12/schema' },
  { $schema: 'https://spec.openapis.org/oas/3.1/dialect/base' },
  { contentMediaType: 'text/csv' },
  { default: 1 },
  { deprecated: true },
  { description: 'said' },
  { discriminator: { propertyName: 'kind' } },
  { example: 1 },
  { examples: [1] },
  { externalDocs: { url: 'https://example.com' } },
  { nullable: true },
  { readOnly: true },
  { title: 'A' },
  { writeOnly: true },
  { xml: { name: 'a' } },
]

describe('a keyword', () => {
  it.each(enforced)('is enforced: %s', (_name, schema, good, bad) => {
    const check = compile(schema)
    expect(check(good)).toBeNull()
    expect(check(bad)).not.toBeNull()
  })

  it.each(formats)('is enforced for the format %s', (format, good, bad) => {
    const check = compile({ format })
    expect(check(good)).toBeNull()
    expect(check(bad)).not.toBeNull()
  })

  it.each(['float', 'double'])('takes every number of the format %s', (format) => {
    expect(compile({ type: 'number', format })(1.5)).toBeNull()
  })

  it.each(notes)('that says nothing of what is valid is passed over: %j', (schema) => {
    expect(compile({ ...schema, type: 'string' })('a')).toBeNull()
    expect(compile({ ...schema, type: 'string' })(1)).not.toBeNull()
  })

  it.each(['$id', '$anchor', '$dynamicRef', '$vocabulary', 'contentSchema', 'definitions', 'id', 'maxLenght', ''])(
    'that is not known is refused: %s',
    (name) => {
      expect(() => compile({ [name]: 'a' })).toThrow(`/${name} is no keyword that is checked here`)
    },
  )

  it.each([
    ['$schema', 'http://json-schema.org/draft-07/schema#', '/$schema is another dialect than 2020-12'],
    ['contentEncoding', 'quoted-printable', '/contentEncoding is no encoding that is read: base64 is'],
    ['allOf', {}, '/allOf is no list of schemas'],
    ['items', 'text', '/items is no schema'],
  ])('that says what is not read is refused: %s', (name, value, message) => {
    expect(() => compile({ [name]: value })).toThrow(message)
  })

  it('that is broken in every branch is told of by the first', () => {
    expect(compile({ anyOf: [{ type: 'string' }, { type: 'integer' }] })(null)?.reason).toBe('must be string')
    const deeper = { anyOf: [{ type: 'string' }, { properties: { a: { minimum: 1 } } }] }
    expect(compile(deeper)({ a: 0 })).toEqual({ place: '.a', reason: 'must be >= 1' })
  })

  it.each([['allOf'], ['anyOf'], ['oneOf']])('that leads back to itself by %s is refused', (name) => {
    expect(() => compile({ [name]: [{ $ref: '#/components/schemas/Own' }] })).toThrow('leads back to itself')
  })

  it.each(['properties', 'required', 'dependentRequired', 'dependentSchemas', 'type'])(
    'takes a step more for every sixteen entries of %s',
    (name) => {
      const entries = (count: number): object =>
        Object.fromEntries(Array.from({ length: count }, (_, at) => [`m${at}`, []]))
      const stepsOf = (count: number) => withEffort({ [name]: entries(count) })['effort']
      expect([15, 16, 31, 32].map((count) => stepsOf(count))).toEqual(
        [1, 2, 2, 3].map((steps) => ({ steps, grows: false })),
      )
    },
  )

  it.each(['allOf', 'anyOf', 'oneOf'])('takes a step more for every branch of %s', (name) => {
    expect(withEffort({ [name]: [{}, {}] })['effort']).toEqual({ steps: 3, grows: false })
  })
})
