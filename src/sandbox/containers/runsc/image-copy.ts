import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { ServiceError } from '../../../core/errors.ts'

const saidBytes = 2048

/**
 * Fills `to`, which must not exist, with the files of `from`: owners, modes and times as they are, and a file of its own
 * for each, so that no page of one is in memory for the other. Rejects with `sandbox-unavailable` where they do not fit.
 */
export async function copyImage(from: string, to: string, signal: AbortSignal): Promise<void> {
  // A reflink shares blocks of the disk, and never pages in memory.
  const child = spawn('cp', ['--archive', '--reflink=auto', '--', from, to], { stdio: ['ignore', 'ignore', 'pipe'] })
  // Only when it has ended can what it made be removed.
  const stop = () => child.kill('SIGKILL')
  signal.addEventListener('abort', stop)
  let said = ''
  child.stderr.on('data', (piece: Buffer) => {
    said = (said + piece.toString('utf8')).slice(-saidBytes)
  })
  try {
    const [status] = (await once(child, 'close')) as [number | null]
    if (status === 0) return
  } catch (thrown) {
    said = (thrown as Error).message
  } finally {
    signal.removeEventListener('abort', stop)
  }
  signal.throwIfAborted()
  throw new ServiceError(
    'sandbox-unavailable',
    `A sandbox got no copy of the image's files: ${said.trim().slice(-300)}`,
    { advice: 'Make room on the disk of the state folder, or set sandbox.sharing to read-only.' },
  )
}
