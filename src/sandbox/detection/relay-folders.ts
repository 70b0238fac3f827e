import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Removes the folders of relays whose process is gone: they bear its pid. */
export async function clearAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const pid = /^(\d+)-[0-9a-f]{6}$/.exec(name)?.[1]
    if (pid === undefined || Number(pid) === process.pid) continue
    const alive = await stat(`/proc/${pid}`).catch(() => null)
    if (alive === null) await rm(join(folder, name), { recursive: true, force: true })
  }
}
