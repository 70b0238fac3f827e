import type {
  AppliedLimits,
  ForeignSandbox,
  HostEvidence,
  Lack,
  LiveContainer,
  SandboxDriver,
  SandboxExit,
  SandboxSpecification,
} from '../../../src/sandbox/driver.ts'
import type { ServiceError } from '../../../src/core/errors.ts'
import { duplexPair, mountsOf, startFakeSupervisor } from './fake-supervisor.ts'

export interface FakeDriverOptions {
  readonly ready?: Record<string, unknown>
  readonly applied?: Partial<AppliedLimits>
  readonly lacks?: readonly Lack[]
  readonly createMilliseconds?: number
  /** Processes that are left after the supervisor was asked to end all. */
  readonly unkillable?: number
}

/** A driver whose sandboxes live in this process. Counts what it made; `failNext` makes the next start fail. */
export class FakeSandboxDriver implements SandboxDriver {
  readonly name = 'fake'
  readonly missingWalls: readonly string[] = []
  readonly live = new Map<string, ForeignSandbox>()
  readonly removed: string[] = []
  readonly specifications: SandboxSpecification[] = []
  created = 0
  fingerprint = 'one'
  failNext: ServiceError | null = null
  readonly #options: FakeDriverOptions

  constructor(options: FakeDriverOptions = {}) {
    this.#options = options
  }

  async prepare(): Promise<{ fingerprint: string }> {
    return { fingerprint: this.fingerprint }
  }

  async create(specification: SandboxSpecification, signal: AbortSignal): Promise<LiveContainer> {
    await new Promise((resolve) => setTimeout(resolve, this.#options.createMilliseconds ?? 1))
    signal.throwIfAborted()
    const failure = this.failNext
    this.failNext = null
    if (failure !== null) throw failure
    this.created += 1
    this.specifications.push(specification)
    const { id, owner, limits } = specification
    this.live.set(id, { id, owner, running: true, createdAt: Date.now() })
    const exited = Promise.withResolvers<SandboxExit>()
    const stop = Promise.withResolvers<void>()
    let evidence: HostEvidence = { oomKills: 0, taskLimitHits: 0, peakMemoryBytes: 5000 }
    const [host, guest] = duplexPair()
    host.on('error', () => {})
    startFakeSupervisor(guest, {
      ready: { mounts: mountsOf(limits), ...this.#options.ready },
      unkillable: this.#options.unkillable ?? 0,
      onCrash: (how) => {
        if (how === 'oom') evidence = { ...evidence, oomKills: 1 }
        exited.resolve({ exitCode: 137, oomKilled: false })
        guest.destroy()
      },
    })
    return {
      id,
      stream: host,
      nonce: Buffer.alloc(16),
      origin: 'cold',
      lacks: this.#options.lacks ?? [],
      exited: exited.promise,
      stopped: stop.promise,
      diagnostics: () => '',
      startKeeper: async () => {},
      enforceLimits: async () => ({
        sandboxMemoryBytes: limits.sandboxMemoryBytes,
        memoryAndSwapBytes: limits.sandboxMemoryBytes,
        hostTasks: limits.hostTasks,
        cpus: limits.cpus,
        ...this.#options.applied,
      }),
      evidence: async () => evidence,
      kill: async () => {
        guest.destroy()
        stop.resolve()
      },
      destroy: async () => {
        await this.remove(id)
        stop.resolve()
      },
    }
  }

  async list(): Promise<readonly ForeignSandbox[]> {
    return [...this.live.values()]
  }

  async remove(id: string): Promise<void> {
    if (this.live.delete(id)) this.removed.push(id)
  }

  async [Symbol.asyncDispose](): Promise<void> {}
}
