import { assert, jsonValue, property, string } from 'fast-check'
import { describe, expect, it } from 'vitest'
import { jsonLine } from '../../../../src/cli/output/json-line.ts'

describe('S4: a line of JSON', () => {
  it('means what it was made of, and holds nothing that a terminal acts on', () => {
    assert(
      property(jsonValue(), string({ unit: 'binary' }), (value, text) => {
        const line = jsonLine({ value, [text]: text })
        // oxlint-disable-next-line no-control-regex -- what must not be there
        const active = /[\u0000-\u001f\u007f-\u009f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/
        expect(line.slice(0, -1)).not.toMatch(active)
        expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify({ value, [text]: text })))
      }),
    )
  })

  it('writes active characters as escapes', () => {
    expect(jsonLine('a\u009b31m\u007f\u202e')).toBe('"a\\u009b31m\\u007f\\u202e"\n')
  })
})
