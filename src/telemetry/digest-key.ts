import { randomBytes } from 'node:crypto'
import { mkdir, realpath, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ServiceError } from '../core/errors.ts'
import { withFileLock } from '../files/file-lock.ts'
import { isMissing, readRegularFile } from '../files/regular-file.ts'

/** How long to wait for another process that makes the key, in milliseconds. */
const patience = 5_000
const keyBytes = 32
/** A key, its line break, and room for an editor's mistake; anything larger is another file. */
const largestFile = { bytes: 256, setting: null }

/**
 * The key of the digests, from the file that holds it as 64 hexadecimal digits; made, readable by its owner only, where
 * there is none. Rejects with `invalid-config` for a file that holds something else or cannot be made: a trail without
 * keyed digests is not written.
 */
export async function openDigestKey(path: string): Promise<Buffer> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const name = join(await realpath(dirname(path)), basename(path))
    return await withFileLock(name, patience, async () => (await readKey(path)) ?? (await makeKey(path)))
  } catch (thrown) {
    if (thrown instanceof ServiceError) throw thrown
    throw new ServiceError(
      'invalid-config',
      `The key of the digests, ${path}, cannot be read or made: ${(thrown as Error).message}`,
      {
        cause: thrown,
        advice: 'Make its folder writable for the service, or set secrets_directory to one that is.',
      },
    )
  }
}

async function readKey(path: string): Promise<Buffer | null> {
  const content = await readRegularFile(path, largestFile).catch((thrown: unknown) => {
    if (isMissing(thrown)) return null
    throw unusable(path, `is no file of a key: ${(thrown as Error).message}`, thrown)
  })
  if (content === null) return null
  const text = content.toString('latin1').trim()
  if (!/^[0-9a-f]{64}$/i.test(text)) throw unusable(path, 'does not hold 64 hexadecimal digits')
  return Buffer.from(text, 'hex')
}

async function makeKey(path: string): Promise<Buffer> {
  const key = randomBytes(keyBytes)
  await writeFile(path, `${key.toString('hex')}\n`, { flag: 'wx', mode: 0o600, flush: true })
  return key
}

function unusable(path: string, what: string, cause?: unknown): ServiceError {
  return new ServiceError('invalid-config', `The key of the digests, ${path}, ${what}`, {
    cause,
    advice: 'Restore it, or move it away: the next start makes another, which fits no digest made so far.',
  })
}
