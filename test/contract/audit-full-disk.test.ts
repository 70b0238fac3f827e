import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const script = join(import.meta.dirname, '../support/audit/full-disk-process.ts')
const unshare = '/usr/bin/unshare'
const problem = process.getuid?.() === 0 && existsSync(unshare) ? null : 'a disk of its own takes root and unshare'
if (problem !== null) process.stderr.write(`SKIPPED: an audit trail on a full disk, ${problem}\n`)

/** Plays it in a mount namespace with a disk of one megabyte, which goes away with it. */
async function play(failure: 'refuse' | 'continue'): Promise<unknown> {
  const small = temporaryFolder('small-disk-')
  const mount = 'mount -t tmpfs -o size=1m tmpfs "$1" && shift && exec "$@"'
  const words = ['--mount', 'sh', '-c', mount, 'sh', small, process.execPath, script, failure, small]
  const { stdout } = await promisify(execFile)(unshare, words, { timeout: 280_000, killSignal: 'SIGKILL' })
  return JSON.parse(stdout)
}

describe.skipIf(problem !== null)('an audit trail on a full disk', () => {
  it('refuses what it cannot hold, is whole all the time, and goes on when there is room', async () => {
    verifies('audit.failure')
    expect(await play('refuse')).toEqual({
      failing: true,
      during: ['service-unavailable', 'service-unavailable'],
      meanwhile: 'intact',
      available: 'none',
      after: ['none', false],
      filled: true,
      lost: 0,
      events: ['test before', 'trail-probe', 'test after'],
      verdict: 'intact',
    })
  })

  it('that may lose lines counts them, says so, and tells the trail as soon as it can', async () => {
    verifies('audit.failure')
    expect(await play('continue')).toEqual({
      failing: true,
      during: ['none', 'service-unavailable'],
      meanwhile: 'intact',
      available: 'none',
      after: ['none', false],
      filled: true,
      lost: 2,
      events: ['test before', 'trail-probe', 'trail-gap 2', 'test after'],
      verdict: 'intact',
    })
  })
})
