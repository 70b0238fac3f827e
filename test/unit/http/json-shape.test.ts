import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { question, startService } from '../../support/http/http-service.ts'
import { ownShape, shapeFault } from '../../../src/http/json-shape.ts'
import { propertyRuns } from '../../support/property-runs.ts'
import { verifies } from '../../support/verifies.ts'

const shapeOf = (text: string) => shapeFault(Buffer.from(text), ownShape)

describe('the shape of a body', () => {
  it.each([
    ['', null],
    ['{"a":[1,2,{"b":"c"}]}', null],
    [`${'['.repeat(64)}${']'.repeat(64)}`, null],
    ['['.repeat(65), 'It is nested more than 64 deep.'],
    [`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'It is nested more than 64 deep.'],
    [`[${'1,'.repeat(20_000)}1]`, null],
    [`[${'1,'.repeat(20_001)}1]`, 'It holds more than 20000 values.'],
    [
      JSON.stringify(Object.fromEntries(Array.from({ length: 10_001 }, (_, at) => [at, 1]))),
      'It holds more than 20000 values.',
    ],
    ['{"a":1,"b":{"a":2},"c":[{"a":3},{"a":4}]}', null],
    ['{"model":"a","model":"b"}', 'The name "model" stands twice in one object.'],
    [String.raw`{"model":"a","mode\u006c":"b"}`, 'The name "model" stands twice in one object.'],
    ['{"messages":[{"role":"user","content":"x","role":"system"}]}', 'The name "role" stands twice in one object.'],
    ['{"a":"model","b":"model","c":":"}', null],
  ])('of %#', (text, says) => {
    verifies('serve.body-shape')
    expect(shapeOf(text)).toBe(says)
  })

  it('is not made of what stands in strings, escaped quotes or not', () => {
    const marks = '[{,:'.repeat(30_000)
    expect(shapeOf(JSON.stringify({ text: marks }))).toBeNull()
    expect(shapeOf(JSON.stringify({ text: `"${marks}\\"` }))).toBeNull()
    expect(shapeOf(JSON.stringify([`\\`, `\\\\"`, marks]))).toBeNull()
    expect(shapeOf(`"\\\\"${'['.repeat(65)}`)).toBe('It is nested more than 64 deep.')
  })

  it.each([
    ['[{"a":1,"b":2},{"a":1,"b":2},{"a":1,"b":2,"a":3}]', 'a'],
    ['[{"a":1,"b":2},{"a":1,"a":2}]', 'a'],
    ['[{"ab":1,"c":1},{"a":1,"a":2}]', 'a'],
    ['[{"a":1,"b":2,"c":3},{"a":1},{"a":1,"b":2,"c":3,"b":4}]', 'b'],
    ['[{"a":1},{"a":1,"b":2},{"a":1,"b":2,"b":3}]', 'b'],
    [String.raw`[{"a":1,"b":2},{"a":1,"\u0061":2}]`, 'a'],
    [String.raw`[{"\u0061":1},{"\u0061":1,"a":2}]`, 'a'],
    ['[{"a":{"a":1,"b":2},"b":{"a":1,"b":2}},{"a":{"a":1,"b":2,"a":3}}]', 'a'],
    ['{"a":[{"b":1,"c":1}],"d":[{"b":1,"c":1,"d":[{"b":1,"b":2}]}]}', 'b'],
  ])('tells a name that stands twice in an object that begins as another one: %s', (text, name) => {
    expect(shapeOf(text)).toBe(`The name "${name}" stands twice in one object.`)
  })

  it('takes objects that begin as another one and go on otherwise', () => {
    expect(shapeOf('[{"a":1,"b":2},{"a":1,"c":2},{"b":1,"a":2},{"a":1},{},{"a":1,"c":2,"b":3},{"ab":1}]')).toBeNull()
    expect(shapeOf('{"a":[{"b":1}],"b":{"a":1},"c":[{"b":1,"a":[{"a":1}]},{"b":1,"c":[]}]}')).toBeNull()
  })

  it('is counted before more than a thousand names are kept, and told so', () => {
    const members = (count: number, more: string) =>
      `{${Array.from({ length: count }, (_, at) => `"m${at}":0`).join(',')},"m0":0${more}}`
    const many = `,"x":[${'1,'.repeat(20_000)}1]`
    expect(shapeOf(members(600, many))).toBe('It holds more than 20000 values.')
    expect(shapeOf(members(400, many))).toContain('stands twice')
    // Marks in strings are none, also where they are only counted.
    expect(shapeOf(members(6_000, `,"text":${JSON.stringify('",:'.repeat(20_000))}`))).toContain('stands twice')
  })

  it('is refused before anything of it counts, as S14 is for headers', async () => {
    await using service = await startService()
    const body = JSON.stringify(question).replace('{', '{"model":"gpt-9",')
    const response = await service.post(body)
    expect([response.status, await response.text()]).toEqual([400, expect.stringContaining('stands twice')])
    expect(service.received).toEqual([])
  })

  it('counts a name as often as it is meant, in whatever way it is written', () => {
    const escaped = (text: string) =>
      Array.from({ length: text.length }, (_, at) => `\\u${text.charCodeAt(at).toString(16).padStart(4, '0')}`).join('')
    const unit = fc.constantFrom('a', 'é', '“', '"', '\\', '/', ' ', '😀', '\u0000', ':', ',', '{')
    const name = fc.oneof(fc.string({ unit, maxLength: 3 }), fc.string({ unit, minLength: 18, maxLength: 30 }))
    const member = fc.record({
      name,
      isEscaped: fc.boolean(),
      value: fc.constantFrom('1', '"a"', '"\\\\"', '{}', '[]'),
    })
    fc.assert(
      fc.property(fc.array(member, { maxLength: 5 }), (members) => {
        const written = members.map(
          ({ name, isEscaped, value }) => `${isEscaped ? `"${escaped(name)}"` : JSON.stringify(name)}:${value}`,
        )
        const isTwice = new Set(members.map(({ name }) => name)).size < members.length
        const says = shapeOf(`{${written.join(',')}}`)
        expect([written, says?.includes('stands twice') ?? false]).toEqual([written, isTwice])
      }),
      { numRuns: propertyRuns(2_000) },
    )
  })

  it('is ordinary for every value of ordinary size', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        expect(shapeOf(text)).toBeNull()
      }),
    )
  })
})
