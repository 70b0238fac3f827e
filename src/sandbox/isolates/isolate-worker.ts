import { encodeFrame, FrameReader, type FromIsolate, fromIsolate, type ToIsolate } from './frames.ts'
import { type IsolateChild, startIsolateChild } from './isolate-child.ts'
import type { IsolateOptions } from './options.ts'

export type WorkerEnd =
  | { readonly kind: 'done'; readonly done: Extract<FromIsolate, { type: 'done' }> }
  /** The process is gone. `killed` says which of our own limits ended it, null when it died by itself. */
  | { readonly kind: 'gone'; readonly killed: KillReason | null }

export type KillReason = 'timeout' | 'memory' | 'cancelled' | 'disposed' | 'protocol' | 'operator'

export interface RunRequest {
  readonly code: string
  readonly timeoutMilliseconds: number
  /** How long after the limit the isolate's own timeout may come before the process is ended. */
  readonly graceMilliseconds: number
}

export interface WorkerRun {
  readonly end: WorkerEnd
  /** Milliseconds by our clock since the process was ready for the program. */
  readonly runMilliseconds: number
}

/** Longest that the end of a session may take the process: milliseconds, and a second or more on a crowded machine. */
const resetMilliseconds = 10_000

/** One process around one isolate, from the service's side. Belongs to one tenant from its first run to its end. */
export class IsolateWorker {
  readonly #child: IsolateChild
  readonly #memoryCeiling: number
  readonly #ready = Promise.withResolvers<void>()
  readonly #gone = Promise.withResolvers<void>()
  readonly #startedAt = performance.now()
  #killed: KillReason | null = null
  #dead = false
  #nextId = 0
  #waiting: { readonly begin: () => void; readonly frame: (frame: FromIsolate | null) => void } | null = null
  #resetting: { readonly id: number; readonly late: NodeJS.Timeout } | null = null
  /** Did a run begin after the last session was ended? */
  #used = false
  runs = 0

  constructor(options: IsolateOptions, child: IsolateChild = startIsolateChild(options)) {
    this.#memoryCeiling = options.memory_mb * 3 * 1024 * 1024 + 96 * 1024 * 1024
    this.#child = child
    this.#listen(new FrameReader(8 * 1024 * 1024 + 4 * options.result_kb * 1024))
  }

  get alive(): boolean {
    return !this.#dead && this.#killed === null
  }

  /** Which of our own limits ended it; null where none did. */
  get killed(): KillReason | null {
    return this.#killed
  }

  /** Does a program run in it? */
  get busy(): boolean {
    return this.#waiting !== null
  }

  /** Milliseconds since it was started. */
  get ageMilliseconds(): number {
    return performance.now() - this.#startedAt
  }

  /** Process id, for operators, and for tests that look for leftovers. */
  get pid(): number | undefined {
    return this.#child.pid
  }

  /** Resolves when the process can run code; rejects when it ended first. */
  ready(): Promise<void> {
    return this.#ready.promise
  }

  /** Runs one program. Never rejects: a process that dies is an end like any other. */
  async run(request: RunRequest, onOutput: (stream: 'stdout' | 'stderr', text: string) => void): Promise<WorkerRun> {
    const { code, timeoutMilliseconds, graceMilliseconds } = request
    this.runs += 1
    this.#used = true
    this.#nextId += 1
    const id = this.#nextId
    let started = performance.now()
    let wall: NodeJS.Timeout | undefined
    const watch = setInterval(() => this.#checkMemory(), 50)
    try {
      const end = await new Promise<WorkerEnd>((resolve) => {
        const begin = (): void => {
          started = performance.now()
          wall = setTimeout(() => void this.kill('timeout'), timeoutMilliseconds + graceMilliseconds)
        }
        const frame = (received: FromIsolate | null): void => {
          if (received === null) resolve({ kind: 'gone', killed: this.#killed })
          else if (received.type === 'output' && received.id === id) onOutput(received.stream, received.text)
          else if (received.type === 'done' && received.id === id) finish({ kind: 'done', done: received })
        }
        // The isolate's timer may fire a little before our clock has come to the limit, or be said to: only our clock
        // decides, so the end counts from the limit on, and a process that dies before it has died.
        const finish = (done: WorkerEnd & { readonly kind: 'done' }): void => {
          const early = done.done.end === 'sync-timeout' ? started + timeoutMilliseconds - performance.now() : 0
          if (early > 0) setTimeout(() => resolve(done), Math.ceil(early))
          else resolve(done)
        }
        this.#waiting = { begin, frame }
        if (this.#resetting === null) begin()
        if (this.#dead) frame(null)
        else this.#send({ type: 'run', id, code, timeoutMilliseconds })
      })
      return { end, runMilliseconds: performance.now() - started }
    } finally {
      clearInterval(watch)
      clearTimeout(wall)
      this.#waiting = null
    }
  }

  /**
   * Ends the session: its variables are gone before the next run begins. Nobody waits for it; a run sent meanwhile is
   * timed from when the process is ready for it, and a process that is not in time is ended. A session in which nothing
   * ran has nothing to end.
   */
  reset(): void {
    if (!this.alive || !this.#used) return
    this.#used = false
    this.#nextId += 1
    const late = setTimeout(() => void this.kill('protocol'), resetMilliseconds)
    this.#resetting = { id: this.#nextId, late }
    this.#send({ type: 'reset', id: this.#nextId })
  }

  /** Resolves when the process is gone, for whatever reason. */
  gone(): Promise<void> {
    return this.#gone.promise
  }

  /** Ends the process; resolves when it is gone. */
  async kill(reason: KillReason): Promise<void> {
    this.#killed ??= reason
    if (!this.#dead) this.#child.kill()
    await this.#gone.promise
  }

  #send(frame: ToIsolate): void {
    this.#child.stdin.write(encodeFrame(frame))
  }

  #listen(reader: FrameReader): void {
    // The end of the process is reported by 'close'; a write that fails because of it adds nothing.
    this.#child.stdin.on('error', () => {})
    this.#child.stdout.on('data', (chunk: Buffer) => {
      try {
        for (const frame of reader.push(chunk)) this.#receive(fromIsolate.parse(frame))
      } catch {
        // What does not fit the protocol was not written by our process: it is not ours any more.
        void this.kill('protocol')
      }
    })
    this.#child.onEnd((error) => this.#ended(error))
  }

  #ended(error: Error): void {
    this.#dead = true
    clearTimeout(this.#resetting?.late)
    this.#ready.promise.catch(() => {})
    this.#ready.reject(error)
    this.#gone.resolve()
    this.#waiting?.frame(null)
  }

  #receive(frame: FromIsolate): void {
    if (frame.type === 'ready') this.#ready.resolve()
    else if (frame.type === 'fatal') void this.kill(frame.reason === 'memory' ? 'memory' : 'protocol')
    else if (frame.type === 'reset-done') this.#finishReset(frame.id)
    // Nothing of a run can come before the session ahead of it has ended.
    else if (this.#resetting !== null) void this.kill('protocol')
    else this.#waiting?.frame(frame)
  }

  #finishReset(id: number): void {
    if (this.#resetting?.id !== id) return void this.kill('protocol')
    clearTimeout(this.#resetting.late)
    this.#resetting = null
    this.#waiting?.begin()
  }

  /** The isolate's own limit is a guideline; what the kernel counts is the fact. */
  #checkMemory(): void {
    const resident = this.#child.residentBytes()
    if (resident !== null && resident > this.#memoryCeiling) void this.kill('memory')
  }
}
