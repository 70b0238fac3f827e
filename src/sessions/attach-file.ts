import { basename, extname } from 'node:path'
import { ServiceError } from '../core/errors.ts'
import { openLocalFile } from '../files/local-file.ts'
import { streamRegularFile } from '../files/regular-file.ts'
import { describeContent } from './describe-content.ts'
import type { SessionFile } from './session-file.ts'

export interface AttachOptions {
  /** Name below `/mnt/data`; the file's own without one. */
  readonly name?: string
  readonly maximumBytes: number
  /** Encoding that somebody said its text has. */
  readonly encoding?: string | null
}

/**
 * A local file as a session's file, with a look at its beginning; what it holds as a table is said by the sandbox that
 * reads it. Opens nothing for long: the content is streamed when a sandbox wants it. Throws `invalid-file` as
 * `openLocalFile` does.
 */
export async function attachFile(path: string, options: AttachOptions, signal: AbortSignal): Promise<SessionFile> {
  signal.throwIfAborted()
  const name = safeName(options.name ?? basename(path))
  const limit = { bytes: options.maximumBytes, setting: 'sessions.maximum_file_mb' }
  const { bytes, head } = await openLocalFile(path, limit, { name, encoding: options.encoding ?? null })
  return {
    path: name,
    kind: 'attached',
    description: describeContent({ extension: extname(name).toLowerCase(), sample: head, bytes }),
    bytes,
    open: () => streamRegularFile(path, limit),
  }
}

interface StoredContent {
  readonly bytes: number
  readonly open: () => AsyncIterable<Uint8Array>
}

/** A stored file as a session's file, as `attachFile` has a local one. */
export async function attachStored(
  { bytes, open }: StoredContent,
  { name = 'data', maximumBytes }: AttachOptions,
): Promise<SessionFile> {
  const path = safeName(name)
  if (bytes > maximumBytes) {
    const message = `${path} has ${bytes} bytes; sessions.maximum_file_mb allows ${maximumBytes}.`
    throw new ServiceError('invalid-file', message)
  }
  const extension = extname(path).toLowerCase()
  return {
    path,
    kind: 'attached',
    description: describeContent({ extension, sample: await headOf(open()), bytes }),
    bytes,
    open,
  }
}

/** Bytes of the beginning that are described. */
const headBytes = 65_536

async function headOf(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const parts: Uint8Array[] = []
  let length = 0
  for await (const part of content) {
    parts.push(Buffer.from(part))
    length += part.length
    if (length >= headBytes) break
  }
  return Buffer.concat(parts).subarray(0, headBytes)
}

/** The whole name, in any script; only what a path below `/mnt/data` cannot hold is replaced. */
function safeName(name: string): string {
  const plain = basename(name)
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '_')
    .replace(/^[.\s-]+/, '')
  return plain === '' ? 'data' : plain
}
