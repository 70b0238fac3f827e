import type { ExecutionAnswer } from '../core/execution.ts'

type Stream = 'stdout' | 'stderr'

/** What of a program's output was handed on while it ran, so that all of it is, once. */
export class OutputPieces {
  readonly #sent = { stdout: '', stderr: '' }
  readonly #send: (stream: Stream, text: string) => void

  constructor(send: (stream: Stream, text: string) => void) {
    this.#send = send
  }

  readonly add = (stream: Stream, text: string): void => {
    if (text === '') return
    this.#sent[stream] += text
    this.#send(stream, text)
  }

  /** Hands on what is left of the whole output, and says what was cut of the result, and what was lost before it. */
  finish({
    cell: { stdout, stderr, truncated },
    renewed,
  }: Extract<ExecutionAnswer, { readonly kind: 'result' }>): void {
    for (const [stream, { text }] of [
      ['stdout', stdout],
      ['stderr', stderr],
    ] as const) {
      if (text.startsWith(this.#sent[stream])) this.add(stream, text.slice(this.#sent[stream].length))
    }
    if (renewed !== null) this.add('stderr', `${renewed}\n`)
    if (truncated.length > 0) this.add('stderr', `Sallyport cut ${truncated.join(', ')} of this run at the limit.\n`)
  }
}
