import { describe, expect, it } from 'vitest'
import type { FilterPart } from '../../../../src/filters/filter.ts'
import { createLinksFilter } from '../../../../src/filters/links/links-filter.ts'
import { maskText } from '../../../../src/filters/mask.ts'
import { never } from '../../../support/filters/filter-fixtures.ts'

const filter = createLinksFilter()
const context = { direction: 'outbound', group: 'default', executedSql: [] } as const
const inspect = (parts: readonly FilterPart[]) => filter.inspect(parts, context, never)

async function found(text: string, form: 'markdown' | 'html') {
  const findings = await inspect([{ text, provenance: 'tool', form }])
  return findings.map(({ start, end, category }) => `${category.replace('link/', '')} ${start}-${end}`)
}
const disarmed = async (text: string, form: 'markdown' | 'html') =>
  maskText(text, await inspect([{ text, provenance: 'tool', form }]))

describe('a link that leads elsewhere', () => {
  it('is said by the one character of it that is replaced', async () => {
    expect(await found('see [x](//e.example)', 'markdown')).toEqual(['inline 7-8'])
    expect(await found('[r]: //e.example', 'markdown')).toEqual(['definition 3-4'])
    expect(await found('a <b x=1>', 'markdown')).toEqual(['html 2-3'])
    expect(await found('a <img>', 'markdown')).toEqual(['html 2-3'])
    expect(await found('<p style="a&#b">', 'html')).toEqual(['attribute 8-9'])
    expect(await found('<a href=//e>', 'html')).toEqual(['attribute 7-8'])
    expect(await found('<p>url(//e)', 'html')).toEqual(['style 6-7'])
    expect(await found('@import x', 'html')).toEqual(['import 1-7'])
    expect(await found('<svg><style>&#b</style>', 'html')).toEqual(['html 5-6'])
  })

  it('is said by whom, how surely and in which text', async () => {
    const parts = ['no link', '[x](//e)'].map((text) => ({ text, provenance: 'tool', form: 'markdown' }) as const)
    expect(await inspect(parts)).toEqual([
      { part: 1, start: 3, end: 4, category: 'link/inline', score: 0.9, detector: 'foreign-links@2' },
    ])
    expect([filter.name, filter.onFailure]).toEqual(['foreign-links@2', 'closed'])
  })

  it('is not looked for in plain text, nor after an abort', async () => {
    expect(await inspect([{ text: '[x](//e) <img src=//e>', provenance: 'tool' }])).toEqual([])
    const stopped = AbortSignal.abort(new Error('enough'))
    await expect(filter.inspect([], context, stopped)).rejects.toThrow('enough')
  })
})

describe('the target of a link', () => {
  it.each([
    '#a', '#', '', 'a', 'a.png', '/a/b', './a', '../a', 'a/b?x=1', 'a?x=1#y', ' a ', '\na\n', 'a "Title"', '/v1/a-b_c.d',
  ])('of the answer itself stays: %j', async (target) => {
    expect(await disarmed(`[x](${target})`, 'markdown')).toBe(`[x](${target})`)
  }) // prettier-ignore

  it.each([
    '//e.example', 'https://e.example', 'a:b', '/\\e', '\\\\e', '&#47;/e', 'a b', 'a "Title', '<a>', '/a//b c', 'mailto:a', 'javascript:x()', '/\t/e', './/e', '...//e',
  ])('of anything else is disarmed: %j', async (target) => {
    expect(await disarmed(`[x](${target})`, 'markdown')).toBe(`[x] (${target})`)
  }) // prettier-ignore

  it.each([
    ['[r]: /a', '[r]: /a'],
    ['[r]: #a', '[r]: #a'],
    ['[r]: ./a\n[s]: //e', '[r]: ./a\n[s] ://e'],
    ['[r]: a', '[r]: a'],
    ['[r]: https:a', '[r] :https:a'],
    ['[r]:https:a', '[r] :https:a'],
    ['[r]: /\\e', '[r] :/\\e'],
    ['[r]: \\e', '[r] :\\e'],
    ['[r]: &#47;', '[r] :&#47;'],
    ['[r]: //e x', '[r] ://e x'],
    ['array[1]: 5', 'array[1]: 5'],
  ])('in a definition: %j', async (text, expected) => {
    expect((await disarmed(text, 'markdown')).replaceAll(' : ', ' :')).toBe(expected)
  })
})

/** Every tag that loads or runs something by itself. */
const loading = [
  'img', 'image', 'picture', 'source', 'video', 'audio', 'track', 'iframe', 'frame', 'frameset', 'embed', 'object', 'applet', 'link', 'style', 'script',
  'base', 'meta', 'input', 'portal', 'svg', 'math', 'form', 'button', 'use', 'template',
] // prettier-ignore
const active = ['iframe', 'frame', 'frameset', 'embed', 'object', 'applet', 'link', 'script', 'base', 'meta', 'portal', 'animate', 'set'] // prettier-ignore
const addressed = ['src', 'href', 'poster', 'data', 'background', 'action', 'formaction', 'ping', 'cite', 'manifest', 'codebase', 'archive'] // prettier-ignore
const handlers = [
  'abort', 'afterprint', 'animationend', 'auxclick', 'beforeunload', 'begin', 'blur', 'canplay', 'change', 'click', 'close', 'contextmenu', 'copy', 'cut',
  'dblclick', 'dragstart', 'drop', 'ended', 'error', 'focus', 'focusin', 'hashchange', 'input', 'invalid', 'keydown', 'keyup', 'keypress', 'load', 'loadstart',
  'message', 'mousedown', 'offline', 'online', 'pageshow', 'paste', 'pause', 'play', 'pointerdown', 'popstate', 'repeat', 'reset', 'resize', 'scroll', 'search',
  'seeked', 'select', 'show', 'stalled', 'storage', 'submit', 'suspend', 'toggle', 'touchstart', 'transitionend', 'unload', 'waiting', 'wheel', 'webkitfoo',
] // prettier-ignore

describe('tags and attributes', () => {
  it.each(loading)("of a model's words that load something: %s", async (name) => {
    for (const text of [`<${name}>`, `<${name.toUpperCase()}/>`, `<${name}\n>`, `<${name}`]) {
      expect(await disarmed(`a ${text}`, 'markdown')).toBe(`a ${text.replace('<', '< ')}`)
    }
    expect(await disarmed(`<${name}x>`, 'markdown')).toBe(`<${name}x>`)
    expect(await disarmed(`</${name}>`, 'markdown')).toBe(`</${name}>`)
  })

  it.each(active)('of a display that load something: %s', async (name) => {
    for (const text of [`<${name}>`, `<${name.toUpperCase()}/>`, `<${name}\n>`, `<${name}`]) {
      expect(await disarmed(`a ${text}`, 'html')).toBe(`a ${text.replace('<', '< ')}`)
    }
    expect(await disarmed(`<${name}x>`, 'html')).toBe(`<${name}x>`)
  })

  it.each(addressed)('of a display that take an address: %s', async (name) => {
    const gone = (value: string) => `<a ${name}-withheld=${value}>`
    for (const value of ['//e', '"//e"', "'//e'", '"/a"', 'x', '"data:text/html,x"', '"data:image/svg+xml;base64,x"']) {
      expect(await disarmed(`<a ${name}=${value}>`, 'html')).toBe(gone(value))
      expect(await disarmed(`<a ${name.toUpperCase()} = ${value}>`, 'html')).toContain('-withheld=')
    }
    for (const value of ['"#a"', '#a', '""', "''", '"data:image/png;base64,x"', "'data:image/gif;base64,x'"]) {
      expect(await disarmed(`<a ${name}=${value}>`, 'html')).toBe(`<a ${name}=${value}>`)
    }
    expect(await disarmed(`<a x${name}=//e>`, 'html')).toBe(`<a x${name}=//e>`)
  })

  it.each(['srcset', 'imagesrcset', 'lowsrc', 'dynsrc'])('of a display that list pictures: %s', async (name) => {
    expect(await disarmed(`<img ${name} ="#a">`, 'html')).toBe(`<img ${name}-withheld="#a">`)
  })

  it.each(handlers)('of a display that run code: on%s', async (name) => {
    expect(await disarmed(`<p on${name}="x()">`, 'html')).toBe(`<p on${name}-withheld="x()">`)
    expect(await disarmed(`<p a="b"on${name.toUpperCase()} =x()>`, 'html')).toContain('-withheld=')
    expect(await disarmed(`<p xon${name}="x()">`, 'html')).toBe(`<p xon${name}="x()">`)
  })
})

describe('styles', () => {
  it.each([
    ['url(//e)', 'url-withheld(//e)'],
    ['url("//e")', 'url-withheld("//e")'],
    ['url( x )', 'url-withheld( x )'],
    ['url("#a")', 'url("#a")'],
    ['url(#a)', 'url(#a)'],
    ['url(data:image/png;base64,x)', 'url(data:image/png;base64,x)'],
    ['url("data:image/svg+xml,x")', 'url("data:image/svg+xml,x")'],
    ['url(data:text/css,x)', 'url-withheld(data:text/css,x)'],
    ['src("//e")', 'src-withheld("//e")'],
    ["image('//e')", "image-withheld('//e')"],
    ['image(//e)', 'image-withheld(//e)'],
    ['image(https://e)', 'image-withheld(https://e)'],
    ['cross-fade("//e", red)', 'cross-fade-withheld("//e", red)'],
    ['cross-fade(red, blue)', 'cross-fade(red, blue)'],
    ['image-set("//e" 1x)', 'image-set-withheld("//e" 1x)'],
    ['u\\72l(//e)', 'u\\72l-withheld(//e)'],
    ['\\75rl(//e)', '\\75rl-withheld(//e)'],
    ['ur\\6c(//e)', 'ur\\6c-withheld(//e)'],
    ['\\000055 \\52 \\4c (//e)', '\\000055 \\52 \\4c -withheld(//e)'],
    ['curl(//e)', 'curl(//e)'],
    ['@import "//e"', '@withheld "//e"'],
    ['@IMPORT "//e"', '@withheld "//e"'],
    ['@i\\6dport "//e"', '@withheld6dport "//e"'],
    ['@important', '@important'],
    ['@media print', '@media print'],
  ])('of a display: %s', async (style, expected) => {
    expect(await disarmed(`<style>a{b:${style}}</style>`, 'html')).toBe(`<style>a{b:${expected}}</style>`)
  })

  it.each([
    ['<p style="a:&#b">', 'attribute'],
    ["<p style='a:&lpar;'>", 'attribute'],
    ['<p style=a:&#x28;>', 'attribute'],
    ['<p style = "a" x="&#b">', null],
    ["<p style='a' x='&#b'>", null],
    ['<p style=a x=&#b>', null],
    ['<p style=a>&#b', null],
    ['<p style="&quot;&apos;&amp;&nbsp;&#34;&#39;&#x22;&#x27;&#0034;">', null],
    ['<p style="a:&lpar', 'attribute'],
    ['<p title="a" style="b">&lpar;', null],
    ['<p style="b">&lpar;<p style="&rpar;">', 'attribute'],
    ['<style>a{b:&#b}</style>', 'html'],
    ['<style >&#b', 'html'],
    ['<style>a</style>&#b', null],
    ['<style>a</style>&#b<style>&#b</style>', 'html'],
    ['<styles>&#b', null],
  ])('with character references in them: %s', async (text, category) => {
    expect((await found(text, 'html')).map((one) => one.split(' ')[0])).toEqual(category === null ? [] : [category])
  })
})
