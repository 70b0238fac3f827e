import { gzipSync } from 'node:zlib'
import { classify, jsonOf, jsonType } from '../request.ts'
import type { InvalidKind, Material } from './kind.ts'

const fine = ({ picture }: Material): Buffer => jsonOf(picture().data)
const chunked = 'Transfer-Encoding: chunked'
const framedByItself = { tellsLength: false }

const inOneChunk = (body: Buffer): Buffer =>
  Buffer.concat([Buffer.from(`${body.length.toString(16)}\r\n`), body, Buffer.from('\r\n0\r\n\r\n')])

/** Requests that two readers take for two different ones, that never end, or that unpack without an end. */
export const kindsOfFraming: readonly InvalidKind[] = [
  {
    name: 'bad-chunk-size',
    wrong: 'a piece whose size is no number',
    make: () => classify([jsonType, chunked], Buffer.from('zz\r\n{}\r\n0\r\n\r\n'), framedByItself),
  },
  {
    name: 'chunk-without-end',
    wrong: 'pieces that break off',
    make: () => classify([jsonType, chunked], Buffer.from('ffff\r\n{"image":'), { tellsLength: false, stops: true }),
  },
  {
    name: 'length-and-chunks',
    wrong: 'a length and pieces at once',
    make: (m) => classify([jsonType, chunked, 'Content-Length: 5'], inOneChunk(fine(m)), framedByItself),
  },
  {
    name: 'two-lengths',
    wrong: 'two lengths that differ',
    make: (m) => classify([jsonType, 'Content-Length: 2'], fine(m)),
  },
  {
    name: 'negative-length',
    wrong: 'a length below zero',
    make: (m) => classify([jsonType, 'Content-Length: -1'], fine(m), framedByItself),
  },
  {
    name: 'cut-short',
    wrong: 'fewer bytes than were told',
    make: (m) => {
      const body = fine(m)
      const headers = [jsonType, `Content-Length: ${body.length}`]
      return classify(headers, body.subarray(0, body.length / 2), { tellsLength: false, stops: true })
    },
  },
  {
    name: 'header-flood',
    wrong: 'more headers than anybody needs',
    make: (m) =>
      classify([jsonType, ...Array.from({ length: 150 }, (_, index) => `X-${index}: ${'x'.repeat(200)}`)], fine(m)),
  },
  {
    name: 'packed-zeros',
    wrong: 'ten million zeros, packed',
    make: () => classify([jsonType, 'Content-Encoding: gzip'], gzipSync(Buffer.alloc(10_000_000))),
  },
  {
    name: 'unknown-packing',
    wrong: 'a packing that there is not',
    make: (m) => classify([jsonType, 'Content-Encoding: zip'], fine(m)),
  },
  { name: 'no-type', wrong: 'no type of the body', make: (m) => classify([], fine(m)) },
  {
    name: 'wrong-type',
    wrong: 'another type than the body has',
    make: (m) => classify(['Content-Type: text/plain'], fine(m)),
  },
  { name: 'no-body', wrong: 'no body', make: () => classify([jsonType], Buffer.alloc(0)) },
]
