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
    ['any element that is hidden', 'It is 7.\n\n<article hidden>', '</article>'],
    ['one that says how it looks', '<p>It is 7.</p>\n<font color="white">x<b style="display:none">', '</b></font>'],
    ['its tag', 'x <p title="a', '"></p>'],
    ['a block of formulas', 'So:\n$$\nx = 7', '$$'],
    ['one behind a whole one', '$$\nx\n$$\n\n  $$', '$$'],
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
    ['elements that hide nothing', '<p>It is 7.\n<ul><li>a<li hidden></li> <img src="x"> <br class="x"> x<y and "z">1'],
    ['formulas that are whole', '$$x$$\n\n$$\nx = 7\n$$\n$$ y\nz $$\nIt costs $$ or 5$$.'],
    ['dollars in code', '```\n$$\n```'],
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
    const pieces = [
      '<div ',
      '<div "',
      '<!-',
      '<div a="',
      '</div',
      '<b',
      '```\n',
      '$$\n',
      '<p a="',
      '<p a=""',
      "<p '",
      '<!-- -->',
      "<div title='",
    ]
    for (const piece of pieces) expect(closingOf(piece.repeat(50_000)).length).toBeLessThan(1000)
  })
})
