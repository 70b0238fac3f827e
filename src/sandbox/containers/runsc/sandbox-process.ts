import { spawn } from 'node:child_process'
import { once } from 'node:events'
import type { Readable, Writable } from 'node:stream'

/** A program with its arguments, and all of its environment. */
export interface Command {
  readonly file: string
  readonly words: readonly string[]
  readonly environment: Readonly<Record<string, string>>
}

/** A process that lives as long as its sandbox. */
export interface SandboxProcess {
  /** The sandbox's standard input. */
  readonly input: Writable
  /** The sandbox's standard output. */
  readonly output: Readable
  /** The last of what it wrote to standard error. */
  said(): string
  /** Its exit status; null where a signal ended it, or nobody can tell any more. Never rejects. */
  readonly ended: Promise<number | null>
  /** SIGKILL, unless it has ended. */
  kill(): void
}

/** Starts one; rejects with the system's error where that cannot be done. `folder` is the sandbox's own, for whatever the start needs. */
export type StartSandboxProcess = (command: Command, folder: string) => Promise<SandboxProcess>

const saidBytes = 16 * 1024

/** Keeps the last 16 KiB of what comes. */
export class LastSaid {
  #bytes = Buffer.alloc(0)

  add(piece: Uint8Array): void {
    this.#bytes = Buffer.concat([this.#bytes, piece]).subarray(-saidBytes)
  }

  get text(): string {
    return this.#bytes.toString('utf8')
  }
}

/** Starts one from this thread, which does nothing else until the system has loaded the program. */
export const startHere: StartSandboxProcess = async ({ file, words, environment }) => {
  const child = spawn(file, [...words], { stdio: ['pipe', 'pipe', 'pipe'], env: { ...environment } })
  const said = new LastSaid()
  child.stderr.on('data', (piece: Buffer) => said.add(piece))
  child.stdin.on('error', () => {})
  const { promise: ended, resolve } = Promise.withResolvers<number | null>()
  child.once('exit', resolve)
  await once(child, 'spawn')
  return {
    input: child.stdin,
    output: child.stdout,
    said: () => said.text,
    ended,
    kill: () => void child.kill('SIGKILL'),
  }
}
