import { readdir, readFile, readlink } from 'node:fs/promises'
import { setTimeout as sleep } from 'node:timers/promises'

/** Processes that work in the folder, or were started from a file in it. This one is never among them. */
export async function processesIn(folder: string): Promise<readonly number[]> {
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
  const inside = await Promise.all(
    pids.map(async (pid) => {
      const [place, command] = await Promise.all([
        readlink(`/proc/${pid}/cwd`).catch(() => ''),
        readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => ''),
      ])
      return `${place}/`.startsWith(`${folder}/`) || command.split('\0').some((word) => word.startsWith(`${folder}/`))
    }),
  )
  return pids.filter((_, index) => inside[index]).map(Number)
}

/** Ends them, by their ids, until none is left. */
export async function endProcessesIn(folder: string): Promise<void> {
  for (let tries = 0; tries < 50; tries += 1) {
    const pids = await processesIn(folder)
    if (pids.length === 0) return
    for (const pid of pids) {
      try {
        process.kill(pid, 'SIGKILL')
      } catch {
        // Gone by itself.
      }
    }
    await sleep(20)
  }
}
