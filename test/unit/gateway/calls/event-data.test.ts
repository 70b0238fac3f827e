import { describe, expect, it } from 'vitest'
import { dataOf, parseObject } from '../../../../src/gateway/calls/event-data.ts'

describe('the objects of events', () => {
  it.each<readonly [string, readonly object[]]>([
    ['data: {"a":1}\n\n', [{ a: 1 }]],
    ['data:{"a":1}', [{ a: 1 }]],
    ['data: {"a":1}\n\ndata: {"b":2}\n\n', [{ a: 1 }, { b: 2 }]],
    ['data: {"a":1}\r\n\r\ndata: {"b":2}\r\n\r\n', [{ a: 1 }, { b: 2 }]],
    ['data: {"a":1}\r\rdata: {"b":2}', [{ a: 1 }, { b: 2 }]],
    ['event: x\ndata: {"a":\ndata: 1}\nid: 7\n\n', [{ a: 1 }]],
    ['event: x\rdata: {"a":\rdata: 1}\r\r', [{ a: 1 }]],
    ['event: x\r\ndata: {"a":\r\ndata: 1}', [{ a: 1 }]],
    ['data: {"a":"x\ndata: y"}', []],
    ['data: [1]\n\ndata: null\n\ndata: 5\n\ndata: [DONE]\n\ndata: {"a":1}', [{ a: 1 }]],
    ['data: {"a":1\n\n', []],
    [': data: {"a":1}\n\n', []],
    ['event: x\n\n', []],
    ['{"a":1}\n\n', []],
    ['', []],
  ])('of %j are %j', (events, objects) => {
    expect([...dataOf(events)]).toEqual(objects)
  })
})

describe('a text', () => {
  it.each([
    ['{"a":1}', { a: 1 }],
    [' {} ', {}],
    ['[]', null],
    ['null', null],
    ['"a"', null],
    ['{', null],
    ['', null],
  ])('%j is the object %j', (text, object) => {
    expect(parseObject(text)).toEqual(object)
  })
})
