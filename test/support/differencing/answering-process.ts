import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import type { Vetted } from '../../../src/core/vetted.ts'
import type { QueryLimits } from '../../../src/databases/database.ts'
import type { ImageFile } from '../../../src/databases/pglite/open-pglite.ts'
import type { Outcome } from './guarded-database.ts'
import type { Task, Word } from './guarded-process.ts'

const script = join(import.meta.dirname, 'guarded-process.ts')

/** A process of its own with database, masks and a ledger's file, to be asked, ended and killed. */
export class AnsweringProcess implements AsyncDisposable {
  readonly #child: ChildProcess
  readonly #waiting = new Map<number, (outcome: Outcome) => void>()
  readonly #ended: Promise<unknown>
  readonly #ready = Promise.withResolvers<void>()
  #stopped = Promise.withResolvers<void>()
  #last = 0

  constructor(given: { readonly image: ImageFile; readonly path: string }) {
    this.#child = fork(script, [JSON.stringify(given)], { env: {}, stdio: ['ignore', 'ignore', 'inherit', 'ipc'] })
    this.#child.on('message', (word: Word) => this.#hear(word))
    this.#ended = once(this.#child, 'exit')
  }

  ready(): Promise<void> {
    return this.#ready.promise
  }

  /** What comes back of a statement that the gate let through. */
  async ask(statement: Vetted<'sql'>, limits: QueryLimits): Promise<Outcome> {
    const { promise, resolve } = Promise.withResolvers<Outcome>()
    this.#waiting.set(this.#send({ statement, limits, stop: null }), resolve)
    return promise
  }

  /** Ends without a word in the middle of a statement: before the ledger is asked, or after it admitted and before the answer. */
  async killWithin(statement: Vetted<'sql'>, limits: QueryLimits, stop: 'audited' | 'admitted'): Promise<void> {
    this.#stopped = Promise.withResolvers<void>()
    const number = this.#send({ statement, limits, stop })
    const refused = new Promise<void>((resolve) => this.#waiting.set(number, () => resolve()))
    await Promise.race([this.#stopped.promise, refused])
    await this.kill()
  }

  async kill(): Promise<void> {
    this.#child.kill('SIGKILL')
    await this.#ended
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.connected) this.#child.disconnect()
    await this.#ended
  }

  #send(task: Omit<Task, 'number'>): number {
    this.#last += 1
    this.#child.send({ ...task, number: this.#last })
    return this.#last
  }

  #hear(word: Word): void {
    if (word.kind === 'ready') return this.#ready.resolve()
    if (word.kind === 'stopped') return this.#stopped.resolve()
    const resolve = this.#waiting.get(word.number)
    this.#waiting.delete(word.number)
    if (word.kind === 'rows') resolve?.({ kind: 'rows', result: word.result })
    else resolve?.({ kind: 'failed', code: word.code ?? 'no fault of the service', said: word.said })
  }
}
