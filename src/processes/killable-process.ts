import { Turns } from '../concurrency/turns.ts'
import { spawn, type ChildProcess } from 'node:child_process'
import { readFileSync } from 'node:fs'
import type { ErrorCode } from '../core/error-table.ts'
import { ServiceError } from '../core/errors.ts'
import { untilAborted } from '../concurrency/until-aborted.ts'
import type { ProcessReply, ProcessRequest } from './messages.ts'

/** Makes the fault of a call that did not answer, in the caller's words. */
export interface ProcessFaults {
  readonly aborted: (signal: AbortSignal) => Error
  readonly late: (milliseconds: number) => Error
  /** `failure` is what the child's `serve` made of the error that its handler threw. */
  failed(failure: unknown): Error
  /** Code of a process that did not start or ended by itself. */
  readonly unavailable: ErrorCode
}

export interface KillableProcessOptions {
  /** Path of the module to run, as `siblingModule` gives it. */
  readonly script: string
  /** Shown in errors: "the sample database". */
  readonly name: string
  /** Input of the `open` request sent right after the start; the process is ready when it was answered. */
  open(signal: AbortSignal): Promise<unknown>
  readonly openMilliseconds: number
  readonly faults: ProcessFaults
  /** Resident memory at which the process is killed, JavaScript and WebAssembly together. */
  readonly maximumMegabytes: number
  /** More arguments for Node. */
  readonly nodeArguments?: readonly string[]
  /** Heap of the process, where it is not the usual part of all its memory. */
  readonly heapMegabytes?: number
  /**
   * Makes of the command line one that runs it behind a wall of the kernel, which bounds memory and ends with this
   * process by itself. Messages then carry bytes as they are, not as JSON.
   */
  readonly wall?: (command: readonly string[]) => readonly string[]
  onProgress?(text: string): void
  /** Called when the process could not be opened, before it is tried once more: to remove what may be damaged. */
  recover?(): Promise<void>
}

export interface CallLimits {
  readonly signal: AbortSignal
  /** The time from the moment the process takes the request up, including its questions and their answers. */
  readonly timeoutMilliseconds: number
  /** Answers what the process asks in the middle of the call. Where it throws, the call ends with that error. */
  readonly answer?: (question: unknown) => unknown
}

interface Call {
  readonly id: number
  readonly resolve: (value: unknown) => void
  readonly reject: (reason: unknown) => void
  readonly answer: CallLimits['answer']
  /** The error with which the call was ended. */
  abandoned?: unknown
}

/** Part of the resident memory that JavaScript may take: what WebAssembly holds is not in the heap. */
const heapShare = 0.4
const memoryPollMilliseconds = 50

/**
 * A child process that answers one request at a time and can always be ended: a request that is aborted or runs into its
 * deadline or the memory cap kills the process with SIGKILL, and the next request starts a new one. Started by the
 * first request. The child gets an empty environment and no standard streams but a piped stderr for its last words.
 */
export class KillableProcess implements AsyncDisposable {
  readonly #options: KillableProcessOptions
  #ready: Promise<ChildProcess> | null = null
  #child: ChildProcess | null = null
  #call: Call | null = null
  readonly #turns = new Turns()
  #nextId = 1
  #disposed = false
  #lastWords = ''

  constructor(options: KillableProcessOptions) {
    this.#options = options
  }

  /** Starts the process unless it runs; resolves when it is ready. */
  async warm(signal: AbortSignal): Promise<void> {
    await untilAborted(this.#start(), signal, this.#options.faults.aborted)
  }

  /** Process id, null while none runs. */
  get pid(): number | null {
    return this.#child?.pid ?? null
  }

  /** Waits its turn, then asks. */
  async call(method: string, input: unknown, limits: CallLimits): Promise<unknown> {
    const { aborted } = this.#options.faults
    const release = await this.#turns.take(limits.signal, aborted)
    try {
      const child = await untilAborted(this.#start(), limits.signal, aborted)
      return await this.#ask(child, { method, input, ...limits })
    } finally {
      release()
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#disposed = true
    await this.#kill(new ServiceError('shutting-down', `${this.#options.name} is being closed`))
  }

  #start(): Promise<ChildProcess> {
    if (this.#disposed) return Promise.reject(new ServiceError('shutting-down', `${this.#options.name} is closed`))
    this.#ready ??= this.#openOrRecover().catch((error: unknown) => {
      this.#ready = null
      throw error
    })
    return this.#ready
  }

  async #openOrRecover(): Promise<ChildProcess> {
    try {
      return await this.#open()
    } catch (error) {
      if (this.#disposed || this.#options.recover === undefined) throw error
      await this.#options.recover()
      return this.#open()
    }
  }

  async #open(): Promise<ChildProcess> {
    const { openMilliseconds, name } = this.#options
    const signal = AbortSignal.timeout(openMilliseconds)
    const input = await this.#options.open(signal)
    if (this.#disposed) throw new ServiceError('shutting-down', `${name} is closed`)
    const child = this.#fork()
    try {
      await this.#ask(child, { method: 'open', input, signal, timeoutMilliseconds: openMilliseconds })
      return child
    } catch (error) {
      await this.#kill(error)
      const cause = error instanceof ServiceError ? error.message : String(error)
      throw new ServiceError(this.#options.faults.unavailable, `${name} did not start: ${cause}`, { cause: error })
    }
  }

  #fork(): ChildProcess {
    const [program = '', ...rest] = this.#command()
    const child = spawn(program, rest, {
      env: {},
      stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
      serialization: this.#options.wall === undefined ? 'json' : 'advanced',
    })
    this.#lastWords = ''
    this.#child = child
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      this.#lastWords = (this.#lastWords + text).slice(-2000)
    })
    child.on('message', (reply: ProcessReply) => this.#receive(child, reply))
    child.once('error', (error) => this.#lost(child, error.message))
    child.once('exit', (code, signal) => this.#lost(child, `ended with ${signal ?? `exit code ${code}`}`))
    return child
  }

  #command(): readonly string[] {
    const { script, maximumMegabytes, heapMegabytes, nodeArguments, wall } = this.#options
    const command = [
      process.execPath,
      `--max-old-space-size=${heapMegabytes ?? Math.round(maximumMegabytes * heapShare)}`,
      // A small space for young objects keeps the resident size of a long-lived child low.
      '--max-semi-space-size=8',
      ...(nodeArguments ?? []),
      script,
    ]
    // Behind a wall a process is the first of its namespace, and sees no parent.
    return wall === undefined ? [...command, String(process.pid)] : wall([...command, '0'])
  }

  #ask(
    child: ChildProcess,
    request: CallLimits & { readonly method: string; readonly input: unknown },
  ): Promise<unknown> {
    const { promise, resolve, reject } = Promise.withResolvers<unknown>()
    const id = this.#nextId++
    const { faults } = this.#options
    this.#call = { id, resolve, reject, answer: request.answer }
    const end = (reason: unknown): void => void this.#kill(reason)
    const onAbort = (): void => end(faults.aborted(request.signal))
    const deadline = setTimeout(() => end(faults.late(request.timeoutMilliseconds)), request.timeoutMilliseconds)
    const watch = setInterval(() => this.#checkMemory(child), memoryPollMilliseconds)
    request.signal.addEventListener('abort', onAbort, { once: true })
    if (request.signal.aborted) onAbort()
    else this.#send(child, { id, method: request.method, input: request.input })
    return promise.finally(() => {
      clearTimeout(deadline)
      clearInterval(watch)
      request.signal.removeEventListener('abort', onAbort)
    })
  }

  #send(child: ChildProcess, request: ProcessRequest): void {
    child.send(request, (error) => error && this.#lost(child, error.message))
  }

  #receive(child: ChildProcess, reply: ProcessReply): void {
    if ('progress' in reply) return this.#options.onProgress?.(reply.progress)
    const call = this.#call
    if (call === null || call.id !== reply.id) return
    if ('question' in reply) return void this.#answer(child, call, reply.question)
    this.#call = null
    if ('value' in reply) call.resolve(reply.value)
    else if ('abandoned' in reply) call.reject(call.abandoned)
    else if ('failure' in reply) call.reject(this.#options.faults.failed(reply.failure))
    else void this.#kill(new ServiceError('internal', `${this.#options.name}: ${reply.fault}`), call)
  }

  async #answer(child: ChildProcess, call: Call, question: unknown): Promise<void> {
    let reply: ProcessRequest
    try {
      if (call.answer === undefined) throw new ServiceError('internal', `${this.#options.name} asked a question`)
      // JSON has no undefined, and an answer without its member would be none.
      reply = { id: call.id, answer: (await call.answer(question)) ?? null }
    } catch (error) {
      call.abandoned = error
      reply = { id: call.id, abandon: true }
    }
    // Meanwhile the call may have run into its deadline, and its process with it.
    if (this.#call === call) this.#send(child, reply)
  }

  #checkMemory(child: ChildProcess): void {
    const megabytes = residentMegabytes(child.pid)
    if (megabytes <= this.#options.maximumMegabytes) return
    const message = `The statement needed more than the ${this.#options.maximumMegabytes} MB that ${this.#options.name} may use.`
    void this.#kill(new ServiceError('query-failed', message, { advice: 'Read, sort or join less at once.' }))
  }

  #lost(child: ChildProcess, how: string): void {
    if (this.#child !== child) return
    this.#child = null
    this.#ready = null
    const words = this.#lastWords.trim()
    const message = `the process of ${this.#options.name} ${how}${words === '' ? '' : `: ${words}`}`
    this.#call?.reject(new ServiceError(this.#options.faults.unavailable, message))
    this.#call = null
  }

  /** Kills and waits until the kernel has taken the process back. */
  async #kill(reason: unknown, call = this.#call): Promise<void> {
    const child = this.#child
    this.#child = null
    this.#ready = null
    this.#call = null
    call?.reject(reason)
    if (child === null || child.exitCode !== null || child.signalCode !== null) return
    const gone = new Promise((resolve) => child.once('exit', resolve))
    child.kill('SIGKILL')
    await gone
  }
}

function residentMegabytes(pid: number | undefined): number {
  try {
    const pages = readFileSync(`/proc/${pid}/statm`, 'utf8').split(' ')[1]
    return (Number(pages) * 4096) / 1_048_576
  } catch {
    return 0
  }
}
