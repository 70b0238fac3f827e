import { randomUUID } from 'node:crypto'
import { ServiceError } from '../../core/errors.ts'
import type { SeenSandbox } from '../../core/sandbox-operations.ts'
import type { ClaimRequest, Sandbox, SandboxEngine } from '../sandbox.ts'
import { untilAborted } from '../../concurrency/until-aborted.ts'
import { type IsolateChild, startIsolateChild } from './isolate-child.ts'
import { IsolateSandbox, refuseLanguage } from './isolate-sandbox.ts'
import { IsolateWorker } from './isolate-worker.ts'
import type { IsolateOptions } from './options.ts'

interface Waiter {
  readonly tenant: string
  readonly resolve: (worker: IsolateWorker) => void
  readonly reject: (error: unknown) => void
}

/** Processes in a row that do not start before a claim gives up. */
const maximumFailures = 3

/**
 * Hands out sessions for light JavaScript. A process is kept for its tenant between sessions, with a new context for
 * each (and a new isolate, where the last one is not clean), and ended rather than given to another tenant; processes
 * that have served nobody yet wait ready.
 */
export class IsolateEngine implements SandboxEngine {
  readonly #options: IsolateOptions
  readonly #startChild: (options: IsolateOptions) => IsolateChild
  /** Warm, and still nobody's. */
  #fresh: IsolateWorker[] = []
  /** Workers between two sessions of the same tenant, the oldest first. */
  #idle: { readonly tenant: string; readonly worker: IsolateWorker }[] = []
  #tenants = new Map<IsolateWorker, string>()
  #waiters: Waiter[] = []
  #all = new Set<IsolateWorker>()
  #closed = false

  constructor(options: IsolateOptions, startChild: (options: IsolateOptions) => IsolateChild = startIsolateChild) {
    this.#options = options
    this.#startChild = startChild
  }

  async claim(request: ClaimRequest, signal: AbortSignal): Promise<Sandbox> {
    refuseLanguage(request.language)
    const started = performance.now()
    const worker = await this.#claimReady(request.tenant, signal)
    this.#refill()
    return new IsolateSandbox({
      id: `isolate-${randomUUID()}`,
      worker,
      options: this.#options,
      queueMilliseconds: performance.now() - started,
      release: (released) => this.#release(released, request.tenant),
    })
  }

  /** Processes alive now: for metrics and for tests that look for leftovers. */
  get processes(): number {
    return this.#all.size
  }

  /** Processes of one tenant: for tests that must know which one they get. */
  processesOf(tenant: string): number {
    return [...this.#tenants.values()].filter((owner) => owner === tenant).length
  }

  /** The processes that there are, each as a sandbox by its process id. */
  list(): readonly SeenSandbox[] {
    const { memory_mb: memoryMegabytes } = this.#options
    return [...this.#all].flatMap((worker): readonly SeenSandbox[] => {
      if (worker.pid === undefined) return []
      const holder = this.#tenants.get(worker) ?? null
      const inUse = holder === null ? 'ready' : worker.busy ? 'running' : 'idle'
      return [
        {
          id: idOf(worker.pid),
          kind: 'isolate',
          driver: 'isolate',
          state: worker.alive ? inUse : 'ending',
          kernel: null,
          origin: null,
          holder,
          ageMilliseconds: worker.ageMilliseconds,
          heldMilliseconds: null,
          idleMilliseconds: null,
          limits: { memoryMegabytes, cpus: 1, processes: 1 },
        },
      ]
    })
  }

  /** Ends the process of this id; false where there is none. */
  async end(id: string): Promise<boolean> {
    const worker = [...this.#all].find(({ pid }) => pid !== undefined && idOf(pid) === id)
    await worker?.kill('operator')
    return worker !== undefined
  }

  /** Their process ids: for operators, and for tests that look for leftovers. */
  processIds(): readonly number[] {
    return [...this.#all].flatMap((worker) => (worker.pid === undefined ? [] : [worker.pid]))
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    for (const waiter of this.#waiters) waiter.reject(closedFault())
    await Promise.all([...this.#all].map((worker) => worker.kill('disposed')))
  }

  /** A worker that is ready to run code. One that died while it was kept or while it started is replaced by another. */
  async #claimReady(tenant: string, signal: AbortSignal): Promise<IsolateWorker> {
    for (let failures = 0; ;) {
      signal.throwIfAborted()
      if (this.#closed) throw closedFault()
      const worker = this.#take(tenant) ?? (await this.#wait(tenant, signal))
      try {
        await untilAborted(worker.ready(), signal)
      } catch (cause) {
        if (signal.aborted) {
          // The worker goes on starting, for the next claim.
          void this.#release(worker, tenant)
          throw cause
        }
        failures += 1
        if (failures < maximumFailures) continue
        const advice = 'Run "sallyport doctor": isolated-vm needs Node 24 and its native part.'
        throw new ServiceError('sandbox-unavailable', 'the isolate process did not start', { cause, advice })
      }
      if (worker.alive) return worker
    }
  }

  /** A worker at once: the tenant's own, a fresh one, or the place of another tenant's idle one. */
  #take(tenant: string): IsolateWorker | null {
    const own = this.#idle.findIndex((entry) => entry.tenant === tenant && entry.worker.alive)
    if (own >= 0) return this.#give(this.#idle.splice(own, 1)[0]!.worker, tenant)
    const fresh = this.#fresh.find((worker) => worker.alive)
    if (fresh !== undefined) {
      this.#fresh = this.#fresh.filter((worker) => worker !== fresh)
      return this.#give(fresh, tenant)
    }
    if (this.#all.size >= this.#options.maximum) this.#evictIdle()
    return this.#all.size < this.#options.maximum ? this.#give(this.#start(), tenant) : null
  }

  #give(worker: IsolateWorker, tenant: string): IsolateWorker {
    this.#tenants.set(worker, tenant)
    return worker
  }

  #start(): IsolateWorker {
    const worker = new IsolateWorker(this.#options, this.#startChild(this.#options))
    // Whoever waits for it hears of a failed start; nobody else needs to.
    worker.ready().catch(() => {})
    // A process that ended by itself has left a place.
    void worker.gone().then(() => {
      this.#forget(worker)
      this.#serveNext()
    })
    this.#all.add(worker)
    return worker
  }

  #evictIdle(): void {
    const oldest = this.#idle.shift()
    if (oldest === undefined) return
    this.#forget(oldest.worker)
    void oldest.worker.kill('disposed')
  }

  #forget(worker: IsolateWorker): void {
    this.#all.delete(worker)
    this.#tenants.delete(worker)
    this.#fresh = this.#fresh.filter((other) => other !== worker)
    this.#idle = this.#idle.filter((entry) => entry.worker !== worker)
  }

  /** Keeps `ready` fresh processes, in the place of those that served somebody longest ago where there is no other. */
  #refill(): void {
    const { ready, maximum } = this.#options
    while (!this.#closed && this.#fresh.length < ready) {
      if (this.#all.size >= maximum && this.#idle.length > ready) this.#evictIdle()
      if (this.#all.size >= maximum) return
      this.#fresh.push(this.#start())
    }
  }

  #wait(tenant: string, signal: AbortSignal): Promise<IsolateWorker> {
    return new Promise((resolve, reject) => {
      // Leaves the queue at once, so that no worker is handed to an aborted claim.
      const leave = (): void => {
        clearTimeout(timer)
        signal.removeEventListener('abort', onAbort)
        this.#waiters = this.#waiters.filter((other) => other !== waiter)
      }
      const waiter: Waiter = {
        tenant,
        resolve: (worker) => {
          leave()
          resolve(worker)
        },
        reject: (error) => {
          leave()
          reject(error)
        },
      }
      const onAbort = (): void => waiter.reject(signal.reason)
      const timer = setTimeout(() => {
        const message = `no isolate became free within ${this.#options.queue_ms} ms`
        waiter.reject(new ServiceError('sandbox-busy', message, { retryAfterSeconds: 1 }))
      }, this.#options.queue_ms)
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiters.push(waiter)
    })
  }

  async #release(worker: IsolateWorker, tenant: string): Promise<void> {
    const worn = worker.runs >= this.#options.jobs_per_process
    if (this.#closed || worn || !worker.alive) return worker.kill('disposed')
    // Its next session is made ready while nobody waits.
    worker.reset()
    this.#idle.push({ tenant, worker })
    this.#serveNext()
  }

  /** Serves the longest wait first; a waiter whose worker does not start keeps its place. */
  #serveNext(): void {
    const waiter = this.#waiters[0]
    if (waiter === undefined || this.#closed) return
    const worker = this.#take(waiter.tenant)
    if (worker === null) return
    waiter.resolve(worker)
  }
}

const idOf = (pid: number): string => `isolate-${pid}`

function closedFault(): ServiceError {
  return new ServiceError('shutting-down', 'the isolate pool is closed')
}
