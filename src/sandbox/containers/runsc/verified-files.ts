import { readdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { believedSeconds, type Machine } from '../proof-records.ts'

/** What the kernel says of each file: it changes with every write, and the change time can be set by nobody. */
export type FileFacts = Readonly<Record<string, string>>

/** The record's name in the folder it is about. */
const verifiedName = 'verified.json'

/** Is it the record, or one that another process is writing at this moment? */
export function isRecord(name: string): boolean {
  return name === verifiedName || name.startsWith(`.${verifiedName}-`)
}

const record = z.strictObject({ bootId: z.string(), uptime: z.number(), facts: z.record(z.string(), z.string()) })

/** The facts of every file of a folder but the record. */
export async function factsIn(folder: string): Promise<FileFacts> {
  const names = (await readdir(folder)).filter((name) => !isRecord(name)).sort()
  const facts = await Promise.all(
    names.map(async (name) => {
      const { ino, size, mtimeNs, ctimeNs } = await stat(join(folder, name), { bigint: true })
      return [name, `${ino} ${size} ${mtimeNs} ${ctimeNs}`] as const
    }),
  )
  return Object.fromEntries(facts)
}

/** Were these very files found right within a day, since the machine booted? A reboot may have torn what was written last. */
export async function wereVerified(folder: string, facts: FileFacts, machine: Machine): Promise<boolean> {
  const text = await readFile(join(folder, verifiedName), 'utf8').catch(() => null)
  if (text === null) return false
  try {
    const known = record.parse(JSON.parse(text))
    const age = machine.uptime() - known.uptime
    if (age < 0 || age >= believedSeconds || known.bootId !== (await machine.bootId())) return false
    return JSON.stringify(known.facts) === JSON.stringify(facts)
  } catch {
    // Torn or changed: nothing is known.
    return false
  }
}

/** Notes that files with these facts were found right. The folder is the service's own: nobody else writes there. */
export async function rememberVerified(folder: string, facts: FileFacts, machine: Machine): Promise<void> {
  const text = JSON.stringify({ bootId: await machine.bootId(), uptime: machine.uptime(), facts })
  const draft = join(folder, `.${verifiedName}-${process.pid}`)
  await writeFile(draft, text, { mode: 0o600 })
  await rename(draft, join(folder, verifiedName))
}
