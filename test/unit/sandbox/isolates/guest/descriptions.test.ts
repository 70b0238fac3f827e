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

const items = (count: number) => Array.from({ length: count }, (_, index) => index)
const record = (count: number) => Object.fromEntries(items(count).map((index) => [`k${index}`, index]))
const shown = (count: number) => items(count).join(', ')
const pairs = (count: number) =>
  items(count)
    .map((index) => `k${index}: ${index}`)
    .join(', ')

describe('the description of many values', () => {
  it.each([
    ['array', items(100), `[ ${shown(100)} ]`],
    ['longer array', items(101), `[ ${shown(100)}, … 1 more ]`],
    ['typed array', Uint8Array.from(items(102)), `[ ${shown(100)}, … 2 more ]`],
    ['record', record(100), `{ ${pairs(100)} }`],
    ['longer record', record(103), `{ ${pairs(100)}, … 3 more }`],
    ['set', new Set(items(101)), `Set(101) { ${shown(100)} }`],
  ])('has the first hundred of an %s, and says how many there are more', (_what, value, text) => {
    expect(show(value)).toBe(text)
  })

  it.each([
    new Map(),
    new Set(),
    new WeakMap(),
    new WeakSet(),
    new Error('x'),
    /x/,
    new ArrayBuffer(1),
    Promise.resolve(),
    (function* () {})(),
    (async function* () {})(),
    new Uint8Array(1),
    new DataView(new ArrayBuffer(1)),
    Symbol('s'),
    () => 1,
    Number.NaN,
    Infinity,
    new Date(Number.NaN),
  ])('has no JSON of %s, whether it stands alone or in something', (value) => {
    expect([jsonOf(value), jsonOf([value]), jsonOf({ a: { b: value } })]).toEqual([null, null, null])
  })

  it('has the JSON of what a program gives for itself', () => {
    expect(jsonOf({ toJSON: () => ({ a: 1 }) })).toBe('{"a":1}')
    expect(jsonOf({ toJSON: () => null })).toBeNull()
    expect(jsonOf([null, { a: null }])).toBe('[null,{"a":null}]')
  })

  it.each([
    [() => 1, '[Function]'],
    [function named() {}, '[Function named]'],
    [Object.defineProperty(() => 1, 'name', { value: 7 }), '[Function]'],
    [Object.create(null), '{}'],
    [{ constructor: 'x' }, '{ constructor: "x" }'],
    [{ [Symbol('hidden')]: 1, seen: 2 }, '{ seen: 2 }'],
    [0, '0'],
    [true, 'true'],
    [undefined, 'undefined'],
    [[1n, Symbol('s'), null, -0], '[ 1n, Symbol(s), null, -0 ]'],
    [{ a: { b: { c: { d: { e: { f: 1 } } } } } }, '{ a: { b: { c: { d: { e: [Object] } } } } }'],
  ])('tells %# in a line', (value, text) => {
    expect(show(value)).toBe(text)
  })

  it('has the stack of an error, or what it calls itself', () => {
    const error = new Error('x')
    expect(show(error)).toBe(error.stack)
    expect(show(Object.assign(new TypeError('y'), { stack: undefined }))).toBe('TypeError: y')
  })

  it('shows a value twice that is there twice', () => {
    const twin = { a: 1 }
    expect(show([twin, twin])).toBe('[ { a: 1 }, { a: 1 } ]')
  })
})

describe('the description of a value', () => {
  it.each(values.map(([, text], index) => [text, index] as const))('is %s', (text, index) => {
    const [value, , json] = values[index] ?? []
    expect([show(value), jsonOf(value)]).toEqual([text, json])
  })
})
