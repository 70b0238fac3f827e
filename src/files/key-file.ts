import { randomBytes } from 'node:crypto'
import { mkdir, realpath, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { ServiceError } from '../core/errors.ts'
import { withFileLock } from './file-lock.ts'
import { isMissing, readRegularFile } from './regular-file.ts'

/** How long to wait for another process that makes the key, in milliseconds. */
const patience = 5_000
const keyBytes = 32
/** A key, its line break, and room for an editor's mistake; anything larger is another file. */
const largestFile = { bytes: 256, setting: null }

/** What a key is for, as its errors say it. */
export interface KeyPurpose {
  /** `The key of the digests`. */
  readonly title: string
  /** What a new one would mean: `fits no digest made so far`. */
  readonly loss: string
  /** The member of the configuration that says where the file is. */
  readonly setting: string
}

/**
 * A key of 32 bytes, from the file that holds it as 64 hexadecimal digits; made, readable by its owner only, where there
 * is none. Rejects with `invalid-config` for a file that holds something else or cannot be made.
 */
export async function openKeyFile(path: string, purpose: KeyPurpose): Promise<Buffer> {
  try {
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    const name = join(await realpath(dirname(path)), basename(path))
    return await withFileLock(name, patience, async () => (await readKey(path, purpose)) ?? (await makeKey(path)))
  } catch (thrown) {
    if (thrown instanceof ServiceError) throw thrown
    const what = `cannot be read or made: ${(thrown as Error).message}`
    throw new ServiceError('invalid-config', `${purpose.title}, ${path}, ${what}`, {
      cause: thrown,
      advice: `Make its folder writable for the service, or set ${purpose.setting} to one that is.`,
    })
  }
}

/** The key of a file that has to be there. Rejects with `invalid-config` where it is not, and makes none. */
export async function readKeyFile(path: string, purpose: KeyPurpose): Promise<Buffer> {
  const key = await readKey(path, purpose)
  if (key !== null) return key
  throw new ServiceError('invalid-config', `${purpose.title}, ${path}, is not there.`, {
    advice: `Put it back, or set ${purpose.setting} to where it is.`,
  })
}

/** The key of a file; null where none was made yet. Rejects with `invalid-config` for a file that holds something else. */
export async function existingKeyFile(path: string, purpose: KeyPurpose): Promise<Buffer | null> {
  return readKey(path, purpose)
}

async function readKey(path: string, purpose: KeyPurpose): Promise<Buffer | null> {
  const content = await readRegularFile(path, largestFile).catch((thrown: unknown) => {
    if (isMissing(thrown)) return null
    throw unusable(path, `is no file of a key: ${(thrown as Error).message}`, { purpose, cause: thrown })
  })
  if (content === null) return null
  const text = content.toString('latin1').trim()
  if (!/^[0-9a-f]{64}$/i.test(text)) throw unusable(path, 'does not hold 64 hexadecimal digits', { purpose })
  return Buffer.from(text, 'hex')
}

async function makeKey(path: string): Promise<Buffer> {
  const key = randomBytes(keyBytes)
  await writeFile(path, `${key.toString('hex')}\n`, { flag: 'wx', mode: 0o600, flush: true })
  return key
}

function unusable(
  path: string,
  what: string,
  { purpose, cause }: { readonly purpose: KeyPurpose; readonly cause?: unknown },
): ServiceError {
  return new ServiceError('invalid-config', `${purpose.title}, ${path}, ${what}`, {
    cause,
    advice: `Restore it, or move it away: the next start makes another, which ${purpose.loss}.`,
  })
}
