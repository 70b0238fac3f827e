import { readFile, readlink } from 'node:fs/promises'

/** Tells a process from every other one with the same pid. */
export interface ProcessIdentity {
  readonly pid: number
  /** Clock ticks after boot, from /proc/PID/stat. */
  readonly startTicks: string
  readonly bootId: string
  /** Process ids mean something only in the namespace they come from. */
  readonly pidNamespace: string
}

/** When a process started, in clock ticks after boot; null where there is none. */
export async function startTicksOf(pid: number | 'self'): Promise<string | null> {
  const text = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null)
  // The name in parentheses may itself hold blanks and parentheses: fields count from the last one.
  return text?.slice(text.lastIndexOf(')') + 2).split(' ')[19] ?? null
}

/** Names the time since the machine booted. */
export async function readBootId(): Promise<string> {
  return (await readFile('/proc/sys/kernel/random/boot_id', 'utf8')).trim()
}

export async function ownIdentity(): Promise<ProcessIdentity> {
  const [startTicks, bootId, pidNamespace] = await Promise.all([
    startTicksOf('self'),
    readBootId(),
    readlink('/proc/self/ns/pid'),
  ])
  return { pid: process.pid, startTicks: startTicks ?? '0', bootId, pidNamespace }
}
