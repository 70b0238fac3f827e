import { open, realpath, rename, unlink } from 'node:fs/promises'
import { randomUUID } from 'node:crypto'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { ServiceError } from '../../core/errors.ts'
import { withFileLock } from '../../files/file-lock.ts'
import { isMissing, readRegularFile } from '../../files/regular-file.ts'
import type { Storage } from '../../storage/storage.ts'

const keySchema = z.strictObject({
  id: z.string().min(1),
  name: z.string().min(1),
  group: z.string().min(1),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  created: z.iso.datetime(),
})

/** What versions wrote that kept the keys in this file. */
const keysSchema = z.strictObject({ version: z.literal(1), keys: z.array(keySchema) })

/** What stands in its place afterwards: those versions refuse to start with it, and to know anybody. */
const movedSchema = z.strictObject({ version: z.literal(2), moved_to: z.string(), note: z.string() })

const fileSchema = z.discriminatedUnion('version', [keysSchema, movedSchema])

const fileLimit = { bytes: 67_108_864, setting: null }

/** Longest wait for another process that changes the file, in milliseconds. */
const patience = 5_000

/**
 * Puts the keys of a key file into the storage, once, and a note in the place of the file. A version that kept its keys in
 * the file must not go on with them: it would know keys that were revoked here. Rejects with `invalid-config` for a file
 * that cannot be used, and for a note beside a storage that never had a key: then the storage is the wrong one, or lost.
 */
export async function takeOverKeyFile(path: string, { keys, place }: Pick<Storage, 'keys' | 'place'>): Promise<void> {
  if ((await readFormerFile(path)) === null) return
  const name = join(await realpath(dirname(path)), basename(path))
  // Versions that write the file take the same lock.
  await withFileLock(name, patience, async () => {
    const found = await readFormerFile(path)
    if (found?.version === 1) {
      await keys.takeOver(name, found.keys)
      await replaceFile(path, { version: 2, moved_to: place, note: 'The API keys are kept there from now on.' })
    } else if (found !== null && !(await keys.hasHeldAny())) {
      throw new ServiceError(
        'invalid-config',
        `The keys of ${path} were moved to ${found.moved_to}; ${place} has none.`,
        {
          advice: `Name that storage in the configuration, or restore a backup of it. To begin without keys, remove ${path}.`,
        },
      )
    }
  })
}

async function readFormerFile(path: string): Promise<z.infer<typeof fileSchema> | null> {
  let text: string
  try {
    text = (await readRegularFile(path, fileLimit)).toString('utf8')
  } catch (cause) {
    if (isMissing(cause)) return null
    const message = `The key file ${path} cannot be read: ${(cause as Error).message}`
    throw new ServiceError('invalid-config', message, { cause })
  }
  try {
    return fileSchema.parse(JSON.parse(text))
  } catch (cause) {
    throw new ServiceError('invalid-config', `The key file ${path} is damaged.`, {
      cause,
      advice: 'Restore it from a copy, or move it away: the keys in it are nobody’s then.',
    })
  }
}

/** Replaces the file as a whole, on the disk when it resolves. */
async function replaceFile(path: string, content: z.infer<typeof movedSchema>): Promise<void> {
  const temporary = `${path}.${randomUUID()}`
  try {
    await using handle = await open(temporary, 'wx', 0o600)
    await handle.writeFile(`${JSON.stringify(content, null, 2)}\n`)
    await handle.sync()
    await rename(temporary, path)
  } catch (cause) {
    await unlink(temporary).catch(() => undefined)
    const message = `The key file ${path} cannot be written: ${(cause as Error).message}`
    throw new ServiceError('invalid-config', message, { cause })
  }
}
