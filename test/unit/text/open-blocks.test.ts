import { marked } from 'marked'
import { describe, expect, it } from 'vitest'
import { closingOf } from '../../../src/text/open-blocks.ts'

describe('what a text leaves open', () => {
  it.each([
    ['a comment', 'It is 7.\n\n<!-- so', '-->'],
    ['a comment in a line', 'It is 7 <!-- so', '-->'],
    ['a comment that looks closed', 'It is 7.\n<!--- -- >', '-->'],
    ['an instruction', '<?php echo 1', '?>'],
    ['a declaration', '<!DOCTYPE html', '>'],
    ['character data', '<![CDATA[ x', ']]>'],
    ['an element', 'It is 7.\n\n<details><summary>More</summary>', '</details>'],
    ['elements in each other', '<DIV hidden>\n<details>', '</details></div>'],
    ['an element that claims to be empty', '<div hidden/>', '</div>'],
    ['a script', 'x\n<script>\n', '</script>'],
    ['a tag', 'x <div title=', '></div>'],
    ['a tag in a quotation', `<div title="it's > 7`, '"></div>'],
    ['a block of code', 'So:\n```sql\nSELECT 1', '```'],
    ['a longer block of code', '~~~~\n~~~\n```', '~~~~'],
  ])('%s is closed', (_name, text, closing) => {
    expect(closingOf(text)).toBe(closing)
  })

  it.each([
    ['words', 'It is 7 < 8 and a <b and 3 <x.'],
    [
      'what is closed',
      'a <!-- b --> <!--> <?x?> <!X> <div>c</div> </span> <script>1</script> <br> <span title="a>b"></span>',
    ],
    ['code that is whole', '```\n<b>\n```\n\n~~~\n```\n~~~\nEnd.'],
    ['code of a list, which ends with it', '- a\n  ```\n  b'],
    ['a span of code', '``` x ```'],
    ['nothing', ''],
  ])('%s needs nothing', (_name, text) => {
    expect(closingOf(text)).toBe('')
  })

  it('does not hide what is put behind it', () => {
    for (const text of ['a\n\n<!-- b', 'a\n<script>', 'a\n<?x', 'a\n<![CDATA[', '```\na', '<style>\na', '<!X']) {
      const shown = (closing: string) => marked.parse(`${text}\n${closing}\n\n> told`, { async: false })
      expect(shown(closingOf(text))).toMatch(/<blockquote>\s*<p>told/)
      expect(shown('')).not.toMatch(/<blockquote>\s*<p>told/)
    }
  })

  it('is bounded, and read once whatever it is made of', () => {
    expect(closingOf('<div>'.repeat(50_000))).toBe('</div>'.repeat(100))
    const pieces = ['<div ', '<div "', '<!-', '<div a="', '</div', '<b', '```\n', '<!-- -->', "<div title='"]
    for (const piece of pieces) expect(closingOf(piece.repeat(50_000)).length).toBeLessThan(1000)
  })
})
