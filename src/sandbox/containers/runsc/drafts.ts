import { randomBytes } from 'node:crypto'
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

const pattern = /^\.draft-(\d+)-/

/** Where this process puts together what is not whole yet. */
export function draftFolder(folder: string): string {
  return join(folder, `.draft-${process.pid}-${randomBytes(4).toString('hex')}`)
}

/** Removes what processes that are gone left unfinished. */
export async function clearDrafts(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = pattern.exec(name)?.[1]
    if (pid === undefined || Number(pid) === process.pid) continue
    const alive = await stat(`/proc/${pid}`).catch(() => null)
    if (alive === null) await rm(join(folder, name), { recursive: true, force: true })
  }
}
