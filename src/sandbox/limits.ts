import { forEachLimit, refuseUnfitLimits, type LimitCeilings, type LimitClaim } from '../core/requested-limits.ts'
import type { AppliedLimits, Lack } from './driver.ts'
import type { SandboxLimitOptions } from './options.ts'

const mebibyte = 1024 * 1024

/**
 * Everything that bounds one sandbox: bytes, milliseconds, counts. `memory_mb` keeps the name and the unit of its option
 * on the whole way to the worker.
 */
export interface SandboxLimits {
  readonly wallMilliseconds: number
  readonly wallCeilingMilliseconds: number
  readonly cpus: number
  /** Address space of one program, MiB: its allocations fail above it and the session lives. */
  readonly memory_mb: number
  /** Memory of the whole sandbox, gVisor included: above it the kernel kills the sandbox. */
  readonly sandboxMemoryBytes: number
  /** Processes and threads inside, as gVisor counts them. */
  readonly processes: number
  /** Threads on the host: gVisor needs several for each process inside. */
  readonly hostTasks: number
  readonly openFiles: number
  readonly fileBytes: number
  readonly dataBytes: number
  readonly temporaryBytes: number
  readonly outputBytes: number
  readonly resultBytes: number
  readonly results: number
  readonly tableRows: number
  readonly pixels: number
  readonly artifacts: number
}

export function createLimits(options: SandboxLimitOptions): SandboxLimits {
  const [dataBytes, temporaryBytes] = [options.data_mb * mebibyte, options.temporary_mb * mebibyte]
  return {
    wallMilliseconds: options.wall_ms,
    wallCeilingMilliseconds: options.wall_ceiling_ms,
    cpus: options.cpus,
    memory_mb: options.memory_mb,
    // Files in a tmpfs count as memory, so a full disk must fit beside a full program.
    sandboxMemoryBytes: (options.memory_mb + options.memory_reserve_mb) * mebibyte + dataBytes + temporaryBytes,
    processes: options.processes,
    hostTasks: 256 + 8 * options.processes,
    openFiles: options.open_files,
    fileBytes: options.file_mb * mebibyte,
    dataBytes,
    temporaryBytes,
    outputBytes: options.output_kb * 1024,
    resultBytes: options.result_kb * 1024,
    results: options.results,
    tableRows: options.table_rows,
    pixels: options.pixels,
    artifacts: options.artifacts,
  }
}

/** The most that may be asked for where a group names no ceilings of its own. */
export function defaultCeilings(options: SandboxLimitOptions): LimitCeilings {
  return { ...forEachLimit((name) => options[name]), wall_ms: options.wall_ceiling_ms }
}

/** The limits of one claim: what it asks for, else the default, or the ceiling where that is lower. Throws `invalid-request`. */
export function limitsOf(options: SandboxLimitOptions, claim: Partial<LimitClaim>): SandboxLimits {
  const { limits = {}, ceilings = defaultCeilings(options) } = claim
  refuseUnfitLimits({ limits, ceilings })
  const own = forEachLimit((name) => limits[name] ?? Math.min(options[name], ceilings[name]))
  return createLimits({ ...options, ...own, wall_ceiling_ms: ceilings.wall_ms })
}

/**
 * Can a sandbox that was made for `one` serve a claim for `other`? Their run timeouts may differ: the host keeps those
 * for each run.
 */
export function sameIsolation(one: SandboxLimits, other: SandboxLimits): boolean {
  const { wallMilliseconds: _, wallCeilingMilliseconds: __, ...walls } = one
  return (Object.keys(walls) as (keyof typeof walls)[]).every((name) => one[name] === other[name])
}

/** What people are told of a wall that a driver lacks. */
export const lackedWalls: Readonly<Record<Lack, string>> = {
  noexec: 'Programs that code writes into its own folders can be executed there, inside gVisor.',
  sandboxMemoryBytes: 'The limit of memory cannot be read back here.',
  memoryAndSwapBytes: 'Whether memory may be swapped out cannot be read back here: the host decides it.',
  hostTasks: 'The limit of threads on the host cannot be read back here: the host decides it.',
  cpus: 'The limit of processors cannot be read back here.',
}

/**
 * Why the limits that were applied are not the limits that were asked for; empty when they are. A limit that cannot be
 * read is a shortfall too, unless `lacks` has it.
 */
export function limitShortfalls(
  limits: SandboxLimits,
  applied: AppliedLimits,
  lacks: readonly Lack[] = [],
): readonly string[] {
  const { sandboxMemoryBytes: memory, hostTasks, cpus } = limits
  const asked = [
    // The kernel rounds memory down to pages.
    ['sandboxMemoryBytes', 'memory is limited', memory, ' bytes', memory],
    ['memoryAndSwapBytes', 'memory and swap are limited', memory, ' bytes', memory],
    ['hostTasks', 'host tasks are limited', hostTasks, '', hostTasks],
    ['cpus', 'processors are limited', cpus, '', cpus + 0.01],
  ] as const
  return asked.flatMap(([name, what, wanted, unit, most]) => {
    const found = applied[name]
    if (found === 'unreadable') return lacks.includes(name) ? [] : [`${what} to what cannot be read here`]
    if (found === null && name === 'memoryAndSwapBytes') return []
    return found === null || found > most ? [`${what} to ${found ?? 'nothing'}, not ${wanted}${unit}`] : []
  })
}

/**
 * Threads that a library may take: one per whole processor, since two threads on one and a half wait for each other.
 */
export function threadsOf({ cpus }: Pick<SandboxLimits, 'cpus'>): number {
  return Math.max(1, Math.floor(cpus))
}
