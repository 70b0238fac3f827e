import { open, realpath, type FileHandle } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ServiceError } from '../../core/errors.ts'
import { withFileLock } from '../../files/file-lock.ts'
import { beginsLikeTrail, longestLine, origin, parseEntry, type AuditPlace } from './entry.ts'
import { isAbsent } from './files.ts'

/** How long whoever reads or writes a trail waits for another process, in milliseconds. */
export const patience = 10_000

const newline = 10

export interface LastLine extends AuditPlace {
  /** Bytes of the file with this line as its last. */
  readonly size: number
}

/** The name under which all who use a trail lock it, where its file may not be there yet. Its folder has to be. */
export async function trailName(given: string): Promise<string> {
  try {
    return await realpath(given)
  } catch (thrown) {
    if (!isAbsent(thrown)) throw thrown
    return join(await realpath(dirname(given)), basename(given))
  }
}

/**
 * Where a file of a trail ends; the beginning of a trail for an empty one. An unfinished line behind it, which a crash
 * leaves, never counted, and is cut off. Throws `invalid-config` when the last line is not one of a trail.
 */
export async function lastLineOf(file: FileHandle, path: string): Promise<LastLine> {
  const { size } = await file.stat()
  if (size === 0) return { sequence: 0, hash: origin, size }
  const length = Math.min(size, longestLine)
  const { buffer } = await file.read(Buffer.alloc(length), 0, length, size - length)
  const whole = buffer.lastIndexOf(newline) + 1
  const torn = buffer.subarray(whole)
  const lastLine = buffer.subarray(buffer.subarray(0, Math.max(0, whole - 1)).lastIndexOf(newline) + 1, whole - 1)
  const entry = whole === 0 ? null : parseEntry(lastLine)
  // A torn end is cut off only from a file that is certainly a trail, since the setting may name any file of the
  // service's user.
  if (whole === 0 ? size > longestLine || !beginsLikeTrail(torn) : entry === null) {
    throw new ServiceError('invalid-config', `${path}: its last line is not one of an audit trail`, {
      advice: 'Move the file away, or set telemetry.audit_file to another one.',
    })
  }
  if (torn.length > 0) await file.truncate(size - torn.length)
  const { sequence, hash } = entry ?? { sequence: 0, hash: origin }
  return { sequence, hash, size: size - torn.length }
}

/** How far a trail has come: the number and the hash of its last line. Null where there is none. */
export async function readAuditAnchor(given: string): Promise<AuditPlace | null> {
  const file = await open(given, 'r+').catch((thrown: unknown) => {
    if (isAbsent(thrown)) return null
    throw thrown
  })
  if (file === null) return null
  try {
    const path = await realpath(given)
    const { sequence, hash } = await withFileLock(path, patience, () => lastLineOf(file, path))
    return { sequence, hash }
  } finally {
    await file.close()
  }
}
