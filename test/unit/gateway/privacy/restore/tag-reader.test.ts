import { describe, expect, it } from 'vitest'
import { TagReader } from '../../../../../src/gateway/privacy/restore/tag-reader.ts'

/** The text with every character behind which a value would stand in a tag as `…`. */
function insides(html: string, reader = new TagReader()): string {
  return Array.from(html, (character) => (reader.read(character), reader.isInside ? '…' : character))
    .join('')
    .replaceAll(/…+/g, '…')
}

describe('a place in HTML', () => {
  it.each([
    ['a<b>c', 'a<…>c'],
    ['a<B>c', 'a<…>c'],
    ['a</b>c', 'a<…>c'],
    ['a<z y>c', 'a<…>c'],
    ['a<!b>c', 'a<…>c'],
    ['a<?b>c', 'a<…>c'],
    ['a</1 b>c', 'a<…>c'],
    ['a<b/>c', 'a<…>c'],
    ['<b c="d>e">f', '<…>f'],
    ["<b c='d>e'>f", '<…>f'],
    ['<b c=\'"\'>d">e', '<…>d">e'],
    ['<b c = "d>e">f', '<…>f'],
    ['<b c\n=\t"d>e"\f>f', '<…>f'],
    ['<b c=d e=">">f', '<…>f'],
    ['<b c="d"e=">">f', '<…>f'],
    ['<b/c=">">f', '<…>f'],
    ['<b c/d=">">f', '<…>f'],
    ['</b c=">">f', '<…>f'],
  ])('%j is within a tag until the tag has its end', (html, expected) => {
    expect(insides(html)).toBe(expected)
  })

  it.each(['a < b > c', 'a<1>', 'a<_b>', 'a<>', 'a<éb>', 'a > b', 'a="b>c"', '/b!c?', '< a="'])(
    '%j has no tag',
    (html) => {
      expect(insides(html)).toBe(html)
    },
  )

  it.each([
    '<b=">c',
    '<b =">c',
    '<b "c>d',
    '<b c"=>d',
    '<b c=d">e',
    '<b c=d=">e',
    '<b c==">d',
    '<b c== ">d',
    '<b c="d"=">e',
    '<b c="d"">e',
    '<b/=">c',
    '<b c/=">d',
    '<b c=\u00a0">d',
    '<b c=\u2028">d',
    '<b c d">e',
    '<b c=>d',
    '<b c= >d',
    '</b="c>d',
    '</1 b="c>d',
    '<!b c="d>e',
    '<?b c="d>e',
  ])('%j has no open quote behind its first ">": a quote opens right behind the "=" of an attribute alone', (html) => {
    const end = html.indexOf('>')
    expect(insides(html)).toBe(`<…${html.slice(end)}`)
  })

  it.each([
    ['<!-- a > b -->c', '<…>c'],
    ['<!-- a --!>c', '<…>c'],
    ['<!-- a -- > b -- !> -! > ->c-->d', '<…>d'],
    ['<!--->c', '<…>c'],
    ['<!-- <b c="-->d', '<…'],
    ['<!- a >b', '<…>b'],
    ['</!-- a>b', '<…>b'],
    ['<!a <!-- b >c -->d', '<…>d'],
  ])('%j: a comment goes on until its own mark', (html, expected) => {
    expect(insides(html)).toBe(expected)
  })

  it.each([
    '<style>a>b</style>#c',
    '<STYLE x="y">a</b>c</sTyLe\n>#d',
    '<script/>a</script >#c',
    '<script>a</script/>#c',
    '<script>a</script\t>#c',
    '<script>a</script\r>#c',
    '<script>a</scriptx></script\u00a0></script\f>#c',
    '<style>a</script>b</style>#c',
    '<script>a</style>b</script>#c',
    '<style>a<style>b</style>#c',
    '<script>a</ script>b< /script>c</script>#d',
  ])('%j: what is no text is inside until its own end tag', (html) => {
    const [before = '', behind = ''] = html.split('#')
    expect(insides(before + behind)).toBe(`<…>${behind}`)
  })

  it.each([
    '<styles>',
    '<script1>',
    '<s cript>',
    '<sty le>',
    '</script>',
    '</style>',
    '<!script>',
    '<scrip>',
    '<sscript>',
    '<b script>',
    '<b c=style>',
  ])('%j has text behind it', (html) => {
    expect(insides(`${html}a`).endsWith('>a')).toBe(true)
  })

  it('is inside where one of several tags has no end yet, whatever it stands in', () => {
    expect(insides('<b c="<d>e">f')).toBe('<…>f')
    expect(insides('<b c="<d e=\'">f\'>g')).toBe('<…>g')
    expect(insides('<!-- <b c="--> <d>e">f')).toBe('<…>f')
    expect(insides('<b c="<style>">d</style>e')).toBe('<…>e')
  })

  it('is outside behind the end of a text, and nothing of the text goes on', () => {
    const reader = new TagReader()
    expect(insides('<b c="', reader)).toBe('<…')
    reader.end()
    expect(reader.isInside).toBe(false)
    expect(insides('a>b<c>d', reader)).toBe('a>b<…>d')
    expect(insides('<', reader)).toBe('<')
    reader.end()
    expect(insides('b c', reader)).toBe('b c')
  })
})
