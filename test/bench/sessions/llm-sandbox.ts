import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pythonEnvironment } from '../../support/python/python-environment.ts'
import { sandboxImage } from '../../support/sandbox/docker-sandbox.ts'

/** llm-sandbox with an open session of its pool, over the image of our sandboxes. */
export class LlmSandbox implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #lines: AsyncIterator<string>

  private constructor(child: ChildProcess, lines: AsyncIterator<string>) {
    this.#child = child
    this.#lines = lines
  }

  /** Rejects where it cannot be had. */
  static async start(): Promise<LlmSandbox> {
    const environment = pythonEnvironment('llm-sandbox', join(import.meta.dirname, 'llm-sandbox.txt'))
    if (typeof environment === 'string') throw new Error(`llm-sandbox cannot be had: ${environment}`)
    const words = [join(import.meta.dirname, 'llm_sandbox_runs.py'), sandboxImage()]
    const child = spawn(environment.python, words, { stdio: ['pipe', 'pipe', 'inherit'] })
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]()
    const started = new LlmSandbox(child, lines)
    await started.#next()
    return started
  }

  /** Milliseconds of one run, as it takes them itself. */
  async run(): Promise<number> {
    this.#child.stdin?.write('run\n')
    return Number(await this.#next())
  }

  async [Symbol.asyncDispose](): Promise<void> {
    const ended = this.#child.exitCode === null ? once(this.#child, 'close') : Promise.resolve()
    this.#child.stdin?.end()
    await ended
  }

  async #next(): Promise<string> {
    const { value, done } = await this.#lines.next()
    if (done === true) throw new Error('llm-sandbox ended.')
    return value
  }
}
