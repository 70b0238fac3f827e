import { once } from 'node:events'
import { createServer, type Socket } from 'node:net'
import { join } from 'node:path'
import { Worker } from 'node:worker_threads'
import { siblingModule } from '../../../processes/sibling-module.ts'
import { LastSaid, type Command, type SandboxProcess } from './sandbox-process.ts'
import type { StartOrder, StartReport } from './start-orders.ts'

interface Started {
  readonly began: PromiseWithResolvers<void>
  readonly ended: PromiseWithResolvers<number | null>
  readonly said: LastSaid
}

/**
 * Starts sandboxes from a thread of its own. Starting a process keeps its thread from everything else until the system has
 * loaded the program; while other sandboxes start or end, that may take it half a second. A thread that ended is started again
 * by the next one; of those that the old one started nobody can tell then, so that they count as ended, and the last that they
 * said is why it did.
 */
export class StartThread implements AsyncDisposable {
  readonly #started = new Map<number, Started>()
  readonly #program: string
  #worker: Worker | null = null
  #lastNumber = 0

  /** `program` is the module that carries out `StartOrder`s. */
  constructor(program = siblingModule(import.meta.url, './start-worker')) {
    this.#program = program
  }

  /** `folder` has to be one that nobody else may enter: the ends of the sandbox's streams meet there. */
  async start(command: Command, folder: string): Promise<SandboxProcess> {
    await using meeting = new AsyncDisposableStack()
    const [input, output] = await Promise.all(
      ['input', 'output'].map(async (name) => meeting.use(await MeetingPoint.open(join(folder, name)))),
    )
    if (input === undefined || output === undefined) throw new TypeError('two names, and not two ends')
    this.#lastNumber += 1
    const number = this.#lastNumber
    const began = Promise.withResolvers<void>()
    const ended = Promise.withResolvers<number | null>()
    const said = new LastSaid()
    this.#started.set(number, { began, ended, said })
    this.#tell({ kind: 'start', number, command, input: input.path, output: output.path })
    await began.promise
    const [mine, theirs] = await Promise.all([input.take(), output.take()])
    // It says nothing on its input: reading shows when it has closed it.
    mine.resume()
    mine.on('error', () => {})
    return {
      input: mine,
      output: theirs,
      said: () => said.text,
      ended: ended.promise,
      kill: () => {
        if (this.#started.has(number)) this.#tell({ kind: 'kill', number })
      },
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#worker?.terminate()
  }

  #tell(order: StartOrder): void {
    this.#worker ??= this.#open()
    this.#worker.ref()
    // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a thread is no window
    this.#worker.postMessage(order)
  }

  #open(): Worker {
    const worker = new Worker(this.#program)
    let why = ''
    worker.on('message', (report: StartReport) => this.#hear(report))
    worker.on('error', (thrown: unknown) => {
      why = `: ${thrown instanceof Error ? thrown.message : String(thrown)}`
    })
    worker.on('exit', (status) => {
      if (this.#worker === worker) this.#worker = null
      const reason = `The thread that starts sandboxes ended${why === '' && status !== 0 ? ` with status ${status}` : why}`
      for (const [number, { said }] of this.#started) {
        said.add(Buffer.from(`${reason}\n`))
        this.#end(number, null, reason)
      }
    })
    return worker
  }

  #hear(report: StartReport): void {
    const started = this.#started.get(report.number)
    if (report.kind === 'said') started?.said.add(report.piece)
    else if (report.kind === 'began') started?.began.resolve()
    else if (report.kind === 'ended') this.#end(report.number, report.status)
    else {
      started?.began.reject(new Error(report.message))
      this.#end(report.number, null)
    }
  }

  #end(number: number, status: number | null, reason = 'It ended before it began'): void {
    const started = this.#started.get(number)
    this.#started.delete(number)
    started?.began.reject(new Error(reason))
    started?.ended.resolve(status)
    if (this.#started.size === 0) this.#worker?.unref()
  }
}

/** A socket in a folder that waits for one connection. */
class MeetingPoint implements AsyncDisposable {
  readonly path: string
  readonly #server = createServer({ allowHalfOpen: false })
  readonly #came: Promise<Socket>
  #isTaken = false

  private constructor(path: string) {
    this.path = path
    this.#server.maxConnections = 1
    this.#came = once(this.#server, 'connection').then(([socket]) => socket as Socket)
    this.#came.catch(() => {})
  }

  static async open(path: string): Promise<MeetingPoint> {
    const point = new MeetingPoint(path)
    point.#server.listen(path)
    await once(point.#server, 'listening')
    return point
  }

  /** Whoever came; it is the caller's from then on. */
  async take(): Promise<Socket> {
    const socket = await this.#came
    this.#isTaken = true
    return socket
  }

  async [Symbol.asyncDispose](): Promise<void> {
    // Removes the socket's name as well.
    this.#server.close()
    if (!this.#isTaken) void this.#came.then((socket) => socket.destroy()).catch(() => {})
  }
}
