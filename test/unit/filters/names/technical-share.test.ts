import { describe, expect, it } from 'vitest'
import { linesOf, type Line } from '../../../../src/filters/names/lines.ts'
import { careFor } from '../../../../src/filters/names/technical-share.ts'
import { Tokens } from '../../../../src/filters/names/tokens.ts'

/** How careful one has to be with each line of a text that is no technical one. */
function cares(text: string): string[] {
  const tokens = new Tokens(text)
  const lines: Line[] = linesOf(tokens)
  const careOf = careFor(tokens, lines)
  return lines.filter(({ kind }) => kind !== 'technical').map((line) => careOf(line))
}

const prose = 'The children went to the market with all of the others.'
const letter = 'My sister went to the market with all of the others.'
const code = 'const market = goTo(children);'
const log = 'ERROR it went to the market with him'

describe('a letter stays one, whatever stands apart in it', () => {
  it.each([
    ['a heading', '# Visit'],
    ['two headings', '# Visit\n## Again'],
    ['a table', '| Item | Price |\n|---|---|\n| Desk | 20 |'],
    ['code in a fence', `\`\`\`js\n${code}\n${code}\n${code}\n\`\`\``],
    ['quoted words', 'They asked for "blue", "red" and "green" ones.'],
    ['a rule', '---\n***\n---'],
  ])('%s', (_what, apart) => {
    expect(cares(`${letter}\n\n${apart}\n\n${letter}`).every((care) => care === 'none' || care === 'little')).toBe(true)
    expect(cares(`${prose}\n\n${apart}\n\n${prose}`).every((care) => care === 'none' || care === 'some')).toBe(true)
  })

  it('as does one with two quoted words, of which three make one to be read with care', () => {
    expect(cares('They asked for "blue" and for "red" ones.')).toEqual(['none'])
    expect(cares('They asked for "blue", for "green" and for "red" ones.')).toEqual(['some'])
    expect(cares("They asked for 'blue', for 'green' and for 'red' ones.")).toEqual(['some'])
    expect(cares('They asked for "Blue", for "Green" and for "Red" ones.')).toEqual(['none'])
    expect(cares('They asked for (blue), for (green) and for (red) ones.')).toEqual(['none'])
  })

  it('as does one without any', () => {
    expect(cares(`${prose}\n\n${letter}`)).toEqual(['none', 'none'])
    expect(cares(`${prose}\n\n| a | b |\n\n${prose}\n\n${prose}`)).toEqual(['none', 'none', 'none'])
  })
})

describe('a text about programs', () => {
  it('is one with code outside of fences, or a log', () => {
    expect(cares(`${prose}\n\n${code}\n${code}\n\n${prose}`)).toEqual(['most', 'most'])
    expect(cares(`${prose}\n\n${log}\n${log}\n\n${prose}`)).toEqual(['most', 'most'])
  })

  it('is none for a single line, or for one line of many', () => {
    expect(cares(`${prose}\n\n${code}\n\n${prose}`)).toEqual(['none', 'none'])
    expect(cares(`${code}\n${code}\n\n${Array.from({ length: 11 }, () => prose).join('\n\n')}`)).not.toContain('most')
    expect(cares(`${code}\n${code}\n\n${Array.from({ length: 10 }, () => prose).join('\n\n')}`)).toContain('most')
  })

  it('is one with words of programs among its own', () => {
    const words =
      'The this.one and the that.one, the old.one and all of the others go to the market with the children there and come back in the evening.'
    expect(cares(words)).toEqual(['most'])
    expect(cares('Run it with -a or with -b or -c and so on when the children go to the market.')).toEqual(['most'])
    const run = 'Run `market` when they go there with all of the others and the children.'
    expect(cares(`${run}\n\n${run}\n\n${run}`)).toEqual(['most', 'most', 'most'])
    expect(cares(`${run}\n\n${run}`)).toEqual(['none', 'none'])
    expect(cares('Ask kim@x.example or ann@x.example, see https://x.example and www.x.example there.')).toEqual([
      'none',
    ])
  })

  it('is one for a sign in less than sixty words', () => {
    const words = (count: number) => 'word '.repeat(count)
    expect(cares(`\`word \`word \`word ${words(177)}`)).toEqual(['none'])
    expect(cares(`\`word \`word \`word ${words(176)}`)).toEqual(['most'])
    expect(cares(`\`word \`word \`word ${words(80)}\n${words(97)}`)).toEqual(['none', 'none'])
    expect(cares(`"word "word "word ${words(177)}`)).toEqual(['none'])
    expect(cares(`"word "word "word ${words(176)}`)).toEqual(['some'])
    expect(cares(`"word "word \`word ${words(176)}`)).toEqual(['some'])
    expect(cares(`"word \`word ${words(10)}`)).toEqual(['none'])
  })

  it('has stretches of eight words and more, with a sign in thirty of them at most, which are read with care', () => {
    const around = `${code}\n${code}\n${code}`
    const words = (count: number) => 'word '.repeat(count)
    expect(cares(`My ${words(7)}\n\n${around}`)).toEqual(['some'])
    expect(cares(`My ${words(6)}\n\n${around}`)).toEqual(['most'])
    expect(cares(`My this.market ${words(29)}\n\n${around}`)).toEqual(['some'])
    expect(cares(`My this.market ${words(28)}\n\n${around}`)).toEqual(['most'])
    expect(cares(`${around}\n\n${letter}\n${letter}`)).toEqual(['some', 'some'])
  })

  it('has paragraphs in which people speak, which are read with care', () => {
    const around = `${code}\n${code}\n${code}`
    expect(cares(`${letter}\n\n${around}\n\n${letter}`)).toEqual(['some', 'some'])
    expect(cares(`${letter}\n${around}\n${letter}`)).toEqual(['most', 'most'])
    expect(cares(`My market is here.\n\n${around}`)).toEqual(['most'])
    expect(cares(`My sister went to this.market with all of the others.\n\n${around}`)).toEqual(['most'])
  })
})
