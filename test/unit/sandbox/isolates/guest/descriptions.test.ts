import { describe, expect, it } from 'vitest'
import { createDescriptions } from '../../../../../src/sandbox/isolates/guest/descriptions.ts'

const { show, jsonOf } = createDescriptions()
const circle: Record<string, unknown> = {}
circle.self = circle
const many = Array.from({ length: 102 }, (_, index) => index)
const hostile = Object.defineProperty({}, 'name', {
  enumerable: true,
  get: () => {
    throw new Error('never seen')
  },
})

class Point {
  readonly x = 1
}

const values: readonly [unknown, string, string | null][] = [
  ['text', 'text', '"text"'],
  [['text'], '[ "text" ]', '["text"]'],
  [-0, '-0', '0'],
  [2n ** 70n, '1180591620717411303424n', null],
  [[2n ** 70n], '[ 1180591620717411303424n ]', '["1180591620717411303424"]'],
  [null, 'null', 'null'],
  [NaN, 'NaN', null],
  [{ a: undefined }, '{ a: undefined }', '{}'],
  [[undefined], '[ undefined ]', null],
  [[], '[]', '[]'],
  [{}, '{}', '{}'],
  [new Point(), 'Point { x: 1 }', '{"x":1}'],
  [{ a: { b: [1] } }, '{ a: { b: [ 1 ] } }', '{"a":{"b":[1]}}'],
  [new Map([['a', 1]]), 'Map(1) { "a" => 1 }', null],
  [new Set([1, 2]), 'Set(2) { 1, 2 }', null],
  [new Date(0), '1970-01-01T00:00:00.000Z', '"1970-01-01T00:00:00.000Z"'],
  [new Date(NaN), 'Invalid Date', null],
  [/x/g, '/x/g', null],
  [Symbol('s'), 'Symbol(s)', null],
  [Math.max, '[Function max]', null],
  [new Uint8Array([1, 2]), '[ 1, 2 ]', null],
  [circle, '{ self: [Circular] }', null],
  [[[[[[[1]]]]]], '[ [ [ [ [ [Array] ] ] ] ] ]', '[[[[[[1]]]]]]'],
  [many, `[ ${many.slice(0, 100).join(', ')}, … 2 more ]`, JSON.stringify(many)],
  [hostile, '[a value that cannot be shown]', null],
]

describe('the description of a value', () => {
  it.each(values.map(([, text], index) => [text, index] as const))('is %s', (text, index) => {
    const [value, , json] = values[index] ?? []
    expect([show(value), jsonOf(value)]).toEqual([text, json])
  })
})
