import { styleText } from 'node:util'
import type { Readable, Writable } from 'node:stream'
import { jsonLine } from './output/json-line.ts'
import { plainText, styledText } from './output/plain-text.ts'
import type { StatusLine } from './output/status-line.ts'

type Format = Parameters<typeof styleText>[0]

/** One of the two output streams. */
export interface Output {
  /**
   * Text of ours, styled or not, without anything that drives a terminal, whoever made the text: what goes into a pipe
   * is shown on a terminal later.
   */
  write(text: string): void
  /** Text of others that must arrive as it is, like CSV: exact for a program that reads it, plain on a terminal. */
  writeExact(text: string): void
  /** One line of JSON, with nothing in it that a terminal would act on. */
  writeJson(value: unknown): void
  /** Text in a style where colour is wanted, else as it is. */
  style(format: Format, text: string): string
  /** The stream itself, for callers that draw on it, such as a prompt. */
  readonly stream: Writable
  readonly isTerminal: boolean
  readonly colour: boolean
  /** Characters per line of the terminal; null where there is none. */
  readonly width: number | null
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
  /** The moving line of the same terminal, which has to make room. */
  readonly status?: StatusLine
}

export function createOutput(stream: Writable & { readonly columns?: number }, options: OutputOptions): Output {
  const write = (text: string): void => {
    if (options.isTerminal) options.status?.before(text)
    stream.write(text)
  }
  return {
    write: (text) => write(styledText(text)),
    writeExact: (text) => write(options.isTerminal ? plainText(text) : text),
    writeJson: (value) => write(jsonLine(value)),
    style: (format, text) => (options.colour ? styleText(format, text, { validateStream: false }) : text),
    stream,
    isTerminal: options.isTerminal,
    colour: options.colour,
    get width() {
      return options.isTerminal ? (stream.columns ?? 80) : null
    },
  }
}
