import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { stopServer } from '../databases/server-process.ts'

export interface ListeningProgramOptions {
  /** What it is, for messages. */
  readonly name: string
  readonly command: readonly string[]
  readonly environment?: NodeJS.ProcessEnv
  /** The address in what it has written; undefined before it listens. */
  readonly urlIn: (output: string) => string | undefined
  /** How long it may take until then; two minutes where it is not said. */
  readonly patienceMilliseconds?: number
}

const usualPatience = 120_000

/** A server in a process of its own, which writes to its standard error where it listens. */
export class ListeningProgram implements AsyncDisposable {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#child = child
  }

  /** Rejects where it ends, or does not listen in time. */
  static async start(options: ListeningProgramOptions): Promise<ListeningProgram> {
    const { name, command, environment = {}, urlIn, patienceMilliseconds: patience = usualPatience } = options
    const [program = '', ...words] = command
    const env = { PATH: process.env['PATH'], ...environment }
    const child = spawn(program, words, { env, stdio: ['ignore', 'ignore', 'pipe'] })
    let output = ''
    const url = new Promise<string>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        // What it writes later is read, so that it can go on, and not kept.
        if (output.length > 1_000_000) return
        output += chunk.toString()
        const found = urlIn(output)
        if (found !== undefined) resolve(found)
      })
    })
    const failed = Promise.race([once(child, 'exit'), once(AbortSignal.timeout(patience), 'abort')]).then(() => {
      throw new Error(`${name} did not start: ${output.slice(-2_000)}`)
    })
    try {
      return new ListeningProgram(await Promise.race([url, failed]), child)
    } catch (error) {
      await stopServer(child, ['SIGTERM', 'SIGKILL'], 10_000)
      throw error
    } finally {
      failed.catch(() => undefined)
    }
  }

  [Symbol.asyncDispose](): Promise<void> {
    return stopServer(this.#child, ['SIGTERM', 'SIGKILL'], 10_000)
  }
}
