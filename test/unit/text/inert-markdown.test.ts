import * as fc from 'fast-check'
import { lexer, walkTokens, type Token, type Tokens } from 'marked'
import { describe, expect, it } from 'vitest'
import { inertMarkdown } from '../../../src/text/inert-markdown.ts'
import { propertyRuns } from '../../support/property-runs.ts'

/** What a reader of Markdown would make of it that does something. */
function active(markdown: string): string[] {
  const found: string[] = []
  void walkTokens(lexer(markdown), (token: Token) => {
    if (token.type === 'html' || token.type === 'image') found.push(token.raw)
    if (token.type === 'link' && !/^(?:https?:\/\/|mailto:|#)/i.test((token as Tokens.Link).href)) found.push(token.raw)
  })
  return found
}

const hostile = [
  '<script>x()</script>',
  'a <img src=x> b',
  '<!-- c -->',
  '![chart](https://elsewhere.example/a.png)',
  '![a][b]\n\n[b]: https://elsewhere.example/a.png',
  '[open](javascript:x())',
  '[open](&#106;avascript:x())',
  '[open](\njavascript:x())',
  '[open](<javascript:x()>)',
  '[open][b]\n\n[b]: javascript:x()',
  '[open][b]\n\n[b]:\njavascript:x()',
  '- [b]: javascript:x()\n\n[b]',
  '> [b]: data:text/html,x\n>\n> [b]',
  '<javascript:x()>',
  '`a\n<b>x</b>`',
  '``a` <b>x</b>',
  '``` `\n<b>x</b>',
  '    ```\n<b>x</b>',
  '~~~\n```\n~~~\n<b>x</b>',
  '```\n~~~\n```\n<b>x</b>',
  '````\n```\n<i>\n````\n<b>x</b>',
  '`\r\r<script>x()</script>\r\r`',
  '```\r\n`\r\r<b>x</b>`\r\n```\r`\r\r<b>x</b>`',
  '[``](javascript:x``)',
  '[a ```](javascript:x "```")',
  'a `b` [``](<javascript:x``>)',
  '[`a ``](javascript:x`)',
  '[`a` ``b`](javascript:x``)',
  '[[`]](javascript:x`)',
]

/** What Markdown is made of, and what it does something by. */
const pieces =
  String.raw`<b> </b> <!-- --> ![ [ ] ]( ) ]: > - 1. a javascript:x https://a.example < ! &#106; $ | --- \ ~~~`
    .split(' ')
    .concat(' ', '\r', '\r\r', '\r\n', '\n', '\n\n', '\t', '    ', '`', '``', '```')

describe('Markdown that does nothing', () => {
  it.each(hostile)('is made of %j', (text) => {
    expect(active(text).length + Number(/[`<]|b\]/.test(text))).toBeGreaterThan(0)
    expect(active(inertMarkdown(text))).toEqual([])
  })

  it('is what it is made of everything', () => {
    const piece = fc.constantFrom(...pieces)
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 24 }), (written) => {
        expect(active(inertMarkdown(written.join('')))).toEqual([])
      }),
      { numRuns: propertyRuns(5_000) },
    )
  })

  it('keeps headings, lists, tables, emphasis, code and links to pages', () => {
    const text = [
      '# Revenue',
      '',
      '- **2024**: `a < b`',
      '- [source](https://example.com/a?b=1)',
      '',
      '| a | b |',
      '| - | - |',
      '| 1 | 2 |',
      '',
      '```python',
      'if a < b: print("![x](y)")',
      '```',
    ].join('\n')
    expect(inertMarkdown(text)).toBe(text)
  })

  it('takes no formula for more than its text', () => {
    expect(inertMarkdown('from $5 to $6, \\href{javascript:x}{y}')).toBe(
      'from &#36;5 to &#36;6, \\ href{javascript:x}{y}',
    )
  })

  it('closes a fence that was left open, so that what follows is no code', () => {
    expect(inertMarkdown('```\nx')).toBe('```\nx\n```')
  })
})
