import { setTimeout as sleep } from 'node:timers/promises'
import type { Container } from 'dockerode'
import { ServiceError } from '../../../core/errors.ts'
import { killCgroup, limitProcessors, readAppliedLimits, readEvidence, type CgroupPaths } from '../cgroup.ts'
import { clearByArgument } from '../remove-cgroups.ts'
import type { AppliedLimits, HostEvidence, LiveContainer, SandboxExit } from '../../driver.ts'
import { users } from '../../isolation.ts'
import { nonceBytes } from '../../protocol/frames.ts'
import type { TraceWatch } from '../../detection/tracer.ts'
import { onceUntilFailure } from '../../../concurrency/once-until-failure.ts'
import type { AttachedStream } from './attached-stream.ts'
import { removeContainer } from './container-removal.ts'
import { statusOf, toDockerFault } from './docker-faults.ts'

const killMilliseconds = 1000
/** How long Docker may take to learn that a container's processes are gone, which it clears away faster then. */
const noticeMilliseconds = 2000
const codeIds = `${users.code}:${users.code}`
const keeperCommand = ['/usr/bin/python3', '-I', '-S', '-B', '/opt/sallyport/supervisor/keeper.py']

export interface DockerContainerParts {
  readonly id: string
  readonly container: Container
  readonly stream: AttachedStream
  readonly cgroups: CgroupPaths
  readonly cpus: number
  /** Settles when the keeper was started, or could not be. */
  readonly keeper: Promise<void>
  readonly diagnostics: () => string
  /** Absent or null where nothing listens to its calls. */
  readonly watch?: TraceWatch | null
}

/**
 * Starts the keeper in a container that runs, as the user's uid and without any capability. It waits for the
 * supervisor, which starts meanwhile.
 */
export async function startKeeper(container: Container, signal: AbortSignal): Promise<void> {
  try {
    const execution = await container.exec({
      Cmd: keeperCommand,
      User: codeIds,
      AttachStdout: false,
      AttachStderr: false,
      abortSignal: signal,
    })
    await execution.start({ Detach: true, abortSignal: signal })
  } catch (thrown) {
    throw toDockerFault(thrown, 'starting a process in a sandbox')
  }
}

/**
 * Removes a container that nobody holds any more, and what runs of it. A daemon that was killed while it started one
 * knows the container and not that it runs: it removes the one and leaves the other running for ever.
 */
export async function clearContainer(container: Container): Promise<void> {
  const id = await container.inspect().then(
    (state) => state.Id,
    (thrown: unknown) => {
      if (statusOf(thrown) === 404) return null
      throw toDockerFault(thrown, 'removing a sandbox')
    },
  )
  if (id === null) return
  await removeContainer(container)
  const left = await clearByArgument(id, killMilliseconds)
  if (left.length > 0) {
    throw new ServiceError('sandbox-unavailable', `A cgroup could not be removed: ${left.join(', ')}`)
  }
}

export class DockerContainer implements LiveContainer {
  readonly id: string
  readonly stream: AttachedStream
  readonly nonce = Buffer.alloc(nonceBytes)
  readonly origin = 'cold'
  readonly #parts: DockerContainerParts
  /** What Docker says when it knows of the end. */
  readonly #ended: Promise<unknown>
  #exit: Promise<SandboxExit> | null = null
  readonly #stop = Promise.withResolvers<void>()
  readonly stopped = this.#stop.promise
  #evidence: HostEvidence = { oomKills: 0, taskLimitHits: 0, peakMemoryBytes: null }

  constructor(parts: DockerContainerParts) {
    this.id = parts.id
    this.stream = parts.stream
    this.#parts = parts
    this.#ended = parts.container.wait().catch(() => null)
    void this.#ended.then(() => this.evidence())
  }

  /** Docker is asked for the rest of it only where somebody wants to know. */
  get exited(): Promise<SandboxExit> {
    this.#exit ??= this.#readExit()
    return this.#exit
  }

  diagnostics(): string {
    return this.#parts.diagnostics()
  }

  /** It was started with the container; a second one is never. */
  async startKeeper(): Promise<void> {
    await this.#parts.keeper
  }

  async enforceLimits(): Promise<AppliedLimits> {
    const { cgroups, cpus } = this.#parts
    // A write that failed shows in what is read back, and the sandbox is refused.
    await limitProcessors(cgroups, cpus).catch(() => {})
    return readAppliedLimits(cgroups)
  }

  async evidence(): Promise<HostEvidence> {
    this.#evidence = (await readEvidence(this.#parts.cgroups)) ?? this.#evidence
    return this.#evidence
  }

  async kill(): Promise<void> {
    // Docker takes a while, longer still when the sandbox is busy; the kernel does it at once.
    if (!(await this.#endProcesses())) await this.destroy()
  }

  readonly destroy = onceUntilFailure(() => this.#remove())

  async #remove(): Promise<void> {
    this.stream.destroy()
    // One whose end Docker has seen is removed without being killed again.
    if (await this.#endProcesses()) {
      await Promise.race([this.#ended, sleep(noticeMilliseconds, null, { ref: false })])
    }
    await removeContainer(this.#parts.container)
    await this.#parts.watch?.forget()
    this.#stop.resolve()
  }

  async #endProcesses(): Promise<boolean> {
    const isOver = await killCgroup(this.#parts.cgroups, killMilliseconds)
    if (isOver) this.#stop.resolve()
    return isOver
  }

  async #readExit(): Promise<SandboxExit> {
    const status = await this.#ended
    await this.evidence()
    const state = await this.#parts.container.inspect().catch(() => null)
    return {
      exitCode: (status as { StatusCode?: number } | null)?.StatusCode ?? null,
      oomKilled: state?.State.OOMKilled ?? false,
    }
  }
}
