import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { temporaryFolder } from '../support/temporary-folder.ts'
import { verifies } from '../support/verifies.ts'

const script = join(import.meta.dirname, '../support/storage/full-disk-process.ts')
const unshare = '/usr/bin/unshare'
const problem = process.getuid?.() === 0 && existsSync(unshare) ? null : 'a disk of its own takes root and unshare'
if (problem !== null) process.stderr.write(`SKIPPED: a storage on a full disk, ${problem}\n`)

/** Plays a scene in a mount namespace with a disk of so many megabytes, which goes away with it. */
async function play(scene: string, megabytes: number): Promise<unknown> {
  const [small, large] = [temporaryFolder('small-disk-'), temporaryFolder('large-disk-')]
  const mount = `mount -t tmpfs -o size=${megabytes}m tmpfs "$1" && shift && exec "$@"`
  const program = [process.execPath, '--disable-warning=ExperimentalWarning', script, scene, small, large]
  const words = ['--mount', 'sh', '-c', mount, 'sh', small, ...program]
  const { stdout } = await promisify(execFile)(unshare, words, { timeout: 280_000, killSignal: 'SIGKILL' })
  return JSON.parse(stdout)
}

const full = 'storage-unavailable: has no room left on its disk'

describe.skipIf(problem !== null)(
  'a storage on a full disk',
  () => {
    it('says so, goes on reading, has all that was acknowledged, and is written again when there is room', async () => {
      verifies('storage.recovers')
      expect(await play('filledByAnother', 8)).toEqual({
        fault: full,
        during: { state: 'disk-full', found: 'alice', lost: 0, revoking: full, keys: ['alice in force'] },
        after: { state: 'ready', revoked: true, lost: 0 },
      })
    })

    it('that it filled by itself holds nothing half', async () => {
      verifies('storage.recovers')
      expect(await play('filledByItself', 4)).toEqual({ many: true, fault: full, lost: 0, next: [null] })
    })

    it('takes no half of a restore', async () => {
      expect(await play('restored', 8)).toEqual({
        during: { fault: full, keys: ['alice in force'], lost: 50 },
        after: { addedIds: 5_000, keys: ['alice in force', 'bob unknown'] },
      })
    })

    it('is no place for a backup, of which nothing is left there', async () => {
      verifies('storage.backup')
      const refused = { fault: 'storage-unavailable: could not be written', left: [] }
      expect(await play('backedUp', 1)).toEqual({ seen: [refused, refused], state: 'ready' })
    })
  },
  90_000,
)
