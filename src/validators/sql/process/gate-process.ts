import { fork, type ChildProcess } from 'node:child_process'
import { siblingModule } from '../../../processes/sibling-module.ts'
import type { Known } from '../postgresql/examine.ts'
import { processorMilliseconds } from './processor-time.ts'
import type { AnyExamination, AnyProfile, WorkerReply, WorkerRequest } from './gate-worker.ts'

export interface GateProcessOptions {
  /** Longest processor time one statement may take; ten times as much by the clock. */
  readonly deadlineMilliseconds: number
  /** Heap of the process; it is replaced by another one when it holds twice as much in all. */
  readonly memoryMegabytes: number
}

/** The process failed on a statement: `crashed` it ended or could not go on, `hung` it was killed at the deadline. */
export type ExamineOutcome = AnyExamination | { readonly kind: 'crashed' } | { readonly kind: 'hung' }

interface Statement extends Known {
  readonly source: string
}

interface Job extends Statement {
  readonly id: number
  readonly key: string
  readonly signal: AbortSignal
  readonly settle: (outcome: ExamineOutcome) => void
  readonly fail: (reason: unknown) => void
}

const megabyte = 1024 * 1024

/** Longest start of the process: loading the grammar on a busy machine. */
const startMilliseconds = 60_000

/**
 * Runs the checks that parse untrusted text in a process of its own, which can be killed: one statement at a time, with
 * a heap, a deadline and an empty environment. A process that crashed, hung or grew is replaced before the next
 * statement. Starts lazily, or at `start`; ends with `Symbol.asyncDispose`.
 */
export class GateProcess implements AsyncDisposable {
  readonly #options: GateProcessOptions
  readonly #profiles = new Map<string, AnyProfile>()
  readonly #queue: Job[] = []
  #child: ChildProcess | null = null
  #current: Job | null = null
  #timer: NodeJS.Timeout | null = null
  #nextId = 1
  #residentBytes = 0
  #closed = false
  #isReady = false

  constructor(options: GateProcessOptions) {
    this.#options = options
  }

  /** Resident bytes of the process after its last statement; 0 before the first. */
  get residentBytes(): number {
    return this.#residentBytes
  }

  /** Registers a profile under a key that changes with it. */
  addProfile(key: string, profile: AnyProfile): void {
    if (this.#profiles.has(key)) return
    this.#profiles.set(key, profile)
    this.#send({ kind: 'profile', key, profile })
  }

  start(): void {
    if (this.#child === null && !this.#closed) this.#child = this.#spawn()
  }

  /** Rejects only with the signal's reason, or when the process was disposed. */
  examine(key: string, statement: Statement, signal: AbortSignal): Promise<ExamineOutcome> {
    signal.throwIfAborted()
    if (this.#closed) return Promise.reject(new Error('The gate is closed.'))
    return new Promise((resolve, reject) => {
      const onAbort = (): void => job.fail(signal.reason)
      const done = (): void => signal.removeEventListener('abort', onAbort)
      const job: Job = {
        id: this.#nextId++,
        key,
        ...statement,
        signal,
        settle: (outcome) => {
          done()
          resolve(outcome)
        },
        fail: (reason) => {
          done()
          reject(reason instanceof Error ? reason : new Error(String(reason)))
        },
      }
      signal.addEventListener('abort', onAbort, { once: true })
      this.#queue.push(job)
      this.#next()
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true
    const child = this.#child
    const waiting = [...this.#queue.splice(0), ...(this.#current === null ? [] : [this.#current])]
    this.#release()
    for (const job of waiting) job.fail(new Error('The gate is closed.'))
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const ended = new Promise((resolve) => child.once('exit', resolve))
    child.ref()
    child.kill('SIGKILL')
    await ended
  }

  #next(): void {
    if (this.#current !== null || this.#closed) return
    const job = this.#queue.shift()
    if (job === undefined) return
    if (job.signal.aborted) {
      this.#next()
      return
    }
    this.start()
    this.#current = job
    this.#hold(true)
    const { id, key, source, schemas, outputs } = job
    this.#send({ kind: 'examine', id, key, source, schemas, outputs })
    if (this.#isReady) this.#watch(job)
    else this.#timer = setTimeout(() => this.#end('crashed'), startMilliseconds)
  }

  /**
   * Ends the process when a statement has used its time: processor time, so that a busy machine is not taken for a
   * hang, and at most ten times as much by the clock.
   */
  #watch(job: Job): void {
    const { deadlineMilliseconds } = this.#options
    const pid = this.#child?.pid ?? 0
    const before = processorMilliseconds(pid) ?? 0
    const began = performance.now()
    const check = (): void => {
      if (this.#current !== job) return
      const used = (processorMilliseconds(pid) ?? Number.POSITIVE_INFINITY) - before
      const left = Math.min(deadlineMilliseconds - used, began + 10 * deadlineMilliseconds - performance.now())
      if (left <= 0) this.#end('hung')
      else this.#timer = setTimeout(check, Math.max(left, 10))
    }
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = setTimeout(check, deadlineMilliseconds)
  }

  #send(request: WorkerRequest): void {
    // A process that has just ended cannot be sent to; its exit settles the statement.
    this.#child?.send(request, () => undefined)
  }

  #spawn(): ChildProcess {
    const child = fork(siblingModule(import.meta.url, './gate-worker'), [String(process.pid)], {
      execArgv: [
        `--max-old-space-size=${this.#options.memoryMegabytes}`,
        '--max-semi-space-size=16',
        // Optimizing the grammar's largest functions takes 1 GB for a moment, which looks like a process that grew, and
        // parses no faster in the end.
        '--liftoff-only',
      ],
      env: {},
      serialization: 'advanced',
      stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
    })
    this.#isReady = false
    child.on('message', (reply: WorkerReply) => this.#answer(child, reply))
    child.on('error', () => this.#lost(child))
    child.on('exit', () => this.#lost(child))
    for (const [key, profile] of this.#profiles) child.send({ kind: 'profile', key, profile } satisfies WorkerRequest)
    child.unref()
    child.channel?.unref()
    return child
  }

  #answer(child: ChildProcess, reply: WorkerReply): void {
    if (child !== this.#child) return
    if (reply.kind === 'ready') {
      this.#isReady = true
      if (this.#current !== null) this.#watch(this.#current)
      return
    }
    if (reply.id !== this.#current?.id) return
    const job = this.#current
    this.#release()
    if (reply.kind === 'crashed') this.#discard()
    else {
      this.#residentBytes = reply.residentBytes
      if (reply.residentBytes > 2 * this.#options.memoryMegabytes * megabyte) this.#discard()
    }
    job.settle(reply.kind === 'crashed' ? { kind: 'crashed' } : (JSON.parse(reply.examination) as AnyExamination))
    this.#next()
  }

  #lost(child: ChildProcess): void {
    if (child !== this.#child) return
    this.#child = null
    this.#end('crashed')
  }

  #end(kind: 'crashed' | 'hung'): void {
    const job = this.#current
    this.#release()
    this.#discard()
    job?.settle({ kind })
    this.#next()
  }

  #release(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
    this.#current = null
    this.#hold(false)
  }

  /** An idle process does not keep the service from ending; one at work does. */
  #hold(isBusy: boolean): void {
    if (isBusy) {
      this.#child?.ref()
      this.#child?.channel?.ref()
    } else {
      this.#child?.unref()
      this.#child?.channel?.unref()
    }
  }

  #discard(): void {
    this.#child?.kill('SIGKILL')
    this.#child = null
  }
}
