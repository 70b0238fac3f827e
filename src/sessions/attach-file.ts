import { createReadStream } from 'node:fs'
import { basename, extname } from 'node:path'
import { openLocalFile } from '../core/local-file.ts'
import { describeContent } from './describe-content.ts'
import type { SessionFile } from './session-file.ts'

export interface AttachOptions {
  /** Name below `/mnt/data`; the file's own without one. */
  readonly name?: string
  readonly maximumBytes: number
}

/**
 * A local file as a session's file, with a look at its first rows. Opens nothing for long: the content is streamed when
 * a sandbox wants it. Throws `invalid-file` as `openLocalFile` does, and for a table without a header.
 */
export async function attachFile(path: string, options: AttachOptions, signal: AbortSignal): Promise<SessionFile> {
  signal.throwIfAborted()
  const name = safeName(options.name ?? basename(path))
  const limit = { bytes: options.maximumBytes, setting: 'sessions.maximum_file_bytes' }
  const { bytes, head } = await openLocalFile(path, limit, name)
  return {
    path: name,
    kind: 'attached',
    description: describeContent({ path, extension: extname(name).toLowerCase(), sample: head, bytes }),
    bytes,
    open: () => createReadStream(path),
  }
}

/** A name that is the same below `/mnt/data` and in Python source, whatever the file was called. */
function safeName(name: string): string {
  const plain = basename(name)
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^[.\s-]+/, '')
  return plain === '' ? 'data' : plain.slice(-120)
}
