import { describe, expect, it } from 'vitest'
import { foldText } from '../../../../src/cli/output/fold-text.ts'

describe('prose on a terminal', () => {
  it('goes on at a word, as far in as its line began', () => {
    const folded = foldText('  one two three four five six seven\nshort\n', 20)
    expect(folded).toBe('  one two three four\n  five six seven\nshort\n')
  })

  it('keeps a word whole that is longer than a line, and every line as it is without a terminal', () => {
    const word = 'x'.repeat(50)
    expect(foldText(`a ${word} b`, 20)).toBe(`a\n${word}\nb`)
    expect(foldText(`a ${word} b`, null)).toBe(`a ${word} b`)
    expect(foldText(`a ${word} b`, 19)).toBe(`a ${word} b`)
  })

  it('does not count what is no place: a style', () => {
    expect(foldText('\u001b[31mone\u001b[39m two three four', 20)).toBe('\u001b[31mone\u001b[39m two three four')
  })
})
