// Textbook attacks on pages that show what others wrote. RUN stands for what a script of it does, OFF for an address of another origin.

/** A text that a page must show as text. */
interface HostileText {
  readonly name: string
  readonly text: string
  /** What stands on the page in its place; the text itself without it. */
  readonly shown?: string
}

/** HTML and SVG that run or load something by themselves where a page takes them as markup: a browser is asked whether they do. */
export const markup: readonly HostileText[] = [
  { name: 'picture with a handler', text: '<img src="data:," onerror="RUN">' },
  { name: 'picture from elsewhere', text: '<img src="OFF">' },
  { name: 'set of pictures', text: '<img srcset="OFF 1x">' },
  { name: 'picture by its media', text: '<picture><source srcset="OFF"><img src="data:,"></picture>' },
  { name: 'capitals and no quotes', text: '<IMG SRC=data:, OnErRoR=RUN>' },
  { name: 'strokes for spaces', text: '<img/src="data:,"/onerror="RUN">' },
  { name: 'SVG with a handler', text: '<svg onload="RUN"></svg>' },
  { name: 'SVG with a picture', text: '<svg><image href="OFF" /></svg>' },
  { name: 'SVG that is animated', text: '<svg><animate onbegin="RUN" attributeName="x" dur="1s"></animate></svg>' },
  { name: 'HTML within SVG', text: '<svg><foreignObject><img src="data:," onerror="RUN"></foreignObject></svg>' },
  {
    name: 'filter from elsewhere',
    text: '<svg><filter id="f"><feImage href="OFF" /></filter><rect width="9" height="9" filter="url(#f)" /></svg>',
  },
  { name: 'frame with a script', text: '<iframe srcdoc="<script>parent.RUN</script>"></iframe>' },
  { name: 'frame with an address of a script', text: '<iframe src="javascript:parent.RUN"></iframe>' },
  { name: 'frame from elsewhere', text: '<iframe src="OFF"></iframe>' },
  { name: 'object', text: '<object data="OFF"></object>' },
  { name: 'embedded', text: '<embed src="OFF">' },
  { name: 'film', text: '<video autoplay src="OFF"></video>' },
  { name: 'cover of a film', text: '<video poster="OFF"></video>' },
  { name: 'source with a handler', text: '<video><source src="data:," onerror="RUN"></video>' },
  { name: 'sound', text: '<audio src="data:," onerror="RUN"></audio>' },
  { name: 'opened details', text: '<details open ontoggle="RUN">x</details>' },
  { name: 'focus by itself', text: '<input autofocus onfocus="RUN">' },
  { name: 'picture as a button', text: '<input type="image" src="OFF">' },
  { name: 'style sheet from elsewhere', text: '<link rel="stylesheet" href="OFF">' },
  { name: 'import of a style', text: '<style>@import "OFF";</style>' },
  { name: 'background of a style', text: '<p style="background: url(OFF)">x</p>' },
  {
    name: 'style that animates',
    text: '<style>@keyframes x{}</style><b style="animation:x 1s" onanimationstart="RUN">x</b>',
  },
  { name: 'broken out of an attribute', text: '"><img src="data:," onerror="RUN">' },
  { name: 'broken out of a comment', text: '--><svg onload="RUN"></svg>' },
  { name: 'broken out of a title', text: '</title><svg onload="RUN"></svg>' },
  { name: 'broken out of a script', text: '</script><svg onload="RUN"></svg>' },
  { name: 'broken out of a field', text: '</textarea><img src="data:," onerror="RUN">' },
  { name: 'markup that moves', text: '<math><mtext></p><img src="data:," onerror="RUN"></mtext></math>' },
  { name: 'script', text: '<script>RUN</script>' },
  { name: 'script from elsewhere', text: '<script src="OFF"></script>' },
]

/** What terminals and readers are led by, and what only some programs read as something else. */
export const characters: readonly HostileText[] = [
  { name: 'colours of a terminal', text: '\u001B[31mred\u001B[0m', shown: '␛[31mred␛[0m' },
  { name: 'cleared screen', text: '\u001B[2J\u001B[Hgone', shown: '␛[2J␛[Hgone' },
  { name: 'title of a terminal', text: '\u001B]0;owned\u0007', shown: '␛]0;owned␇' },
  { name: 'link of a terminal', text: '\u001B]8;;OFF\u001B\\here\u001B]8;;\u001B\\', shown: '␛]8;;OFF␛\\here␛]8;;␛\\' },
  { name: 'control of eight bits', text: 'a\u009B31mb', shown: 'a⟨U+009B⟩31mb' },
  { name: 'text that overwrites itself', text: 'refused\b\b\b\b\b\b\ballowed', shown: 'refused␈␈␈␈␈␈␈allowed' },
  { name: 'override of direction', text: 'invoice\u202Efdp.exe', shown: 'invoice⟨U+202E⟩fdp.exe' },
  { name: 'isolated direction', text: 'a\u2066b\u2069c', shown: 'a⟨U+2066⟩b⟨U+2069⟩c' },
  { name: 'mark of direction', text: 'a\u200Fb', shown: 'a⟨U+200F⟩b' },
  { name: 'zero width', text: 'pay\u200Bpal', shown: 'pay⟨U+200B⟩pal' },
  { name: 'soft hyphen', text: 'pay\u00ADpal', shown: 'pay⟨U+00AD⟩pal' },
  { name: 'letters as tags', text: 'hi\u{E0048}\u{E0049}', shown: 'hi⟨U+E0048⟩⟨U+E0049⟩' },
  { name: 'line of programs', text: 'a\u2028b', shown: 'a⟨U+2028⟩b' },
  { name: 'entities', text: '&lt;img src=x onerror=alert(1)&gt; &#60;b&#62;' },
  { name: 'entities twice', text: '&amp;lt;script&amp;gt;' },
  { name: 'template of a framework', text: "{{constructor.constructor('RUN')()}}" },
  { name: 'template of a language', text: '${RUN}' },
  { name: 'name of a prototype', text: '__proto__' },
  { name: 'formula of a sheet', text: '=HYPERLINK("OFF","here")' },
]

/** Markdown: what stands on the page, and the addresses of its links. */
interface HostileMarkdown extends HostileText {
  readonly shown: string
  /** Where its links lead; none without it. */
  readonly links?: readonly string[]
}

/** Each is a block of its own of an answer. */
export const markdown: readonly HostileMarkdown[] = [
  { name: 'script as an address', text: '[m01](javascript:RUN)', shown: 'm01' },
  { name: 'script in capitals', text: '[m02](JaVaScRiPt:RUN)', shown: 'm02' },
  { name: 'script behind an entity', text: '[m03](&#106;avascript:RUN)', shown: 'm03' },
  { name: 'script behind a code', text: '[m04](javascript&colon;RUN)', shown: 'm04' },
  { name: 'script behind a tab', text: '[m05](<java\tscript:RUN>)', shown: 'm05' },
  { name: 'script of another language', text: '[m06](vbscript:RUN)', shown: 'm06' },
  { name: 'page as an address', text: '[m07](data:text/html,<script>RUN</script>)', shown: 'm07' },
  { name: 'file', text: '[m08](file:///etc/passwd)', shown: 'm08' },
  { name: 'blob', text: '[m09](blob:null/1)', shown: 'm09' },
  { name: 'place of the app', text: '[m10](#/sign-in?link=x)', shown: 'm10' },
  { name: 'route of the service', text: '[m11](/v1/web/session)', shown: 'm11' },
  { name: 'address without a scheme', text: '[m12](//elsewhere.example/)', shown: 'm12' },
  { name: 'script by a reference', text: '[m13][ref13]\n\n[ref13]: javascript:RUN', shown: 'm13' },
  { name: 'script as an autolink', text: '<javascript:RUN>', shown: 'javascript:RUN' },
  { name: 'name before the host', text: '[m15](https://bank.example@elsewhere.example/)', shown: 'm15' },
  {
    name: 'another name than the host',
    text: '[https://bank.example/](https://elsewhere.example/m16)',
    shown: 'https://bank.example/ (elsewhere.example)',
    links: ['https://elsewhere.example/m16'],
  },
  {
    name: 'link without words',
    text: 'm17 [](https://elsewhere.example/m17)',
    shown: 'm17  (elsewhere.example)',
    links: ['https://elsewhere.example/m17'],
  },
  {
    name: 'letters of another script',
    text: '[m18](https://аpple.example/)',
    shown: 'm18 (xn--pple-43d.example)',
    links: ['https://xn--pple-43d.example/'],
  },
  {
    name: 'title that closes its attribute',
    text: '[m19](https://elsewhere.example/m19 "\\" onmouseover=RUN")',
    shown: 'm19 (elsewhere.example)',
    links: ['https://elsewhere.example/m19'],
  },
  {
    name: 'address that closes its attribute',
    text: '[m20](https://elsewhere.example/"onfocus=RUN//)',
    shown: 'm20 (elsewhere.example)',
    links: ['https://elsewhere.example/%22onfocus=RUN//'],
  },
  { name: 'picture from elsewhere', text: '![m21](OFF)', shown: '[picture: m21, not loaded]' },
  { name: 'picture by a reference', text: '![m22][ref22]\n\n[ref22]: OFF', shown: '[picture: m22, not loaded]' },
  {
    name: 'picture as a link',
    text: '[![m23](OFF)](https://elsewhere.example/m23)',
    shown: '[picture: m23, not loaded] (elsewhere.example)',
    links: ['https://elsewhere.example/m23'],
  },
  {
    name: 'picture whose description is markup',
    text: '![m24"onerror="RUN](OFF)',
    shown: '[picture: m24"onerror="RUN, not loaded]',
  },
  { name: 'language of code', text: '```m25"><img src=x onerror=RUN>\nm25 code\n```', shown: 'm25 code' },
  {
    name: 'markup in code',
    text: '`m26 <img src="data:," onerror="RUN">`',
    shown: 'm26 <img src="data:," onerror="RUN">',
  },
  {
    name: 'markup in a table',
    text: '| m27 <img src="data:," onerror="RUN"> |\n|---|\n| <svg onload="RUN"> |',
    shown: 'm27 <img src="data:," onerror="RUN">',
  },
  {
    name: 'markup in emphasis',
    text: '**m28 <img src="data:," onerror="RUN">**',
    shown: 'm28 <img src="data:," onerror="RUN">',
  },
  {
    name: 'override in a link',
    text: '[m29\u202Eelpmaxe](https://elsewhere.example/m29)',
    shown: 'm29⟨U+202E⟩elpmaxe (elsewhere.example)',
    links: ['https://elsewhere.example/m29'],
  },
]

/** Pages that programs make: each is looked at in its frame. */
export const pages: readonly HostileText[] = [
  { name: 'all-markup.html', text: '' },
  { name: 'refresh.html', text: '<meta http-equiv="refresh" content="0; url=OFF">' },
  {
    name: 'base.html',
    text: '<base href="OFF"><img src="x.png"><link rel="prefetch" href="OFF"><link rel="preconnect" href="OFF">',
  },
  {
    name: 'policy.html',
    text: '<meta http-equiv="Content-Security-Policy" content="script-src *"><script src="OFF"></script>',
  },
  { name: 'form.html', text: '<form id="f" action="OFF" target="_top"></form><script>f.submit()</script>' },
  { name: 'closing.html', text: '</body></html><script>top.location = "OFF"</script>' },
  {
    name: 'drawing.svg',
    text: '<svg xmlns="http://www.w3.org/2000/svg" onload="RUN"><script>RUN</script><image href="OFF"/></svg>',
  },
]

const bars = {
  mark: 'bar',
  encoding: { x: { field: 'name', type: 'nominal' }, y: { field: 'count', type: 'quantitative' } },
}
const values = [{ name: 'north', count: 3 }]

const counted = { field: 'count', type: 'quantitative' }

/** Charts that programs save; `words`: what stands in the drawing as text, none of a chart that is refused. */
export const charts: readonly { readonly name: string; readonly spec: object; readonly words: readonly string[] }[] = [
  {
    name: 'words',
    spec: {
      ...bars,
      title: 'c1 <img src="data:," onerror="RUN">',
      encoding: { ...bars.encoding, x: { ...bars.encoding.x, title: '<svg onload="RUN">' } },
      data: { values: [{ name: '</text><svg>', count: 3 }] },
    },
    words: ['c1 <img src="data:," onerror="RUN">', '<svg onload="RUN">', '</text><svg>'],
  },
  { name: 'remote', spec: { ...bars, title: 'c2', data: { url: 'OFF' } }, words: [] },
  {
    name: 'linked',
    spec: { ...bars, title: 'c3', data: { values }, encoding: { ...bars.encoding, href: { value: 'javascript:RUN' } } },
    words: [],
  },
  { name: 'pictures', spec: { title: 'c4', data: { values }, mark: { type: 'image', url: 'OFF' } }, words: [] },
  {
    name: 'expression',
    spec: {
      ...bars,
      title: 'c5',
      data: { values },
      transform: [{ calculate: "datum.constructor.constructor('RUN')()", as: 'x' }],
    },
    words: [],
  },
  {
    name: 'layer from elsewhere',
    spec: { title: 'c6', data: { values }, layer: [bars, { ...bars, data: { url: 'OFF' } }] },
    words: [],
  },
  {
    name: 'looked up elsewhere',
    spec: {
      ...bars,
      title: 'c7',
      data: { values },
      transform: [{ lookup: 'name', from: { data: { url: 'OFF' }, key: 'name', fields: ['more'] } }],
    },
    words: [],
  },
  {
    name: 'marks without end',
    spec: { title: 'c8', data: { values }, transform: [{ density: 'count', steps: 1e9 }], mark: 'point' },
    words: [],
  },
  {
    name: 'ticks without end',
    spec: { title: 'c9', data: { values }, mark: 'point', encoding: { x: { ...counted, axis: { tickCount: 1e9 } } } },
    words: [],
  },
  {
    name: 'bins without end',
    spec: {
      title: 'c10',
      data: { values: [...values, { name: 'south', count: 30 }] },
      mark: 'bar',
      encoding: { x: { ...counted, bin: { step: 1e-9 } } },
    },
    words: [],
  },
]

/** Answers that keep a reader of Markdown busy, by what the page says of them. */
export const longAnswers: Readonly<Record<string, string>> = {
  'The text is longer than is laid out here.': `${markup.map(({ text }) => text).join('\n\n')}\n`.repeat(500),
  'This is nested deeper than a text is': `${'- '.repeat(10_000)}x`,
}
