import type { ValueBeginnings } from '../../../filters/custom/value-list.ts'
import type { Detect, DetectedValue } from '../mask/mask-body.ts'
import type { Labels } from '../tokens/labels.ts'
import { beforeEscape, outsideEscapes, unescaped } from './json-escapes.ts'
import type { TextForm } from './link-guard.ts'

export interface NewValuesOptions {
  readonly detect: Detect
  /** Of the values that an operator has listed; null where none has defined anything. */
  readonly beginnings: ValueBeginnings | null
  readonly labels: Labels
  readonly form: TextForm
  /** Did the caller's own request say this value? Then it may be said back. */
  readonly wasSaid: (value: string) => boolean
  /** Does the stretch of a text stand for a value of the caller's, in the form of one? */
  readonly isSurrogate: (text: string, start: number, end: number) => boolean
  readonly signal: AbortSignal
  /** Told of each value that was withheld. */
  readonly onWithheld: (category: string) => void
}

/** A stretch goes on behind a word with a digit, where a number in groups may go on; no further than this. */
const longestStretch = 256
const longestWord = 1_024
/** Nor does a value of a list that has begun go on further, nor others that begin within it. */
const longestListed = 2_048
/** What stands before a stretch says what a number in it is. */
const contextLength = 96

/** A stretch that is decided on, from a place of a text on, and what stands before it. */
interface Stretch {
  readonly text: string
  readonly from: number
}

/**
 * Withholds values that the model says and the caller's request does not have, in a text that comes in pieces: those with
 * a form of their own, which is known when the word behind them begins, and those that an operator has listed, which are
 * waited for from their first word on. The text is looked at in stretches that its words alone decide on, so that however
 * it is cut, the same comes out. It is at most one stretch behind.
 */
export class NewValues {
  readonly #options: NewValuesOptions
  #context = ''
  #held = ''
  /** How far what is held was looked at, where the word there begins, and whether it has a digit. */
  #at = 0
  #wordStart = 0
  #hasDigit = false

  constructor(options: NewValuesOptions) {
    this.#options = options
  }

  get holds(): boolean {
    return this.#held !== ''
  }

  async push(piece: string): Promise<string> {
    this.#held += piece
    const stretches: Stretch[] = []
    for (let end = this.#stretchEnd(); end > 0; end = this.#stretchEnd()) stretches.push(this.#take(end))
    return this.#decide(stretches)
  }

  async end(): Promise<string> {
    return this.#held === '' ? '' : this.#decide([this.#take(this.#held.length)])
  }

  /**
   * Where the first stretch of what is held ends, behind the blank after its last word; 0 where more text decides. It goes on
   * behind the first words of a value of the list. What was looked at is not looked at again when more comes.
   */
  #stretchEnd(): number {
    const text = this.#held
    for (; this.#at < text.length; this.#at += 1) {
      const code = text.charCodeAt(this.#at)
      const isBlank = code === 32 || code === 10 || code === 9 || code === 13
      if (!isBlank) {
        if (code >= 48 && code <= 57) this.#hasDigit = true
        if (this.#at - this.#wordStart >= longestWord) return beforeEscape(text, this.#at)
        continue
      }
      const isOver = !this.#hasDigit || code === 10 || this.#at >= longestStretch
      if (isOver && !this.#goesOn()) return this.#at + 1
      this.#hasDigit = false
      this.#wordStart = this.#at + 1
    }
    return 0
  }

  #goesOn(): boolean {
    const { beginnings } = this.#options
    return beginnings !== null && this.#at < longestListed && beginnings.endsWithin(this.#held.slice(0, this.#at))
  }

  #take(end: number): Stretch {
    const stretch = this.#held.slice(0, end)
    this.#held = this.#held.slice(end)
    this.#at = 0
    this.#wordStart = 0
    this.#hasDigit = false
    const context = this.#context
    this.#context = (context + stretch).slice(-contextLength)
    return { text: context + stretch, from: context.length }
  }

  /** Each stretch is looked at by itself, and all of them at once. */
  async #decide(stretches: readonly Stretch[]): Promise<string> {
    // What an operator has defined may have any form.
    const isAsked = ({ text, from }: Stretch) =>
      this.#options.beginnings !== null || !isHarmless(from === 0 ? text : text.slice(from))
    const asked = stretches.filter(isAsked)
    const parts = asked.map(({ text }) => ({ text, provenance: 'model' }) as const)
    const found = parts.length === 0 ? [] : await this.#options.detect(parts, this.#options.signal)
    const byStretch = Map.groupBy(found, ({ part }) => asked[part])
    return stretches.map((stretch) => this.#withhold(stretch, byStretch.get(stretch) ?? [])).join('')
  }

  #withhold({ text, from }: Stretch, found: readonly DetectedValue[]): string {
    const { wasSaid, isSurrogate, labels, form, onWithheld } = this.#options
    let result = ''
    let at = from
    const spans = found.filter(({ end, action }) => end > from && action !== 'annotate')
    for (const { start: found, end, category } of spans.toSorted((one, other) => one.start - other.start)) {
      const start = form === 'json' ? outsideEscapes(text, found, from) : found
      const value = text.slice(start, end)
      if (end <= at || wasSaid(value) || (form === 'json' && wasSaid(unescaped(value)))) continue
      if (isSurrogate(text, start, end)) continue
      const isNumber = form === 'json' && /^\d+$/.test(value)
      result += text.slice(at, start) + (isNumber ? '0' : `[${labels.of(category).toLowerCase()}]`)
      at = end
      onWithheld(category)
    }
    return result + text.slice(at)
  }
}

/** Words without a digit, a sign of an address or anything long hold nothing that has a form of its own. */
function isHarmless(stretch: string): boolean {
  return !/[\d@]/.test(stretch) && !/[^\s]{16}/.test(stretch)
}
