import { setTimeout as sleep } from 'node:timers/promises'
import type { ClusterClient } from './cluster-client.ts'
import { ClusterRefusal } from './cluster-faults.ts'
import { podListShape, podShape, watchEventShape, type Pod } from './pod-shape.ts'

/** The server ends a watch after this long, seconds, and everything is listed anew: nothing that was missed stays so. */
const watchSeconds = 50
const quietMilliseconds = (watchSeconds + 15) * 1000
const pauses = { first: 100, most: 5000 } as const

interface Tracked {
  /** Null once it is gone. */
  pod: Pod | null
  /** The list that was begun last when it was first known. */
  readonly since: number
  readonly listeners: Set<() => void>
}

/** The Pods of one driver as the API server tells of them: one list and one watch for all. */
export class PodWatch implements AsyncDisposable {
  readonly #client: ClusterClient
  /** Path of the collection with the label selector of the driver's own. */
  readonly #path: string
  readonly #tracked = new Map<string, Tracked>()
  readonly #closing = new AbortController()
  #lists = 0
  #running: Promise<void> | null = null

  constructor(client: ClusterClient, path: string) {
    this.#client = client
    this.#path = path
  }

  /** From now on this Pod is known, until `forget`. */
  track(pod: Pod): void {
    this.#tracked.set(pod.metadata.name, { pod, since: this.#lists, listeners: new Set() })
    this.#running ??= this.#follow()
  }

  forget(name: string): void {
    this.#tracked.delete(name)
  }

  /** The last that is known of it; null where it is gone. */
  latest(name: string): Pod | null {
    return this.#tracked.get(name)?.pod ?? null
  }

  /** What `look` makes of the Pod, null for one that is gone, as soon as that is not undefined. Rejects with the signal's reason. */
  async until<Found>(name: string, look: (pod: Pod | null) => Found | undefined, signal: AbortSignal): Promise<Found> {
    const tracked = this.#tracked.get(name)
    const found = look(tracked?.pod ?? null)
    if (tracked === undefined || found !== undefined) return found as Found
    const { promise, resolve, reject } = Promise.withResolvers<Found>()
    const listen = () => {
      try {
        const now = look(tracked.pod)
        if (now !== undefined) resolve(now)
      } catch (thrown) {
        reject(thrown)
      }
    }
    const abort = () => reject(signal.reason)
    tracked.listeners.add(listen)
    signal.addEventListener('abort', abort, { once: true })
    try {
      if (signal.aborted) abort()
      return await promise
    } finally {
      tracked.listeners.delete(listen)
      signal.removeEventListener('abort', abort)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closing.abort()
    await this.#running
  }

  async #follow(): Promise<void> {
    const { signal } = this.#closing
    let pause: number = pauses.first
    while (!signal.aborted) {
      try {
        await this.#once(signal)
        pause = pauses.first
      } catch (thrown) {
        // Gone: what happened since is not kept any more, and a list tells it.
        const isExpired = thrown instanceof ClusterRefusal && thrown.status === 410
        // Whoever waits for a Pod has a deadline of its own and says that nothing was heard.
        if (!isExpired) await sleep(pause, undefined, { ref: false, signal }).catch(() => {})
        pause = isExpired ? pauses.first : Math.min(pauses.most, pause * 2)
      }
    }
  }

  async #once(signal: AbortSignal): Promise<void> {
    this.#lists += 1
    const asOf = this.#lists
    const { metadata, items } = podListShape.parse(await this.#client.call({ method: 'GET', path: this.#path }, signal))
    const listed = new Map(items.map((pod) => [pod.metadata.name, pod]))
    for (const [name, { since }] of this.#tracked) {
      const pod = listed.get(name)
      if (pod !== undefined) this.#tell(name, pod)
      else if (since < asOf) this.#tell(name, null)
    }
    const query = `&watch=true&timeoutSeconds=${watchSeconds}&resourceVersion=${metadata.resourceVersion}`
    for await (const event of this.#client.watch(`${this.#path}${query}`, quietMilliseconds, signal)) {
      const { type, object } = watchEventShape.parse(event)
      if (type === 'ERROR') {
        const { code = 0, reason = '', message = '' } = object as { code?: number; reason?: string; message?: string }
        throw new ClusterRefusal(code, reason, message)
      }
      const pod = podShape.parse(object)
      this.#tell(pod.metadata.name, type === 'DELETED' ? null : pod)
    }
  }

  #tell(name: string, pod: Pod | null): void {
    const tracked = this.#tracked.get(name)
    if (tracked === undefined || tracked.pod === null) return
    // A name is used once; another object under it is not the one that is waited for.
    tracked.pod = pod?.metadata.uid === tracked.pod.metadata.uid ? pod : null
    for (const listen of tracked.listeners) listen()
  }
}
