import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable } from 'node:stream'
import { text } from 'node:stream/consumers'
import { pipeline } from 'node:stream/promises'
import { ServiceError } from '../../../core/errors.ts'

/**
 * `--ignore-zeros` makes tar read to the end of the stream. Without it tar leaves at the archive's own end mark when the
 * archive's length is a multiple of tar's record (10,240 bytes, one image in twenty), and the stream is cut off then.
 */
const unpacking = ['--extract', '--ignore-zeros', '--numeric-owner', '--preserve-permissions', '--directory']

/**
 * Writes an archive's files, with owners and permissions, below a folder by way of this host's `tar`.
 *
 * @throws ServiceError `sandbox-unavailable` with what tar said; else what the stream threw, or the signal's reason.
 */
export async function unpackTar(archive: Readable, folder: string, signal: AbortSignal): Promise<void> {
  const tar = spawn('tar', [...unpacking, folder], { stdio: ['pipe', 'ignore', 'pipe'], signal })
  const [piped, complaint, ended] = await Promise.allSettled([
    pipeline(archive, tar.stdin, { signal }),
    text(tar.stderr),
    once(tar, 'exit'),
  ])
  signal.throwIfAborted()
  if (ended.status === 'rejected') throw ended.reason
  if (piped.status === 'rejected' && !isCutOff(piped.reason)) throw piped.reason
  const [status] = ended.value as [number | null]
  if (status !== 0) {
    const said = complaint.status === 'fulfilled' ? complaint.value.trim().slice(-300) : ''
    throw new ServiceError('sandbox-unavailable', `tar ended with status ${status}: ${said}`)
  }
  if (piped.status === 'rejected') throw piped.reason
}

/** Did the one who reads go away? Then why it did says more. */
function isCutOff(reason: unknown): boolean {
  return ['EPIPE', 'ERR_STREAM_PREMATURE_CLOSE'].includes(String((reason as NodeJS.ErrnoException).code))
}
