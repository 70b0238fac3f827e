import { parseUntrustedJson } from '../../core/json.ts'
import { terminalText } from '../../text/terminal-text.ts'
import type { CapturedText, DisplayItem } from '../../core/result.ts'
import { type ReadDisplay, toDisplayItem } from './displays.ts'
import { protocolFault } from '../protocol/frames.ts'
import type { SandboxLimits } from '../limits.ts'
import type { MessageOf } from '../protocol/messages.ts'

interface OpenDisplay {
  readonly index: number
  readonly isMain: boolean
  readonly bytes: number
  readonly pieces: Buffer[]
  received: number
}

type OnOutput = (stream: 'stdout' | 'stderr', text: string) => void

/** A stream breaks the protocol above this multiple of its cap, since the supervisor may count a little differently. */
const slack = 2

/**
 * Gathers what one run says. The supervisor cuts at the caps. This counts again, because a supervisor may lie: more
 * than twice a cap breaks the protocol.
 */
export class RunCollector {
  readonly #limits: SandboxLimits
  readonly #onOutput: OnOutput
  readonly #text = { stdout: [] as string[], stderr: [] as string[] }
  readonly #characters = { stdout: 0, stderr: 0 }
  readonly #displays = new Map<number, DisplayItem>()
  readonly #open = new Map<number, OpenDisplay>()
  #displayCount = 0
  #displayBytes = 0
  #malformed = false

  constructor(limits: SandboxLimits, onOutput: OnOutput) {
    this.#limits = limits
    this.#onOutput = onOutput
  }

  output(message: MessageOf<'output'>): void {
    this.#characters[message.stream] += message.text.length
    if (this.#characters[message.stream] > slack * this.#limits.outputBytes) throw protocolFault('too much output')
    this.#text[message.stream].push(message.text)
    this.#onOutput(message.stream, message.text)
  }

  /** Returns the stream to adopt where the item follows in chunks. */
  display(message: MessageOf<'display'>): number | null {
    this.#displayCount += 1
    if (this.#displayCount > slack * this.#limits.results) throw protocolFault('too many displays')
    if (message.stream === null || message.stream === undefined) {
      this.#add(message.index, toDisplayItem(message.item, message.main))
      return null
    }
    this.#count(message.bytes ?? 0)
    this.#open.set(message.stream, {
      index: message.index,
      isMain: message.main,
      bytes: message.bytes ?? 0,
      pieces: [],
      received: 0,
    })
    return message.stream
  }

  chunk(stream: number, bytes: Buffer): void {
    const open = this.#open.get(stream)
    if (open === undefined) throw protocolFault('a chunk of no display')
    open.received += bytes.length
    if (open.received > open.bytes) throw protocolFault('a display longer than announced')
    open.pieces.push(bytes)
  }

  end(stream: number): void {
    const open = this.#open.get(stream)
    if (open === undefined) throw protocolFault('the end of no display')
    this.#open.delete(stream)
    this.#add(open.index, parseItem(Buffer.concat(open.pieces), open.isMain))
  }

  captured(truncated: readonly string[]): { stdout: CapturedText; stderr: CapturedText } {
    return {
      stdout: { text: terminalText(this.#text.stdout.join('')), truncated: truncated.includes('stdout') },
      stderr: { text: terminalText(this.#text.stderr.join('')), truncated: truncated.includes('stderr') },
    }
  }

  /** The results in the order of display. */
  results(): readonly DisplayItem[] {
    return [...this.#displays].sort(([first], [second]) => first - second).map(([, item]) => item)
  }

  /** Did an item come that is not what the protocol describes? It was left out. */
  get malformed(): boolean {
    return this.#malformed || this.#open.size > 0
  }

  #add(index: number, read: ReadDisplay | null): void {
    if (read === null || read.incomplete) this.#malformed = true
    if (read !== null) this.#displays.set(index, read.item)
  }

  #count(bytes: number): void {
    this.#displayBytes += bytes
    if (this.#displayBytes > slack * this.#limits.resultBytes) throw protocolFault('too many bytes of displays')
  }
}

function parseItem(text: Buffer, isMain: boolean): ReadDisplay | null {
  try {
    return toDisplayItem(parseUntrustedJson(text.toString('utf8')), isMain)
  } catch {
    return null
  }
}
