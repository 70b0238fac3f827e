import { closeSync, constants, fstatSync, openSync, readSync, statSync, type Stats } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { ServiceError } from '../core/errors.ts'

/** The most bytes that a file may have, and the setting that says so. */
export interface SizeLimit {
  readonly bytes: number
  /** The setting that says so; null where none does. */
  readonly setting: string | null
}

/** A pipe or a device that takes the file's place after it was looked at is opened without waiting for it. */
const flags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY
const pieceBytes = 64 * 1024

/**
 * The one way to open a local file that somebody named: what it names, links followed, has to be a regular file within
 * the limit. A pipe, a device, a socket and a folder are refused without being opened: they may never end, or never
 * begin. Throws `invalid-file`; its cause is the system's error where there was one.
 */
export async function openRegularFile(given: string, limit: SizeLimit): Promise<{ handle: FileHandle; bytes: number }> {
  refuseOther(given, await stat(given).catch(unreadable(given)), limit)
  const handle = await open(given, flags).catch(unreadable(given))
  try {
    const facts = await handle.stat()
    refuseOther(given, facts, limit)
    return { handle, bytes: facts.size }
  } catch (thrown) {
    await handle.close()
    throw thrown
  }
}

/** The content of a file, opened as `openRegularFile` does. A file that grows while it is read is refused as well. */
export async function readRegularFile(given: string, limit: SizeLimit): Promise<Buffer> {
  const pieces: Buffer[] = []
  for await (const piece of streamRegularFile(given, limit)) pieces.push(piece)
  return Buffer.concat(pieces)
}

/** Reads a regular file piece by piece, under the same rules. The file is opened when the first piece is asked for. */
export async function* streamRegularFile(given: string, limit: SizeLimit): AsyncGenerator<Buffer> {
  const { handle } = await openRegularFile(given, limit)
  try {
    let bytes = 0
    for (;;) {
      const { buffer, bytesRead } = await handle
        .read(Buffer.allocUnsafe(pieceBytes), 0, pieceBytes)
        .catch(unreadable(given))
      if (bytesRead === 0) return
      bytes += bytesRead
      if (bytes > limit.bytes) throw tooLarge(given, null, limit)
      yield buffer.subarray(0, bytesRead)
    }
  } finally {
    await handle.close()
  }
}

/**
 * Reads a regular file synchronously, under the same rules: the configuration is needed before anything can be awaited.
 */
export function readRegularFileSync(given: string, limit: SizeLimit): Buffer {
  let descriptor: number | null = null
  try {
    refuseOther(given, statSync(given), limit)
    descriptor = openSync(given, flags)
    refuseOther(given, fstatSync(descriptor), limit)
    return readToEnd(descriptor, given, limit)
  } catch (thrown) {
    return thrown instanceof ServiceError ? raise(thrown) : unreadable(given)(thrown)
  } finally {
    if (descriptor !== null) closeSync(descriptor)
  }
}

function readToEnd(descriptor: number, given: string, limit: SizeLimit): Buffer {
  const pieces: Buffer[] = []
  for (let bytes = 0; ;) {
    const piece = Buffer.allocUnsafe(pieceBytes)
    const read = readSync(descriptor, piece, 0, pieceBytes, null)
    if (read === 0) return Buffer.concat(pieces)
    bytes += read
    if (bytes > limit.bytes) throw tooLarge(given, null, limit)
    pieces.push(piece.subarray(0, read))
  }
}

/** True for the fault of a file that is not there. */
export function isMissing(thrown: unknown): boolean {
  const code = thrown instanceof ServiceError ? (thrown.cause as NodeJS.ErrnoException | undefined)?.code : undefined
  return code === 'ENOENT' || code === 'ENOTDIR'
}

function refuseOther(given: string, facts: Stats, limit: SizeLimit): void {
  if (facts.isDirectory()) throw invalidFile(given, 'it is a folder', { advice: 'Name a file in it.' })
  if (!facts.isFile()) throw invalidFile(given, 'it is not a regular file')
  if (facts.size > limit.bytes) throw tooLarge(given, facts.size, limit)
}

function unreadable(given: string): (thrown: unknown) => never {
  return (thrown) => {
    const { code, message } = thrown as NodeJS.ErrnoException
    const reason = code === 'ENOENT' ? 'it does not exist' : `it cannot be read (${code ?? message})`
    throw invalidFile(given, reason, { cause: thrown })
  }
}

function raise(thrown: unknown): never {
  throw thrown
}

/** `what` is a file, or several together; `bytes` null for more than the limit, nobody counted how much. */
export function tooLarge(what: string, bytes: number | null, { bytes: most, setting }: SizeLimit): ServiceError {
  const size = bytes === null ? 'it is too long' : `${sizeText(bytes)} are too much`
  const by = setting === null ? '' : ` (${setting})`
  return new ServiceError('invalid-file', `${what}: ${size}, the limit is ${sizeText(most)}${by}`, {
    parameter: what,
    ...(setting === null
      ? {}
      : { advice: `Give a part of it, load it into a database, or raise ${setting} and the limits beside it.` }),
  })
}

/** A size in the unit of the settings that limit sizes. */
function sizeText(bytes: number): string {
  if (bytes < 1_048_576) return `${bytes.toLocaleString('en')} bytes`
  return `${(bytes / 1_048_576).toLocaleString('en', { maximumFractionDigits: 1 })} MiB`
}

export function invalidFile(
  path: string,
  reason: string,
  { advice, cause }: { readonly advice?: string; readonly cause?: unknown } = {},
): ServiceError {
  return new ServiceError('invalid-file', `${path}: ${reason}`, {
    parameter: path,
    cause,
    ...(advice === undefined ? {} : { advice }),
  })
}
