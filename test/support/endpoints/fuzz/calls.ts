import {
  brotliCompressSync,
  brotliDecompressSync,
  deflateSync,
  gunzipSync,
  gzipSync,
  inflateSync,
  zstdCompressSync,
  zstdDecompressSync,
} from 'node:zlib'
import * as fc from 'fast-check'
import { drawn } from '../../media/drawn-pictures.ts'
import { fuzzDocument } from './fuzz-document.ts'
import { brokenForms, writtenForms } from './forms.ts'
import { operations, separatorOf, type FuzzOperation, type FuzzParameter } from './operations.ts'
import { takes } from './oracle.ts'
import { spoiled, valuesOf, type FuzzSchema } from './values.ts'

/** `taken`: as the document says. `refused`: certainly not. `open`: what passes is judged where it arrives. */
export type Verdict = 'taken' | 'refused' | 'open'

/** A request in its parts, before it is bytes. */
export interface FuzzCall {
  /** What was done to it. */
  readonly what: string
  readonly verdict: Verdict
  readonly method: string
  /** Below the endpoint, with its query. */
  readonly target: string
  /** Without length and credentials. */
  readonly headers: readonly (readonly [name: string, value: string])[]
  readonly body: Buffer | null
  /** What whoever receives it has to read; null where that is not said. */
  readonly means: Meaning | null
}

export interface Meaning {
  readonly operation: string
  readonly parameters: Readonly<Record<string, unknown>>
  /** Undefined where it is another one on purpose, as a picture that was drawn anew. */
  readonly body: unknown
}

const root: FuzzSchema = fuzzDocument

const schemaOf = (parameter: FuzzParameter): FuzzSchema =>
  parameter.schema ?? parameter.content?.['application/json']?.schema ?? {}

/** One of several spellings of a text in an address. */
const spelling = fc.constantFrom<(text: string) => string>(
  (text) => encodeURIComponent(text),
  (text) => encodeURIComponent(text).replaceAll('%20', '+'),
  (text) => encodeURIComponent(text).replaceAll(/[a-z]/g, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
)

interface Content {
  readonly type: string
  readonly bytes: Buffer
  readonly value: unknown
  readonly schema: FuzzSchema | null
}

const jsonStyles = fc.constantFrom<(value: unknown) => string>(
  (value) => JSON.stringify(value),
  (value) => JSON.stringify(value, null, 2),
  (value) => ` \r\n\t${JSON.stringify(value)}\n`,
  (value) =>
    JSON.stringify(value).replaceAll(
      /[\u0080-\uffff]/g,
      (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ),
  (value) =>
    JSON.stringify(value).replaceAll(/"([a-z])/g, (_, letter: string) => `"\\u00${letter.charCodeAt(0).toString(16)}`),
)

const picture = fc.constantFrom<readonly [type: string, bytes: Buffer]>(
  ['image/png', drawn.png],
  ['image/png', drawn.png16],
  ['image/png', drawn.pngInterlaced],
  ['image/png', drawn.pngPalette],
  ['image/jpeg', drawn.jpeg],
  ['image/jpeg', drawn.jpegCmyk],
  ['image/jpeg', drawn.jpegProgressive],
  ['image/gif', drawn.gif],
  ['image/webp', drawn.webp],
  ['image/webp', drawn.webpLossless],
)

function contentOf(operation: FuzzOperation): fc.Arbitrary<Content | null> {
  const { body } = operation
  if (body === null) return fc.constant(null)
  const types = Object.entries(body.types)
  if (operation.name === 'picture')
    return picture.map(([type, bytes]) => ({ type, bytes, value: undefined, schema: null }))
  const some = fc.constantFrom(...types).chain(([type, { schema }]): fc.Arbitrary<Content> => {
    if (operation.name === 'gallery') {
      const images = fc.array(picture, { minLength: 1, maxLength: 3 })
      return images.map((list) => {
        const value = { images: list.map(([, bytes]) => bytes.toString('base64')) }
        return { type, bytes: Buffer.from(JSON.stringify(value)), value: undefined, schema: null }
      })
    }
    if (schema !== undefined && operation.name === 'form') {
      const values = valuesOf(schema, root).map((value) =>
        Object.fromEntries(
          Object.entries(value as object).filter(([, each]) => !Array.isArray(each) || each.length > 0),
        ),
      )
      return values.chain((value) =>
        writtenForms(type, value).map(({ type: written, bytes }) => ({ type: written, bytes, value, schema: null })),
      )
    }
    if (schema !== undefined) {
      const written = fc.record({ value: valuesOf(schema, root), write: jsonStyles })
      return written.map(({ value, write }) => {
        const text = write(value)
        return { type, bytes: Buffer.from(text), value: JSON.parse(text) as unknown, schema }
      })
    }
    const bytes = type.startsWith('text/')
      ? fc.string({ unit: 'grapheme', minLength: 1 }).map((text) => Buffer.from(text))
      : fc.uint8Array({ minLength: 1, maxLength: 100 }).map((list) => Buffer.from(list))
    return bytes.map((value) => ({ type, bytes: value, value, schema: null }))
  })
  return body.required ? some : fc.option(some, { nil: null, freq: 5 })
}

interface Parts {
  readonly operation: FuzzOperation
  readonly values: Readonly<Record<string, unknown>>
  readonly content: Content | null
  readonly spell: (text: string) => string
}

function partsOf(operation: FuzzOperation): fc.Arbitrary<Parts> {
  const given = Object.fromEntries(operation.parameters.map((each) => [each.name, valuesOf(schemaOf(each), root)]))
  const requiredKeys = operation.parameters.filter(({ required }) => required === true).map(({ name }) => name)
  const values = fc.record(given, { requiredKeys, noNullPrototype: true }).map((all) =>
    // A list of nothing cannot be told from none.
    Object.fromEntries(Object.entries(all).filter(([, value]) => !Array.isArray(value) || value.length > 0)),
  )
  return fc.record({ operation: fc.constant(operation), values, content: contentOf(operation), spell: spelling })
}

function targetOf({ operation, values, spell }: Parts): string {
  const path = operation.path.replaceAll(/\{([^}]+)\}/g, (_, name: string) => encodeURIComponent(String(values[name])))
  const queries = operation.parameters
    .filter((each) => each.in === 'query' && values[each.name] !== undefined)
    .flatMap((parameter): string[] => {
      const { name, style, content } = parameter
      const value = values[name]
      if (content !== undefined) return [`${name}=${spell(JSON.stringify(value))}`]
      if (style === 'deepObject') {
        return Object.entries(value as object).map(([member, each]) => `${name}[${member}]=${spell(String(each))}`)
      }
      if (!Array.isArray(value)) return [`${name}=${spell(String(value))}`]
      const separator = separatorOf(parameter)
      const texts = value.map((each) => spell(String(each)))
      return separator === null ? texts.map((text) => `${name}=${text}`) : [`${name}=${texts.join(separator)}`]
    })
  return path + (queries.length === 0 ? '' : `?${queries.join('&')}`)
}

function headersOf({ operation, values, content }: Parts): [string, string][] {
  const own = operation.parameters.filter((each) => each.in === 'header' && values[each.name] !== undefined)
  return [
    ...own.map(({ name }): [string, string] => [name, [values[name]].flat().join(', ')]),
    ...(content === null ? [] : [['Content-Type', content.type] as [string, string]]),
  ]
}

function goodCall(parts: Parts): FuzzCall {
  const { operation, values, content } = parts
  return {
    what: 'a good call',
    verdict: 'taken',
    method: operation.method,
    target: targetOf(parts),
    headers: headersOf(parts),
    body: content?.bytes ?? null,
    means: { operation: operation.name, parameters: values, body: content === null ? null : content.value },
  }
}

type Change = (parts: Parts, call: FuzzCall) => fc.Arbitrary<FuzzCall>

const changed = (call: FuzzCall, change: Partial<FuzzCall>): FuzzCall => ({ ...call, ...change })

const refused = (call: FuzzCall, what: string, change: Partial<FuzzCall>): FuzzCall =>
  changed(call, { ...change, what, verdict: 'refused', means: null })

const withType = ({ headers }: FuzzCall, type: string): FuzzCall['headers'] =>
  headers.map(([name, value]) => [name, name === 'Content-Type' ? type : value])

/** Another value in the body, which another validator judges. */
const anotherValue: Change = (_parts, call) => {
  const { content } = _parts
  if (content === null || content.schema === null) return fc.constant(call)
  const { schema } = content
  return fc.record({ value: spoiled(content.value), write: jsonStyles }).map(({ value, write }) => {
    const text = write(value)
    const isTaken = takes(schema, JSON.parse(text))
    return changed(call, {
      what: 'another value in the body',
      verdict: isTaken ? 'taken' : 'refused',
      body: Buffer.from(text),
      means: isTaken && call.means !== null ? { ...call.means, body: JSON.parse(text) as unknown } : null,
    })
  })
}

const brokenTexts: readonly ((text: string) => string | Buffer)[] = [
  (text) => text.trimEnd().slice(0, -1),
  (text) => `${text}x`,
  (text) => text + text.trim(),
  (text) => `\ufeff${text}`,
  (text) => text.replaceAll('"', "'").replace(/^[^']*$/, ''),
  (text) => `/**/${text}`,
  () => '',
  () => '   ',
  () => 'NaN',
  () => '[1,]',
  () => '{"a":1,"a":1}',
  () => String.raw`{"a":1,"\u0061":1}`,
  () => '[{"b":{"a":1,"c":[],"a":2}}]',
  () => '['.repeat(33) + ']'.repeat(33),
  () => '['.repeat(100_000),
  () => `{"a":${'{"a":'.repeat(50)}1${'}'.repeat(50)}}`,
  () => `[${'0,'.repeat(60_000)}0]`,
  () => '01',
  () => '"\u0001"',
  () => '"\\x41"',
  () => Buffer.from([0x22, 0xc0, 0x80, 0x22]),
  () => Buffer.from([0x22, 0xed, 0xa0, 0x80, 0x22]),
  (text) => Buffer.from(`\ufeff${text}`, 'utf16le'),
  (text) => Buffer.concat([Buffer.from(text), Buffer.from([0xff])]),
  () => `"${'x'.repeat(1_100_000)}"`,
]

const anotherText: Change = ({ operation, content }, call) => {
  if (content === null || !content.type.endsWith('json')) return fc.constant(call)
  return fc.constantFrom(...brokenTexts.entries()).map(([index, make]) => {
    const body = Buffer.from(make(content.bytes.toString()) as string)
    const broken = refused(call, `a broken text of JSON (${index})`, { body })
    // No bytes at all are no body, which some operations take.
    return body.length === 0 && operation.body?.required !== true ? changed(broken, { verdict: 'open' }) : broken
  })
}

/** Some bytes of the body changed: whatever passes is judged where it arrives. */
const anotherByte: Change = (_parts, call) => {
  const { body } = call
  if (body === null || body.length === 0) return fc.constant(call)
  const change = fc.record({ at: fc.nat(body.length - 1), byte: fc.nat(255), cut: fc.boolean() })
  return fc.array(change, { minLength: 1, maxLength: 3 }).map((changes) => {
    let bytes = Buffer.from(body)
    for (const { at, byte, cut } of changes) {
      if (cut) bytes = bytes.subarray(0, at)
      else if (at < bytes.length) bytes[at] = byte
    }
    return changed(call, { what: 'other bytes in the body', verdict: 'open', body: bytes, means: null })
  })
}

const anotherForm: Change = ({ operation }, call) => {
  if (operation.name !== 'form') return fc.constant(call)
  return fc.constantFrom(...brokenForms).map(({ what, type, bytes }) => {
    const change = { headers: withType(call, type), body: bytes }
    return refused(call, `a form ${what}`, change)
  })
}

const anotherType: Change = ({ operation, content }, call) => {
  // What is said of the types of forms is among the broken ones.
  if (operation.name === 'form') return fc.constant(call)
  if (content === null) {
    return fc.constant(
      refused(call, 'a body where none is', {
        body: Buffer.from('{}'),
        headers: [...call.headers, ['Content-Type', 'application/json']],
      }),
    )
  }
  const type = fc.constantFrom<[string, Verdict]>(
    ['text/html', 'refused'],
    ['application/xml', 'refused'],
    ['', 'refused'],
    ['json', 'refused'],
    ['*/*', 'refused'],
    ['application/x-www-form-urlencoded', 'refused'],
    ['multipart/form-data; boundary=x', 'refused'],
    [`${content.type}; charset=utf-16`, 'refused'],
    [`${content.type}; charset=utf-8; charset=latin1`, 'refused'],
    [`${content.type}, text/html`, 'refused'],
    [`${content.type}; charset="utf-8"`, 'taken'],
    [content.type.toUpperCase(), 'taken'],
    [`${content.type} ; version=1`, 'taken'],
  )
  return type.map(([text, verdict]) =>
    changed(call, {
      what: `the content type "${text}"`,
      verdict,
      headers: withType(call, text),
      means: verdict === 'taken' ? call.means : null,
    }),
  )
}

const encoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gzipSync(bytes),
  deflate: (bytes) => deflateSync(bytes),
  br: (bytes) => brotliCompressSync(bytes),
  zstd: (bytes) => zstdCompressSync(bytes),
}
const decoders: Readonly<Record<string, (bytes: Buffer) => Buffer>> = {
  gzip: (bytes) => gunzipSync(bytes),
  deflate: (bytes) => inflateSync(bytes),
  br: (bytes) => brotliDecompressSync(bytes),
  zstd: (bytes) => zstdDecompressSync(bytes),
}

function isDecoded(name: string, bytes: Buffer): boolean {
  try {
    return decoders[name]?.(bytes) !== undefined
  } catch {
    return false
  }
}

const zeros = Buffer.from(`[${'0,'.repeat(500_000)}0]`)
const bombs = Object.fromEntries(Object.entries(encoders).map(([name, encode]) => [name, encode(zeros)]))

const anotherEncoding: Change = (_parts, call) => {
  const { body } = call
  if (body === null || body.length === 0) return fc.constant(call)
  const withEncoding = (encoding: string): FuzzCall['headers'] => [...call.headers, ['Content-Encoding', encoding]]
  return fc
    .record({ name: fc.constantFrom(...Object.keys(encoders)), how: fc.nat(6) })
    .map(({ name, how }): FuzzCall => {
      const encoded = encoders[name]?.(body) ?? body
      const headers = withEncoding(name)
      if (how <= 1) return changed(call, { what: `in ${name}`, headers, body: encoded })
      if (how === 2) return refused(call, `${name} that breaks off`, { headers, body: encoded.subarray(0, -1) })
      // A few bytes may be a stream of nothing by chance.
      if (how === 3) {
        const none = refused(call, `${name} that is none`, { headers, body })
        return isDecoded(name, body) ? changed(none, { verdict: 'open' }) : none
      }
      if (how === 4) return refused(call, `a bomb of ${name}`, { headers, body: bombs[name] ?? body })
      if (how === 5) return refused(call, 'two encodings', { headers: withEncoding(`${name}, ${name}`), body: encoded })
      return refused(call, 'an unknown encoding', { headers: withEncoding(`x-${name}`), body: encoded })
    })
}

const anotherQuery: Change = ({ operation }, call) => {
  const separator = call.target.includes('?') ? '&' : '?'
  const names = operation.parameters.filter((each) => each.in === 'query').map(({ name }) => name)
  const single = operation.parameters.find(
    (each) =>
      each.in === 'query' &&
      call.target.includes(`${separator}${each.name}=`) &&
      (each.schema?.['type'] !== 'array' || separatorOf(each) !== null),
  )
  const unknown = fc.constantFrom(
    'debug=1',
    '=1',
    '%20=',
    '__proto__=1',
    'filter[__proto__]=1',
    'filter[a][b]=1',
    'kind%00=cat',
    'Kind=cat',
    'kind[]=cat',
  )
  const broken = fc.constantFrom('%zz', '%', '%c3', '%ff', '%ed%a0%80', 'a%')
  const text = fc.oneof(
    fc.string({ unit: 'grapheme' }).map(encodeURIComponent),
    fc.constantFrom('1e999', '0x10', '+1', '%2B1', ' 1', '1%00', 'true', '-0', '1.0', '%20', 'null', '[]'),
  )
  const named = fc.constantFrom(...(names.length === 0 ? ['debug'] : names))
  return fc.oneof(
    unknown.map((piece) => refused(call, `the query ${piece}`, { target: `${call.target}${separator}${piece}` })),
    fc
      .tuple(named, broken)
      .map(([name, escape]) =>
        refused(call, 'a broken escape', { target: `${call.target.split('?')[0]}?${name}=${escape}` }),
      ),
    fc.constant(
      single === undefined
        ? call
        : refused(call, 'a parameter twice', { target: `${call.target}&${single.name}=1&${single.name}=1` }),
    ),
    fc.tuple(named, text).map(([name, value]) =>
      changed(call, {
        what: 'another value of a parameter',
        verdict: 'open',
        target: `${call.target.split('?')[0]}?kind=cat&${name}=${value.replaceAll(/[^!-~]|#/g, '')}`,
        means: null,
      }),
    ),
    fc.constant(refused(call, 'a long address', { target: `${call.target}${separator}limit=${'1'.repeat(5_000)}` })),
  )
}

const anotherPath: Change = (_parts, call) => {
  const path = call.target.split('?')[0] ?? ''
  const rest = call.target.slice(path.length)
  const targets = [
    `/..${path}`,
    `/.${path}`,
    `/${path}`,
    `${path}/`,
    `${path}%2f`,
    `${path}%00`,
    `${path}/..`,
    `${path}\\`,
    `/%2e%2e${path}`,
    path.toUpperCase(),
    path.replace(/[a-z]/, (letter) => `%${letter.charCodeAt(0).toString(16)}`),
    '/items/0',
    '/items/1.5',
    '/items/0x1',
    '/items/-1',
    '/items/1%20',
    '/items/%31%2E',
    '/items/99999999999999999999',
    '/models/../predict',
    '/models/%2e%2e/predict',
    '/models/a;b/predict',
    '/notes/.txt',
    '/',
    '',
    '/admin',
  ]
  return fc.oneof(
    fc.constantFrom(...targets).map((target) => refused(call, `the path ${target}`, { target: target + rest })),
    fc
      .constantFrom('HEAD', 'OPTIONS', 'TRACE', 'PROPFIND', 'LINK', 'QUERY')
      .map((method) => refused(call, `the method ${method}`, { method })),
  )
}

const otherHeaders: Change = ({ operation }, call) => {
  const has = (name: string): boolean => operation.parameters.some((parameter) => parameter.name === name)
  const extra = fc.constantFrom<[string, string]>(
    ['Cookie', 'a=b'],
    ['X-Forwarded-For', '127.0.0.1'],
    ['X-Request-Id', 'crafted'],
    ['TE', 'trailers'],
    ['Accept', 'text/html'],
    ['Content-MD5', 'x'],
    ['X-HTTP-Method-Override', 'DELETE'],
    ['Range', 'bytes=0-'],
    ['Upgrade', 'websocket'],
    ['X-Strange', '\u00e9\u00ff'],
  )
  const good = fc.array(extra, { minLength: 1, maxLength: 3 }).map((list) =>
    changed(call, {
      what: 'with headers that concern nobody',
      headers: [...call.headers, ...list],
    }),
  )
  if (!has('x-trace')) return good
  const own = fc.constantFrom<[string, string][]>(
    [['x-trace', '0123456']],
    [['x-trace', '0123456789']],
    [['x-trace', '0123456G']],
    [['x-trace', '\u00e9\u00ff']],
    [
      ['x-trace', '01234567'],
      ['X-TRACE', '01234567'],
    ],
    [['x-parts', '1,2,3,4']],
    [['x-parts', '1,,2']],
    [['x-parts', '1, x']],
  )
  const others = call.headers.filter(([name]) => !name.startsWith('x-'))
  return fc.oneof(
    good,
    own.map((list) => refused(call, 'another header', { headers: [...others, ...list] })),
  )
}

const noBody: Change = ({ operation, content }, call) => {
  if (content === null || operation.body?.required !== true) return fc.constant(call)
  return fc.constant(refused(call, 'without its body', { body: null }))
}

const anotherPicture: Change = ({ operation, content }, call) => {
  if (content === null || (operation.name !== 'picture' && operation.name !== 'gallery'))
    return anotherValue({ operation, content, values: {}, spell: String }, call)
  const bytes = fc.oneof(
    fc.constantFrom(
      drawn.gifAnimated,
      drawn.webpAnimated,
      Buffer.from('<html>'),
      Buffer.alloc(0),
      Buffer.from('%PDF-1.7'),
    ),
    picture.chain(([, whole]) => fc.nat(whole.length - 2).map((length) => whole.subarray(0, length))),
  )
  if (operation.name === 'picture') return bytes.map((body) => refused(call, 'another picture', { body }))
  const texts = fc.oneof(
    bytes.map((body) => body.toString('base64')),
    fc
      .constantFrom<(text: string) => string>(
        (text) => ` ${text}`,
        (text) => `${text}\n`,
        (text) => `${text}=`,
        (text) => `-${text}`,
        (text) => `data:image/png;base64,${text}`,
      )
      .map((change) => change(drawn.png.toString('base64'))),
  )
  return texts.map((text) =>
    refused(call, 'another picture in JSON', {
      body: Buffer.from(JSON.stringify({ images: [drawn.png.toString('base64'), text] })),
    }),
  )
}

const unchanged: Change = (_parts, call) => fc.constant(call)

const changes: readonly (readonly [weight: number, change: Change])[] = [
  [4, unchanged],
  [6, anotherValue],
  [3, anotherText],
  [3, anotherByte],
  [2, anotherType],
  [2, anotherEncoding],
  [4, anotherQuery],
  [3, anotherPath],
  [2, otherHeaders],
  [1, noBody],
  [1, anotherPicture],
  [3, anotherForm],
]

/** Pictures take a process each, so that they are a small part. */
const weights: Readonly<Record<string, number>> = { picture: 1, gallery: 1, mark: 1, find: 6, predict: 6 }

/** Calls of every operation of the fixture, good ones and such as were changed in one way. */
export const fuzzCalls: fc.Arbitrary<FuzzCall> = fc
  .oneof(...operations.map((operation) => ({ weight: weights[operation.name] ?? 3, arbitrary: partsOf(operation) })))
  .chain((parts) => {
    const good = goodCall(parts)
    return fc
      .oneof(...changes.map(([weight, change]) => ({ weight, arbitrary: fc.constant(change) })))
      .chain((change) => change(parts, good))
  })
