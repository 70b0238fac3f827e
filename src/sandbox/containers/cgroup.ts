import { readFileSync } from 'node:fs'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import type { AppliedLimits, HostEvidence } from '../driver.ts'

/** Where a process's cgroups are on this host: one folder per controller on v1, one for all on v2. */
export interface CgroupPaths {
  readonly memory: string
  readonly pids: string
  readonly cpu: string
  readonly version: 1 | 2
}

const controllers = ['memory', 'pids', 'cpu'] as const

/** Reads /proc/PID/cgroup against the mounts of this process. Null when a controller has no folder of its own. */
export function cgroupPaths(membership: string, mounts: string): CgroupPaths | null {
  const lines = membership
    .trim()
    .split('\n')
    .map((line) => line.split(':'))
  const mounted = mounts
    .split('\n')
    .map((line) => line.split(' '))
    .map(([, point = '', type = '', flags = '']) => ({ point, type, flags: flags.split(',') }))
  const folderOf = (controller: string): string | null => {
    const path = lines
      .find(([, names = '']) => names.split(',').includes(controller))
      ?.slice(2)
      .join(':')
    const mount = mounted.find((entry) => entry.type === 'cgroup' && entry.flags.includes(controller))
    return path === undefined || path === '/' || mount === undefined ? null : join(mount.point, path)
  }
  const [memory, pids, cpu] = controllers.map(folderOf)
  if (memory && pids && cpu) return { memory, pids, cpu, version: 1 }
  const unified = lines
    .find(([number, names]) => number === '0' && names === '')
    ?.slice(2)
    .join(':')
  const mount = mounted.find((entry) => entry.type === 'cgroup2')
  if (unified === undefined || unified === '/' || mount === undefined) return null
  const folder = join(mount.point, unified)
  return { memory: folder, pids: folder, cpu: folder, version: 2 }
}

/** Where cgroups at `path` below every controller's root are, or will be. Null where a controller has no place of its own. */
export function cgroupsAt(path: string, mounts = readNow('/proc/self/mounts') ?? ''): CgroupPaths | null {
  const lines = controllers.map((name, index) => `${index + 1}:${name}:${path}`)
  return cgroupPaths([...lines, `0::${path}`].join('\n'), mounts)
}

/** Cgroups of a live process, or null when it is gone or this process cannot see them. */
export async function findCgroups(pid: number): Promise<CgroupPaths | null> {
  const membership = readNow(`/proc/${pid}/cgroup`)
  return membership === null ? null : cgroupPaths(membership, readNow('/proc/self/mounts') ?? '')
}

/**
 * A file that the kernel makes up while it is read, from what it has in memory: no disk is waited for, and handing four
 * calls to other threads would take many times as long. Null where it does not exist.
 */
export function readNow(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}

function read(folder: string, file: string): string | null {
  return readNow(join(folder, file))?.trim() ?? null
}

/** A limit file's number; null for `max`, for v1's "no limit" and for a file that is not there. */
function limitOf(text: string | null): number | null {
  const value = text === null || text === 'max' || text === '-1' ? Number.NaN : Number(text)
  return Number.isFinite(value) && value < 2 ** 60 ? value : null
}

function counterOf(text: string | null, name: string): number {
  return Number(
    text
      ?.split('\n')
      .find((line) => line.startsWith(`${name} `))
      ?.split(' ')[1] ?? 0,
  )
}

export async function readAppliedLimits(paths: CgroupPaths): Promise<AppliedLimits> {
  if (paths.version === 1) {
    const memory = read(paths.memory, 'memory.limit_in_bytes')
    const swap = read(paths.memory, 'memory.memsw.limit_in_bytes')
    const pids = read(paths.pids, 'pids.max')
    const quota = read(paths.cpu, 'cpu.cfs_quota_us')
    const period = read(paths.cpu, 'cpu.cfs_period_us')
    const cpus = limitOf(quota) === null ? null : Number(quota) / Number(period)
    return { sandboxMemoryBytes: limitOf(memory), memoryAndSwapBytes: limitOf(swap), hostTasks: limitOf(pids), cpus }
  }
  const memory = read(paths.memory, 'memory.max')
  const swap = read(paths.memory, 'memory.swap.max')
  const pids = read(paths.pids, 'pids.max')
  const cpu = read(paths.cpu, 'cpu.max')
  const [quota = null, period = '100000'] = cpu?.split(' ') ?? []
  const [memoryBytes, swapBytes] = [limitOf(memory), limitOf(swap)]
  const bothBytes = memoryBytes === null || swapBytes === null ? Infinity : memoryBytes + swapBytes
  return {
    sandboxMemoryBytes: memoryBytes,
    memoryAndSwapBytes: swap === null ? null : bothBytes,
    hostTasks: limitOf(pids),
    cpus: limitOf(quota) === null ? null : Number(quota) / Number(period),
  }
}

/** Microseconds: the period over which a quota of processor time is counted. */
export const cpuPeriod = 100_000

/** What a sandbox may use of the processors while it starts, as a multiple of what it may use from then on. */
export const startingShare = 2

/** Limits the processor time of a cgroup that exists. Rejects where this process may not write there. */
export async function limitProcessors(paths: CgroupPaths, cpus: number): Promise<void> {
  const quota = Math.round(cpus * cpuPeriod)
  if (paths.version === 1) await writeFile(join(paths.cpu, 'cpu.cfs_quota_us'), `${quota}`)
  else await writeFile(join(paths.cpu, 'cpu.max'), `${quota} ${cpuPeriod}`)
}

/**
 * What a sandbox that is being made for nobody gets of the processors beside one that somebody uses, where both want all of them. Not
 * much less: it, too, has locks of the kernel that others wait for.
 */
const spareShare = 1 / 32
/** The kernel's weight of a cgroup of which nothing was said, by version. */
const usualWeight = { 1: 1_024, 2: 100 } as const
const weightFile = { 1: 'cpu.shares', 2: 'cpu.weight' } as const

/** `cpu.shares` in a configuration by the OCI runtime specification for a sandbox that nobody waits for yet. */
export const spareProcessorShares = Math.round(spareShare * usualWeight[1])

/** Gives a cgroup that exists the share of the processors that a sandbox in use has. Rejects where this process may not write there. */
export async function weighAsUsed({ cpu, version }: CgroupPaths): Promise<void> {
  await writeFile(join(cpu, weightFile[version]), `${usualWeight[version]}`)
}

/** Null when the cgroup is gone. */
export async function readEvidence(paths: CgroupPaths): Promise<HostEvidence | null> {
  const v1 = paths.version === 1
  const memory = read(paths.memory, v1 ? 'memory.oom_control' : 'memory.events')
  const pids = read(paths.pids, 'pids.events')
  const peak = read(paths.memory, v1 ? 'memory.max_usage_in_bytes' : 'memory.peak')
  if (memory === null) return null
  return {
    oomKills: counterOf(memory, 'oom_kill'),
    taskLimitHits: counterOf(pids, 'max'),
    peakMemoryBytes: limitOf(peak),
  }
}

const exitingFlag = 0x4

/** Has it begun to end for good? Of such a process nothing runs any more, however long the kernel takes to clear it. */
function isExiting(pid: string): boolean {
  const stat = readNow(`/proc/${pid}/stat`)
  if (stat === null) return true
  // State and flags, counted from the end of the name (proc_pid_stat(5), fields 3 and 9; PF_EXITING of linux/sched.h).
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
  return fields[0] === 'Z' || fields[0] === 'X' || (Number(fields[6]) & exitingFlag) !== 0
}

/**
 * Takes the processor limit off a cgroup whose processes are being killed: what has used up its quota would not even
 * die before the next period, a tenth of a second later; and what has a small share, not before others rest.
 */
async function freeProcessors(paths: CgroupPaths): Promise<void> {
  const [file, value] = paths.version === 1 ? ['cpu.cfs_quota_us', '-1'] : ['cpu.max', 'max']
  await Promise.allSettled([writeFile(join(paths.cpu, file), value), weighAsUsed(paths)])
}

/** Milliseconds from one look at dying processes to the next: few where they have only just been struck, a quarter of the time since then later. */
export const looks = { least: 2, most: 100, share: 0.25 } as const

/** Until the next look at what has been waited for since `begun`. */
export function pauseAfter(begun: number): number {
  return Math.min(looks.most, Math.max(looks.least, (performance.now() - begun) * looks.share))
}

/** False where this process may not; a process that is gone by itself is fine. */
function strike(pid: string): boolean {
  try {
    process.kill(Number(pid), 'SIGKILL')
    return true
  } catch (thrown) {
    return (thrown as NodeJS.ErrnoException).code !== 'EPERM'
  }
}

/**
 * SIGKILL to every process of a cgroup until none runs. By cgroup and not by a remembered pid, which another process
 * may have by now. Returns false where this process may not, or where something still runs after `milliseconds`.
 * Many sandboxes may end at the same time, and what looks for each keeps everybody else waiting: it looks no further than to the
 * first process that runs, and more seldom the longer it takes.
 */
export async function killCgroup(paths: CgroupPaths, milliseconds: number): Promise<boolean> {
  const begun = performance.now()
  let isFree = false
  for (let taken = 0; taken < milliseconds; taken = performance.now() - begun) {
    const pids =
      read(paths.pids, 'cgroup.procs')
        ?.split('\n')
        .filter((line) => line !== '') ?? []
    if (pids.every(isExiting)) return true
    if (!pids.map(strike).every((wasAllowed) => wasAllowed)) return false
    if (!isFree) await freeProcessors(paths)
    isFree = true
    await sleep(pauseAfter(begun))
  }
  return false
}
