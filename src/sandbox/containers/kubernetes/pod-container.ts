import { setTimeout as sleep } from 'node:timers/promises'
import type { AppliedLimits, HostEvidence, LiveContainer, SandboxExit } from '../../driver.ts'
import { nonceBytes } from '../../protocol/frames.ts'
import { onceUntilFailure } from '../../../concurrency/once-until-failure.ts'
import type { ClusterClient } from './cluster-client.ts'
import { isGone, toClusterFault, unavailable } from './cluster-faults.ts'
import type { ExecStream } from './exec-stream.ts'
import { exitCodeOf, isOver, wasOutOfMemory, type Pod } from './pod-shape.ts'
import type { PodWatch } from './pod-watch.ts'
import { parseQuantity } from './quantity.ts'
import { strikePod } from './strike.ts'
import { podLacks } from './to-kubernetes.ts'

/** How long the processes of a sandbox may take to be struck from inside before its node is asked to end it, milliseconds. */
const strikeMilliseconds = 1000
const removalMilliseconds = 30_000
/** The node tells why a container ended up to two seconds after its stream did. */
const evidenceMilliseconds = 3000

export interface PodPlace {
  readonly client: ClusterClient
  readonly watch: PodWatch
  readonly namespace: string
}

export function podPath(namespace: string, name = ''): string {
  return `/api/v1/namespaces/${namespace}/pods${name === '' ? '' : `/${name}`}`
}

/**
 * Deletes a Pod and sees that it is gone. Never with a grace of zero: the object would vanish at once and its processes run
 * on. With one second it vanishes when its node has ended them.
 */
export async function removePod(place: PodPlace, name: string, uid: string | null, signal: AbortSignal): Promise<void> {
  const { client, namespace } = place
  const body = { gracePeriodSeconds: 1, ...(uid === null ? {} : { preconditions: { uid } }) }
  try {
    await client.call({ method: 'DELETE', path: podPath(namespace, name), body }, signal)
  } catch (thrown) {
    if (isGone(thrown)) return
    throw toClusterFault(thrown, 'removing a sandbox')
  }
}

interface PodContainerParts extends PodPlace {
  readonly pod: Pod
  readonly stream: ExecStream
  readonly diagnostics: () => string
}

export class PodContainer implements LiveContainer {
  readonly id: string
  readonly stream: ExecStream
  readonly nonce = Buffer.alloc(nonceBytes)
  readonly origin = 'cold'
  readonly lacks = podLacks
  readonly exited: Promise<SandboxExit>
  readonly #parts: PodContainerParts
  readonly #stop = Promise.withResolvers<void>()
  readonly stopped = this.#stop.promise
  readonly #forgotten = new AbortController()
  /** Was it ended from here? Then its node has nothing to say that anybody waits for. */
  #isOurEnd = false

  constructor(parts: PodContainerParts) {
    this.#parts = parts
    this.id = parts.pod.metadata.name
    this.stream = parts.stream
    this.exited = this.#readExit()
    void this.exited.then(() => this.stream.destroy())
  }

  diagnostics(): string {
    return this.#parts.diagnostics()
  }

  /** It is the first process of a container of its own. */
  async startKeeper(): Promise<void> {}

  /** What the node says that it applied: the sum of the containers', which share one sandbox. */
  async enforceLimits(): Promise<AppliedLimits> {
    const { watch, pod } = this.#parts
    const statuses = (watch.latest(this.id) ?? pod).status?.containerStatuses ?? []
    const sum = (name: 'cpu' | 'memory'): number | null | 'unreadable' => {
      const found = statuses.map(({ resources }) => parseQuantity(resources?.limits?.[name] ?? ''))
      if (found.length === 0 || statuses.some(({ resources }) => resources == null)) return 'unreadable'
      // One container without a limit makes the whole Pod one.
      return found.reduce((total, each) => (total === null || each === null ? null : total + each), 0)
    }
    const [cpus, sandboxMemoryBytes] = [sum('cpu'), sum('memory')]
    return { sandboxMemoryBytes, cpus, memoryAndSwapBytes: 'unreadable', hostTasks: 'unreadable' }
  }

  /** While it runs there is nothing to tell; afterwards its node says why it ended. */
  async evidence(): Promise<HostEvidence> {
    const { watch } = this.#parts
    const isEnding = this.stream.destroyed || this.stream.readableEnded
    if (isEnding && !this.#isOurEnd)
      await Promise.race([this.exited, sleep(evidenceMilliseconds, null, { ref: false })])
    const pod = watch.latest(this.id)
    return { oomKills: pod !== null && wasOutOfMemory(pod) ? 1 : 0, taskLimitHits: 0, peakMemoryBytes: null }
  }

  /**
   * From inside, which takes a few hundred milliseconds where the node takes seconds for what is busy; where that is not
   * confirmed in time, by the node as well. Over with the first that proves it.
   */
  readonly kill = onceUntilFailure(async () => {
    this.#isOurEnd = true
    const { client, namespace } = this.#parts
    const late = AbortSignal.timeout(removalMilliseconds)
    const struck = strikePod({ client, namespace, name: this.id }, late)
    const isStruck = await Promise.race([struck, sleep(strikeMilliseconds, false, { ref: false })])
    if (isStruck) return
    const word = struck.then((isOver) => (isOver ? undefined : new Promise<never>(() => {})))
    await Promise.race([word, this.stopped, this.destroy()])
  })

  readonly destroy = onceUntilFailure(() => this.#remove())

  async #remove(): Promise<void> {
    const { watch, pod } = this.#parts
    this.#isOurEnd ||= !this.stream.readableEnded && !this.stream.destroyed
    this.stream.destroy()
    const late = AbortSignal.timeout(removalMilliseconds)
    void watch
      .until(this.id, (now) => (now === null || isOver(now) ? true : undefined), late)
      .then(
        () => this.#stop.resolve(),
        () => {},
      )
    await removePod(this.#parts, this.id, pod.metadata.uid, late)
    try {
      await watch.until(this.id, (now) => (now === null ? true : undefined), late)
    } catch (cause) {
      throw unavailable('A sandbox could not be removed in time', {
        cause,
        advice: 'Its node may be gone or busy; the sweep tries again. See "kubectl get pods" in its namespace.',
      })
    }
    watch.forget(this.id)
    this.#forgotten.abort()
    this.#stop.resolve()
  }

  async #readExit(): Promise<SandboxExit> {
    const { watch } = this.#parts
    const seen = (pod: Pod | null) => (pod === null ? { exitCode: null, oomKilled: false } : endOf(pod))
    const unknown = { exitCode: null, oomKilled: false }
    return watch.until(this.id, seen, this.#forgotten.signal).catch(() => unknown)
  }
}

/**
 * How a Pod ended; undefined while it has not. One that is being deleted has, for whoever uses it: where its node is gone,
 * nobody says more of it, and its stream is silent for ever.
 */
function endOf(pod: Pod): SandboxExit | undefined {
  const oomKilled = wasOutOfMemory(pod)
  const isEnd = oomKilled || isOver(pod) || pod.metadata.deletionTimestamp != null
  return isEnd ? { exitCode: exitCodeOf(pod), oomKilled } : undefined
}
