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
/** A word of no more characters, without a digit or this sign, has no form of its own. */
const longestHarmless = 15
const atSign = 64
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
  /** What was decided on, as far as it says what comes, and behind it what is held. */
  #text = ''
  /** Where the stretch begins that is held. */
  #start = 0
  /** How far it was looked at, where the word there begins, whether it has a digit, and whether the stretch may hold a value. */
  #at = 0
  #wordStart = 0
  #hasDigit = false
  #isTelling = false
  #withheld = 0

  constructor(options: NewValuesOptions) {
    this.#options = options
  }

  /** How many characters of what came are not decided on. */
  get held(): number {
    return this.#text.length - this.#start
  }

  /** How many values were withheld so far. */
  get withheld(): number {
    return this.#withheld
  }

  push(piece: string): Promise<string> {
    this.#text += piece
    return this.#decide(false)
  }

  end(): Promise<string> {
    return this.#decide(true)
  }

  /**
   * Where the first stretch of what is held ends, behind the blank after its last word; 0 where more text decides. It goes on
   * behind the first words of a value of the list. What was looked at is not looked at again when more comes.
   */
  #stretchEnd(): number {
    const text = this.#text
    for (; this.#at < text.length; this.#at += 1) {
      const code = text.charCodeAt(this.#at)
      const isBlank = code === 32 || code === 10 || code === 9 || code === 13
      if (!isBlank) {
        if (code >= 48 && code <= 57) this.#hasDigit = true
        const length = this.#at - this.#wordStart
        if (this.#hasDigit || code === atSign || length >= longestHarmless) this.#isTelling = true
        if (length >= longestWord)
          return this.#start + beforeEscape(text.slice(this.#start, this.#at), this.#at - this.#start)
        continue
      }
      const isOver = !this.#hasDigit || code === 10 || this.#at - this.#start >= longestStretch
      if (isOver && !this.#goesOn()) return this.#at + 1
      this.#hasDigit = false
      this.#wordStart = this.#at + 1
    }
    return 0
  }

  #goesOn(): boolean {
    const { beginnings } = this.#options
    if (beginnings === null || this.#at - this.#start >= longestListed) return false
    return beginnings.endsWithin(this.#text.slice(this.#start, this.#at))
  }

  /** Most stretches are a word in which no value can be: they are passed on as they stand. */
  #mayHoldValue(): boolean {
    // What an operator has defined may have any form.
    return this.#options.beginnings !== null || this.#isTelling
  }

  #beginAt(start: number): void {
    this.#start = start
    this.#at = start
    this.#wordStart = start
    this.#hasDigit = false
    this.#isTelling = false
  }

  /** Each stretch that may hold a value is looked at by itself, and all of them at once. */
  async #decide(isLast: boolean): Promise<string> {
    const said: (string | Stretch)[] = []
    const asked: Stretch[] = []
    let passed = this.#start
    const take = (end: number): void => {
      const start = this.#start
      if (this.#mayHoldValue()) {
        const before = Math.max(0, start - contextLength)
        const stretch = { text: this.#text.slice(before, end), from: start - before }
        if (passed < start) said.push(this.#text.slice(passed, start))
        said.push(stretch)
        asked.push(stretch)
        passed = end
      }
      this.#beginAt(end)
    }
    for (let end = this.#stretchEnd(); end > 0; end = this.#stretchEnd()) take(end)
    if (isLast && this.held > 0) take(this.#text.length)
    const rest = this.#text.slice(passed, this.#start)
    this.#forget()
    if (asked.length === 0) return rest
    const parts = asked.map(({ text }) => ({ text, provenance: 'model' }) as const)
    const found = await this.#options.detect(parts, this.#options.signal)
    const byStretch = Map.groupBy(found, ({ part }) => asked[part])
    const withheld = (each: string | Stretch) =>
      typeof each === 'string' ? each : this.#withhold(each, byStretch.get(each) ?? [])
    return said.map(withheld).join('') + rest
  }

  /** Leaves out what stands too far before the stretch to say anything of it. */
  #forget(): void {
    const from = this.#start - contextLength
    if (from <= 0) return
    this.#text = this.#text.slice(from)
    this.#start -= from
    this.#at -= from
    this.#wordStart -= from
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
      this.#withheld += 1
      onWithheld(category)
    }
    return result + text.slice(at)
  }
}
