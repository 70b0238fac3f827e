import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { costlyShape } from '../../../../src/http/contract/json-shape.ts'

const shapeOf = (text: string) => costlyShape(Buffer.from(text))

describe('the shape of a body', () => {
  it.each([
    ['', null],
    ['{"a":[1,2,{"b":"c"}]}', null],
    [`${'['.repeat(64)}${']'.repeat(64)}`, null],
    ['['.repeat(65), 'It is nested more than 64 deep.'],
    [`${'{"a":'.repeat(65)}1${'}'.repeat(65)}`, 'It is nested more than 64 deep.'],
    [`[${'1,'.repeat(20_000)}1]`, null],
    [`[${'1,'.repeat(20_001)}1]`, 'It holds more than 20000 values.'],
    [`{${'"a":1,'.repeat(10_001)}"b":1}`, 'It holds more than 20000 values.'],
  ])('of %#', (text, says) => {
    expect(shapeOf(text)).toBe(says)
  })

  it('is not made of what stands in strings, escaped quotes or not', () => {
    const marks = '[{,:'.repeat(30_000)
    expect(shapeOf(JSON.stringify({ text: marks }))).toBeNull()
    expect(shapeOf(JSON.stringify({ text: `"${marks}\\"` }))).toBeNull()
    expect(shapeOf(JSON.stringify([`\\`, `\\\\"`, marks]))).toBeNull()
    expect(shapeOf(`"\\\\"${'['.repeat(65)}`)).toBe('It is nested more than 64 deep.')
  })

  it('is ordinary for every value of ordinary size', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (text) => {
        expect(shapeOf(text)).toBeNull()
      }),
    )
  })
})
