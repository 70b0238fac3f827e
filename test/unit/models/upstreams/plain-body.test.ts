import { Readable } from 'node:stream'
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib'
import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { ServiceError } from '../../../../src/core/errors.ts'
import { plainBody, wholeBody, type PlainBodyOptions } from '../../../../src/models/upstreams/plain-body.ts'

const place = { name: 'first', host: 'example.com', prefix: '', apiKey: null }
const options = (more: Partial<PlainBodyOptions> = {}): PlainBodyOptions => ({
  encoding: 'identity',
  maximumBytes: 1_000,
  place,
  signal: new AbortController().signal,
  ...more,
})

const bodyOf = (pieces: readonly (Uint8Array | Error)[]) =>
  Readable.from(
    (async function* () {
      for (const piece of pieces) {
        if (piece instanceof Error) throw piece
        yield Buffer.from(piece)
      }
    })(),
    { objectMode: false },
  )

/** What comes of a body, read piece by piece or as a whole. */
async function inPieces(body: Readable, how: PlainBodyOptions): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of plainBody(body, how)) pieces.push(piece)
  return Buffer.concat(pieces)
}

const resultOf = (work: Promise<Buffer>) =>
  work.then(
    (bytes) => bytes.toString('hex'),
    (error: ServiceError) => `${error.code}: ${error.message}`,
  )

const encodings = {
  identity: (bytes: Uint8Array) => bytes,
  gzip: gzipSync,
  deflate: deflateSync,
  br: brotliCompressSync,
}

describe('a body of an upstream', () => {
  it('is the same read as a whole and piece by piece, with its faults', async () => {
    const text = fc.uint8Array({ maxLength: 1_500 })
    const encoding = fc.constantFrom(...(Object.keys(encodings) as (keyof typeof encodings)[]))
    await fc.assert(
      fc.asyncProperty(text, encoding, fc.nat(3), fc.nat(400), async (bytes, name, damage, cut) => {
        const encoded = Buffer.from(encodings[name](bytes))
        const pieces = [encoded.subarray(0, cut), encoded.subarray(cut)].filter(({ length }) => length > 0)
        const sent = damage === 1 ? [...pieces.slice(0, -1), new Error('broken off')] : pieces
        const how = options({ encoding: damage === 2 ? 'zip' : name })
        const whole = await resultOf(wholeBody(bodyOf(sent), how))
        expect(whole).toBe(await resultOf(inPieces(bodyOf(sent), how)))
        if (damage === 0 && bytes.length <= 1_000) expect(whole).toBe(Buffer.from(bytes).toString('hex'))
        if (damage !== 1 && damage !== 2 && bytes.length > 1_000) expect(whole).toContain('more than 1000 bytes')
      }),
    )
  })

  it.each([
    ['that is too long', Buffer.alloc(2_000), {}, 'model-protocol'],
    ['in an unknown encoding', Buffer.from('x'), { encoding: 'zip' }, 'model-protocol'],
    ['that is not what its encoding says', Buffer.from('no gzip'), { encoding: 'gzip' }, 'model-protocol'],
  ])('%s is ended, and not read on', async (_claim, bytes, more, code) => {
    const body = bodyOf([bytes])
    await expect(wholeBody(body, options(more))).rejects.toMatchObject({ code })
    expect(body.destroyed).toBe(true)
  })

  it('that is closed before its end is a fault', async () => {
    const body = new Readable({ read: () => undefined })
    const read = wholeBody(body, options())
    body.push('half')
    body.destroy()
    await expect(read).rejects.toMatchObject({ code: 'model-unavailable' })
  })
})
