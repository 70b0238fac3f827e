import { describe, expect, it } from 'vitest'
import { Document } from '../../../../../src/gateway/privacy/mask/documents.ts'
import { firstNewTurn } from '../../../../../src/gateway/privacy/mask/first-new-turn.ts'

/** By letters: `u` and `t` are a person's and a tool's, `a`, `c` and `r` a model's words, calls and thoughts. */
const items = {
  u: { role: 'user', content: 'x' },
  t: { type: 'function_call_output', call_id: 'c', output: 'x' },
  a: { role: 'assistant', content: 'x' },
  c: { type: 'function_call', call_id: 'c', name: 'f', arguments: '{}' },
  r: { type: 'reasoning', summary: [] },
  s: 'words',
} as const

function newIn(turns: string): number {
  const document = new Document(JSON.stringify(Array.from(turns, (letter) => items[letter as keyof typeof items])))
  if (document.root.kind !== 'list') throw new Error('it is a list')
  return firstNewTurn(document.root.elements, document)
}

describe('the first turn that no request had before', () => {
  it.each([
    ['', 1],
    ['u', 1],
    ['us', 1],
    ['uu', 1],
    ['uau', 2],
    ['uauau', 4],
    ['uaauu', 2],
    ['urcctt', 2],
    ['urctrctrau', 8],
    ['au', 1],
    ['ua', 1],
    ['uaua', 2],
    ['a', 1],
  ])('of %j is number %i', (turns, first) => {
    expect(newIn(turns)).toBe(first)
  })

  it.each(['web_search_call', 'mcp_approval_request', 'mcp_list_tools', 'call', 'compaction'])(
    'comes behind what a model has made: %s',
    (type) => {
      const document = new Document(JSON.stringify([items.u, { type }, items.u]))
      if (document.root.kind !== 'list') throw new Error('it is a list')
      expect(firstNewTurn(document.root.elements, document)).toBe(2)
    },
  )
})
