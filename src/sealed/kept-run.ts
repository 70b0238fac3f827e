import type { KeyObject } from 'node:crypto'
import type {
  ConversationItem,
  KeptItem,
  Run,
  RunEnd,
  RunState,
  RunWriter,
  StoredConversations,
} from '../core/conversations.ts'
import { ServiceError } from '../core/errors.ts'
import { openItem, sealItem } from './sealed-items.ts'

interface KeptRunParts {
  readonly run: Run
  readonly stored: StoredConversations
  readonly key: KeyObject
  readonly sealEnd: (key: KeyObject, run: Run, end: RunEnd) => string
}

/** A run while this process runs it. */
export class KeptRun implements RunWriter {
  readonly #parts: KeptRunParts
  readonly #cancelling = new AbortController()
  readonly #watch: Disposable
  #isOver = false

  constructor(parts: KeptRunParts) {
    this.#parts = parts
    this.#watch = parts.stored.watchCancel(parts.run.id, (why) =>
      this.#cancelling.abort(why === 'asked' ? askedForEnd() : lostProcess()),
    )
  }

  get run(): Run {
    return this.#parts.run
  }

  get signal(): AbortSignal {
    return this.#cancelling.signal
  }

  async add(items: readonly ConversationItem[]): Promise<readonly KeptItem[]> {
    const { run, stored, key } = this.#parts
    const { conversation, id } = run
    const sealed = items.map((item) => sealItem(key, { conversation, run: id }, item))
    return (await stored.addToRun(run, sealed)).map((item) => openItem(key, conversation, item))
  }

  async end(state: Exclude<RunState, 'running'>, end: RunEnd | null): Promise<void> {
    const { run, stored, key, sealEnd } = this.#parts
    await stored.endRun(run, state, end === null ? null : sealEnd(key, run, end))
    this.#isOver = true
    this.#watch[Symbol.dispose]()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#watch[Symbol.dispose]()
    if (this.#isOver) return
    this.#isOver = true
    await this.#parts.stored.leaveRun(this.#parts.run)
  }
}

const askedForEnd = () => new ServiceError('cancelled', 'Somebody asked for the end of the run.')

const lostProcess = () =>
  new ServiceError(
    'sandbox-lost',
    'The process that ran it said nothing for too long and was taken for dead; its sandboxes were ended.',
    {
      advice: 'Look at what is kept of the run, and ask again.',
    },
  )
