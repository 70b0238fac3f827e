import { describe, expect, it } from 'vitest'
import { Document } from '../../../../../src/gateway/privacy/mask/documents.ts'

const at = (text: string, part: string) => ({ start: text.indexOf(part), end: text.indexOf(part) + part.length })

describe('a document', () => {
  const text = '{ "a":"b", "c":[1, "d"] }'

  it('is itself where nothing of it is replaced', () => {
    const document = new Document(text)
    expect([document.isChanged, document.render()]).toEqual([false, text])
  })

  it('has what was put in, in whatever order it came, and every other character', () => {
    const document = new Document(text)
    document.replace(at(text, '"d"'), '"D"')
    document.replace(at(text, '"b"'), '"long one"')
    document.replace(at(text, '1'), '22')
    expect([document.isChanged, document.render()]).toEqual([true, '{ "a":"long one", "c":[22, "D"] }'])
  })

  it('reads the escapes of a text in it', () => {
    const escaped = '["a\\n\\u00e9","b"]'
    expect(new Document(escaped).stringAt(at(escaped, '"a\\n\\u00e9"'))).toBe('a\né')
  })

  it('in another one is put back as a text, where it was changed', () => {
    const inner = '{"a":"b"}'
    const outer = JSON.stringify([inner, 'x'])
    for (const by of [null, '"c"']) {
      const enclosing = new Document(outer)
      const document = new Document(inner, { document: enclosing, place: { start: 1, end: outer.indexOf(',"x') } })
      if (by !== null) document.replace(at(inner, '"b"'), by)
      document.putBack()
      expect(enclosing.isChanged).toBe(by !== null)
      expect(JSON.parse(enclosing.render())).toEqual([by === null ? inner : '{"a":"c"}', 'x'])
    }
  })

  it('by itself is put back nowhere', () => {
    const document = new Document(text)
    document.replace(at(text, '1'), '2')
    expect(() => document.putBack()).not.toThrow()
    expect(document.render()).toBe(text.replace('1', '2'))
  })
})
