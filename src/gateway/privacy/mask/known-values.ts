import { ofWords } from '../../../filters/categories.ts'
import { SequenceFinder } from '../../../text/sequence-finder.ts'
import { KnownNames } from './known-names.ts'
import type { ValueSpan } from './mask-text.ts'
import { textBefore } from '../../../text/text-before.ts'

/** A value that was found somewhere, and from which turn on it is looked for. */
export interface KnownValue {
  readonly value: string
  readonly category: string
  readonly fromTurn: number
}

/** One of them in a text, and from which turn on it was known to be one. */
export interface FoundValue extends ValueSpan {
  readonly fromTurn: number
}

/** Shorter ones stand in too many words by chance. */
const shortestValue = 3
/** So few, and none longer than this, are looked for one by one, which is quicker than to look at each word. */
const fewValues = 32
const longestOfFew = 256
/** Words, and each character between them. */
const wordOrMark = /[\p{L}\p{N}]+|[^]/gu

/**
 * Finds the values of a conversation wherever else they stand in it: a name that one message introduces is a name in all
 * of them. Each text is read once, however many values there are.
 */
export class KnownValues {
  readonly #byValue = new Map<string, KnownValue>()
  readonly #others = new Map<string, KnownValue>()
  /** Also those that are looked for nowhere by themselves. */
  readonly #wholes = new Map<string, KnownValue>()
  #names: KnownNames | null = null
  #longest = 0
  #manyValues: ManyValues | null = null

  /** A value that is known has the first kind it was told of, from the earliest turn on. */
  add(known: KnownValue): void {
    const { value, fromTurn } = known
    const whole = this.#wholes.get(value)
    if (whole === undefined || whole.fromTurn > fromTurn) {
      this.#wholes.set(value, { ...known, category: whole?.category ?? known.category })
    }
    if (value.length < shortestValue || !startsWithWord.test(value)) return
    const earlier = this.#byValue.get(value)
    if (earlier !== undefined && earlier.fromTurn <= fromTurn) return
    const category = earlier?.category ?? known.category
    if (!isTelling(value, category)) return
    const added = { value, category, fromTurn }
    this.#byValue.set(value, added)
    if (isName(added)) {
      this.#names = null
      return
    }
    this.#others.set(value, added)
    this.#longest = Math.max(this.#longest, value.length)
    this.#manyValues = null
  }

  /**
   * Where they stand in a text, as whole words: those that are known up to a turn, where one is named. Of those that end at
   * one place the longest alone. Names are found in all ways in which they are written, and nowhere else. `label`: name of
   * the member that the text stands under.
   */
  spansIn(text: string, upToTurn = Infinity, label: string | null = null): readonly FoundValue[] {
    const names = (this.#names ??= this.#namesOf()).spansIn(text, upToTurn, label)
    return this.#others.size === 0 ? names : [...this.#othersIn(text, upToTurn), ...names]
  }

  /** The value that the whole of a text is; null where it is none that is known up to a turn. */
  wholeOf(text: string, upToTurn: number): KnownValue | null {
    const whole = this.#wholes.get(text)
    return whole === undefined || whole.fromTurn > upToTurn ? null : whole
  }

  #namesOf(): KnownNames {
    const names = new KnownNames()
    for (const known of this.#byValue.values()) if (isName(known)) names.add(known)
    return names
  }

  #othersIn(text: string, upToTurn: number): readonly FoundValue[] {
    const isFew = this.#others.size <= fewValues && this.#longest <= longestOfFew
    if (isFew) return this.#oneByOne(text, upToTurn)
    this.#manyValues ??= new ManyValues(this.#others.values())
    return this.#manyValues.spansIn(text, upToTurn)
  }

  #oneByOne(text: string, upToTurn: number): FoundValue[] {
    const byEnd = new Map<number, FoundValue>()
    for (const { value, category, fromTurn } of this.#others.values()) {
      if (fromTurn > upToTurn) continue
      const { length } = value
      for (let start = text.indexOf(value); start >= 0; start = text.indexOf(value, start + 1)) {
        const end = start + length
        if (isWhole(text, start, value) && start < (byEnd.get(end)?.start ?? Infinity)) {
          byEnd.set(end, { start, end, category, fromTurn })
        }
      }
    }
    return [...byEnd.values()]
  }
}

/** Looks for them word by word: as a sequence of words and of what stands between them, each is there as whole words only. */
class ManyValues {
  readonly #words = new Map<string, number>()
  readonly #finder = new SequenceFinder<KnownValue>()

  constructor(values: Iterable<KnownValue>) {
    for (const known of values) {
      const symbols = Array.from(known.value.matchAll(wordOrMark), ([word]) => {
        const symbol = this.#words.get(word) ?? this.#words.size + 1
        this.#words.set(word, symbol)
        return symbol
      })
      this.#finder.add(symbols, known)
    }
  }

  spansIn(text: string, upToTurn: number): FoundValue[] {
    const spans: FoundValue[] = []
    let end = 0
    const symbols = function* (words: ReadonlyMap<string, number>) {
      for (const { 0: word, index } of text.matchAll(wordOrMark)) {
        end = index + word.length
        yield words.get(word) ?? 0
      }
    }
    const isKnown = ({ fromTurn }: KnownValue): boolean => fromTurn <= upToTurn
    for (const { item } of this.#finder.find(symbols(this.#words), isKnown)) {
      const { value, category, fromTurn } = item
      spans.push({ start: end - value.length, end, category, fromTurn })
    }
    return spans
  }
}

/** Longer ones are no names: they are found as they are written. */
const longestName = 120
const isName = ({ value, category }: KnownValue): boolean => ofWords.has(category) && value.length <= longestName

/** A name of one word in small letters (`will`) is a word like any other wherever nothing says that it is a name. */
const isTelling = (value: string, category: string): boolean =>
  !ofWords.has(category) || /[\p{Lu}\p{Lo}\s]/u.test(value)

const startsWithWord = /^[\p{L}\p{N}]/u
const endsWithWord = /[\p{L}\p{N}]$/u

/** Does no word go on into the value, or out of it? A value begins with a letter or a digit. */
function isWhole(text: string, start: number, value: string): boolean {
  const end = start + value.length
  return (
    !endsWithWord.test(textBefore(text, start, 2)) &&
    !(endsWithWord.test(value.slice(-2)) && startsWithWord.test(text.slice(end, end + 2)))
  )
}
