import { describe, expect, it } from 'vitest'
import { readNodeText } from '../../../../src/databases/shadow/node-text.ts'

describe("PostgreSQL's text of a tree", () => {
  it('is read as nodes, lists and plain values', () => {
    const text = String.raw`{QUERY :name a\ b\) :none <> :list ({VAR :varno 1} {VAR :varno 2}) :bits (b 8 9) :value 4 [ 2 0 ] :quoted ("a)" "\"b")}`
    expect(readNodeText(text)).toEqual({
      type: 'QUERY',
      fields: {
        name: String.raw`a\ b\)`,
        none: '<>',
        list: [
          { type: 'VAR', fields: { varno: '1' } },
          { type: 'VAR', fields: { varno: '2' } },
        ],
        bits: ['b', '8', '9'],
        value: '4 [ 2 0 ]',
        quoted: ['"a)"', String.raw`"\"b"`],
      },
    })
  })

  it.each(['', '(1 2)', '{QUERY :a ({VAR :b 1}', '{QUERY a}'])('is nothing but that: %s', (text) => {
    expect(() => readNodeText(text)).toThrow(/tree has no end|not the text of a node/)
  })
})
