import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { stopServer } from '../databases/server-process.ts'
import { pythonEnvironment } from '../python/python-environment.ts'

/** Presidio 2.2.366 with spaCy 3.8 and its small model of English; why it cannot be had, as a text. */
export const presidioPackages = () => pythonEnvironment('presidio', join(import.meta.dirname, 'presidio.txt'))

export interface PresidioCommandOptions {
  readonly port: number
  /** The module of Python that is served, in one of these folders or in the one of the analyzer. */
  readonly module: string
  readonly folders: readonly string[]
}

const analyzer: PresidioCommandOptions = { port: 0, module: 'presidio_server', folders: [] }

/** The words that start the analyzer on the loopback, at a free port unless told, which it tells once it can be asked. */
export function presidioCommand(python: string, { port, module, folders } = analyzer): readonly string[] {
  const paths = [import.meta.dirname, ...folders].join(',')
  const server = ['--bind', `127.0.0.1:${port}`, '--workers', '1', '--preload', '--pythonpath', paths]
  return [python, '-I', '-B', '-m', 'gunicorn', ...server, `${module}:app`]
}

const listens = /Listening at: (http:\/\/127\.0\.0\.1:\d+)/
const patience = 120_000

/** The address in what the analyzer has written; undefined before it listens. */
export const presidioUrl = (output: string): string | undefined => listens.exec(output)?.[1]

/** Presidio's own analyzer, unmodified, behind the interface of its image. */
export class PresidioServer implements AsyncDisposable {
  readonly url: string
  readonly #child: ChildProcess

  private constructor(url: string, child: ChildProcess) {
    this.url = url
    this.#child = child
  }

  /** Rejects where it ends, or does not listen within two minutes. */
  static async start(python: string): Promise<PresidioServer> {
    const [program = '', ...words] = presidioCommand(python)
    const child = spawn(program, words, { env: { PATH: process.env['PATH'] }, stdio: ['ignore', 'ignore', 'pipe'] })
    let output = ''
    const url = new Promise<string>((resolve) => {
      child.stderr.on('data', (chunk: Buffer) => {
        output += chunk.toString()
        const found = presidioUrl(output)
        if (found !== undefined) resolve(found)
      })
    })
    const failed = Promise.race([once(child, 'exit'), once(AbortSignal.timeout(patience), 'abort')]).then(() => {
      throw new Error(`Presidio did not start: ${output.slice(-2_000)}`)
    })
    try {
      return new PresidioServer(await Promise.race([url, failed]), child)
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
