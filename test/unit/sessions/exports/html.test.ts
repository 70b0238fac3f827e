import { describe, expect, it } from 'vitest'
import type { ConversationItem, ToolOutcome } from '../../../../src/core/conversations.ts'
import { toHtml } from '../../../../src/sessions/exports/html.ts'
import { cellResult } from '../../../support/sandbox/cell-result.ts'
import { verifies } from '../../../support/verifies.ts'

const made = new Date('2026-03-02T08:00:00Z')

function htmlOf(items: readonly ConversationItem[], title: string | null = null): string {
  const kept = items.map((item, place) => ({
    id: `item_${place}`,
    conversation: 'conv_1',
    place,
    run: 'run_1',
    made,
    item,
  }))
  return toHtml({ id: 'conv_1', title, made, items: kept })
}

const said = (content: string): ConversationItem => ({ type: 'message', role: 'assistant', content })
const result = (changes: Partial<Extract<ToolOutcome, { readonly kind: 'result' }>>): ConversationItem => ({
  type: 'tool-use',
  callId: 'c',
  tool: 'run_sql',
  source: { language: 'sql', text: 'SELECT 1 < 2' },
  outcome: { kind: 'result', milliseconds: 1, cell: null, table: null, ranIn: 'pglite', summary: '1 row', ...changes },
})

/** What a page may be made of: elements with the attributes that they may have, by the values of these. */
const elements: Readonly<Record<string, Readonly<Record<string, RegExp>>>> = {
  ...Object.fromEntries(
    'head title style body header main section h1 h2 h3 h4 h5 h6 p br hr pre code strong em del blockquote ul ol li table thead tbody tr details summary figure figcaption'
      .split(' ')
      .map((name) => [name, {}]),
  ),
  html: { lang: /^en$/ },
  meta: { charset: /^utf-8$/, 'http-equiv': /^Content-Security-Policy$/, name: /^(referrer|viewport)$/, content: /./ },
  div: { class: /^table$/ },
  p: { class: /^note$/ },
  td: { class: /^number$/ },
  th: { class: /^number$/ },
  img: { alt: /^[^<>"]*$/, src: /^data:image\/(?:png|jpeg);base64,[\w+/=]+$/ },
}

/** What of a page is none of that. */
function foreign(html: string): readonly string[] {
  const body = html.replace(/^<!doctype html>/, '').replace(/<style>[\s\S]*?<\/style>/, '')
  return [...body.matchAll(/<([^\s>/]*)([^>]*)>?/g)].flatMap(([whole, name = '', rest = '']) => {
    if (name === '') return /^<\/[a-z]+\d?>$/.test(whole) ? [] : [whole]
    const allowed = elements[name]
    const own = [...rest.matchAll(/\s([\w-]+)="([^"]*)"/g)]
    const isPlain = rest.replaceAll(/\s[\w-]+="[^"]*"/g, '').trim() === ''
    const isFine =
      allowed !== undefined && isPlain && own.every(([, key = '', value = '']) => allowed[key]?.test(value))
    return isFine ? [] : [whole]
  })
}

const marks = '<b onclick="x()">"\'&</b>'
const hostile: readonly string[] = [
  '<script>x()</script>',
  '<img src=x onerror=x()>',
  '<svg><a href="https://a.example">x</a></svg>',
  '</section></main></body><iframe src="https://a.example"></iframe>',
  '<style>@import "https://a.example"</style>',
  '<!-- <script> --><meta http-equiv="refresh" content="0;url=https://a.example">',
  '[x](javascript:x())',
  '[x](https://a.example "title\\" onclick=\\"x()")',
  '![x"><script>](https://a.example/p.png)',
  '<https://a.example> and https://a.example and a@b.example',
  '[x]\n\n[x]: https://a.example',
  '```"><script>\n</code></pre><script>x()</script>\n```',
  '`</code><script>`',
  '| <b> | [x](https://a.example) |\n|---|---|\n| ![p](https://a.example) | `<i>` |',
  '- [x] <form action="https://a.example">\n1. <input autofocus onfocus=x()>',
  '&lt;script&gt; &#60;script&#62; &amp;lt;',
  '# <h1 onmouseover=x()>',
  '\u202Etxt.exe\u0000\u001B[2J\uD800',
  `${'> '.repeat(3_000)}<script>`,
  `${'['.repeat(5_000)}x${'](y)'.repeat(5_000)}`,
]

describe('a conversation as a page', () => {
  it.each(hostile)('has no element and no attribute of %j, wherever it stands', (text) => {
    verifies('clients.html-export')
    const table = { columns: [{ name: text, type: text }], rows: [[text]], totalRows: 9 }
    const shown = { isMain: true, text, html: text, svg: text, markdown: text, png: text, chart: { title: text } }
    const cell = cellResult({
      stdout: { text, truncated: false },
      results: [shown, { ...shown, png: 'iVBORw0KGgo=' }],
      error: { name: text, value: text, traceback: text },
    })
    const html = htmlOf(
      [
        said(text),
        { type: 'plan', steps: [{ step: text, status: 'pending' }] as never },
        result({ table, cell, summary: text }),
        {
          type: 'tool-use',
          callId: text,
          tool: text,
          source: { language: 'sql', text },
          outcome: { kind: 'failure', message: text },
        },
        { type: 'artifact', fileId: null, name: text, mediaType: text, bytes: 1 },
      ],
      text,
    )
    expect(foreign(html)).toEqual([])
    for (const sign of ['\u202E', '\u0000', '\u001B', '\uD800']) expect(html).not.toContain(sign)
  })

  it('would be seen to have some by this test', () => {
    for (const page of [
      '<script>',
      '<img src="https://a.example">',
      '<p onclick="x()">',
      '<a href="x">',
      '<p x>',
      '<',
      '<!-- -->',
    ]) {
      expect(foreign(page)).toHaveLength(1)
    }
  })

  it('says what was said, where links led to, what ran, and what it came to', () => {
    const text = 'It is **two**: [see](https://a.example/b?c=1&d=2).\n\n- one\n- `x < y`'
    const table = { columns: [{ name: 'n', type: 'int' }], rows: [[2], [null]], totalRows: 5 }
    const cell = cellResult({ results: [{ isMain: true, png: 'iVBORw0KGgo=', chart: { title: 'Sales' } }] })
    const html = htmlOf([said(text), result({ table, cell })], `Sales ${marks}`)
    expect(html).toContain('<strong>two</strong>: see (https://a.example/b?c=1&amp;d=2).')
    expect(html).toContain('<li>one</li><li><code>x &lt; y</code></li>')
    expect(html).toContain('<details><summary>run_sql: 1 row</summary>\n<pre><code>SELECT 1 &lt; 2</code></pre>')
    expect(html).toContain('<td class="number">2</td>')
    expect(html).toContain('2 of 5 rows.')
    expect(html).toContain('<img alt="Sales" src="data:image/png;base64,iVBORw0KGgo="><figcaption>Sales</figcaption>')
    expect(html).toContain(`<title>Sales &lt;b onclick=&quot;x()&quot;&gt;&quot;&#39;&amp;&lt;/b&gt;</title>`)
    expect(html).toMatch(/default-src &#39;none&#39;; style-src &#39;sha256-[\w+/]+=&#39;; img-src data:/)
  })
})
