import { createHash } from 'node:crypto'
import { constants } from 'node:fs'
import { mkdir, open, readdir, rename, rm, stat, writeFile } from 'node:fs/promises'
import { uptime } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import type { JsonValue } from '../../core/json.ts'
import { isOnlyOurs } from '../../files/only-ours.mjs'
import { readBootId } from '../../processes/process-identity.ts'

export interface Machine {
  readonly bootId: () => Promise<string>
  /** Seconds since it booted. */
  readonly uptime: () => number
}

export const thisMachine: Machine = { bootId: readBootId, uptime }

/** Seconds after which all is proven again, whatever a record says: a disk may lose what nobody wrote. */
export const believedSeconds = 86_400
const keptRecords = 16
const longestRecord = 65_536
const writableByOthers = 0o022

const record = z.strictObject({ bootId: z.string(), uptime: z.number(), facts: z.unknown(), value: z.unknown() })

/**
 * What was found out about this machine and holds while `facts` say the same: whoever names every fact that could change
 * it may believe it for a day, and until the machine boots again. A record is believed only where nobody but this user
 * could have written it; anything that is not a whole record counts as none.
 */
export interface ProofRecords {
  /** The value kept under exactly these facts; null where there is none. */
  recall<Value>(name: string, facts: JsonValue, shape: z.ZodType<Value>): Promise<Value | null>
  /** Never rejects: what cannot be kept is found out again. */
  keep(name: string, facts: JsonValue, value: JsonValue): Promise<void>
}

export function createProofRecords(folder: string, machine: Machine = thisMachine): ProofRecords {
  const place = (name: string): string => {
    const digest = createHash('sha256').update(name).digest('hex').slice(0, 16)
    return join(folder, `${digest}.json`)
  }
  return {
    async recall(name, facts, shape) {
      try {
        if (!isOnlyOurs(folder)) return null
        const known = record.parse(JSON.parse(await readOwn(place(name))))
        const age = machine.uptime() - known.uptime
        if (age < 0 || age >= believedSeconds || known.bootId !== (await machine.bootId())) return null
        if (JSON.stringify(known.facts) !== JSON.stringify([name, facts])) return null
        return shape.parse(known.value)
      } catch {
        // Not there, torn, or somebody else's: nothing is known.
        return null
      }
    },
    async keep(name, facts, value) {
      const draft = `${place(name)}.${process.pid}`
      try {
        await mkdir(folder, { recursive: true, mode: 0o700 })
        if (!isOnlyOurs(folder)) return
        const text = { bootId: await machine.bootId(), uptime: machine.uptime(), facts: [name, facts], value }
        await writeFile(draft, JSON.stringify(text), { mode: 0o600, flag: 'wx' })
        await rename(draft, place(name))
        await forgetOldest(folder)
      } catch {
        await rm(draft, { force: true }).catch(() => {})
      }
    },
  }
}

/** The text of a file that this user alone can write. Throws for any other. */
async function readOwn(path: string): Promise<string> {
  await using file = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
  const { uid, mode, size } = await file.stat()
  const isOurs = uid === process.getuid?.() && (mode & writableByOthers) === 0 && size <= longestRecord
  if (!isOurs) throw new Error('not a record of this user')
  return file.readFile('utf8')
}

/** Each version of the image and of runsc has a record of its own. */
async function forgetOldest(folder: string): Promise<void> {
  const names = (await readdir(folder)).filter((name) => name.endsWith('.json'))
  if (names.length <= keptRecords) return
  const aged = await Promise.all(names.map(async (name) => ({ name, time: (await stat(join(folder, name))).mtimeMs })))
  const old = aged.sort((first, second) => second.time - first.time).slice(keptRecords)
  await Promise.all(old.map(({ name }) => rm(join(folder, name), { force: true })))
}

/**
 * What the kernel says of a file: it changes with every write and every replacement, and the change time can be set by
 * nobody. Null for a file that is not there.
 */
export async function fileMark(path: string): Promise<string | null> {
  try {
    const { dev, ino, size, mtimeNs, ctimeNs } = await stat(path, { bigint: true })
    return `${dev} ${ino} ${size} ${mtimeNs} ${ctimeNs}`
  } catch (thrown) {
    if ((thrown as NodeJS.ErrnoException).code === 'ENOENT') return null
    throw thrown
  }
}
