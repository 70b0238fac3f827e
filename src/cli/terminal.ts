import { styleText } from 'node:util'
import type { Readable, Writable } from 'node:stream'

type Format = Parameters<typeof styleText>[0]

/** One of the two output streams. */
export interface Output {
  write(text: string): void
  /** Text in a style where colour is wanted, else as it is. */
  style(format: Format, text: string): string
  /** For what draws by itself, like a prompt. */
  readonly stream: Writable
  readonly isTerminal: boolean
  readonly colour: boolean
  /** Characters per line. */
  readonly width: number
}

/** The three standard streams: answers to `out`, everything about them to `error`. */
export interface Terminal {
  readonly input: Readable
  readonly inputIsTerminal: boolean
  /** Was something piped or redirected into standard input? */
  readonly inputIsPiped: boolean
  readonly out: Output
  readonly error: Output
}

export interface OutputOptions {
  readonly isTerminal: boolean
  readonly colour: boolean
}

export function createOutput(stream: Writable & { readonly columns?: number }, options: OutputOptions): Output {
  return {
    write: (text) => void stream.write(text),
    style: (format, text) => (options.colour ? styleText(format, text, { validateStream: false }) : text),
    stream,
    isTerminal: options.isTerminal,
    colour: options.colour,
    get width() {
      return stream.columns ?? 100
    },
  }
}
