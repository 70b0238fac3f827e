import { mkdir, open, realpath, rename, unlink } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { ServiceError } from '../../core/errors.ts'
import { withFileLock } from '../../files/file-lock.ts'
import { isMissing, readRegularFile } from '../../files/regular-file.ts'

const keySchema = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  group: z.string().min(1),
  /** The digest of the whole key, hexadecimal. A key holds 256 random bits, so a slow hash would add nothing. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  created: z.iso.datetime(),
})

const fileSchema = z.strictObject({ version: z.literal(1), keys: z.array(keySchema) })

export type StoredKey = z.infer<typeof keySchema>

const fileLimit = { bytes: 67_108_864, setting: null }

/** The keys of the file; null when there is no file. Rejects with `invalid-config` for anything else it cannot use. */
export async function readKeyFile(path: string): Promise<readonly StoredKey[] | null> {
  let text: string
  try {
    text = (await readRegularFile(path, fileLimit)).toString('utf8')
  } catch (cause) {
    if (isMissing(cause)) return null
    throw new ServiceError('invalid-config', `The key file ${path} cannot be read: ${(cause as Error).message}`, {
      cause,
    })
  }
  try {
    return fileSchema.parse(JSON.parse(text)).keys
  } catch (cause) {
    throw new ServiceError('invalid-config', `The key file ${path} is damaged.`, {
      cause,
      advice: 'Restore it from a copy, or move it away: the next start makes a new key.',
    })
  }
}

/** Longest wait for another process that changes the keys, in milliseconds. */
const patience = 5_000

/**
 * Gives the file what `change` makes of its keys (null: there is no file), or leaves it where that gives null. One after
 * the other among all processes, so that none undoes the revocation another one made meanwhile.
 */
export async function changeKeyFile(
  path: string,
  change: (keys: readonly StoredKey[] | null) => readonly StoredKey[] | null,
): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
  const name = join(await realpath(dirname(path)), basename(path))
  await withFileLock(name, patience, async () => {
    const changed = change(await readKeyFile(path))
    if (changed !== null) await replaceFile(path, changed)
  })
}

/** Replaces the file as a whole, readable by its owner only: a reader sees the old keys or the new ones. */
async function replaceFile(path: string, keys: readonly StoredKey[]): Promise<void> {
  const temporary = `${path}.${randomUUID()}`
  try {
    await using handle = await open(temporary, 'wx', 0o600)
    await handle.writeFile(`${JSON.stringify({ version: 1, keys }, null, 2)}\n`)
    await handle.sync()
    await rename(temporary, path)
  } catch (cause) {
    await unlink(temporary).catch(() => undefined)
    throw new ServiceError('invalid-config', `The key file ${path} cannot be written: ${(cause as Error).message}`, {
      cause,
    })
  }
}
