import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { question, startService } from '../../support/http/http-service.ts'
import { ownShape, shapeFault } from '../../../src/http/json-shape.ts'
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
      { numRuns: 2_000 },
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
