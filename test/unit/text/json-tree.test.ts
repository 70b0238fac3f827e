import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { deepest, jsonTree, replaceStretches, stringAt, type JsonNode } from '../../../src/text/json-tree.ts'
import { propertyRuns } from '../../support/property-runs.ts'

/** The value that a tree stands for, read from the places it names. */
function valueOf(text: string, node: JsonNode): unknown {
  if (node.kind === 'object') {
    const entries = node.members.map(({ name, at, value }) => {
      expect(stringAt(text, at)).toBe(name)
      return [name, valueOf(text, value)] as const
    })
    return Object.fromEntries(entries)
  }
  if (node.kind === 'list' && !node.onlyNumbers) return node.elements.map((element) => valueOf(text, element))
  return node.kind === 'string' ? stringAt(text, node) : JSON.parse(text.slice(node.start, node.end))
}

/** JSON with white space where JSON lets it stand. */
const spaced = fc
  .tuple(fc.jsonValue({ maxDepth: 6 }), fc.constantFrom(0, 1, 2, '\t'), fc.constantFrom('', ' ', '\n\r\t '))
  .map(([value, indent, around]) => around + JSON.stringify(value, null, indent) + around)

describe('the tree of a JSON text', () => {
  it('has every value where it stands', () => {
    fc.assert(
      fc.property(spaced, (text) => {
        const tree = jsonTree(text)
        expect(valueOf(text, tree)).toEqual(JSON.parse(text))
        expect(text.slice(0, tree.start).trim() + text.slice(tree.end).trim()).toBe('')
      }),
      { numRuns: propertyRuns(2_000) },
    )
  })

  it('reads escapes of names and texts, and leaves numbers as they are written', () => {
    const text = '{ "m\\u006fdel" : "a\\"b\\\\" , "n":[ 12345678901234567890.50, -1e999 ],"":{} }'
    const tree = jsonTree(text)
    if (tree.kind !== 'object') throw new Error('it is an object')
    expect(tree.members.map(({ name }) => name)).toEqual(['model', 'n', ''])
    expect(tree.members.map(({ value }) => text.slice(value.start, value.end))).toEqual([
      '"a\\"b\\\\"',
      '[ 12345678901234567890.50, -1e999 ]',
      '{}',
    ])
  })

  it('holds a list of numbers as one value, however long it is', () => {
    const text = `[${'1,'.repeat(999_999)}2]`
    expect(jsonTree(text)).toEqual({ kind: 'list', start: 0, end: text.length, elements: [], onlyNumbers: true })
    expect(jsonTree('[1,"2"]')).toMatchObject({ onlyNumbers: false, elements: [{}, {}] })
  })

  it.each(['', '{', '[', '"', '{"a', '{"a"', '{"a":', '{"a":1', '[1,', '[}', '{]', '}', 'nul', '{"a" 1}', '[,]', '\\'])(
    'ends for %j, which is no JSON',
    (text) => {
      expect(jsonTree(text).end).toBeLessThanOrEqual(text.length)
    },
  )
})

describe('replacing stretches', () => {
  it('leaves everything between them as it is', () => {
    expect(
      replaceStretches('0123456789', [
        { start: 0, end: 1, by: 'a' },
        { start: 4, end: 4, by: 'bc' },
        { start: 8, end: 10, by: '' },
      ]),
    ).toBe('a123bc4567')
  })

  it('is not made of a text that is nested deeper than anybody writes', () => {
    const nested = (depth: number) => '['.repeat(depth) + '"x"' + ']'.repeat(depth)
    expect(() => jsonTree(nested(deepest))).not.toThrow()
    expect(() => jsonTree(nested(deepest + 1))).toThrow(/nested more than 512 deep/)
    expect(() => jsonTree('{"a":'.repeat(100_000) + '1' + '}'.repeat(100_000))).toThrow(RangeError)
  })
})
