import { createHash } from 'node:crypto'
import { setTimeout as sleep } from 'node:timers/promises'
import { onceUntilFailure } from '../../../concurrency/once-until-failure.ts'
import { ServiceError } from '../../../core/errors.ts'
import type { ForeignSandbox, LiveContainer, SandboxDriver, SandboxSpecification } from '../../driver.ts'
import { fromLabels, sandboxLabel } from '../../engine/owner.ts'
import { lackedWalls, type SandboxLimits } from '../../limits.ts'
import { assertAdmitted } from './admitted-pod.ts'
import { openClusterAccess } from './cluster-access.ts'
import { ClusterClient } from './cluster-client.ts'
import { isGone, isQuotaUsedUp, toClusterFault, unavailable } from './cluster-faults.ts'
import { dropLease, EngineLease, LeaseObserver, listLeases } from './engine-lease.ts'
import { missingRights } from './rights.ts'
import { leaseLabel, podManifest, type PodSettings } from './pod-manifest.ts'
import { podPath, removePod, type PodPlace } from './pod-container.ts'
import { podListShape } from './pod-shape.ts'
import { PodWatch } from './pod-watch.ts'
import { startPod } from './start-pod.ts'
import { podLacks } from './to-kubernetes.ts'

export interface KubernetesDriverOptions {
  readonly kubeconfig: string | null
  /** Address of the API server where no kubeconfig names it. */
  readonly server: string
  readonly context: string | null
  readonly namespace: string
  readonly pod: PodSettings
  /** Longest that a Pod may take until its containers run, milliseconds. */
  readonly startMilliseconds: number
  /** What sandboxes have where a claim asks for nothing else. */
  readonly limits: SandboxLimits
  /** Name and uid of the Pod that this process runs in, null where it runs in none or is not told. */
  readonly ownPod: { readonly name: string; readonly uid: string } | null
  /** Hears of trouble with the lease. */
  readonly onFault: (fault: unknown) => void
}

const removalMilliseconds = 30_000
const lookMilliseconds = 200
/** A name that sandboxes have; one of another form could be more than a name in a path. */
const sandboxName = /^sbx-[0-9a-f]{16}$/

/** Sandboxes as Pods of a cluster whose nodes run them under gVisor. */
export function createKubernetesDriver(options: KubernetesDriverOptions): SandboxDriver {
  return new KubernetesDriver(options)
}

interface Opened extends PodPlace {
  readonly lease: EngineLease
}

class KubernetesDriver implements SandboxDriver {
  readonly name = 'kubernetes'
  readonly missingWalls = podLacks.map((lack) => lackedWalls[lack])
  /** An exec starts two programs in a sandbox whose processors are all taken; the supervisor is there already. */
  readonly killMilliseconds = 200
  readonly #options: KubernetesDriverOptions
  readonly #observer = new LeaseObserver()
  #opened: Opened | null = null

  constructor(options: KubernetesDriverOptions) {
    this.#options = options
  }

  async prepare(signal: AbortSignal): Promise<{ fingerprint: string }> {
    const { client, namespace } = await this.#open()
    const { pod, limits } = this.#options
    const manifest = podManifest({ id: probeName, owner: probeOwner, limits, lease: null }, pod)
    try {
      const missing = await missingRights(client, namespace, signal)
      if (missing.length > 0) {
        throw unavailable(`The cluster does not allow ${missing.join(', ')} in the namespace ${namespace}`, {
          advice:
            'Give the service account the rights of "kubectl apply -k deploy/kubernetes/sandboxes", or name its namespace in sandbox.kubernetes.namespace: nobody is allowed anything in one that is not there.',
        })
      }
      // The API server checks it in every way and makes nothing: RuntimeClass, admission, quota, each field.
      const path = `${podPath(namespace)}?dryRun=All&fieldValidation=Strict`
      assertAdmitted(manifest, await client.call({ method: 'POST', path, body: manifest }, signal))
    } catch (thrown) {
      // What is there already fills the namespace, as under full load. All else was asked before the quota is.
      if (!(isQuotaUsedUp(thrown) && this.#opened?.lease.name != null))
        throw toClusterFault(thrown, 'asking whether a sandbox may be made')
    }
    const parts = [client.access.server.href, namespace, manifest]
    return { fingerprint: createHash('sha256').update(JSON.stringify(parts)).digest('hex').slice(0, 32) }
  }

  async create(specification: SandboxSpecification, signal: AbortSignal): Promise<LiveContainer> {
    const opened = await this.#open()
    const { pod, startMilliseconds } = this.#options
    return startPod(specification, { ...opened, settings: pod, startMilliseconds }, signal)
  }

  async list(signal: AbortSignal): Promise<readonly ForeignSandbox[]> {
    const { client, namespace, lease } = await this.#open()
    try {
      const path = `${podPath(namespace)}?labelSelector=${encodeURIComponent(sandboxLabel)}`
      const { items } = podListShape.parse(await client.call({ method: 'GET', path }, signal))
      const kept = await this.#keptLeases(signal)
      const ofLease = items.map(({ metadata }) => metadata.labels?.[leaseLabel] ?? '')
      return items.flatMap(({ metadata, status }, index): ForeignSandbox[] => {
        const labels = fromLabels(metadata.annotations ?? {})
        if (labels === null || labels.id !== metadata.name) return []
        const held = ofLease[index] ?? ''
        const ownerState = held === lease.name ? 'self' : kept.get(held) === true ? 'living' : 'dead'
        const createdAt = Date.parse(metadata.creationTimestamp ?? '')
        return [{ ...labels, ownerState, running: status?.phase === 'Running', createdAt }]
      })
    } catch (thrown) {
      throw toClusterFault(thrown, 'listing sandboxes')
    }
  }

  /**
   * Which leases somebody keeps. One that nobody does is deleted as it was last seen, before a Pod of it is called dead: an
   * owner that was only slow has renewed it or hears that it is gone, and never goes on with what is being removed.
   */
  async #keptLeases(signal: AbortSignal): Promise<ReadonlyMap<string, boolean>> {
    const { client, namespace, lease } = await this.#open()
    const asked = performance.now()
    const leases = await listLeases(client, namespace, signal)
    // Who judges others has to be heard himself.
    if (lease.name === null && leases.length > 0) await lease.held(signal)
    const kept = this.#observer.observe(leases, { asked, steadySince: lease.steadySince })
    for (const each of leases) {
      const { name } = each.metadata
      if (kept.get(name) === true || name === lease.name) continue
      kept.set(name, !(await dropLease(client, namespace, each, signal)))
    }
    return kept
  }

  async remove(id: string, signal: AbortSignal): Promise<void> {
    if (!sandboxName.test(id)) throw new ServiceError('sandbox-unavailable', `"${id}" is no sandbox's name`)
    const place = await this.#open()
    await removePod(place, id, null, signal)
    const deadline = performance.now() + removalMilliseconds
    for (;;) {
      try {
        await place.client.call({ method: 'GET', path: podPath(place.namespace, id) }, signal)
      } catch (thrown) {
        if (isGone(thrown)) return
        throw toClusterFault(thrown, 'removing a sandbox')
      }
      if (performance.now() > deadline) throw unavailable('A sandbox could not be removed in time')
      await sleep(lookMilliseconds, undefined, { signal })
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const opened = this.#opened
    if (opened === null) return
    await opened.lease[Symbol.asyncDispose]()
    await opened.watch[Symbol.asyncDispose]()
    opened.client[Symbol.dispose]()
  }

  readonly #open = onceUntilFailure(async (): Promise<Opened> => {
    const { kubeconfig, server, context, namespace, ownPod, onFault } = this.#options
    const client = new ClusterClient(await openClusterAccess({ kubeconfig, server, context }))
    // Pods of every driver in the namespace are told of; what was not made here is dropped as it comes.
    const selector = encodeURIComponent(sandboxLabel)
    const watch = new PodWatch(client, `${podPath(namespace)}?labelSelector=${selector}`)
    this.#opened = { client, namespace, watch, lease: new EngineLease({ client, namespace, ownPod, onFault }) }
    return this.#opened
  })
}

/** The Pod that is only asked about: every one that is made has its own name and owner. */
const probeName = `sbx-${'0'.repeat(16)}`
const probeOwner = { pid: 0, startTicks: '0', bootId: '', pidNamespace: '', engine: '' }
