import { stripVTControlCharacters } from 'node:util'
import { describe, expect, it } from 'vitest'
import { createMarkdownRenderer } from '../../../../src/cli/output/rendered-markdown.ts'
import { createOutput } from '../../../../src/cli/terminal.ts'
import { PassThrough } from 'node:stream'
import { verifies } from '../../../support/verifies.ts'

const stream = Object.assign(new PassThrough(), { columns: 60 })
const renderer = await createMarkdownRenderer(createOutput(stream, { isTerminal: true, colour: true }))

const nested = (levels: number): string =>
  Array.from({ length: levels }, (_each, level) => `${' '.repeat(level * 2)}- item ${level}`).join('\n')

describe('Markdown in styles', () => {
  it('has the words of every block, in their order', async () => {
    const text = '# Head\n\nSome **bold** words.\n\n- one\n- two\n  - three\n\n> said\n\n```\ncode\n```\n\nEnd.'
    const shown = stripVTControlCharacters(await renderer.render(text))
    const words = ['Head', 'Some bold words.', 'one', 'two', 'three', 'said', 'code', 'End.']
    expect(words.map((word) => shown.indexOf(word)).toSorted((one, other) => one - other)).toEqual(
      words.map((word) => shown.indexOf(word)),
    )
    expect(shown).not.toContain('**')
  })

  // Styling takes twice as long with each level: thirty would take a day, in which no key is read.
  it.each([
    ['a list', nested(200)],
    ['a quotation', `${'> '.repeat(300)}deep`],
    ['quotations of lists', `${'> - '.repeat(60)}deep`],
    ['one of one line', `${'- '.repeat(400)}deep`],
  ])('shows what is nested too deep as it was written: %s', async (_what, text) => {
    verifies('terminal.deep')
    const shown = await renderer.render(`Before.\n\n${text}\n\nAfter **all**.`)
    expect(shown).toContain(text)
    expect(stripVTControlCharacters(shown)).toMatch(/^Before\.[^]*After all\.$/)
    expect(renderer.split(`${text}\n\nAfter`).rest.endsWith('After')).toBe(true)
  })

  it('shows a text as it was written that nests deeper than can be followed at all', async () => {
    const text = `Before.\n\n${'> '.repeat(20_000)}deep`
    expect(await renderer.render(text)).toBe(text)
  })

  it('styles lists as people write them', async () => {
    const shown = stripVTControlCharacters(await renderer.render(nested(6)))
    expect(shown).toContain('* item 5')
    expect(shown).not.toContain('- item')
  })

  it('takes thousands of marks that never close for text', async () => {
    for (const text of ['*a '.repeat(20_000), '_a\n'.repeat(20_000), '**a '.repeat(9_000)]) {
      expect(await renderer.render(text)).toBe(text.trimEnd())
    }
  })

  it('draws a table of many names with underscores', async () => {
    const rows = Array.from({ length: 700 }, (_each, row) => `| a_b_c_${row} | _x_y_ |`).join('\n')
    expect(await renderer.render(`| n | m |\n|---|---|\n${rows}`)).toContain('│ a_b_c_699 │')
  })
})
