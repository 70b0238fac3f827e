import type { AnswerArtifact } from '../../core/events.ts'
import type { ExecutionAnswer, ExecutionReceived } from '../../core/execution.ts'
import type { CellError } from '../../core/result.ts'
import { describeFindings } from '../../core/verdict.ts'
import { reasonOf } from '../../http/caller-signal.ts'
import { parseRequest } from '../../http/parse-request.ts'
import { toHttpError, toProblem } from '../../http/problem.ts'
import { cellEnd, errorNameOf } from '../cell-end.ts'
import { OutputPieces } from '../output-pieces.ts'
import { executeContent, kernelInfo, type KernelMessage } from '../wire/jupyter.ts'
import { mimeBundle } from './displays.ts'
import type { JupyterOptions } from './jupyter-options.ts'
import type { Telling } from './kernel-connection.ts'

interface KernelParts extends Pick<JupyterOptions, 'programs' | 'running' | 'onFault'> {
  /** The link to a picture of the caller's. */
  readonly linkFor: (artifact: AnswerArtifact) => string | null
  readonly session: string
  /** A new request of the caller of the connection. */
  readonly received: () => ExecutionReceived
  /** Of the request that the connection began with. */
  readonly requestId: string
  /** Aborts when the connection is gone, or the service waits no longer. */
  readonly signal: AbortSignal
  /** Ends the kernel. */
  readonly shutDown: () => Promise<void>
}

/** Characters of one message about output. */
const pieceCharacters = 100_000

/** What a kernel answers on one connection. */
export class Cells {
  readonly #parts: KernelParts
  #executions = 0
  /** What was asked before a failure is not run after it, as far as this place. */
  #abortedTo = 0

  constructor(parts: KernelParts) {
    this.#parts = parts
  }

  readonly answer = async (message: KernelMessage, telling: Telling): Promise<void> => {
    const { msg_type: type } = message.header
    const channel = message.channel === 'control' ? 'control' : 'shell'
    if (type === 'execute_request') return await this.#execute(message, telling)
    if (type === 'interrupt_request') this.#parts.running.interrupt(this.#parts.session)
    if (type === 'shutdown_request') await this.#parts.shutDown().catch(() => undefined)
    const content = replies[type]
    if (content !== undefined) return await telling.tell(channel, type.replace(/_request$/, '_reply'), content)
    if (!type.endsWith('_request')) return
    const evalue = `A kernel here takes no ${type}.`
    const failed = { status: 'error', ename: 'NotImplementedError', evalue, traceback: [] }
    await telling.tell(channel, type.replace(/_request$/, '_reply'), failed)
  }

  async #execute(message: KernelMessage, telling: Telling): Promise<void> {
    const { tell, place, latest } = telling
    if (place <= this.#abortedTo) {
      return await tell('shell', 'execute_reply', { status: 'aborted', execution_count: this.#executions })
    }
    this.#executions += 1
    const count = this.#executions
    const end = await this.#run(message, telling).catch((thrown: unknown) => this.#faultOf(thrown))
    if (end === null) {
      return await tell('shell', 'execute_reply', {
        status: 'ok',
        execution_count: count,
        user_expressions: {},
        payload: [],
      })
    }
    if (message.content['stop_on_error'] !== false) this.#abortedTo = latest()
    const error = { ename: end.name, evalue: end.value, traceback: [...linesOf(end)] }
    await tell('iopub', 'error', error)
    await tell('shell', 'execute_reply', { status: 'error', execution_count: count, ...error })
  }

  /** Runs one program and tells what it says; how it ended, where that was not well. */
  async #run(message: KernelMessage, { tell }: Telling): Promise<CellError | null> {
    const { programs, running, received, signal, linkFor } = this.#parts
    const { code, silent } = parseRequest(executeContent, message.content)
    if (code.trim() === '') return null
    if (!silent) await tell('iopub', 'execute_input', { code, execution_count: this.#executions })
    using cell = running.begin(this.#parts.session)
    const whole = AbortSignal.any([signal, cell.signal])
    const output = new OutputPieces((name, text) => {
      for (let at = 0; at < text.length; at += pieceCharacters) {
        void tell('iopub', 'stream', { name, text: text.slice(at, at + pieceCharacters) })
      }
    })
    const asked = { language: 'python', code, timeoutMilliseconds: null, bringsFiles: false } as const
    const answer = await programs
      .run(received(), { ...asked, onOutput: output.add }, whole)
      .catch((thrown: unknown) => {
        throw reasonOf(thrown, whole)
      })
    if (answer.kind === 'refused') {
      return { name: 'Refused', value: describeFindings(answer.findings), traceback: '' }
    }
    output.finish(answer)
    await this.#display(answer, tell, linkFor)
    return cellEnd(answer.cell)
  }

  async #display(
    { cell }: Extract<ExecutionAnswer, { readonly kind: 'result' }>,
    tell: Telling['tell'],
    linkFor: KernelParts['linkFor'],
  ): Promise<void> {
    for (const item of cell.results) {
      const about = { data: mimeBundle(item, linkFor), metadata: {} }
      if (item.isMain) await tell('iopub', 'execute_result', { ...about, execution_count: this.#executions })
      else await tell('iopub', 'display_data', { ...about, transient: {} })
    }
  }

  /** What went wrong outside of the program, in the words that any caller is told. */
  #faultOf(thrown: unknown): CellError {
    const error = toHttpError(thrown)
    this.#parts.onFault(error, this.#parts.requestId)
    return { name: errorNameOf(error.code), value: toProblem(error, this.#parts.requestId).message, traceback: '' }
  }
}

/** Lines as a terminal shows them; never none, since clients show nothing else of an error. */
const linesOf = ({ name, value, traceback }: CellError): readonly string[] =>
  traceback === '' ? [`${name}: ${value}`] : traceback.split('\n')

const ok = { status: 'ok' } as const

/** Answers that are always the same. */
const replies: Readonly<Record<string, Parameters<Telling['tell']>[2]>> = {
  kernel_info_request: kernelInfo,
  interrupt_request: ok,
  shutdown_request: { ...ok, restart: false },
  comm_info_request: { ...ok, comms: {} },
  is_complete_request: { status: 'unknown' },
  history_request: { ...ok, history: [] },
  complete_request: { ...ok, matches: [], cursor_start: 0, cursor_end: 0, metadata: {} },
  inspect_request: { ...ok, found: false, data: {}, metadata: {} },
}
