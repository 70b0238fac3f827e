import { rm } from 'node:fs/promises'
import type { Duplex } from 'node:stream'
import { ServiceError } from '../../../core/errors.ts'
import {
  killCgroup,
  limitProcessors,
  readAppliedLimits,
  readEvidence,
  weighAsUsed,
  type CgroupPaths,
} from '../cgroup.ts'
import { killByArgument, removeCgroups } from '../remove-cgroups.ts'
import type { AppliedLimits, HostEvidence, LiveContainer, SandboxExit } from '../../driver.ts'
import { onceUntilFailure } from '../../../concurrency/once-until-failure.ts'
import type { TraceWatch } from '../../detection/tracer.ts'
import type { Runsc } from './runsc-command.ts'
import type { SandboxProcess } from './sandbox-process.ts'

const killMilliseconds = 1000
/** A sandbox that nobody waits for: many may end at once, and each has to get its turn to die. */
const lastKillMilliseconds = 5000
const removalMilliseconds = 15_000
const cgroupMilliseconds = 5000
const partingMilliseconds = 1000

export interface RunscContainerParts {
  readonly id: string
  readonly runsc: Runsc
  readonly child: SandboxProcess
  readonly stream: Duplex
  readonly nonce: Buffer
  readonly origin: LiveContainer['origin']
  /** What it has on disk; its bundle last, by which a removal that was cut off is found again. */
  readonly folders: readonly string[]
  /** Null where there are none. */
  readonly cgroups: CgroupPaths | null
  /** Processors it may use once it is handed out; until then it may use more. */
  readonly cpus: number
  /** The pid of gVisor's process on the host. */
  readonly pid: number
  /** Null where nothing listens to its calls. */
  readonly watch: TraceWatch | null
}

/** Ends a sandbox by runsc's own command, which finds out itself what is left of it. */
async function deleteSandbox(runsc: Runsc, id: string): Promise<void> {
  await runsc.call(['delete', '--force', id], AbortSignal.timeout(removalMilliseconds)).catch((thrown: unknown) => {
    // A sandbox that runsc does not know is gone, which is the aim.
    if (!/does not exist|not exist|no such/i.test((thrown as Error).message)) throw thrown
  })
}

/**
 * Waits for the process that started a sandbox, which collects what it started and then ends; whoever would have to
 * collect it otherwise may never do so. Ends one that does not.
 */
async function endParent(child: SandboxProcess): Promise<void> {
  const timer = setTimeout(() => child.kill(), partingMilliseconds)
  await child.ended
  clearTimeout(timer)
}

/** Removes what is left of a sandbox of which nothing runs. Safe at any moment, and again. */
async function removeTraces(runsc: Runsc, id: string, folders: readonly string[]): Promise<void> {
  // runsc forgets a sandbox whose creation was cut off; its cgroups and its socket may be there all the same.
  const left = await removeCgroups(cgroupPathOf(id), cgroupMilliseconds)
  if (left.length > 0)
    throw new ServiceError('sandbox-unavailable', `A cgroup could not be removed: ${left.join(', ')}`)
  await runsc.forget(id)
  for (const folder of folders) await rm(folder, { recursive: true, force: true })
}

/**
 * Removes a sandbox that nobody holds any more, or whose creation was cut off. It first ends every process that was
 * started for it, because a runsc that still works would create again what is being removed.
 */
export async function clearRunscSandbox(runsc: Runsc, id: string, folders: readonly string[]): Promise<void> {
  await killByArgument(id)
  await deleteSandbox(runsc, id)
  await removeTraces(runsc, id, folders)
}

/** The folder of all sandboxes below the cgroup root. */
export const cgroupFolder = '/sallyport'

export function cgroupPathOf(id: string): string {
  return `${cgroupFolder}/${id}`
}

export class RunscContainer implements LiveContainer {
  readonly id: string
  readonly stream: Duplex
  readonly nonce: Buffer
  readonly origin: LiveContainer['origin']
  readonly exited: Promise<SandboxExit>
  readonly #parts: RunscContainerParts
  readonly #stop = Promise.withResolvers<void>()
  readonly stopped = this.#stop.promise
  #evidence: HostEvidence = { oomKills: 0, taskLimitHits: 0, peakMemoryBytes: null }

  constructor(parts: RunscContainerParts) {
    this.id = parts.id
    this.stream = parts.stream
    this.nonce = parts.nonce
    this.origin = parts.origin
    this.#parts = parts
    this.exited = parts.child.ended.then((exitCode) => ({ exitCode, oomKilled: false }))
  }

  diagnostics(): string {
    return this.#parts.child.said()
  }

  /** The supervisor starts the keeper itself: what is started from outside does not survive a snapshot. */
  async startKeeper(): Promise<void> {}

  async enforceLimits(): Promise<AppliedLimits | null> {
    const { cgroups, cpus } = this.#parts
    if (cgroups === null) return null
    // A write that failed shows in what is read back, and the sandbox is refused.
    await limitProcessors(cgroups, cpus).catch(() => {})
    await weighAsUsed(cgroups).catch((thrown: unknown) => {
      throw new ServiceError('sandbox-unavailable', 'A sandbox could not be given its share of the processors', {
        cause: thrown,
      })
    })
    return readAppliedLimits(cgroups)
  }

  async evidence(): Promise<HostEvidence> {
    const { cgroups } = this.#parts
    if (cgroups !== null) this.#evidence = (await readEvidence(cgroups)) ?? this.#evidence
    return this.#evidence
  }

  async kill(): Promise<void> {
    const { cgroups, id } = this.#parts
    if (await this.#endProcesses(killMilliseconds)) return
    if (cgroups === null) await killByArgument(id)
    await this.destroy()
  }

  readonly destroy = onceUntilFailure(() => this.#remove())

  async #remove(): Promise<void> {
    const { runsc, id, folders, child, watch } = this.#parts
    this.stream.destroy()
    await this.evidence()
    // Where nothing of its cgroup runs, `runsc delete` has only files to remove, and is a start of gVisor's binary.
    if (!(await this.#endProcesses(lastKillMilliseconds))) await deleteSandbox(runsc, id)
    // Before its files: it could write them once more.
    await endParent(child)
    await removeTraces(runsc, id, folders)
    await watch?.forget()
    this.#stop.resolve()
  }

  async #endProcesses(milliseconds: number): Promise<boolean> {
    const { cgroups } = this.#parts
    const isOver = cgroups !== null && (await killCgroup(cgroups, milliseconds))
    if (isOver) this.#stop.resolve()
    return isOver
  }
}
