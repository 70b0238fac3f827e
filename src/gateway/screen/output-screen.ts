import { terminalText } from '../../text/terminal-text.ts'
import { ResultCap } from './result-cap.ts'
import type { Screener } from './screener.ts'
import { TextStream } from './text-stream.ts'

type StreamName = 'stdout' | 'stderr'

interface OutputScreenOptions {
  readonly screener: Screener
  /** Told of what may leave, in order. */
  readonly onOutput: (stream: StreamName, text: string) => void
  /** Told once of what keeps the rest from leaving: a profile that blocks, a filter that fails closed. */
  readonly onFault: (thrown: unknown) => void
  readonly signal: AbortSignal
}

/**
 * Output of a program as it may leave while the program runs. A line waits for its end, since a carriage return would write
 * over what was shown of it; then it is held back, as a text that streams is, until what follows it is known. What leaves is
 * what leaves of the whole, but for a cut at the limit of a result. Memory is bounded by the sandbox's own limit of output.
 */
export class OutputScreen {
  readonly #options: OutputScreenOptions
  readonly #streams: Readonly<Record<StreamName, { readonly text: TextStream; line: string }>>
  readonly #cap: ResultCap
  #waiting: { readonly stream: StreamName; text: string }[] = []
  #work: Promise<void> = Promise.resolve()
  #hasFailed = false

  constructor(options: OutputScreenOptions) {
    this.#options = options
    const { screener } = options
    const open = () => ({ text: new TextStream(screener, { provenance: 'tool' }), line: '' })
    this.#streams = { stdout: open(), stderr: open() }
    this.#cap = new ResultCap(screener.maximumResultCharacters)
  }

  /** Takes a piece as it came from the sandbox. Never throws and never waits. */
  push(stream: StreamName, text: string): void {
    if (this.#hasFailed) return
    const last = this.#waiting.at(-1)
    if (last?.stream === stream) {
      last.text += text
      return
    }
    this.#waiting.push({ stream, text })
    if (this.#waiting.length === 1) this.#work = this.#work.then(() => this.#screen())
  }

  /** Resolves when all that may leave has left. Never rejects: a fault was told. */
  async end(): Promise<void> {
    await this.#work
    await this.#guarded(async () => {
      for (const name of ['stdout', 'stderr'] as const) {
        const { text, line } = this.#streams[name]
        const { signal } = this.#options
        this.#deliver(name, await text.push(this.#cap.text(terminalText(line)), signal))
        this.#deliver(name, await text.flush(signal))
      }
    })
  }

  #screen(): Promise<void> {
    return this.#guarded(async () => {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) {
        const stream = this.#streams[next.stream]
        const end = next.text.lastIndexOf('\n') + 1
        const lines = end === 0 ? '' : stream.line + next.text.slice(0, end)
        stream.line = end === 0 ? stream.line + next.text : next.text.slice(end)
        const shown = this.#cap.text(terminalText(lines))
        if (shown === '') continue
        this.#deliver(next.stream, await stream.text.push(shown, this.#options.signal))
      }
    })
  }

  async #guarded(work: () => Promise<void>): Promise<void> {
    if (this.#hasFailed) return
    try {
      await work()
    } catch (thrown) {
      this.#hasFailed = true
      this.#waiting = []
      this.#options.onFault(thrown)
    }
  }

  #deliver(stream: StreamName, text: string): void {
    if (text !== '') this.#options.onOutput(stream, text)
  }
}
