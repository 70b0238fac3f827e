import { Ajv2020 } from 'ajv/dist/2020.js'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { CheckingBudget } from '../../../../src/endpoints/contract/checking-budget.ts'
import { EffortMeter } from '../../../../src/endpoints/contract/effort.ts'
import { equalityKeywords } from '../../../../src/endpoints/contract/equal-values.ts'
import { Schemas } from '../../../../src/endpoints/contract/schemas.ts'
import { documentWith } from '../../../support/endpoints/document.ts'
import { guardedService } from '../../../support/endpoints/guarded-service.ts'
import { verifies } from '../../../support/verifies.ts'

const tooMuch = { place: '', reason: 'takes more work to be held against its schema than its size allows' }
const to = (name: string) => ({ $ref: `#/components/schemas/${name}` })

function compile(schema: unknown, schemas: Readonly<Record<string, unknown>> = {}) {
  const check = new Schemas({ version: '3.1', root: { components: { schemas } } }, 'request').compile(schema, '/schema')
  return (value: unknown) => check(value, new CheckingBudget(JSON.stringify(value).length))
}

/** `{"next":{"next":…}}` around a value. */
function nested(depth: number, inner: unknown): unknown {
  let value = inner
  for (let level = 0; level < depth; level += 1) value = { next: value, kind: 'a' }
  return value
}

const list = (length: number, element: unknown) => Array.from({ length }, () => element)

const branch = (kind: string) => ({ type: 'object', properties: { next: to('Node'), kind: { const: kind } } })

describe('a schema that refers to itself more than once', () => {
  it.each([
    ['anyOf that nothing fits', { anyOf: [branch('a'), branch('b')] }, 1],
    ['oneOf that the last fits', { oneOf: [branch('a'), branch('b'), { type: 'null' }] }, null],
    ['allOf', { allOf: [{ properties: { next: to('Node') } }, { properties: { next: to('Node') } }] }, null],
    ['if and else', { if: { properties: { next: to('Node'), kind: { const: 'b' } } }, else: branch('a') }, null],
    ['not', { not: { not: branch('a') }, properties: { next: to('Node') } }, {}],
    ['dependentSchemas', { dependentSchemas: { next: branch('a'), kind: branch('a') } }, null],
    ['patternProperties', { patternProperties: { '^n': to('Node'), t$: to('Node') } }, null],
    ['a schema for the rest', { unevaluatedProperties: to('Node'), anyOf: [branch('b'), true] }, null],
  ])('is not followed for longer than the size of a body allows: %s', (_what, node, inner) => {
    verifies('endpoints.bounded-checks')
    const check = compile(to('Node'), { Node: node })
    // Twice as much with each level: beyond twenty it is a million times the work of one.
    expect(check(nested(20, inner))).toEqual(tooMuch)
    expect(check(nested(4, inner))).toEqual(inner === 1 ? expect.not.objectContaining(tooMuch) : null)
  })

  it('is not followed for longer than that at one place of a body either', () => {
    verifies('endpoints.bounded-checks')
    const steps = Array.from({ length: 20 }, (_, at) => [`S${at}`, { anyOf: [to(`S${at + 1}`), to(`S${at + 1}`)] }])
    const schemas = { ...Object.fromEntries(steps), S20: { type: 'string' } }
    expect(compile(to('S0'), schemas)(1)).toEqual(tooMuch)
    expect(compile(to('S0'), schemas)('a')).toBeNull()
    expect(compile(to('S16'), schemas)(1)).toEqual({ place: '', reason: 'must be string' })
  })

  it.each([
    ['a list whose elements are compared', { type: 'array', uniqueItems: true }, [...Array(2_000).keys(), 0]],
    ['a list of objects', { type: 'array', uniqueItems: true }, list(500, { a: 'b'.repeat(40) })],
    ['a text with a pattern', { type: 'string', pattern: '^a*b$' }, 'a'.repeat(20_000)],
    ['a text with a length', { type: 'string', maxLength: 3 }, 'a'.repeat(40_000)],
    [
      'members by their names',
      { propertyNames: { maxLength: 1 } },
      Object.fromEntries(
        Array(2_000)
          .fill(0)
          .map((_, at) => [at, at]),
      ),
    ],
    ['an enumeration of objects', { enum: [{ a: 1 }] }, { a: 'b'.repeat(20_000) }],
  ])('costs more steps the more there is to look at: %s', (_what, last, value) => {
    verifies('endpoints.bounded-checks')
    // A thousand looks, each of some thousand steps, where a thousand steps alone would be allowed.
    const steps = Array.from({ length: 10 }, (_, at) => [`S${at}`, { anyOf: [to(`S${at + 1}`), to(`S${at + 1}`)] }])
    expect(compile(to('S0'), { ...Object.fromEntries(steps), S10: last })(value)).toEqual(tooMuch)
    expect(compile(last)(value)).not.toEqual(tooMuch)
  })

  it('is refused with the document where it leads back to itself without going into the value', () => {
    verifies('endpoints.unfit-document')
    const circle = /^\/components\/schemas\/[LM] leads back to itself without going into the value/
    for (const inner of [
      { anyOf: [to('M'), { type: 'string' }] },
      { not: to('M') },
      { if: false, else: to('M') },
      { allOf: [{ oneOf: [to('M')] }] },
      { dependentSchemas: { a: to('M') } },
    ]) {
      expect(() => compile(to('L'), { L: inner, M: { allOf: [to('L')] } })).toThrow(circle)
    }
    const tree = { type: 'object', additionalProperties: to('L') }
    expect(compile(to('L'), { L: { anyOf: [to('M'), { type: 'string' }] }, M: tree })({ a: { b: 'c' } })).toBeNull()
  })
})

describe('a body of ordinary work', () => {
  it('is taken: as many values as a body may have, with a union for each', () => {
    verifies('endpoints.bounded-checks')
    const types = ['boolean', 'null', 'object', 'array', 'integer']
    const check = compile({ type: 'array', items: { anyOf: types.map((type) => ({ type })) } })
    expect(check(Array<number>(50_000).fill(1))).toBeNull()
  })

  it('is taken: a tree with many kinds of nodes, each told apart by a member', () => {
    verifies('endpoints.bounded-checks')
    const kinds = Array.from({ length: 60 }, (_, at) => ({
      type: 'object',
      required: ['kind', 'parts'],
      properties: { kind: { const: `k${at}` }, parts: { type: 'array', items: to('Node') } },
    }))
    const check = compile(to('Node'), { Node: { oneOf: kinds } })
    const leaf = { kind: 'k59', parts: [] }
    const tree = { kind: 'k30', parts: list(50, { kind: 'k59', parts: list(20, leaf) }) }
    expect(check(tree)).toBeNull()
    expect(check({ kind: 'k30', parts: [leaf, { kind: 'other', parts: [] }] })?.place).toContain('.parts[1]')
  })

  it('is taken: one of very many labels', () => {
    const labels = Array.from({ length: 20_000 }, (_, at) => `label-${at}`)
    const check = compile({ type: 'array', items: { enum: labels } })
    expect(check(labels)).toBeNull()
    expect(check(['label-20000'])).toEqual({ place: '[0]', reason: 'must be equal to one of the allowed values' })
  })
})

describe('equality of values', () => {
  const stock = new Ajv2020({ strict: false, validateSchema: false })
  const own = new Ajv2020({ strict: false, validateSchema: false })
  for (const keyword of equalityKeywords(new EffortMeter()))
    own.removeKeyword(String(keyword.keyword)).addKeyword(keyword)
  const plain = fc.constantFrom<unknown>(0, -0, 1, '1', true, null, 'a', '[1]', '{}')
  const names = fc.constantFrom('a', 'b', '__proto__', '1')
  const { any } = fc.letrec((tie) => ({
    any: fc.oneof({ maxDepth: 3 }, plain, tie('list'), tie('object')),
    list: fc.array(tie('any'), { maxLength: 3 }),
    object: fc.dictionary(names, tie('any'), { maxKeys: 3, noNullPrototype: true }),
  }))
  const read = (value: unknown): unknown => JSON.parse(JSON.stringify(value))

  it('is as the validator has it, in an enumeration, in a list and with one value', () => {
    const lists = fc.array(any, { minLength: 1, maxLength: 4 }).map((elements) => elements.map(read))
    fc.assert(
      fc.property(lists, any.map(read), (elements, value) => {
        for (const schema of [{ uniqueItems: true }, { const: elements[0] }, { enum: elements }]) {
          for (const each of [elements, value, ...elements]) {
            expect([schema, each, own.validate(schema, each)]).toEqual([schema, each, stock.validate(schema, each)])
          }
        }
      }),
      { numRuns: 100 },
    )
  })

  it.each([{ const: { a: 1 } }, { enum: [{ a: 1 }] }, { uniqueItems: true }])(
    'calls nothing that a caller has sent: %j',
    (schema) => {
      const value = { a: 1, valueOf: 1, toString: 1, constructor: 1, toJSON: 1 }
      expect(() => compile(schema)(value)).not.toThrow()
      expect(() => compile(schema)([value, value])).not.toThrow()
    },
  )
})

describe('a call whose body takes too much work', () => {
  it('is answered 400, and goes nowhere', async () => {
    verifies('endpoints.bounded-checks')
    const components = { schemas: { Node: { oneOf: [branch('a'), branch('b'), { type: 'null' }] } } }
    await using guarded = await guardedService({ document: documentWith({ schema: to('Node'), components }) })
    const response = await guarded.call(nested(20, null))
    expect(response.status).toBe(400)
    expect(await response.json()).toMatchObject({ detail: `body ${tooMuch.reason}.`, request_id: expect.any(String) })
    expect((await guarded.call(nested(3, null))).status).toBe(200)
    expect(guarded.behind.requests).toHaveLength(1)
  })

  it('is no answer either', async () => {
    verifies('endpoints.bounded-checks')
    const components = { schemas: { Node: { oneOf: [branch('a'), branch('b'), { type: 'null' }] } } }
    const content = { 'application/json': { schema: to('Node') } }
    const operation = { responses: { 200: { description: 'A tree.', content } } }
    await using guarded = await guardedService({ document: documentWith({ operation, components }) })
    guarded.behind.answer = (_request, response) => {
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(nested(20, null)))
    }
    expect((await guarded.call({})).status).toBe(502)
  })
})
