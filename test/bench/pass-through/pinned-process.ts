import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { readdirSync, readFileSync } from 'node:fs'
import { setTimeout as sleep } from 'node:timers/promises'

/** Which processor what is measured has for itself, and which all the rest has. */
export const processors = { measured: 1, rest: 0 } as const

export interface PinnedOptions {
  /** null for any. */
  readonly processor: number | null
  readonly environment?: Readonly<Record<string, string>>
  /** What it writes when it can be asked. */
  readonly ready: RegExp
  readonly readyWithinMilliseconds?: number
}

const mostSettlingMilliseconds = 90_000

/** A program on one processor, with what it takes of it. */
export class PinnedProcess implements AsyncDisposable {
  /** What it wrote up to being ready. */
  output = ''
  readonly #child: ChildProcess
  readonly #ended: Promise<unknown>

  private constructor(child: ChildProcess) {
    this.#child = child
    this.#ended = once(child, 'close')
  }

  /** Rejects where it ends before it is ready. */
  static async start(command: readonly string[], options: PinnedOptions): Promise<PinnedProcess> {
    const pinning = options.processor === null ? [] : ['taskset', '-c', String(options.processor)]
    const [program = '', ...words] = [...pinning, ...command]
    const child = spawn(program, words, {
      env: { ...process.env, ...options.environment },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    const pinned = new PinnedProcess(child)
    const ready = new Promise<void>((resolve) => {
      const read = (chunk: Buffer) => {
        pinned.output = `${pinned.output}${chunk.toString()}`.slice(-100_000)
        if (options.ready.test(pinned.output)) resolve()
      }
      child.stdout?.on('data', read)
      child.stderr?.on('data', read)
    })
    const late = AbortSignal.timeout(options.readyWithinMilliseconds ?? 60_000)
    const never = Promise.race([pinned.#ended, once(late, 'abort')]).then(() => {
      throw new Error(`${command.join(' ')} did not get ready: ${pinned.output.slice(-2_000)}`)
    })
    try {
      await Promise.race([ready, never])
    } catch (error) {
      await pinned[Symbol.asyncDispose]()
      throw error
    }
    never.catch(() => {})
    return pinned
  }

  get pid(): number {
    return this.#child.pid ?? 0
  }

  /** Processor time of all its threads and its children's so far, in milliseconds, to the nanosecond of the scheduler. */
  processorMilliseconds(): number {
    return processorMillisecondsOf(this.pid)
  }

  /** Resolves when it has done nothing to speak of for two seconds: what it prepares after its start is no part of a figure. */
  async settled(): Promise<void> {
    const until = performance.now() + mostSettlingMilliseconds
    for (let quiet = 0; quiet < 2 && performance.now() < until;) {
      const before = this.processorMilliseconds()
      await sleep(1_000)
      quiet = Math.abs(this.processorMilliseconds() - before) < 60 ? quiet + 1 : 0
    }
  }

  /** Memory of it and its children that is in use, in bytes. */
  residentBytes(): number {
    return residentBytesOf(this.pid)
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.kill('SIGTERM')
    const killer = setTimeout(() => this.#child.kill('SIGKILL'), 20_000)
    await this.#ended
    clearTimeout(killer)
  }
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    // It ended meanwhile.
    return ''
  }
}

const first = (path: string) => read(path).split(' ')[0] ?? '0'

function threadsOf(pid: number): string[] {
  try {
    return readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}`)
  } catch {
    return []
  }
}

function familyOf(pid: number): number[] {
  const children = threadsOf(pid).flatMap((path) => read(`${path}/children`).split(' ').filter(Boolean).map(Number))
  return [pid, ...children.flatMap(familyOf)]
}

/** Processor time of all threads of a process and its children so far, in milliseconds. */
export function processorMillisecondsOf(pid: number): number {
  const nanoseconds = familyOf(pid).flatMap((each) => threadsOf(each).map((path) => Number(first(`${path}/schedstat`))))
  return nanoseconds.reduce((sum, each) => sum + each, 0) / 1e6
}

/** Memory of a process and of all that it started. */
export function residentBytesOf(pid: number): number {
  return familyOf(pid).reduce((sum, one) => sum + residentKilobytes(one) * 1_024, 0)
}

function residentKilobytes(pid: number): number {
  return Number(/^VmRSS:\s+(\d+)/m.exec(read(`/proc/${pid}/status`))?.[1] ?? 0)
}
