import type { Duplex } from 'node:stream'
import type { OwnerLabels, OwnerState } from './engine/owner.ts'
import type { SandboxLimits } from './limits.ts'

/** What one sandbox is made from. */
export interface SandboxSpecification {
  /** `sbx-` and 16 lower-case hex digits; names every object the driver makes for it. */
  readonly id: string
  readonly owner: OwnerLabels
  readonly limits: SandboxLimits
  /**
   * Aborted when somebody waits for it: until then its start gives way to the sandboxes that somebody uses. Absent where
   * somebody waits from the beginning.
   */
  readonly wanted?: AbortSignal
  /** Called once the runtime works by itself, and nothing is lost while this thread is busy with something else. */
  readonly onBegun?: () => void
}

/** A limit in force: null where there is none, `unreadable` where nobody here can tell. */
type AppliedLimit = number | null | 'unreadable'

/** Limits in force for a live sandbox, read back from the kernel or from who set them, never from what was asked for. */
export interface AppliedLimits {
  readonly sandboxMemoryBytes: AppliedLimit
  /** Memory and swap together; null where the kernel accounts no swap. */
  readonly memoryAndSwapBytes: AppliedLimit
  readonly hostTasks: AppliedLimit
  /** Processors, from quota divided by period. */
  readonly cpus: AppliedLimit
}

/**
 * A wall that a driver cannot give, or a limit that it cannot show. Each has a sentence in `lackedWalls`, which a driver
 * that lacks it has among its missing walls; a sandbox that lacks anything its driver did not declare is refused.
 */
export type Lack = 'noexec' | keyof AppliedLimits

/** What the host's kernel and the runtime know about how a sandbox fared. Counters since its start. */
export interface HostEvidence {
  readonly oomKills: number
  /** Times the kernel refused a new host task. */
  readonly taskLimitHits: number
  readonly peakMemoryBytes: number | null
}

/** How a sandbox ended, as the runtime tells it; null members where nothing is known. */
export interface SandboxExit {
  readonly exitCode: number | null
  readonly oomKilled: boolean
}

/**
 * One running sandbox, before any protocol. Whoever created it destroys it; `destroy` may be called at any moment and
 * any number of times, and resolves when nothing of it is left on the host.
 */
export interface LiveContainer {
  readonly id: string
  /** Supervisor's protocol stream. Ends when the sandbox ends. */
  readonly stream: Duplex
  /** The nonce in force on the stream: sixteen zeros, or the one that a snapshot's template was given. */
  readonly nonce: Buffer
  readonly origin: 'cold' | 'snapshot'
  /** What its driver cannot give or show; absent where every wall stands and every limit is read back. */
  readonly lacks?: readonly Lack[]
  /** Settles with the first news of its end; never rejects. */
  readonly exited: Promise<SandboxExit>
  /** Settles when `kill` or `destroy` has ended every process of it; never rejects. What is left then only has to be removed. */
  readonly stopped: Promise<void>
  /** The last of what the supervisor wrote to stderr: for logs, never for decisions. */
  diagnostics(): string
  /** Resolves when a keeper was started as the user's uid; the supervisor asks for it with `need-keeper`. */
  startKeeper(signal: AbortSignal): Promise<void>
  /**
   * Puts every limit in force that its start left looser, and says what the kernel has then. Null where the driver has no
   * cgroups, which it then names among its missing walls.
   */
  enforceLimits(): Promise<AppliedLimits | null>
  /** The last known counters; still answers after the end. */
  evidence(): Promise<HostEvidence>
  /** Ends every process of it from outside; resolves when none is left. */
  kill(): Promise<void>
  destroy(): Promise<void>
}

/** Something of ours that exists on the host, for the sweep. */
export interface ForeignSandbox {
  readonly id: string
  readonly owner: OwnerLabels
  /** Where the driver knows better than this machine, on which the owner need not be. */
  readonly ownerState?: OwnerState
  readonly running: boolean
  /** Epoch milliseconds. */
  readonly createdAt: number
}

/**
 * A way to start sandboxes. `prepare` proves that the walls can stand and rejects with `sandbox-unavailable` and advice
 * where they cannot; it is called before the first `create` and may be called again.
 */
export interface SandboxDriver extends AsyncDisposable {
  readonly name: string
  /** Walls this driver cannot give or show on this host, one sentence each. */
  readonly missingWalls: readonly string[]
  /**
   * Least that the supervisor has to end the processes of a run before the sandbox is ended from outside, milliseconds:
   * for a driver that takes far longer for that. Absent where the configured time is enough.
   */
  readonly killMilliseconds?: number
  /** Changes when image, runtime or settings change: warm sandboxes of another fingerprint are not handed out. */
  prepare(signal: AbortSignal): Promise<{ readonly fingerprint: string }>
  create(specification: SandboxSpecification, signal: AbortSignal): Promise<LiveContainer>
  /** Every object of ours on the host, whoever owns it. */
  list(signal: AbortSignal): Promise<readonly ForeignSandbox[]>
  /** Removes by id; resolves when it is gone, also when it was gone before. */
  remove(id: string, signal: AbortSignal): Promise<void>
}

/** Where a driver that unpacks the sandbox image itself gets it from. */
export interface ImageSource {
  /** `id` changes with any of the image's files. `environment` as `NAME=value`. */
  identify(signal: AbortSignal): Promise<{ readonly id: string; readonly environment: readonly string[] }>
  /** Fills an empty folder with the image's files, owners and modes as in the image. */
  unpack(folder: string, signal: AbortSignal): Promise<void>
}
