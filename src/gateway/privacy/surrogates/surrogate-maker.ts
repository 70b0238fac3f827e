import { canonicalOf } from '../tokens/canonical.ts'
import type { TokenBook } from '../tokens/token-book.ts'
import { foldedBy, innermost } from './live-surrogates.ts'
import type { SurrogateRange } from './range.ts'
import { surrogateRanges } from './ranges.ts'

export interface SurrogateMakerOptions {
  readonly book: TokenBook
  /** Kinds whose values get surrogates. */
  readonly kinds: ReadonlySet<string>
  /** No surrogate holds one of these. */
  readonly stops: readonly string[]
  /** Every stretch of the conversation that a pattern matches. */
  readonly saidLike: (form: RegExp) => Iterable<string>
}

/** So many of a range are tried for one value. */
const mostTried = 1_000
const aroundCharacters = /^([^\p{L}\p{N}]*)(.*?)([^\p{L}\p{N}]*)$/su

/** Surrogates for the values of one request, made by value: the same value has the same one in every turn. */
export class SurrogateMaker {
  readonly #options: SurrogateMakerOptions
  readonly #said = new Map<SurrogateRange, ReadonlySet<string>>()
  readonly #usedUp = new Set<string>()
  readonly #made = new Map<string, Set<string>>()
  readonly #missed = new Map<string, Set<string>>()

  constructor(options: SurrogateMakerOptions) {
    this.#options = options
  }

  /** Is there a kind whose values get them? */
  get isNeeded(): boolean {
    return this.#options.kinds.size > 0
  }

  /** Values that have a surrogate, by kind. */
  get made(): ReadonlyMap<string, number> {
    return counted(this.#made)
  }

  /** Values of the same kinds that have none: the range is used up, or has nothing of their form. */
  get missed(): ReadonlyMap<string, number> {
    return counted(this.#missed)
  }

  /** A text in the form of a value; null where there is none for it. */
  for(category: string, value: string): string | null {
    const range = surrogateRanges.get(category)
    if (range === undefined || !this.#options.kinds.has(category)) return null
    const [, before = '', inner = '', after = ''] =
      range.shape === 'digits' ? (aroundCharacters.exec(value) ?? []) : [value, '', value, '']
    const whole = range.shape === 'digits' && before.includes('+') ? `+${inner}` : inner
    const surrogate = this.#options.book.surrogates.of(category, inner) ?? this.#make(range, inner, whole)
    const noted = surrogate === null ? this.#missed : this.#made
    const values = noted.get(category) ?? new Set()
    noted.set(category, values.add(inner))
    return surrogate === null ? null : before + surrogate + after
  }

  #make(range: SurrogateRange, inner: string, whole: string): string | null {
    const { book, stops } = this.#options
    const { category } = range
    const choice = range.forValue(whole)
    if (choice === null) return null
    const { size, at } = choice
    const rest = `${category} ${size}`
    if (this.#usedUp.has(rest)) return null
    const canonical = canonicalOf(category, inner)
    const owner = `${category}\0${canonical}`
    const first = book.numberBy(`surrogate\0${owner}`)
    for (let tried = 0; tried < mostTried; tried += 1) {
      const text = at((first + tried) % size).replace(/^\+/, '')
      const isSaid = this.#saidOf(range).has(innermost(range, text))
      if (isSaid || foldedBy(range.shape, text) === foldedBy(range.shape, inner)) continue
      if (stops.some((stop) => text.includes(stop)) || !book.surrogates.isFree(range, text, owner)) continue
      book.add({ token: text, category, value: inner, isSurrogate: true })
      return text
    }
    this.#usedUp.add(rest)
    return null
  }

  #saidOf(range: SurrogateRange): ReadonlySet<string> {
    let said = this.#said.get(range)
    if (said === undefined) {
      said = new Set(Iterator.from(this.#options.saidLike(range.form)).map((text) => foldedBy(range.shape, text)))
      this.#said.set(range, said)
    }
    return said
  }
}

const none: ReadonlyMap<string, number> = new Map()

function counted(values: ReadonlyMap<string, ReadonlySet<string>>): ReadonlyMap<string, number> {
  return values.size === 0 ? none : new Map([...values].map(([kind, { size }]) => [kind, size]))
}
