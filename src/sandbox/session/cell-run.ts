import type { SandboxLanguage } from '../../core/languages.ts'
import type { ServiceError } from '../../core/errors.ts'
import { RunCollector } from './collector.ts'
import type { Channel, ProtocolConnection } from '../protocol/connection.ts'
import { protocolFault } from '../protocol/frames.ts'
import type { SandboxLimits } from '../limits.ts'
import type { DoneMessage, MessageOf, SupervisorMessage } from '../protocol/messages.ts'

/** How the conversation about one run ended. */
export type RunEnd =
  | { readonly kind: 'done'; readonly done: DoneMessage }
  | { readonly kind: 'failed'; readonly failure: MessageOf<'failed'> }
  | { readonly kind: 'lost'; readonly reason: ServiceError }

interface CellRunOptions {
  readonly limits: SandboxLimits
  readonly onOutput: (stream: 'stdout' | 'stderr', text: string) => void
  /** The supervisor measured more output or memory than a run may have. */
  readonly onExceeded: (what: 'output' | 'memory') => void
}

/** One `run` request and its answers. */
export class CellRun implements Channel {
  readonly id: number
  readonly collector: RunCollector
  readonly #connection: ProtocolConnection
  readonly #options: CellRunOptions
  readonly #ended = Promise.withResolvers<RunEnd>()
  readonly #heeded = Promise.withResolvers<void>()
  readonly #streams: number[] = []

  constructor(connection: ProtocolConnection, options: CellRunOptions) {
    this.#connection = connection
    this.#options = options
    this.collector = new RunCollector(options.limits, options.onOutput)
    this.id = connection.open(this)
  }

  /** Never rejects. */
  get ended(): Promise<RunEnd> {
    return this.#ended.promise
  }

  /** Settles when the code has stopped at an interrupt and its figures are on their way. Never rejects. */
  get heeded(): Promise<void> {
    return this.#heeded.promise
  }

  start(language: SandboxLanguage, code: string): void {
    this.#connection.send({ type: 'run', id: this.id, language, code })
  }

  /** `figures`: is there somebody to show what the code drew before? */
  interrupt(figures: boolean): void {
    this.#connection.send({ type: 'interrupt', id: this.id, figures })
  }

  onMessage(message: SupervisorMessage): void {
    switch (message.type) {
      case 'output':
        return this.collector.output(message)
      case 'display':
        return this.#display(message)
      case 'end':
        return this.#endStream(message.stream)
      case 'heeded':
        return this.#heeded.resolve()
      case 'exceeded':
        return this.#options.onExceeded(message.what)
      case 'done':
        return this.#finish({ kind: 'done', done: message })
      case 'failed':
        return this.#finish({ kind: 'failed', failure: message })
      default:
        throw protocolFault(`"${message.type}" as the answer to a run`)
    }
  }

  onChunk(bytes: Buffer, stream: number): void {
    this.collector.chunk(stream, bytes)
  }

  onLost(reason: ServiceError): void {
    this.#ended.resolve({ kind: 'lost', reason })
  }

  #display(message: MessageOf<'display'>): void {
    const stream = this.collector.display(message)
    if (stream === null) return
    this.#connection.adopt(stream, this)
    this.#streams.push(stream)
  }

  #endStream(stream: number): void {
    this.collector.end(stream)
    this.#connection.close(stream)
  }

  #finish(end: RunEnd): void {
    this.#connection.close(this.id)
    for (const stream of this.#streams) this.#connection.close(stream)
    this.#ended.resolve(end)
  }
}
