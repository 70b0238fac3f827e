import { describe, expect, it } from 'vitest'
import { render } from '../../../../src/filters/views/render.ts'

describe('what a renderer shows', () => {
  it.each([
    ['a line of its own', 'a<div>b</div>c', 'a\nb\nc'],
    ['an inline tag', 'a<b>b</b>c', 'abc'],
    ['a tag longer than a line of its own is read', `a<div ${'x'.repeat(600)}>b`, 'ab'],
    ['a comment', 'a<!-- x -->b', 'ab'],
    ['a link', 'a[b](c)d', 'abd'],
    ['a picture', 'a![b](c)d', 'abd'],
    ['a bracket that is escaped', 'a\\[b](c)d', 'a[b](c)d'],
    ['bytes of UTF-8', 'caf%C3%A9', 'caf\u00e9'],
    ['a byte of Latin-1', 'caf%E9', 'caf\u00e9'],
    ['bytes of a mail', 'a=41=42', 'aAB'],
    ['a soft break of a mail', 'a=41=42 x=\ny', 'aAB xy'],
    ['an equals sign at the end of a line', '**a** x=\ny', 'a x=\ny'],
    ['a reference', 'a&amp;b&#65;', 'a&bA'],
    ['an octal number', 'a\\101', 'aA'],
    ['a number in hexadecimal', 'a\\x41\\u0042\\u{43}', 'aABC'],
    ['a line end', 'a\\nb', 'a\nb'],
    ['a capital, which is no line end', 'a\\Nb', 'a b'],
    ['a tab', 'a\\tb', 'a b'],
    ['a thin space', 'a\\,b', 'a b'],
    ['a mark that is escaped', 'a\\!b', 'a!b'],
    ['a line end that is escaped', 'a\\\nb', 'a\nb'],
    ['blanks before a line end', 'a \nb', 'a\nb'],
    ['a quotation', 'a\n> b', 'a\nb'],
    ['marks of emphasis', '**a** _b_ `c`', 'a b c'],
  ])('resolves %s', (_what, text, shown) => {
    expect(render(text)[0]?.text).toBe(shown)
  })
})

const views = (text: string) => render(text).map((view) => view.text)
/** What of a text stands for a part of what is shown. */
function originOf(text: string, part: string): string | null {
  const [shown] = render(text)
  const at = shown?.text.indexOf(part) ?? -1
  if (shown === undefined || at < 0) return null
  const { start, end } = shown.span(at, at + part.length)
  return text.slice(start, end)
}

describe('what a renderer leaves as it is', () => {
  it.each([
    'plain words, 1 < 2 and 3 > 2',
    'snake_case_name and a_b',
    'a * b is a product',
    '* a point of a list',
    'a~b',
    '5 % of it, 100%',
    'a & b &c; &nosuchname;',
    'a = b',
    'x =41 y',
    'f[0](x and [y]',
    '<3 you, a<b',
    '<!- no comment ->',
    'a\\qb',
    'a \\u12 b',
  ])('none of %j is changed', (text) => {
    expect(views(text)).toEqual([])
  })
})

describe('marks of emphasis', () => {
  it.each([
    ['*a*', 'a'],
    ['**a**', 'a'],
    ['__a__', 'a'],
    ['_a_', 'a'],
    ['a_b_', 'a_b'],
    ['_a_b', 'a_b'],
    ['a__b', 'ab'],
    ['(_a_)', '(a)'],
    ['~~a~~', 'a'],
    ['`a`', 'a'],
    ['```a```', 'a'],
    ['4*5', '4 5'],
    ['4**5', '45'],
    ['a*5', 'a5'],
    ['4*a', '4a'],
    ['*a * b', 'a * b'],
    ['*a\n* b', 'a\n* b'],
    ['a *b', 'a b'],
    ['a* b', 'a b'],
  ])('of %j leave %j', (text, shown) => {
    expect(views(text)[0]).toBe(shown)
  })

  it.each([
    ['41*11* 1', ['41 11 1', '4111 1']],
    ['*41*11 1', ['41 11 1', '4111 1']],
    ['4*1 a', ['4 1 a']],
    ['4*1*1', ['4 1 1', '411']],
    ['4*1\n1*1', ['4 1\n1 1', '4 1\n1 1']],
    [`4*1${'a'.repeat(60)}*b`, [`4 1${'a'.repeat(60)}b`, `4 1${'a'.repeat(60)}b`]],
    [`4*1${'a'.repeat(40)}*b`, [`4 1${'a'.repeat(40)}b`, `41${'a'.repeat(40)}b`]],
    [`b*${'a'.repeat(40)}4*1`, [`b${'a'.repeat(40)}4 1`, `b${'a'.repeat(40)}41`]],
    [`b*${'a'.repeat(60)}4*1`, [`b${'a'.repeat(60)}4 1`, `b${'a'.repeat(60)}4 1`]],
    ['**4*1', ['4 1', '4 1']],
    ['4*1**', ['4 1', '4 1']],
    ['* 4*1', ['* 4 1', '* 4 1']],
  ])('between digits are read as a product and as emphasis: %j', (text, expected) => {
    expect(views(text)).toEqual(expected)
  })
})

describe('escapes', () => {
  it.each([
    ['a%41%42', 'aAB'],
    ['a%e4%b8%ad', 'a\u4e2d'],
    ['a%f0%9f%98%80', 'a\u{1f600}'],
    ['a%c3', 'a\u00c3'],
    ['a%c3%28', 'a\u00c3('],
    ['a%e4%b8', 'a\u00e4\u00b8'],
    ['a%e0%a4%85', 'a\u0905'],
    ['a%ef%bf%ae', 'a\uffee'],
    ['a%f0%90%8d%88', 'a\u{10348}'],
    ['a%c2%a9', 'a\u00a9'],
    ['a%df%bf', 'a\u07ff'],
    ['a\\u{10ffff}', 'a\u{10ffff}'],
    ['a%c1%81', 'a\u00c1\u0081'],
    ['a%4', null],
    ['a=40b', 'a@b'],
    ['a=2Eb', 'a.b'],
    ['a=41', null],
    ['a=C3=BC', 'a\u00fc'],
    ['a&lt;&#60;&#x3c;&#X3C;', 'a<<<<'],
    ['a&#64b', 'a@b'],
    ['a\\u{1f600}', 'a\u{1f600}'],
    ['a\\U0001f600', 'a\u{1f600}'],
    ['a\\U00110000', null],
    ['a\\U00000041b', 'aAb'],
    ['a\\u0041bcde', 'aAbcde'],
    ['a\\U0041x', 'aAx'],
    ['a\\x{41}', 'aA'],
    ['a\\u{110000}', null],
    ['a\\101\\60', 'aA0'],
    ['a\\1011', 'aA1'],
    ['a\\n\\rb', 'a\n\nb'],
    ['a\\tb', 'a b'],
    ['a\\;\\:\\ b', 'a   b'],
    ['a\\[b\\]\\*\\_\\`\\{\\~', 'a[b]*_`{~'],
    ['a\\\r\nb', 'a\nb'],
    ['a \t\r\nb', 'a\nb'],
    ['a\n>b', 'a\nb'],
    ['a\n> > b', 'a\nb'],
    ['a \n>  b', 'a\n  b'],
    ['x=41=42 y=\r\nz', 'xAB yz'],
  ])('of %j say %j', (text, shown) => {
    expect(views(text)[0] ?? null).toBe(shown)
  })
})

describe('links, tags and comments', () => {
  it.each([
    ['a [b](c) d', 'a b d'],
    ['a [b][c] d', 'a b d'],
    ['a ![b](c) d', 'a b d'],
    ['[a](b) [c](d)', 'a c'],
    ['[a **b**](c) d', 'a b d'],
    ['[a](b%41) c', 'a c'],
    ['[a](b', null],
    ['[a] (b)', null],
    ['<b>a</b>', 'a'],
    ['<b class="x">a', 'a'],
    ['a<br>b', 'a\nb'],
    ['a<br/>b', 'a\nb'],
    ['a</p>b', 'a\nb'],
    ['a<P class=x>b', 'a\nb'],
    ['a<pre>b<hr>c<h1>d', 'a\nb\nc\nd'],
    ['a<prex>b', 'ab'],
    ['a<h7>b', 'ab'],
    ['a<!-- <b> -->c', 'ac'],
    ['a<!-- b', null],
    ['a<!-- b --> c --> d', 'a c --> d'],
    ['a<!-- b --><!-- c -->d', 'ad'],
    [`a<!--${'b'.repeat(3_996)}-->c`, 'ac'],
    [`a<!--${'b'.repeat(3_997)}-->c`, null],
    [`${'x'.repeat(4_000)}<!-- b -->c`, `${'x'.repeat(4_000)}c`],
    [`${'x'.repeat(4_000)}<!-- b --><!-- c -->d`, `${'x'.repeat(4_000)}d`],
    [`a<!--${'b'.repeat(4_000)}-->c`, null],
    [`a<!-- b --><!--${'b'.repeat(4_000)}-->c`, `a<!--${'b'.repeat(4_000)}-->c`],
  ])('of %j show %j', (text, shown) => {
    expect(views(text)[0] ?? null).toBe(shown)
  })

  it('that hold an escape are read without being taken out, too', () => {
    expect(views('<a title="a&#64;b">c</a>')).toEqual(['c', '<a title="a@b">c</a>'])
    expect(views('<a title="abcdef">c</a>')).toEqual(['c'])
    expect(views('[c](/abcdefg%41) d')).toEqual(['c d', '[c](/abcdefgA) d'])
    expect(views('a<!-- b%41 cdef -->c')).toEqual(['ac', 'a<!-- bA cdef -->c'])
    expect(views('<b>a&#64;b</b>')).toEqual(['a@b'])
    expect(views('<br title="a&#64;b">c')).toEqual(['\nc', '<br title="a@b">c'])
    expect(views('<b a=%41>c')).toEqual(['c', '<b a=A>c'])
    expect(views('<b =%41>c')).toEqual(['c'])
  })
})

describe('the way back from what is shown', () => {
  it.each([
    ['a **b** c', 'b', 'b'],
    ['a **b** c', 'a b c', 'a **b** c'],
    ['x&#64;y', '@', '&#64;'],
    ['x%c3%bc%41y', '\u00fc', '%c3%bc'],
    ['x%c3%bc%41y', 'A', '%41'],
    ['x%41%42y', 'B', '%42'],
    ['a [b](c) d', 'b', 'b'],
    ['a [b](c) d', ' d', ' d'],
    ['a [b](c) d', 'b d', 'b](c) d'],
    ['a<br>b', 'b', 'b'],
    ['a\\x41b', 'A', '\\x41'],
  ])('in %j leads from %j to %j', (text, part, origin) => {
    expect(originOf(text, part)).toBe(origin)
  })
})
