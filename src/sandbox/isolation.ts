import type { SandboxLimits } from './limits.ts'

/**
 * Uids of a sandbox, each with a gid of the same number. The image has an account for each, and the hand-shake refuses a
 * sandbox whose processes run as anybody else.
 */
export const users = { supervisor: 1000, code: 1001 } as const

const kibibyte = 1024

/** A writable folder of a sandbox: a tmpfs without device files, setuid programs or programs that can be executed. */
export interface WritableFolder {
  readonly path: string
  readonly bytes: number
  readonly mode: number
  /** Uid and gid; null is root's. */
  readonly owner: number | null
}

/** A limit of each process, soft and hard, by its name in setrlimit(2) without the prefix, in lower case. */
interface ProcessLimit {
  readonly name: 'core' | 'nofile' | 'fsize'
  readonly value: number
}

/**
 * What keeps code in a sandbox, whatever driver starts it. Each driver renders every item in the terms of its runtime
 * and decides none of them; that the runtime is gVisor is the driver's part.
 */
export interface Isolation {
  /** What the first process runs as. */
  readonly user: number
  /** Further groups of the first process. */
  readonly groups: readonly number[]
  /** What processes hold once the sandbox is ready, as `CAP_` names. */
  readonly capabilities: readonly string[]
  readonly noNewPrivileges: boolean
  readonly readOnlyRoot: boolean
  readonly network: 'none'
  /** Everything that can be written; the rest is the read-only root. */
  readonly folders: readonly WritableFolder[]
  readonly processLimits: readonly ProcessLimit[]
  readonly sandboxMemoryBytes: number
  /** Swap on top of the memory. */
  readonly swapBytes: number
  /** Threads on the host. */
  readonly tasks: number
  readonly cpus: number
  /** oom_score_adj(5): above 0, so that a host without memory ends sandboxes before the service. */
  readonly oomScoreAdjustment: number
}

export function isolationOf(limits: SandboxLimits): Isolation {
  return {
    user: users.supervisor,
    // The supervisor manages the files that user code makes through their group.
    groups: [users.code],
    capabilities: [],
    noNewPrivileges: true,
    readOnlyRoot: true,
    network: 'none',
    folders: [
      // Python's semaphores are kept here; without it multiprocessing fails.
      { path: '/dev/shm', bytes: 16 * 1024 * kibibyte, mode: 0o1777, owner: null },
      { path: '/tmp', bytes: limits.temporaryBytes, mode: 0o1770, owner: users.code },
      { path: '/mnt/data', bytes: limits.dataBytes, mode: 0o2770, owner: users.code },
      // The socket on which the keeper finds the supervisor.
      { path: '/run/sallyport', bytes: 1024 * kibibyte, mode: 0o711, owner: users.supervisor },
    ],
    processLimits: [
      { name: 'core', value: 0 },
      { name: 'nofile', value: limits.openFiles },
      { name: 'fsize', value: limits.fileBytes },
    ],
    sandboxMemoryBytes: limits.sandboxMemoryBytes,
    swapBytes: 0,
    tasks: limits.hostTasks,
    cpus: limits.cpus,
    oomScoreAdjustment: 500,
  }
}

/** Options of mount(8) for a writable folder; the mode has at least this many octal digits. */
export function mountOptions({ bytes, mode, owner }: WritableFolder, modeDigits: number): readonly string[] {
  return [
    'rw',
    'nosuid',
    'nodev',
    'noexec',
    `size=${Math.ceil(bytes / kibibyte)}k`,
    `mode=${mode.toString(8).padStart(modeDigits, '0')}`,
    ...(owner === null ? [] : [`uid=${owner}`, `gid=${owner}`]),
  ]
}
