import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { pythonEnvironment } from '../../python/python-environment.ts'
import { picture, question, type CallTarget } from './model-call.ts'

const script = join(import.meta.dirname, 'python_calls.py')

/** The Python that has the clients; why there is none, as a text, where it cannot be had. */
export const pythonClients = () => pythonEnvironment('clients', join(import.meta.dirname, 'python-clients.txt'))

/** Python's clients, unmodified, in one process of Python for all calls. */
export class PythonCalls implements AsyncDisposable {
  readonly #child: ChildProcessWithoutNullStreams
  readonly #lines: AsyncIterator<string>
  #complaints = ''

  constructor(python: string) {
    // Nobody's proxy, key or setting is for these calls.
    this.#child = spawn(python, ['-I', '-B', script], { env: { PYTHONIOENCODING: 'utf-8' } })
    this.#child.stderr.on('data', (chunk: Buffer) => (this.#complaints += chunk.toString()))
    this.#lines = createInterface({ input: this.#child.stdout })[Symbol.asyncIterator]()
  }

  /** Of all calls, each beginning with its client's. */
  async names(): Promise<readonly string[]> {
    return JSON.parse(await this.#ask('')) as string[]
  }

  /** What the client tells, as JSON with every digit. Rejects with what a call fails with. */
  async call(name: string, { origin, apiKey, headers }: CallTarget): Promise<string> {
    const reply = await this.#ask(JSON.stringify({ call: name, origin, apiKey, headers, question, picture }))
    const { failed } = JSON.parse(reply) as { readonly failed?: string }
    if (failed !== undefined) throw new Error(`${name}: ${failed}`)
    return reply
  }

  async #ask(line: string): Promise<string> {
    this.#child.stdin.write(`${line}\n`)
    const { value } = (await this.#lines.next()) as { readonly value?: string }
    if (value === undefined) throw new Error(`Python ended: ${this.#complaints.slice(-2_000)}`)
    return value
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#child.stdin.end()
    await once(this.#child, 'close')
  }
}
