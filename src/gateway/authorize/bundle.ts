import { createHash } from 'node:crypto'
import { gunzipSync } from 'node:zlib'
import { z } from 'zod'
import { ServiceError } from '../../core/errors.ts'
import { decisions } from './decisions.ts'

/** Bytes of a bundle when it is unpacked; lists of patterns are far below. */
const mostBytes = 64 * 1024 * 1024

/** What `opa build -t wasm` writes, as it is needed to decide. */
export interface Bundle {
  /** As its maker calls it; else the beginning of its digest. */
  readonly revision: string
  readonly wasm: Buffer
  /** The JSON text of its data. */
  readonly data: Buffer
}

const manifest = z.object({
  revision: z.string().max(200).default(''),
  wasm: z.array(z.object({ entrypoint: z.string(), module: z.string() })).default([]),
})

/** Reads a bundle (a gzipped tar). Throws `invalid-config`, naming what is missing, where it cannot decide everything. */
export function readBundle(packed: Buffer, where: string): Bundle {
  const files = unpack(packed, where)
  const [wasm, data, about] = [files.get('/policy.wasm'), files.get('/data.json'), files.get('/.manifest')]
  if (wasm === undefined || about === undefined) {
    throw unfit(where, 'it has no /policy.wasm with a /.manifest', 'Build it with "opa build -t wasm".')
  }
  const { revision, wasm: modules } = manifestOf(about, where)
  const missing = Object.values(decisions)
    .map(({ entryPoint }) => entryPoint)
    .filter((entryPoint) => !modules.some(({ entrypoint }) => entrypoint === entryPoint))
  if (missing.length > 0) {
    const advice = `Build it with ${missing.map((entryPoint) => `-e ${entryPoint}`).join(' ')}.`
    throw unfit(where, `it has no entry point ${missing.join(', ')}`, advice)
  }
  const digest = createHash('sha256').update(packed).digest('hex').slice(0, 12)
  return { revision: revision === '' ? `sha256:${digest}` : revision, wasm, data: data ?? Buffer.from('{}') }
}

export function unfit(where: string, what: string, advice: string, cause?: unknown): ServiceError {
  return new ServiceError('invalid-config', `The policy bundle ${where} cannot be used: ${what}.`, { advice, cause })
}

function manifestOf(text: Buffer, where: string): z.infer<typeof manifest> {
  try {
    return manifest.parse(JSON.parse(text.toString('utf8')))
  } catch (cause) {
    throw unfit(where, 'its /.manifest is not one of a bundle', 'Build it with "opa build -t wasm".', cause)
  }
}

const block = 512

/** The regular files of a gzipped tar by name, as POSIX has them: a header of 512 bytes, then the content in whole blocks. */
function unpack(packed: Buffer, where: string): ReadonlyMap<string, Buffer> {
  const advice = 'It has to be a .tar.gz of "opa build -t wasm".'
  let tar: Buffer
  try {
    tar = gunzipSync(packed, { maxOutputLength: mostBytes })
  } catch (cause) {
    throw unfit(where, 'it is no gzipped archive, is cut off, or is larger than 64 MiB', advice, cause)
  }
  const files = new Map<string, Buffer>()
  for (let at = 0; at + block <= tar.length && tar[at] !== 0;) {
    const header = tar.subarray(at, at + block)
    const size = Number.parseInt(textOf(header.subarray(124, 136)), 8)
    const [name, kind] = [textOf(header.subarray(0, 100)), header[156]]
    const begin = at + block
    if (!Number.isSafeInteger(size) || size < 0 || begin + size > tar.length)
      throw unfit(where, 'it is cut off', advice)
    if (kind === 0 || kind === 48)
      files.set(name.startsWith('/') ? name : `/${name}`, tar.subarray(begin, begin + size))
    at = begin + Math.ceil(size / block) * block
  }
  return files
}

function textOf(field: Buffer): string {
  const end = field.indexOf(0)
  return field.toString('latin1', 0, end === -1 ? field.length : end).trim()
}
