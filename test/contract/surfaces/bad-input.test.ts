import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../../support/temporary-folder.ts'
import { verifies } from '../../support/verifies.ts'

const unshare = '/usr/bin/unshare'
const problem = process.getuid?.() === 0 && existsSync(unshare) ? null : 'a disk of its own takes root and unshare'
if (problem !== null) process.stderr.write(`SKIPPED: a service on a full disk, ${problem}\n`)

/** A whole service in a mount namespace with a disk of 16 MiB for its storage, which goes away with it. */
async function playOnSmallDisk(): Promise<unknown> {
  const small = temporaryFolder('small-disk-')
  const script = join(import.meta.dirname, '../../support/surfaces/full-disk-service.ts')
  const mount = 'mount -t tmpfs -o size=16m tmpfs "$1" && shift && exec "$@"'
  const program = [process.execPath, '--no-node-snapshot', '--disable-warning=ExperimentalWarning', script, small]
  const words = ['--mount', 'sh', '-c', mount, 'sh', small, ...program]
  const { stdout } = await promisify(execFile)(unshare, words, { timeout: 100_000, killSignal: 'SIGKILL' })
  return JSON.parse(stdout)
}

const full = { status: 503, code: 'storage-unavailable' }
const firstStep = ['message completed', 'code_interpreter_call completed print("one")', 'message incomplete']

describe.skipIf(problem !== null)('a storage that is full in the middle of runs', () => {
  it('ends each with a typed fault, loses nothing that was acknowledged, and goes on when there is room', async () => {
    verifies('history.full')
    expect(await playOnSmallDisk()).toEqual({
      broken: { error: expect.objectContaining({ code: 'storage-unavailable' }) },
      whileFull: {
        upload: full,
        conversation: full,
        chat: full,
        response: full,
        execute: full,
        first: 'the first',
        texts: ['Go on.', 'Go on.', 'First step. '],
        before: 'completed',
      },
      after: {
        goesOn: { status: 200, code: null },
        texts: ['Go on.', 'Go on.', 'First step. ', 'Go on.', 'Last step.'],
        first: 'the first',
        upload: { status: 200, code: null },
      },
      // What its caller saw is what is kept; how it ended could not be.
      streamed: { status: 'failed', code: 'storage-unavailable', output: firstStep },
      whole: full,
      background: 'failed',
      kept: {
        streamed: { status: 'failed', code: 'cancelled', output: firstStep },
        background: { status: 'failed', code: 'cancelled', output: firstStep },
      },
      faults: expect.arrayContaining(Array.from({ length: 5 }, () => 'storage-unavailable')),
    })
  }, 120_000)
})
