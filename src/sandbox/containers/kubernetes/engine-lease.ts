import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { z } from 'zod'
import { untilAborted } from '../../../concurrency/until-aborted.ts'
import type { ClusterClient } from './cluster-client.ts'
import { ClusterRefusal, isGone } from './cluster-faults.ts'

/** A lease that was not renewed for this long has no living owner, seconds. */
const leaseSeconds = 40
const renewMilliseconds = 10_000
/**
 * A lease whose last renewal is older than two and a half of their intervals, milliseconds: its owner asks again before he
 * makes a Pod, and calls nobody silent who had no more time to be heard than he.
 */
const staleMilliseconds = 25_000
const engineLabel = 'sallyport.engine'

const leaseShape = z.object({
  metadata: z.object({
    name: z.string(),
    uid: z.string(),
    resourceVersion: z.string(),
    labels: z.record(z.string(), z.string()).nullish(),
  }),
  spec: z.object({ leaseDurationSeconds: z.number().nullish() }).nullish(),
})
const leaseListShape = z.object({ items: z.array(leaseShape) })

type Lease = z.infer<typeof leaseShape>

interface LeaseOptions {
  readonly client: ClusterClient
  readonly namespace: string
  /** The Pod that the service itself runs in, which owns its lease: where that is gone, the cluster collects all. */
  readonly ownPod: { readonly name: string; readonly uid: string } | null
  readonly onFault: (fault: unknown) => void
  /** Monotonic milliseconds, which go on while a process is stopped. */
  readonly now?: () => number
}

/**
 * What the Pods of one driver belong to. It is renewed as long as the driver lives, is deleted with it, and owns its Pods:
 * the cluster collects what a lease leaves behind.
 */
export class EngineLease implements AsyncDisposable {
  readonly #options: LeaseOptions
  readonly #timer: NodeJS.Timeout
  readonly #now: () => number
  readonly #closing = new AbortController()
  #lease: Lease | null = null
  /** When the last renewal that succeeded was begun, monotonic milliseconds: it may hold from then on. */
  #renewedAt = 0
  /** Since when no renewal was missed. */
  #steadyFrom = 0
  #making: Promise<Lease> | null = null

  constructor(options: LeaseOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
    this.#timer = setInterval(() => void this.#renew(), renewMilliseconds)
    this.#timer.unref()
  }

  /** Null before the first sandbox. */
  get name(): string | null {
    return this.#lease?.metadata.name ?? null
  }

  /**
   * Since when this process could itself write without a gap, monotonic milliseconds: the silence of others before that says
   * nothing, since they may have been as cut off as it was.
   */
  get steadySince(): number {
    const now = this.#now()
    return this.#lease === null || now - this.#renewedAt > staleMilliseconds ? now : this.#steadyFrom
  }

  /**
   * The lease that a new Pod belongs to. A process that was stopped for long may have been taken for dead: then it asks
   * first, since what is made under a lease that is gone is collected at once. Rejects where nobody answers.
   */
  async held(signal: AbortSignal): Promise<{ readonly name: string; readonly uid: string }> {
    if (this.#lease !== null && this.#now() - this.#renewedAt > staleMilliseconds) await this.#renewOrLose(signal)
    // Whoever comes together waits for one lease, which does not end with the first of them.
    this.#making ??= this.#make().finally(() => {
      this.#making = null
    })
    const { name, uid } = (this.#lease ?? (await untilAborted(this.#making, signal))).metadata
    return { name, uid }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    clearInterval(this.#timer)
    this.#closing.abort()
    const lease = this.#lease
    this.#lease = null
    if (lease === null) return
    const { client, namespace } = this.#options
    const path = leasePath(namespace, lease.metadata.name)
    // One that stays is swept when nobody renews it.
    await client.call({ method: 'DELETE', path }, AbortSignal.timeout(5000)).catch(() => {})
  }

  async #make(): Promise<Lease> {
    if (this.#lease !== null) return this.#lease
    const { client, namespace, ownPod } = this.#options
    const name = `sallyport-${randomBytes(8).toString('hex')}`
    const owners = ownPod === null ? {} : { ownerReferences: [{ apiVersion: 'v1', kind: 'Pod', ...ownPod }] }
    const body = {
      apiVersion: 'coordination.k8s.io/v1',
      kind: 'Lease',
      metadata: { name, labels: { [engineLabel]: name }, ...owners },
      spec: {
        holderIdentity: `${hostname()}/${process.pid}`,
        leaseDurationSeconds: leaseSeconds,
        renewTime: microTime(),
      },
    }
    const begun = this.#now()
    const made = await client.call({ method: 'POST', path: leasePath(namespace), body }, this.#closing.signal)
    this.#lease = leaseShape.parse(made)
    this.#renewedAt = begun
    this.#steadyFrom = begun
    return this.#lease
  }

  async #renew(): Promise<void> {
    if (this.#lease === null) return
    const { signal } = this.#closing
    try {
      await this.#renewOrLose(signal)
    } catch (fault) {
      if (!signal.aborted) this.#options.onFault(fault)
    }
  }

  /** Afterwards it is renewed, or there is none. Rejects where neither is known. */
  async #renewOrLose(signal: AbortSignal): Promise<void> {
    const lease = this.#lease
    if (lease === null) return
    const { client, namespace, onFault } = this.#options
    const path = leasePath(namespace, lease.metadata.name)
    const begun = this.#now()
    try {
      const found = z.looseObject({ spec: z.looseObject({}) }).parse(await client.call({ method: 'GET', path }, signal))
      const body = { ...found, spec: { ...found.spec, renewTime: microTime() } }
      const renewed = leaseShape.parse(await client.call({ method: 'PUT', path, body }, signal))
      if (this.#lease?.metadata.uid === lease.metadata.uid) this.#lease = renewed
    } catch (fault) {
      // Somebody else wrote to it, as this process does in two places: it is there, and changed.
      const isRaced = fault instanceof ClusterRefusal && fault.status === 409
      if (!isRaced && !isGone(fault)) throw fault
      // Whoever deleted it took this driver for dead: its Pods are being collected, and new ones need another lease.
      if (isGone(fault) && this.#lease?.metadata.uid === lease.metadata.uid) {
        this.#lease = null
        onFault(fault)
      }
    }
    if (begun - this.#renewedAt > staleMilliseconds) this.#steadyFrom = begun
    this.#renewedAt = begun
  }
}

/** As the Kubernetes API has times with microseconds. For people alone: nobody compares it with a clock. */
function microTime(): string {
  return new Date().toISOString().replace('Z', '000Z')
}

function leasePath(namespace: string, name = ''): string {
  return `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases${name === '' ? '' : `/${name}`}`
}

interface Sighting {
  readonly version: string
  /** Monotonic milliseconds. */
  readonly at: number
}

interface Look {
  /** When the leases were asked for, monotonic milliseconds: an answer that took long says nothing of the time it took. */
  readonly asked: number
  /** Since when whoever looks could have been heard himself. */
  readonly steadySince: number
}

/**
 * Which leases are kept by somebody, judged as elections do: by whether they changed while this process looked on its own
 * clock. So clocks that are apart say nothing, and the first look condemns nobody; nor does one after an outage that
 * silenced all.
 */
export class LeaseObserver {
  readonly #seen = new Map<string, Sighting>()
  readonly #now: () => number

  constructor(now: () => number = () => performance.now()) {
    this.#now = now
  }

  /** Names of all leases, each with whether somebody keeps it. A lease that is not there is kept by nobody. */
  observe(leases: readonly Lease[], { asked, steadySince }: Look): Map<string, boolean> {
    const now = this.#now()
    const there = new Set(leases.map(({ metadata }) => metadata.name))
    for (const name of this.#seen.keys()) if (!there.has(name)) this.#seen.delete(name)
    const kept = new Map<string, boolean>()
    for (const { metadata, spec } of leases) {
      const { name, resourceVersion } = metadata
      const seen = this.#seen.get(name)
      if (seen?.version !== resourceVersion) this.#seen.set(name, { version: resourceVersion, at: now })
      const quiet = seen?.version === resourceVersion ? asked - Math.max(seen.at, steadySince) : 0
      kept.set(name, quiet <= (spec?.leaseDurationSeconds ?? leaseSeconds) * 1000)
    }
    return kept
  }
}

export async function listLeases(
  client: ClusterClient,
  namespace: string,
  signal: AbortSignal,
): Promise<readonly Lease[]> {
  const path = `${leasePath(namespace)}?labelSelector=${encodeURIComponent(engineLabel)}`
  return leaseListShape.parse(await client.call({ method: 'GET', path }, signal)).items
}

/** Deletes a lease that nobody renewed since it was looked at. False where somebody did. */
export async function dropLease(
  client: ClusterClient,
  namespace: string,
  lease: Lease,
  signal: AbortSignal,
): Promise<boolean> {
  const { name, uid, resourceVersion } = lease.metadata
  const body = { preconditions: { uid, resourceVersion } }
  try {
    await client.call({ method: 'DELETE', path: leasePath(namespace, name), body }, signal)
  } catch (thrown) {
    if (thrown instanceof ClusterRefusal && thrown.status === 409) return false
    if (!isGone(thrown)) throw thrown
  }
  return true
}
