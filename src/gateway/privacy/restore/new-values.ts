import type { Detect, DetectedValue } from '../mask/mask-body.ts'
import type { Labels } from '../tokens/labels.ts'
import type { TextForm } from './link-guard.ts'

export interface NewValuesOptions {
  readonly detect: Detect
  readonly labels: Labels
  readonly form: TextForm
  /** Did the caller's own request say this value? Then it may be said back. */
  readonly wasSaid: (value: string) => boolean
  readonly signal: AbortSignal
  /** Told of each value that was withheld. */
  readonly onWithheld: (category: string) => void
}

/** A stretch goes on behind a word with a digit, where a number in groups may go on; no further than this. */
const longestStretch = 256
const longestWord = 1_024
/** What stands before a stretch says what a number in it is. */
const contextLength = 96
/**
 * Withholds values that the model says and the caller's request does not have, in a text that comes in pieces: those with
 * a form of their own, which is known when the word behind them begins. The text is looked at in stretches that its words
 * alone decide on, so that however it is cut, the same comes out. It is at most one stretch behind.
 */
export class NewValues {
  readonly #options: NewValuesOptions
  #context = ''
  #held = ''

  constructor(options: NewValuesOptions) {
    this.#options = options
  }

  get holds(): boolean {
    return this.#held !== ''
  }

  async push(piece: string): Promise<string> {
    this.#held += piece
    let decided = ''
    for (let end = stretchEnd(this.#held); end > 0; end = stretchEnd(this.#held)) decided += await this.#decide(end)
    return decided
  }

  async end(): Promise<string> {
    return this.#held === '' ? '' : this.#decide(this.#held.length)
  }

  async #decide(end: number): Promise<string> {
    const stretch = this.#held.slice(0, end)
    this.#held = this.#held.slice(end)
    const context = this.#context
    this.#context = (context + stretch).slice(-contextLength)
    if (isHarmless(stretch)) return stretch
    const text = context + stretch
    const found = await this.#options.detect([{ text, provenance: 'model' }], this.#options.signal)
    return this.#withhold(text, context.length, found)
  }

  #withhold(text: string, from: number, found: readonly DetectedValue[]): string {
    const { wasSaid, labels, form, onWithheld } = this.#options
    let result = ''
    let at = from
    const spans = found.filter(({ end, action }) => end > from && action !== 'annotate')
    for (const { start, end, category } of spans.toSorted((one, other) => one.start - other.start)) {
      const value = text.slice(start, end)
      if (end <= at || wasSaid(value)) continue
      const isNumber = form === 'json' && /^\d+$/.test(value)
      result += text.slice(at, Math.max(at, start)) + (isNumber ? '0' : `[${labels.of(category).toLowerCase()}]`)
      at = end
      onWithheld(category)
    }
    return result + text.slice(at)
  }
}

/** Where the first stretch of a text ends, behind the blank after its last word; 0 where more text decides. */
function stretchEnd(text: string): number {
  let hasDigit = false
  let wordStart = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const isBlank = code === 32 || code === 10 || code === 9 || code === 13
    if (!isBlank) {
      if (code >= 48 && code <= 57) hasDigit = true
      if (at - wordStart >= longestWord) return at
      continue
    }
    if (!hasDigit || code === 10 || at >= longestStretch) return at + 1
    hasDigit = false
    wordStart = at + 1
  }
  return 0
}

/** Words without a digit, a sign of an address or anything long hold nothing that has a form of its own. */
function isHarmless(stretch: string): boolean {
  return !/[\d@]/.test(stretch) && !/[^\s]{16}/.test(stretch)
}
