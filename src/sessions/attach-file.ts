import { createReadStream } from 'node:fs'
import { open, stat } from 'node:fs/promises'
import { basename, extname } from 'node:path'
import { ServiceError } from '../core/errors.ts'
import { describeContent } from './describe-content.ts'
import type { SessionFile } from './session-file.ts'

const sampleBytes = 64 * 1024

export interface AttachOptions {
  /** Name below `/mnt/data`; the file's own without one. */
  readonly name?: string
  readonly maximumBytes: number
}

/**
 * A local file as a session's file, with a look at its first rows. Opens nothing for long: the content is streamed when
 * a sandbox wants it. Throws `invalid-file` for what is missing, unreadable, no regular file, empty, too large, or not
 * what its name says.
 */
export async function attachFile(path: string, options: AttachOptions, signal: AbortSignal): Promise<SessionFile> {
  signal.throwIfAborted()
  const bytes = await sizeOf(path, options.maximumBytes)
  const name = safeName(options.name ?? basename(path))
  const sample = await readBeginning(path)
  return {
    path: name,
    kind: 'attached',
    description: describeContent({ path, extension: extname(name).toLowerCase(), sample, bytes }),
    bytes,
    open: () => createReadStream(path),
  }
}

async function sizeOf(path: string, maximumBytes: number): Promise<number> {
  const facts = await stat(path).catch((error: NodeJS.ErrnoException) => {
    const reason = error.code === 'ENOENT' ? 'does not exist' : `cannot be read (${error.code ?? error.message})`
    throw new ServiceError('invalid-file', `${path} ${reason}`, { cause: error })
  })
  if (facts.isDirectory()) throw new ServiceError('invalid-file', `${path} is a folder; name a file in it`)
  if (!facts.isFile()) throw new ServiceError('invalid-file', `${path} is not a regular file`)
  if (facts.size === 0) throw new ServiceError('invalid-file', `${path} is empty`)
  if (facts.size > maximumBytes) {
    const message = `${path} has ${mebibytes(facts.size)} MiB, and at most ${mebibytes(maximumBytes)} MiB can be attached`
    throw new ServiceError('invalid-file', message, {
      advice: 'Attach a part of it, or raise sessions.maximum_file_bytes.',
    })
  }
  return facts.size
}

function mebibytes(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1)
}

/** A name that is the same below `/mnt/data` and in Python source, whatever the file was called. */
function safeName(name: string): string {
  const plain = basename(name)
    .normalize('NFC')
    .replace(/[^\p{L}\p{N}._ -]/gu, '_')
    .replace(/^[.\s-]+/, '')
  return plain === '' ? 'data' : plain.slice(-120)
}

async function readBeginning(path: string): Promise<Buffer> {
  const handle = await open(path, 'r').catch((error: NodeJS.ErrnoException) => {
    throw new ServiceError('invalid-file', `${path} cannot be read (${error.code ?? error.message})`, { cause: error })
  })
  try {
    const buffer = Buffer.alloc(sampleBytes)
    const { bytesRead } = await handle.read(buffer, 0, sampleBytes, 0)
    return buffer.subarray(0, bytesRead)
  } finally {
    await handle.close()
  }
}
