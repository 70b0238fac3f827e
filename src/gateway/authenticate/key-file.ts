import { mkdir, open, readFile, rename, unlink } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { dirname } from 'node:path'
import { z } from 'zod'
import { ServiceError } from '../../core/errors.ts'

const keySchema = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  group: z.string().min(1),
  /** Of the whole key, hexadecimal. A key holds 256 random bits, so a slow hash would add nothing. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  created: z.iso.datetime(),
})

const fileSchema = z.strictObject({ version: z.literal(1), keys: z.array(keySchema) })

export type StoredKey = z.infer<typeof keySchema>

/** The keys of the file; null when there is no file. Rejects with `invalid-config` for anything else it cannot use. */
export async function readKeyFile(path: string): Promise<readonly StoredKey[] | null> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code === 'ENOENT') return null
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

/** Replaces the file as a whole, readable by its owner only: a reader sees the old keys or the new ones. */
export async function writeKeyFile(path: string, keys: readonly StoredKey[]): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 })
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
