import { basename, extname } from 'node:path'
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

/** The whole name, in any script; only what a path below `/mnt/data` cannot hold is replaced. */
function safeName(name: string): string {
  const plain = basename(name)
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\\\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu, '_')
    .replace(/^[.\s-]+/, '')
  return plain === '' ? 'data' : plain
}
