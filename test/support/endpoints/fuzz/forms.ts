import * as fc from 'fast-check'

/** Values of a form by the names of its parts. */
type FormValue = Readonly<Record<string, unknown>>

export const multipartType = 'multipart/form-data'
export const urlEncodedType = 'application/x-www-form-urlencoded'
const boundary = '----fuzz.7-boundary'

/** A form as bytes, and the type that goes with them. */
export interface WrittenForm {
  readonly type: string
  readonly bytes: Buffer
}

const textsOf = (value: FormValue): (readonly [name: string, text: string])[] =>
  Object.entries(value).flatMap(([name, each]) => [each].flat().map((one) => [name, String(one)] as const))

const partOf = (name: string, text: string, more = ''): string =>
  `--${boundary}\r\nContent-Disposition: form-data; name="${name}"${more}\r\n\r\n${text}\r\n`

const multipartOf = (...parts: readonly string[]): string => `${parts.join('')}--${boundary}--\r\n`

const plainType = `${multipartType}; boundary=${boundary}`

/** Spellings of a form that every reader takes alike. */
export function writtenForms(type: string, value: FormValue): fc.Arbitrary<WrittenForm> {
  const texts = textsOf(value)
  if (type === urlEncodedType) {
    const spell = fc.constantFrom<(text: string) => string>(
      (text) => encodeURIComponent(text),
      (text) => encodeURIComponent(text).replaceAll('%20', '+'),
      (text) => Buffer.from(text).toString('hex').replaceAll(/../g, '%$&'),
    )
    return spell.map((spelled) => {
      const pairs = texts.map(([name, text]) => `${spelled(name)}=${spelled(text)}`)
      return { type, bytes: Buffer.from(pairs.join('&')) }
    })
  }
  return fc
    .record({
      // The elements of a list keep their order.
      shuffled: fc
        .shuffledSubarray(Object.entries(value), { minLength: Object.keys(value).length })
        .map((entries) => textsOf(Object.fromEntries(entries))),
      more: fc.constantFrom(
        '',
        '; filename="../a.php"',
        '\r\nContent-Type: text/plain',
        '\r\ncontent-type: text/plain; charset=utf-8',
      ),
      type: fc.constantFrom(
        plainType,
        `${multipartType}; boundary="${boundary}"`,
        `Multipart/Form-Data;Boundary=${boundary}`,
      ),
    })
    .map(({ shuffled, more, type: written }) => ({
      type: written,
      bytes: Buffer.from(multipartOf(...shuffled.map(([name, text]) => partOf(name, text, more)))),
    }))
}

const name = partOf('name', 'qza')
const bytesOf = (text: string): Buffer => Buffer.from(text, 'latin1')

/** Forms that nobody may pass on. */
export const brokenForms: readonly (WrittenForm & { readonly what: string })[] = [
  ...Object.entries({
    'without an end': name,
    'with a part that breaks off': name.slice(0, -4),
    'with something before it': `x\r\n${multipartOf(name)}`,
    'with something behind it': `${multipartOf(name)}x`,
    'with another form behind it': multipartOf(name) + multipartOf(partOf('name', 'qzb')),
    'with a part twice': multipartOf(name, partOf('name', 'qzb')),
    'with a part that there is not': multipartOf(name, partOf('admin', '1')),
    'with a part of the prototype': multipartOf(name, partOf('__proto__', '1')),
    'with bare line feeds': multipartOf(name).replaceAll('\r', ''),
    'with a name in two spellings': multipartOf(partOf('name', 'qza', "; name*=UTF-8''admin")),
    'with a file name in a spelling that is none': multipartOf(partOf('name', 'qza', '; filename*=a')),
    'with a name twice in a head': multipartOf(partOf('name', 'qza', '; name="admin"')),
    'with a head that is folded': multipartOf(partOf('name', 'qza', '\r\n ; x=y')),
    'with an encoded part': multipartOf(name, partOf('note', 'YQ==', '\r\nContent-Transfer-Encoding: base64')),
    'with a form in it': multipartOf(partOf('name', 'qza', '\r\nContent-Type: multipart/mixed; boundary=x')),
    'with a text that is no UTF-8': multipartOf(name, partOf('note', '\xff')),
    'with a text of another character set': multipartOf(
      partOf('name', 'qza', '\r\nContent-Type: text/plain; charset=utf-16'),
    ),
    'with no number for one': multipartOf(name, partOf('top', '0x5')),
    'with too many parts': multipartOf(name, ...Array.from({ length: 64 }, () => partOf('tags', 'xa'))),
    'of nothing': '',
    'of an end alone': multipartOf(),
  }).map(([what, text]) => ({ what, type: plainType, bytes: bytesOf(text) })),
  ...['', '; boundary=', '; boundary=other', `; boundary=${boundary}; boundary=x`, `; boundary*0=${boundary}`].map(
    (more) => ({
      what: `of the type ${multipartType}${more}`,
      type: multipartType + more,
      bytes: bytesOf(multipartOf(name)),
    }),
  ),
  ...[
    'name=qza&name=qzb',
    'name=qza&admin=1',
    'name=qza&note=%zz',
    'name=qza&note=%ff',
    'name=qza&top=0x5',
    'name',
    '',
    '&',
    'name=qza;top=1&top=2',
  ].map((text) => ({ what: `in the words of addresses: ${text}`, type: urlEncodedType, bytes: bytesOf(text) })),
]

/** The parts of a form as a reader takes them who looks for nothing but its boundary; null for what is none. */
export function readForm(type: string, body: Buffer): readonly (readonly [name: string, text: string])[] | null {
  if (type === urlEncodedType) return [...new URLSearchParams(body.toString())]
  const [, given] = /boundary="?([^";]+)"?/.exec(type) ?? []
  const pieces = body.toString('latin1').split(`--${given}`)
  if (given === undefined || pieces.length < 2 || pieces[0] !== '' || pieces.at(-1) !== '--\r\n') return null
  const parts = pieces
    .slice(1, -1)
    .map((piece) => /^\r\n(Content-Disposition: form-data; name="([^"]*)")\r\n\r\n([^]*)\r\n$/.exec(piece))
  return parts.every((part) => part !== null)
    ? parts.map((part) => [part[2] ?? '', Buffer.from(part[3] ?? '', 'latin1').toString()] as const)
    : null
}
