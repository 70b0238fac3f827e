import { Duplex } from 'node:stream'
import { setTimeout as sleep } from 'node:timers/promises'
import { encodeChunk, encodeControl, FrameDecoder, nonceBytes } from '../../../src/sandbox/protocol/frames.ts'
import { isolationOf, users } from '../../../src/sandbox/isolation.ts'
import { createLimits, type SandboxLimits } from '../../../src/sandbox/limits.ts'
import { sandboxLimitOptions } from '../../../src/sandbox/options.ts'
import type { DoneMessage } from '../../../src/sandbox/protocol/messages.ts'

/**
 * Two streams, each hearing what is written to the other. Unlike those of Node's `duplexPair`, one that is destroyed
 * takes the other with it, as the death of a sandbox does with its pipe.
 */
export function duplexPair(): readonly [Duplex, Duplex] {
  const make = (other: () => Duplex): Duplex =>
    new Duplex({
      read() {},
      write(piece, _encoding, done) {
        if (!other().destroyed) other().push(piece)
        done()
      },
      final(done) {
        if (!other().destroyed) other().push(null)
        done()
      },
      destroy(error, done) {
        queueMicrotask(() => other().destroy())
        done(error)
      },
    })
  const first: Duplex = make(() => second)
  const second: Duplex = make(() => first)
  return [first, second]
}

/** The writable folders of a sandbox as it says them where all are as they were asked for. */
export function mountsOf(limits: SandboxLimits) {
  return isolationOf(limits).folders.map(({ path, bytes, owner, mode }) => ({
    path,
    bytes,
    uid: owner ?? 0,
    mode,
    noexec: true,
  }))
}

/** What a supervisor whose walls all stand says of itself. */
export const soundReady = {
  version: 1,
  supervisor: {
    pid: 1,
    uid: users.supervisor,
    gid: users.supervisor,
    groups: [] as number[],
    no_new_privileges: true,
    capabilities: '0000',
  },
  keeper: { pid: 2, uid: users.code },
  workers: [{ language: 'python', pid: 3, uid: users.code, version: '3', preimported: [], limits: { processes: 1 } }],
  gvisor: '[0.0] Starting gVisor...',
  kernel: 'fake',
  interfaces: ['lo'],
  mounts: mountsOf(createLimits(sandboxLimitOptions.parse({}))),
  unix_ms: 0,
  spawn: 'exec',
}

interface Run {
  readonly id: number
  interrupted: boolean
  killed: boolean
}

interface HostMessage {
  readonly type: string
  readonly id?: number
  readonly nonce?: string
  readonly code?: string
  readonly path?: string
  readonly language?: string
}

export interface FakeSupervisorOptions {
  /** Members of `ready` that differ from a sound sandbox's. */
  readonly ready?: Record<string, unknown>
  /** Processes that are left when it was told to end all. */
  readonly unkillable?: number
  /** The sandbox as a whole ends. */
  readonly onCrash: (how: 'crash' | 'oom') => void
}

/** What `done` says after a cell that ran to its end. */
export const plainDone: Omit<DoneMessage, 'id'> = {
  type: 'done',
  reason: 'completed',
  error: null,
  evidence: null,
  status: null,
  worker_alive: true,
  still_running: false,
  processes_found: 0,
  processes_left: 0,
  threads_left: 0,
  artifacts: [],
  artifacts_refused: 0,
  truncated: [],
  output_bytes: { stdout: 0, stderr: 0 },
  measured: { peak_resident_bytes: 1000 },
  run_ms: 1,
}

/**
 * A supervisor that speaks the protocol and runs a language of its own, one order per line: `print TEXT`, `sleep MS`,
 * `spin` (deaf to interrupts), `set NAME`, `get NAME`, `raise NAME`, `display JSON`, `exceed output|memory`, `die`,
 * `crash`, `oom`, `done JSON` (members of the answer), `say JSON` (any message), `bytes HEX` (onto the wire).
 */
export class FakeSupervisor {
  readonly #stream: Duplex
  readonly #options: FakeSupervisorOptions
  readonly #decoder: FrameDecoder
  readonly #variables = new Set<string>()
  readonly #files = new Map<string, Buffer>()
  readonly #puts = new Map<number, { path: string; pieces: Buffer[] }>()
  #nonce = Buffer.alloc(nonceBytes)
  #run: Run | null = null

  constructor(stream: Duplex, options: FakeSupervisorOptions) {
    this.#stream = stream
    this.#options = options
    this.#decoder = new FrameDecoder(this.#nonce)
    stream.on('data', (piece: Buffer) => {
      for (const frame of this.#decoder.push(piece)) {
        if (frame.kind === 'chunk') this.#keep(frame.stream, frame.bytes)
        else this.#answer(JSON.parse(frame.payload.toString()) as HostMessage)
      }
    })
    stream.on('error', () => {})
  }

  #say(message: object): void {
    if (!this.#stream.destroyed) this.#stream.write(encodeControl(this.#nonce, message))
  }

  #answer(message: HostMessage): void {
    const { id = 0, path = '' } = message
    switch (message.type) {
      case 'hello':
        return this.#hello(message.nonce ?? '')
      case 'run':
        void this.#runCode(id, message.code ?? '')
        break
      case 'interrupt':
        if (this.#run?.id === id) this.#run.interrupted = true
        return
      case 'kill':
        if (this.#run !== null) this.#run.killed = true
        setTimeout(() => {
          this.#say({ type: 'killed', id, processes_left: this.#options.unkillable ?? 0, keeper: true })
        }, 5)
        return
      case 'put':
        this.#puts.set(id, { path, pieces: [] })
        return
      case 'close':
        return this.#store(id)
      case 'get':
        return this.#send(id, path)
      case 'list':
        return this.#list(id)
      case 'delete':
        return this.#files.delete(path)
          ? this.#say({ type: 'deleted', id })
          : this.#say({ type: 'failed', id, code: 'not-found', message: 'no such file' })
    }
  }

  #hello(nonce: string): void {
    this.#nonce = Buffer.from(nonce, 'hex')
    this.#decoder.expect(this.#nonce)
    this.#say({ type: 'ready', ...soundReady, ...this.#options.ready })
  }

  async #runCode(id: number, code: string): Promise<void> {
    const run: Run = { id, interrupted: false, killed: false }
    this.#run = run
    const done = await this.#obey(run, code.split('\n'))
    this.#run = null
    if (done !== null) this.#say({ ...plainDone, id, ...done })
  }

  async #obey(run: Run, lines: readonly string[]): Promise<object | null> {
    for (const line of lines) {
      const [order = '', ...words] = line.trim().split(' ')
      const rest = words.join(' ')
      if (order === 'done') return JSON.parse(rest) as object
      const end = await this.#obeyOne(run, order, rest)
      if (end !== undefined) return end
    }
    return {}
  }

  async #obeyOne(run: Run, order: string, rest: string): Promise<object | null | undefined> {
    const error = (name: string, value = '') => ({ reason: 'raised', error: { name, value, traceback: '' } })
    switch (order) {
      case 'print':
        this.#say({ type: 'output', id: run.id, stream: 'stdout', text: `${rest}\n` })
        break
      case 'sleep':
      case 'spin':
        return this.#wait(run, order === 'spin' ? Infinity : Number(rest), order === 'spin')
      case 'set':
        this.#variables.add(rest)
        break
      case 'get':
        return this.#variables.has(rest) ? undefined : error('NameError')
      case 'raise':
        return error(...(rest.split(' ', 2) as [string, string?]))
      case 'display':
        this.#say({ type: 'display', id: run.id, index: 0, main: true, item: JSON.parse(rest) as object })
        break
      case 'exceed':
        this.#say({ type: 'exceeded', id: run.id, what: rest, measured: 2, limit: 1 })
        break
      case 'say':
        this.#say({ id: run.id, ...(JSON.parse(rest) as object) })
        break
      case 'bytes':
        this.#stream.write(Buffer.from(rest, 'hex'))
        break
      case 'die':
        return { reason: 'worker-died', worker_alive: false, status: { signaled: 9 } }
      case 'crash':
      case 'oom':
        this.#options.onCrash(order)
        return null
    }
    return undefined
  }

  async #wait(run: Run, milliseconds: number, deaf: boolean): Promise<object | undefined> {
    const until = performance.now() + milliseconds
    while (performance.now() < until) {
      if (run.killed) return { reason: 'worker-died', worker_alive: false, status: { signaled: 9 } }
      if (run.interrupted && !deaf) return { reason: 'interrupted' }
      if (this.#stream.destroyed) return undefined
      await sleep(2)
    }
    return undefined
  }

  #keep(id: number, bytes: Buffer): void {
    this.#puts.get(id)?.pieces.push(Buffer.from(bytes))
    this.#say({ type: 'credit', id, bytes: bytes.length })
  }

  #store(id: number): void {
    const put = this.#puts.get(id)
    if (put === undefined) return
    const content = Buffer.concat(put.pieces)
    this.#files.set(put.path, content)
    this.#say({ type: 'stored', id, file: { path: put.path, bytes: content.length, modified_ms: 0 } })
  }

  #send(id: number, path: string): void {
    const content = this.#files.get(path)
    if (content === undefined) return this.#say({ type: 'failed', id, code: 'not-found', message: 'no such file' })
    this.#say({ type: 'content', id, file: { path, bytes: content.length, modified_ms: 0 } })
    for (let start = 0; start < content.length; start += 65_536) {
      this.#stream.write(encodeChunk(this.#nonce, id, content.subarray(start, start + 65_536)))
    }
    this.#say({ type: 'end', stream: id, bytes: content.length })
  }

  #list(id: number): void {
    const files = [...this.#files].map(([path, content]) => ({ path, bytes: content.length, modified_ms: 0 }))
    this.#say({ type: 'listed', id, files, more: false, refused: 0, truncated: false })
  }
}

export function startFakeSupervisor(stream: Duplex, options: FakeSupervisorOptions): FakeSupervisor {
  return new FakeSupervisor(stream, options)
}
