import { spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { resolve } from 'node:path'
import { Duplex, type Writable } from 'node:stream'
import { ProtocolConnection, type UnaskedMessage } from '../../../src/sandbox/protocol/connection.ts'
import { ServiceError } from '../../../src/core/errors.ts'
import { nonceBytes } from '../../../src/sandbox/protocol/frames.ts'
import type { DoneMessage, MessageOf, ReadyMessage, SupervisorMessage } from '../../../src/sandbox/protocol/messages.ts'
import { gvisorRuntime, sandboxImage } from './docker-sandbox.ts'
import { users } from '../../../src/sandbox/isolation.ts'

const supervisorFolder = resolve(import.meta.dirname, '../../../sandbox-images/python/supervisor')
const inside = '/opt/sallyport/supervisor'

type Language = 'python' | 'javascript' | 'shell'

export const supervisorLimits = {
  memory_mb: 512,
  watch_bytes: 1200 * 2 ** 20,
  processes: 64,
  open_files: 256,
  file_bytes: 128 * 2 ** 20,
  output_bytes: 2 ** 20,
  discard_bytes: 64 * 2 ** 20,
  results: 100,
  results_bytes: 16 * 2 ** 20,
  rows: 200,
  pixels: 20_000_000,
  artifacts: 100,
}

/** What a run said, with the supervisor's own last word. */
export interface HarnessRun {
  stdout: string
  stderr: string
  readonly items: Record<string, unknown>[]
  readonly exceeded: string[]
  readonly done: DoneMessage
}

interface HarnessOptions {
  readonly languages?: readonly Language[]
  /** Null makes a template: workers without limits. */
  readonly limits?: Partial<typeof supervisorLimits> | null
  /** Open files per process, from the start on. */
  readonly openFiles?: number
  /** Python that is started as keeper instead of the image's own. */
  readonly keeper?: string
}

interface RunHooks {
  readonly language?: Language
  /** Interrupts after so many milliseconds. */
  readonly interruptAfter?: number
  /** Has the keeper kill everything after so many milliseconds. */
  readonly killAfter?: number
}

/**
 * The supervisor of this checkout alone in a gVisor container, spoken to frame by frame: what the engine hides is
 * asserted here. Started by the `docker` command, so that nothing of the engine decides what is seen.
 */
export class SupervisorHarness implements AsyncDisposable {
  readonly #name = `sallyport-supervisor-${randomBytes(6).toString('hex')}`
  readonly #connection: ProtocolConnection
  readonly #unasked: UnaskedMessage[] = []
  #onUnasked: (message: UnaskedMessage) => void = () => undefined
  readonly #input: Writable
  readonly exited: Promise<number | null>

  private constructor({ openFiles = 1024, keeper }: HarnessOptions) {
    const child = spawn('docker', [...dockerArguments(this.#name, openFiles)], { stdio: ['pipe', 'pipe', 'ignore'] })
    this.exited = new Promise((settle) => child.once('exit', settle))
    this.#input = child.stdin
    const stream = Duplex.from({ readable: child.stdout, writable: child.stdin })
    this.#connection = new ProtocolConnection(stream, Buffer.alloc(nonceBytes), (message) => {
      if (message.type === 'need-keeper') this.#startKeeper(keeper)
      this.#unasked.push(message)
      this.#onUnasked(message)
    })
  }

  static async start(options: HarnessOptions = {}): Promise<SupervisorHarness> {
    const harness = new SupervisorHarness(options)
    const limits = options.limits === null ? null : { ...supervisorLimits, ...options.limits }
    await harness.hello(options.languages ?? ['python'], limits)
    return harness
  }

  get connection(): ProtocolConnection {
    return this.#connection
  }

  /** Bytes as they are, past every rule of the protocol. */
  write(bytes: Uint8Array): void {
    this.#input.write(bytes)
  }

  hangUp(): void {
    this.#input.end()
  }

  /** Messages nobody asked for, in order. */
  get unasked(): readonly UnaskedMessage[] {
    return this.#unasked
  }

  async hello(languages: readonly Language[], limits: object | null): Promise<ReadyMessage> {
    const ready = new Promise<ReadyMessage>((settle, reject) => {
      this.#onUnasked = (message) => {
        if (message.type === 'ready') settle(message)
        if (message.type === 'fatal') reject(new Error(message.message))
      }
      void this.#connection.lost.then(reject)
    })
    const seed = randomBytes(32).toString('hex')
    this.#connection.hello({ seed, unix_ms: Date.now(), languages, limits }, randomBytes(16))
    return ready
  }

  /** One request with one answer. */
  async ask<Type extends SupervisorMessage['type']>(
    request: object,
    ...answers: Type[]
  ): Promise<MessageOf<Type> | MessageOf<'failed'>> {
    return new Promise((settle, reject) => {
      const id = this.#connection.open({
        onMessage: (message) => {
          if (message.type !== 'failed' && !answers.some((type) => type === message.type)) return
          this.#connection.close(id)
          settle(message as MessageOf<Type>)
        },
        onLost: reject,
      })
      this.#connection.send({ ...request, id })
    })
  }

  /** Runs a cell to its `done`. Rejects where the supervisor refuses it. */
  async run(code: string, hooks: RunHooks = {}): Promise<HarnessRun> {
    const outcome = { stdout: '', stderr: '', items: [] as Record<string, unknown>[], exceeded: [] as string[] }
    const bodies = new Map<number, Buffer[]>()
    return new Promise((settle, reject) => {
      const take = (message: SupervisorMessage) => {
        if (message.type === 'output') outcome[message.stream] += message.text
        else if (message.type === 'exceeded') outcome.exceeded.push(message.what)
        else if (message.type === 'display' && message.item != null) outcome.items.push(message.item)
        else if (message.type === 'display' && message.stream != null) {
          bodies.set(message.stream, [])
          this.#connection.adopt(message.stream, channel)
        } else if (message.type === 'end') {
          this.#connection.close(message.stream)
          outcome.items.push(JSON.parse(Buffer.concat(bodies.get(message.stream) ?? []).toString()))
        } else if (message.type === 'done') settle({ ...outcome, done: message })
        else if (message.type === 'failed') reject(new Error(`${message.code}: ${message.message}`))
      }
      const channel = {
        onMessage: take,
        onChunk: (bytes: Buffer, stream: number) => bodies.get(stream)?.push(Buffer.from(bytes)),
        onLost: reject,
      }
      const id = this.#connection.open(channel)
      this.#connection.send({ type: 'run', id, language: hooks.language ?? 'python', code })
      if (hooks.interruptAfter !== undefined) {
        setTimeout(() => this.#connection.send({ type: 'interrupt', id }), hooks.interruptAfter)
      }
      if (hooks.killAfter !== undefined) setTimeout(() => void this.ask({ type: 'kill' }, 'killed'), hooks.killAfter)
    })
  }

  async put(path: string, content: Uint8Array, announced: number | null = content.length): Promise<SupervisorMessage> {
    return new Promise((settle, reject) => {
      let credit = 2 ** 20
      let position = 0
      const pump = async () => {
        while (position < content.length && credit > 0) {
          const piece = content.subarray(position, position + Math.min(credit, 2 ** 17))
          position += piece.length
          credit -= piece.length
          await this.#connection.sendChunk(id, piece)
          if (position === content.length) this.#connection.send({ type: 'close', id })
        }
      }
      const id = this.#connection.open({
        onMessage: (message) => {
          if (message.type !== 'credit') return settle(message)
          credit += message.bytes
          pump().catch(reject)
        },
        onLost: reject,
      })
      this.#connection.send({ type: 'put', id, path, bytes: announced })
      if (content.length === 0) this.#connection.send({ type: 'close', id })
      pump().catch(reject)
    })
  }

  /** The file's content, or the code it was refused with. */
  async get(path: string): Promise<Buffer | string> {
    const pieces: Buffer[] = []
    return new Promise((settle, reject) => {
      const id = this.#connection.open({
        onMessage: (message) => {
          if (message.type === 'end') settle(Buffer.concat(pieces))
          if (message.type === 'failed') settle(message.code)
        },
        onChunk: (bytes) => {
          pieces.push(Buffer.from(bytes))
          this.#connection.send({ type: 'credit', id, bytes: bytes.length })
        },
        onLost: reject,
      })
      this.#connection.send({ type: 'get', id, path })
    })
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#connection.lose(this.#connection.loss ?? new ServiceError('cancelled', 'The test is over'))
    await docker('rm', '--force', this.#name)
    await this.exited
  }

  #startKeeper(source?: string): void {
    const program = source === undefined ? [`${inside}/keeper.py`] : ['-c', source]
    const words = [
      '--detach',
      '--user',
      `${users.code}:${users.code}`,
      this.#name,
      '/usr/bin/python3',
      '-I',
      '-S',
      '-B',
      ...program,
    ]
    void docker('exec', ...words)
  }
}

/** The libraries that cells of an analysis begin with. */
export const analysisImports = 'import pandas as pd, numpy as np, matplotlib.pyplot as plt, datetime, decimal'

/** The one result of a cell that neither fails nor shows anything else. */
export async function onlyResult(supervisor: SupervisorHarness, code: string): Promise<Record<string, unknown>> {
  const { items, done } = await supervisor.run(code)
  if (done.error !== null) throw new Error(`${done.error.name}: ${done.error.value}`)
  if (items.length !== 1) throw new Error(`${items.length} results instead of one`)
  return items[0] ?? {}
}

async function docker(...parameters: string[]): Promise<void> {
  await new Promise((settle) => spawn('docker', parameters, { stdio: 'ignore' }).once('exit', settle))
}

function dockerArguments(name: string, openFiles: number): readonly string[] {
  const { supervisor, code } = users
  const tmpfs = (path: string, owner: number, settings: string) =>
    `--tmpfs ${path}:rw,nosuid,nodev,noexec,uid=${owner},gid=${owner},${settings}`
  const words = [
    `run --rm --interactive --name ${name} --runtime ${gvisorRuntime} --network none --read-only`,
    `--user ${supervisor}:${supervisor} --group-add ${code} --cap-drop ALL --security-opt no-new-privileges`,
    `--memory 1600m --memory-swap 1600m --pids-limit 1024 --ulimit nofile=${openFiles} --entrypoint /usr/bin/python3`,
    tmpfs('/run/sallyport', supervisor, 'mode=0711,size=1m'),
    tmpfs('/mnt/data', code, 'mode=2770,size=96m'),
    tmpfs('/tmp', code, 'mode=1770,size=64m'),
  ]
  const mount = ['--volume', `${supervisorFolder}:${inside}:ro`]
  return [...words.join(' ').split(' '), ...mount, sandboxImage(), '-I', '-S', '-B', '-u', `${inside}/main.py`]
}
