import { describe, expect, it } from 'vitest'
import { headOf, readMarkdown } from '../../../../src/web/components/markdown-source.ts'
import { verifies } from '../../../support/verifies.ts'

describe('Markdown that nobody vouches for', () => {
  it('is read whole where it is as long as an answer is', () => {
    const { tokens, rest } = readMarkdown('# One\n- two\n  - three\n', [])
    expect(tokens.map(({ type }) => type)).toEqual(['heading', 'list'])
    expect(rest).toBe('')
  })

  it('of a megabyte is read to the end of a line, and the rest is what was written', () => {
    verifies('web.long-texts')
    const text = 'A line of **words**.\n'.repeat(50_000)
    const { tokens, rest } = readMarkdown(text, [])
    expect(tokens).toHaveLength(1)
    expect(rest.length).toBeGreaterThan(text.length - 40_021)
    expect(text.endsWith(rest)).toBe(true)
    expect(rest.startsWith('\nA line')).toBe(true)
  })

  it('without lines is cut between two characters, and as long as it grows at the same place', () => {
    const text = '🚪'.repeat(30_000)
    expect(headOf(`a${text}`)).toBe(`a${'🚪'.repeat(19_999)}`)
    expect(headOf(`a${text}${text}`)).toBe(headOf(`a${text}`))
  })

  it.each([
    ['quotations', '> '.repeat(10_000)],
    ['quotations without spaces', '>'.repeat(10_000)],
    ['lists', '- '.repeat(10_000)],
    ['numbered lists', '1. '.repeat(10_000)],
    ['both, behind harmless lines', `${'Words.\n\n'.repeat(100)}${'>- '.repeat(5_000)}`],
  ])('is not read where %s are nested deeper than anybody writes them', (_what, text) => {
    verifies('web.long-texts')
    expect(readMarkdown(`${text}x`, [])).toEqual({ tokens: [], rest: `${text}x` })
  })

  it('has its figures as far as it is read', () => {
    const text = `It is 12.${' words'.repeat(10_000)} And 13.`
    const end = text.indexOf('13')
    const { tokens } = readMarkdown(text, [
      { start: 6, end: 8 },
      { start: end, end: end + 2 },
    ])
    expect(tokens[0]?.raw).toContain('\uE0000\uE00112\uE002')
    expect(tokens[0]?.raw).not.toContain('\uE0001\uE001')
  })
})
