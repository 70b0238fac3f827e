import type { Writable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import type { Activity } from '../../core/activity.ts'
import { plainLine } from './plain-text.ts'
import { duration } from './duration.ts'

export interface StatusLineOptions {
  readonly stream: Writable & { readonly columns?: number }
  /** Is the output a terminal? Nothing is drawn on anything else. */
  readonly isTerminal: boolean
  /** Milliseconds of a clock that cannot jump. */
  readonly now?: () => number
}

/** What is over sooner is not worth a line, in milliseconds. */
const patienceMilliseconds = 300
const frameMilliseconds = 120
const frames = '⠋ ⠙ ⠹ ⠸ ⠼ ⠴ ⠦ ⠧ ⠇ ⠏'.split(' ')
const eraseLine = '\r\u001b[2K'

/**
 * One line at the end of a terminal that moves and says what is being waited for. It shows the activity that began
 * last, goes away before anything else is written, and comes back where a line begins.
 */
export class StatusLine {
  readonly #options: StatusLineOptions
  readonly #now: () => number
  readonly #active: { readonly what: string; readonly began: number }[] = []
  #timer: NodeJS.Timeout | null = null
  #isDrawn = false
  #isAtLineStart = true
  #frame = 0

  constructor(options: StatusLineOptions) {
    this.#options = options
    this.#now = options.now ?? (() => performance.now())
  }

  /** Begins to wait for something; disposing what it returns says that it is there. */
  begin(what: string): Activity {
    const entry = { what, began: this.#now() }
    this.#active.push(entry)
    if (this.#options.isTerminal) this.#timer ??= setInterval(() => this.tick(), frameMilliseconds).unref()
    return {
      [Symbol.dispose]: () => {
        const place = this.#active.indexOf(entry)
        if (place >= 0) this.#active.splice(place, 1)
        if (this.#active.length > 0) return
        this.clear()
        if (this.#timer !== null) clearInterval(this.#timer)
        this.#timer = null
      },
    }
  }

  /** Makes room for text that is about to be written to the terminal. */
  before(text: string): void {
    if (text === '') return
    this.clear()
    // A style that ends after the line break takes no place.
    const visible = stripVTControlCharacters(text)
    if (visible !== '') this.#isAtLineStart = visible.endsWith('\n')
  }

  clear(): void {
    if (!this.#isDrawn) return
    this.#isDrawn = false
    this.#options.stream.write(eraseLine)
  }

  /** Draws the next picture of the line, if there is something to say and a line to say it on. */
  tick(): void {
    const latest = this.#active.at(-1)
    const first = this.#active[0]
    if (latest === undefined || first === undefined || !this.#options.isTerminal || !this.#isAtLineStart) return
    const waited = this.#now() - latest.began
    if (this.#now() - first.began < patienceMilliseconds) return
    this.#frame = (this.#frame + 1) % frames.length
    const width = Math.max(10, (this.#options.stream.columns ?? 80) - 1)
    this.#isDrawn = true
    this.#options.stream.write(
      `${eraseLine}${plainLine(`${frames[this.#frame]} ${latest.what} … ${duration(waited)}`, width)}`,
    )
  }
}
