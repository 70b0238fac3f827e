import { describe, expect, it } from 'vitest'
import { LatexReader } from '../../../../../src/gateway/privacy/restore/latex-reader.ts'

/** The text with every character behind which a value would stand in an argument as `…`. */
function insides(latex: string): string {
  const reader = new LatexReader()
  return Array.from(latex, (character) => (reader.read(character), reader.isInside ? '…' : character))
    .join('')
    .replaceAll(/…+/g, '…')
}

describe('a place in LaTeX', () => {
  it.each([
    'href', 'url', 'nolinkurl', 'hyperref', 'hyperlink', 'includegraphics', 'includesvg', 'input', 'include', 'import',
    'htmlData', 'htmlStyle', 'htmlId', 'htmlClass', 'style', 'HREF',
  ])('is in an address, or in an attribute, in the argument of \\%s', (command) => {
    expect(insides(`a\\${command}{b}c`)).toBe(`a\\${command}…}c`)
  }) // prettier-ignore

  it.each([
    ['\\href{a}{b}', '\\href…}{b}'],
    ['\\href {a}', '\\href …}'],
    ['\\href*\n{a}', '\\href*\n…}'],
    ['\\href[a=b]{c}d', '\\href…]…}d'],
    ['\\href[{]{c}d', '\\href…]…}d'],
    ['\\url{a{b}c}d', '\\url…}d'],
    ['\\url{a\\}b}c', '\\url…}c'],
    ['\\url{a\\{b}c', '\\url…}c'],
    ['\\url{\\textbf{a} b}c', '\\url…}c'],
    ['\\a\\url{b}', '\\a\\url…}'],
    ['\\\\url{b}', '\\\\url…}'],
    ['\\url\\url{b}', '\\url\\url…}'],
    ['{\\url{b}}c', '{\\url…}}c'],
    ['\\url{a} {b} \\url{c}', '\\url…} {b} \\url…}'],
  ])('%s: until its braces or its brackets are closed', (latex, expected) => {
    expect(insides(latex)).toBe(expected)
  })

  it.each([
    '\\textbf{a}',
    '\\hre{a}',
    '\\hrefs{a}',
    '\\urlaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa{a}',
    '\\aaaaaaaaaaaaaaaaaurl{a}',
    'href{a}',
    '\\href a{b}',
    '\\href, {b}',
    '\\href1{b}',
    '\\href]{b}',
    '\\href}{b}',
    '{a}[b]',
    '\\{a}',
    '\\ {a}',
  ])('%s: has none', (latex) => {
    expect(insides(latex)).toBe(latex)
  })
})
