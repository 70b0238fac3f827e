import { readFileSync } from 'node:fs'

/** Linux counts processor time in hundredths of a second (`USER_HZ`). */
const millisecondsPerTick = 10

/** Milliseconds of processor time a process has used; null where that cannot be read. */
export function processorMilliseconds(pid: number): number | null {
  try {
    // The second field is the program's name in brackets and may hold spaces.
    const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
      .replace(/^.*\) /, '')
      .split(' ')
    const [user, system] = [Number(fields[11]), Number(fields[12])]
    return Number.isFinite(user + system) ? (user + system) * millisecondsPerTick : null
  } catch {
    return null
  }
}
