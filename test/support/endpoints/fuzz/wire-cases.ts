import * as fc from 'fast-check'
import type { FuzzCall, Verdict } from './calls.ts'

/** Bytes on a connection, and what has to come of them. */
export interface WireCase {
  readonly what: string
  /** Pieces that are written one after the other. */
  readonly pieces: readonly Buffer[]
  /** Methods of the requests that are in it, each of which has one answer. */
  readonly methods: readonly string[]
  readonly verdict: Verdict
  /** `stays`: the next request is sent on it at once. `closes`: nothing more is read. `either`: as the answer says. */
  readonly connection: 'stays' | 'closes' | 'either'
  /** Is nothing sent behind it, which the other side is told? */
  readonly ends?: boolean
}

/** Who calls, and where the endpoint stands. */
export interface WirePlace {
  readonly host: string
  readonly prefix: string
  readonly authorization: string
}

const latin1 = (text: string): Buffer => Buffer.from(text, 'latin1')

interface HeadOptions {
  readonly version?: string
  readonly target?: string
  readonly extra?: readonly string[]
  readonly host?: string | null
}

/** The head of a request, without what says how long its body is. */
function headOf(call: FuzzCall, place: WirePlace, options: HeadOptions = {}): string {
  const { version = 'HTTP/1.1', target = place.prefix + call.target, extra = [], host = place.host } = options
  const lines = [
    `${call.method} ${target} ${version}`,
    ...(host === null ? [] : [`Host: ${host}`]),
    `Authorization: ${place.authorization}`,
    ...call.headers.map(([name, value]) => `${name}: ${value}`),
    ...extra,
  ]
  return `${lines.join('\r\n')}\r\n`
}

const lengthOf = ({ body }: FuzzCall): readonly string[] => (body === null ? [] : [`Content-Length: ${body.length}`])

const changed = (wire: WireCase, change: Partial<WireCase>): WireCase => ({ ...wire, ...change })

/** A call as every client writes it. */
export function plainCase(call: FuzzCall, place: WirePlace): WireCase {
  const head = latin1(`${headOf(call, place, { extra: lengthOf(call) })}\r\n`)
  return {
    what: call.what,
    pieces: [call.body === null ? head : Buffer.concat([head, call.body])],
    methods: [call.method],
    verdict: call.verdict,
    connection: 'either',
  }
}

function chunks(body: Buffer, sizes: readonly number[], extension: string): Buffer {
  const pieces: Buffer[] = []
  let at = 0
  for (const size of [...sizes, body.length]) {
    const piece = body.subarray(at, at + Math.max(1, size))
    if (piece.length === 0) break
    pieces.push(latin1(`${piece.length.toString(16)}${extension}\r\n`), piece, latin1('\r\n'))
    at += piece.length
  }
  return Buffer.concat(pieces)
}

type Way = (call: FuzzCall, place: WirePlace) => fc.Arbitrary<WireCase>

/** Ways in which honest clients write a call, rare ones too. */
const honest: readonly Way[] = [
  (call, place) =>
    fc
      .record({
        sizes: fc.array(fc.nat(40), { maxLength: 6 }),
        extension: fc.constantFrom('', ';a', ';a=b', ';a="b c"'),
        trailer: fc.constantFrom('', 'X-Sum: 1\r\n', 'Authorization: Bearer other\r\n'),
      })
      .map(({ sizes, extension, trailer }) => {
        const head = headOf(call, place, { extra: ['Transfer-Encoding: chunked'] })
        const body = chunks(call.body ?? Buffer.alloc(0), sizes, extension)
        const bytes = Buffer.concat([latin1(`${head}\r\n`), body, latin1(`0\r\n${trailer}\r\n`)])
        const isEmpty = (call.body?.length ?? 0) === 0
        return changed(plainCase(call, place), {
          what: `${call.what}, in chunks`,
          pieces: [bytes],
          // A body of no bytes is one where it comes in chunks.
          verdict: isEmpty ? 'open' : call.verdict,
          connection: 'stays',
        })
      }),
  (call, place) => {
    const bytes = Buffer.concat(plainCase(call, place).pieces)
    const cuts = fc.array(fc.nat(Math.min(bytes.length, 2_000)), { minLength: 1, maxLength: 4 })
    return cuts.map((list) => {
      const ends = [...list.toSorted((one, other) => one - other), bytes.length]
      const pieces = ends.map((end, index) => bytes.subarray(ends[index - 1] ?? 0, end))
      return changed(plainCase(call, place), { what: `${call.what}, in pieces`, pieces })
    })
  },
  (call, place) => {
    const target = `http://${place.host}${place.prefix}${call.target}`
    const head = headOf(call, place, { target, extra: [...lengthOf(call)] })
    const bytes = Buffer.concat([latin1(`${head}\r\n`), call.body ?? Buffer.alloc(0)])
    return fc.constant({ ...plainCase(call, place), what: `${call.what}, with an absolute address`, pieces: [bytes] })
  },
  (call, place) =>
    fc
      .constantFrom('Expect: 100-continue', 'Expect: 100-Continue', 'Expect: something', 'Connection: close')
      .map((line) => {
        const head = headOf(call, place, { extra: [...lengthOf(call), line] })
        const bytes = Buffer.concat([latin1(`${head}\r\n`), call.body ?? Buffer.alloc(0)])
        return changed(plainCase(call, place), { what: `${call.what}, with ${line}`, pieces: [bytes] })
      }),
  (call, place) => {
    const head = headOf(call, place, { version: 'HTTP/1.0', extra: lengthOf(call) })
    const bytes = Buffer.concat([latin1(`${head}\r\n`), call.body ?? Buffer.alloc(0)])
    return fc.constant({ ...plainCase(call, place), what: `${call.what}, in HTTP/1.0`, pieces: [bytes] })
  },
]

/** Where a request goes that is never to be read as one: a number that no caller draws, since it is at no bound. */
export const hiddenPath = '/mark/123456789'

const mark = (place: WirePlace): string =>
  `GET ${place.prefix}${hiddenPath} HTTP/1.1\r\nHost: ${place.host}\r\nAuthorization: ${place.authorization}\r\n\r\n`

/** A head with these lines, and behind it what another reader could take for a request of its own. */
function hidden(what: string, lines: readonly string[], body: string, method = 'POST'): Way {
  return (_call, place) => {
    const head = [
      `${method} ${place.prefix}/shapes HTTP/1.1`,
      `Host: ${place.host}`,
      `Authorization: ${place.authorization}`,
      'Content-Type: application/json',
      ...lines,
    ]
    return fc.constant({
      what,
      pieces: [latin1(`${head.join('\r\n')}\r\n\r\n${body}${mark(place)}`)],
      methods: ['POST'],
      verdict: 'refused',
      connection: 'closes',
    })
  }
}

const atHead =
  (what: string, make: (place: WirePlace) => string): Way =>
  (_call, place) =>
    fc.constant({
      what,
      pieces: [latin1(make(place) + mark(place))],
      methods: ['POST'],
      verdict: 'refused',
      connection: 'closes',
    })

const begin = (place: WirePlace, rest: string): string =>
  `POST ${place.prefix}/shapes HTTP/1.1\r\nHost: ${place.host}\r\nAuthorization: ${place.authorization}\r\n${rest}`

/** Requests of which two readers could see two, or that are no HTTP: one answer, and nothing behind it is read. */
const hostile: readonly Way[] = [
  hidden('two lengths', ['Content-Length: 4', 'Content-Length: 5'], 'null'),
  hidden('the same length twice', ['Content-Length: 4', 'Content-Length: 4'], 'null'),
  hidden('a list of lengths', ['Content-Length: 4, 4'], 'null'),
  hidden('a length and chunks', ['Content-Length: 4', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  hidden('chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 4'], '0\r\n\r\n'),
  hidden('a signed length', ['Content-Length: +4'], 'null'),
  hidden('a length below nothing', ['Content-Length: -1'], ''),
  hidden('a length in hexadecimal', ['Content-Length: 0x4'], 'null'),
  hidden('a length of no digit', ['Content-Length: '], ''),
  hidden('a length beyond all numbers', ['Content-Length: 99999999999999999999'], 'null'),
  hidden('chunks twice', ['Transfer-Encoding: chunked', 'Transfer-Encoding: chunked'], '0\r\n\r\n'),
  hidden('chunks in chunks', ['Transfer-Encoding: chunked, chunked'], '0\r\n\r\n'),
  hidden('chunks of gzip', ['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n'),
  hidden('an encoding that is none', ['Transfer-Encoding: xchunked'], '0\r\n\r\n'),
  hidden('chunks that are not last', ['Transfer-Encoding: chunked, identity'], '0\r\n\r\n'),
  hidden('an encoding in quotes', ['Transfer-Encoding: "chunked"'], '0\r\n\r\n'),
  hidden('an encoding behind a tab and a form feed', ['Transfer-Encoding:\t\x0bchunked'], '0\r\n\r\n'),
  hidden('a space before the colon', ['Transfer-Encoding : chunked'], '0\r\n\r\n'),
  hidden('a length with a space before the colon', ['Content-Length : 4'], 'null'),
  hidden('a size of a chunk that is none', ['Transfer-Encoding: chunked'], 'zz\r\nnull\r\n0\r\n\r\n'),
  hidden('a signed size of a chunk', ['Transfer-Encoding: chunked'], '+4\r\nnull\r\n0\r\n\r\n'),
  hidden('a size of a chunk beyond all numbers', ['Transfer-Encoding: chunked'], 'fffffffffffffffff\r\nnull\r\n'),
  hidden('a chunk that is longer than it says', ['Transfer-Encoding: chunked'], '2\r\nnull\r\n0\r\n\r\n'),
  hidden('a chunk that is shorter than it says', ['Transfer-Encoding: chunked'], '6\r\nnull\r\nx0\r\n\r\n'),
  hidden('a chunk that ends with a bare line feed', ['Transfer-Encoding: chunked'], '4\nnull\n0\n\n'),
  hidden('a chunk extension with a bare line feed', ['Transfer-Encoding: chunked'], '4;a\nb\r\nnull\r\n0\r\n\r\n'),
  hidden('a length in the trailer', ['Transfer-Encoding: chunked'], '4\r\nnull\r\n0\r\nContent-Length: 3\r\n\r\n'),
  hidden('a broken trailer', ['Transfer-Encoding: chunked'], '4\r\nnull\r\n0\r\nX\r\n\r\n'),
  hidden(
    'a flood of headers',
    Array.from({ length: 2_000 }, (_, at) => `X-${at}: ${at}`),
    '',
  ),
  hidden('one header that is too long', [`X-A: ${'a'.repeat(20_000)}`], ''),
  hidden('a header with a zero', ['X-A: a\0b'], ''),
  hidden('a header with a bare carriage return', ['X-A: a\rX-B: b'], ''),
  hidden('a folded header', ['X-A: a', ' b'], ''),
  hidden('a header without a colon', ['X-A'], ''),
  hidden('a header without a name', [': a'], ''),
  hidden('a name with a space', ['X A: a'], ''),
  hidden('two hosts', ['Host: other'], ''),
  hidden('two content types', ['Content-Type: application/json', 'Content-Length: 4'], 'null'),
  hidden('two keys', ['Authorization: Bearer other'], ''),
  hidden('two encodings of the content', ['Content-Encoding: identity', 'Content-Encoding: gzip'], ''),
  hidden('two expectations', ['Expect: 100-continue', 'Expect: 100-continue'], ''),
  atHead('bare line feeds', (place) => begin(place, '\r\n').replaceAll('\r\n', '\n')),
  atHead('bare carriage returns', (place) => begin(place, '\r\n').replaceAll('\r\n', '\r')),
  atHead('no host', ({ prefix }) => `POST ${prefix}/shapes HTTP/1.1\r\n\r\n`),
  atHead('a host that is none', ({ prefix }) => `POST ${prefix}/shapes HTTP/1.1\r\nHost: a b\r\n\r\n`),
  atHead('another host in the address', (place) => begin(place, '\r\n').replace('POST ', 'POST http://other')),
  atHead('another protocol in the address', (place) => begin(place, '\r\n').replace('POST ', 'POST ftp://a')),
  atHead('another version', (place) => begin(place, '\r\n').replace('HTTP/1.1', 'HTTP/2.0')),
  atHead('a version of one digit', (place) => begin(place, '\r\n').replace('HTTP/1.1', 'HTTP/1')),
  atHead('no version', ({ prefix }) => `POST ${prefix}/shapes\r\n\r\n`),
  atHead('a method that is none', (place) => begin(place, '\r\n').replace('POST ', 'P@ST ')),
  atHead('a method in small letters', (place) => begin(place, '\r\n').replace('POST ', 'post ')),
  atHead('a fragment', (place) => begin(place, '\r\n').replace(' HTTP/1.1', '#a HTTP/1.1')),
  atHead('an address that is no ASCII', (place) => begin(place, '\r\n').replace('/shapes', '/sh\xe4pes')),
  atHead('an address with a zero', (place) => begin(place, '\r\n').replace('/shapes', '/shapes\0')),
  atHead('an encoded zero', (place) => begin(place, '\r\n').replace('/shapes', '/shapes%00')),
  atHead('a very long address', (place) => begin(place, '\r\n').replace('/shapes', `/${'a'.repeat(20_000)}`)),
  atHead('a handshake of TLS', () => '\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03'),
  atHead('the preface of HTTP/2', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n'),
  atHead('a tunnel', ({ host }) => `CONNECT ${host} HTTP/1.1\r\nHost: ${host}\r\n\r\n`),
  atHead('HTTP/1.0 in chunks', (place) =>
    begin(place, 'Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n').replace('HTTP/1.1', 'HTTP/1.0'),
  ),
  // Who closes their side has hung up, whether or not they would still read.
  (call, place) =>
    fc.constant({
      ...plainCase(call, place),
      what: `${call.what}, half-closed`,
      verdict: call.verdict === 'taken' ? 'open' : call.verdict,
      connection: 'closes',
      ends: true,
    }),
  // Half of a request, and then nothing more.
  (call, place) => {
    const bytes = Buffer.concat(plainCase(call, place).pieces)
    const head = bytes.indexOf('\r\n\r\n') + 4
    return fc.integer({ min: 1, max: bytes.length - 1 }).map((length) => ({
      what: `${call.what}, cut off`,
      pieces: [bytes.subarray(0, length)],
      // Of half a head nobody knows that it is one of HEAD, whose answer has no body.
      methods: [length < head ? 'GET' : call.method],
      verdict: 'refused',
      connection: 'closes',
      ends: true,
    }))
  },
]

/** Several calls behind one another before the first is answered. */
function pipelined(calls: readonly FuzzCall[], place: WirePlace): WireCase {
  const cases = calls.map((call) => plainCase(call, place))
  return {
    what: `at once: ${cases.map(({ what }) => what).join('; ')}`,
    pieces: [Buffer.concat(cases.flatMap(({ pieces }) => pieces))],
    methods: cases.flatMap(({ methods }) => methods),
    verdict: 'open',
    connection: 'either',
  }
}

/** How calls are written on a connection: most of them plainly. */
export function wireCases(calls: fc.Arbitrary<FuzzCall>, place: WirePlace) {
  const inWay = (ways: readonly Way[]) =>
    fc.tuple(calls, fc.constantFrom(...ways)).chain(([call, way]) => way(call, place).map((wire) => ({ call, wire })))
  return fc.oneof(
    { weight: 12, arbitrary: calls.map((call) => ({ call, wire: plainCase(call, place) })) },
    { weight: 4, arbitrary: inWay(honest) },
    { weight: 3, arbitrary: inWay(hostile).map(({ wire }) => ({ call: null, wire })) },
    {
      weight: 1,
      arbitrary: fc
        .array(calls, { minLength: 2, maxLength: 4 })
        .map((list) => ({ call: null, wire: pipelined(list, place) })),
    },
  )
}
