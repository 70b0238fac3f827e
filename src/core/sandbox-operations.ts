import type { SandboxTrace } from './detection-facts.ts'

/** A sandbox as operators see it. Durations are in milliseconds. */
export interface SeenSandbox {
  readonly id: string
  readonly kind: 'container' | 'isolate'
  readonly driver: string
  /** `ready`: nobody has it yet. `idle`: somebody has it, and nothing runs in it. `ending`: nothing of it is used again. */
  readonly state: 'ready' | 'idle' | 'running' | 'ending'
  /** The line by which its own kernel says that it is gVisor; null for an isolate, which runs on the kernel of the host. */
  readonly kernel: string | null
  readonly origin: 'cold' | 'snapshot' | null
  /** The tenant that it was handed to; null where nobody has it yet. */
  readonly holder: string | null
  readonly ageMilliseconds: number
  /** Since it was handed out; null where it was not. */
  readonly heldMilliseconds: number | null
  /** Since its last run has ended; null where one goes on, or nobody has it. */
  readonly idleMilliseconds: number | null
  readonly limits: { readonly memoryMegabytes: number; readonly cpus: number; readonly processes: number }
}

/** How many sandboxes of the configured driver there are, and may be. */
export interface SeenPool {
  readonly ready: number
  readonly starting: number
  readonly claimed: number
  /** Claims that wait for a sandbox. */
  readonly waiting: number
  readonly maximum: number
  readonly maximumReady: number
}

/** What is known of the driver that claims go to. */
export interface SeenDriver {
  /** null where `auto` is configured and nothing has been chosen yet. */
  readonly name: string | null
  /** Why `auto` has chosen it; null where the configuration names it, or nothing has been chosen. */
  readonly why: string | null
  /** `stands`: the last proof of its walls held. `not-asked`: none was made yet. */
  readonly proof: 'stands' | 'failed' | 'not-asked'
  /** Why the last proof failed; null where it did not. */
  readonly fault: string | null
  /** Walls that it cannot give on this host, one sentence each. */
  readonly missingWalls: readonly string[]
}

export interface SeenSandboxes {
  readonly driver: SeenDriver
  /** null before the first sandbox was asked for. */
  readonly pool: SeenPool | null
  readonly isDraining: boolean
  readonly sandboxes: readonly SeenSandbox[]
}

/** What operators do with the sandboxes of this process. */
export interface SandboxOperations {
  /** Nothing is asked of a driver: what this process knows by now. */
  seen(): Promise<SeenSandboxes>
  /**
   * Ends a sandbox, whoever has it; what runs in it ends as `sandbox-lost`, which says that an operator ended it. Resolves
   * with false where there is none of this id, else when nothing of it is left.
   */
  end(id: string): Promise<boolean>
  /**
   * What detection has heard of a sandbox, be it over: of the last 200 of this process. null where nothing was heard of
   * one of this id, as where detection is off.
   */
  trace(id: string): Promise<SandboxTrace | null>
  /**
   * From now on no sandbox is handed out: claims, those that wait included, reject with `sandbox-unavailable`; what is ready is
   * removed, and what somebody has lives on until they leave it. Lasts until `resume`, or the end of the process.
   */
  drain(): Promise<void>
  resume(): void
}
