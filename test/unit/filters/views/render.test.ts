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
