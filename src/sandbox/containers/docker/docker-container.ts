import type { Container } from 'dockerode'
import { ServiceError } from '../../../core/errors.ts'
import { clearByArgument, killCgroup, readAppliedLimits, readEvidence, type CgroupPaths } from '../cgroup.ts'
import type { AppliedLimits, HostEvidence, LiveContainer, SandboxExit } from '../../driver.ts'
import { users } from '../../isolation.ts'
import { nonceBytes } from '../../protocol/frames.ts'
import { onceUntilFailure } from '../../../concurrency/once-until-failure.ts'
import type { AttachedStream } from './attached-stream.ts'
import { removeContainer } from './container-removal.ts'
import { statusOf, toDockerFault } from './docker-faults.ts'

const killMilliseconds = 1000
const codeIds = `${users.code}:${users.code}`
const keeperCommand = ['/usr/bin/python3', '-I', '-S', '-B', '/opt/sallyport/supervisor/keeper.py']

export interface DockerContainerParts {
  readonly id: string
  readonly container: Container
  readonly stream: AttachedStream
  readonly cgroups: CgroupPaths
  readonly diagnostics: () => string
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
  readonly exited: Promise<SandboxExit>
  readonly #parts: DockerContainerParts
  #evidence: HostEvidence = { oomKills: 0, taskLimitHits: 0, peakMemoryBytes: null }

  constructor(parts: DockerContainerParts) {
    this.id = parts.id
    this.stream = parts.stream
    this.#parts = parts
    this.exited = this.#watch()
  }

  diagnostics(): string {
    return this.#parts.diagnostics()
  }

  async startKeeper(signal: AbortSignal): Promise<void> {
    await this.#execute(keeperCommand, signal)
  }

  async enforceLimits(): Promise<AppliedLimits> {
    return readAppliedLimits(this.#parts.cgroups)
  }

  async evidence(): Promise<HostEvidence> {
    this.#evidence = (await readEvidence(this.#parts.cgroups)) ?? this.#evidence
    return this.#evidence
  }

  async kill(): Promise<void> {
    // Docker takes a while, longer still when the sandbox is busy; the kernel does it at once.
    if (await killCgroup(this.#parts.cgroups, killMilliseconds)) return
    await this.destroy()
  }

  readonly destroy = onceUntilFailure(() => this.#remove())

  async #remove(): Promise<void> {
    this.stream.destroy()
    await killCgroup(this.#parts.cgroups, killMilliseconds)
    await removeContainer(this.#parts.container)
  }

  async #watch(): Promise<SandboxExit> {
    const status = await this.#parts.container.wait().catch(() => null)
    await this.evidence()
    const state = await this.#parts.container.inspect().catch(() => null)
    return {
      exitCode: (status as { StatusCode?: number } | null)?.StatusCode ?? null,
      oomKilled: state?.State.OOMKilled ?? false,
    }
  }

  async #execute(command: string[], signal: AbortSignal): Promise<void> {
    try {
      const execution = await this.#parts.container.exec({
        Cmd: command,
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
}
