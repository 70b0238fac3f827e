import type { TokenEntry } from '../tokens/token-book.ts'
import { endsWithEscape } from '../tokens/spellings.ts'
import { charactersOf, isBetweenDigits, writtenLike, type SurrogateRange } from './range.ts'
import { surrogateRanges } from './ranges.ts'
import { textBefore } from '../../../text/text-before.ts'

/** A surrogate that stands whole in a text, and what belongs in its place. */
export interface SurrogatePlace {
  readonly start: number
  readonly end: number
  readonly entry: TokenEntry
  /** The value: as it was written, or in the way in which the surrogate is written here. */
  readonly value: string
}

interface FindOptions {
  readonly from?: number
  /** Does nothing come behind the text? */
  readonly isWhole?: boolean
  readonly form?: 'prose' | 'json'
}

interface FoundSurrogates {
  readonly places: readonly SurrogatePlace[]
  /** Where the text begins that a surrogate could still be made of by what comes next; its length where there is none. */
  readonly undecided: number
}

interface Node {
  readonly next: Map<string, Node>
  /** Those that are written so, but for case and what is between digits: all of one value, the first one first. */
  readonly entries: TokenEntry[]
}

type Shape = SurrogateRange['shape']
type Whole = boolean | 'unfinished'

const shapes = ['digits', 'letters'] as const
const mostBetween = 2
const word = /[\p{L}\p{M}\p{N}_]/u
const digit = /\d/

const node = (): Node => ({ next: new Map(), entries: [] })

interface Live {
  readonly roots: Readonly<Record<Shape, Node>>
  readonly byValue: Map<string, TokenEntry>
  readonly texts: Set<string>
  /** Which value has what a surrogate is told by. */
  readonly owners: Map<string, string>
}

const nothingLive = (): Live => ({
  roots: { digits: node(), letters: node() },
  byValue: new Map(),
  texts: new Set(),
  owners: new Map(),
})

/** What all ways of writing one surrogate have in common. */
export function foldedBy(shape: Shape, text: string): string {
  const characters = shape === 'digits' ? charactersOf(text) : text
  return Array.from({ length: characters.length }, (_, at) => characters.charAt(at).toLowerCase()).join('')
}

/** The surrogate in a text of its range, without what says where in the world a number is dialled. */
export function innermost({ shape, form }: SurrogateRange, text: string): string {
  return foldedBy(shape, text.match(form)?.[0] ?? text)
}

/**
 * The surrogates that stand for values of one conversation, and where they are in a text. One is read only where it stands
 * whole, in any case, and digits with anything or nothing between them: one way for texts on their way in, in which it is
 * replaced like a value, and for answers.
 */
export class LiveSurrogates {
  /** Null until there is one: most conversations have none. */
  #live: Live | null = null

  get size(): number {
    return this.#live?.byValue.size ?? 0
  }

  entries(): Iterable<TokenEntry> {
    return this.#live?.byValue.values() ?? []
  }

  /** The surrogate of a value, null where there is none yet. */
  of(category: string, value: string): string | null {
    return this.#live?.byValue.get(`${category}\0${value}`)?.token ?? null
  }

  /** Could a text be told from all that stand for other values? `owner` is what spellings of the value have in common. */
  isFree(range: SurrogateRange, text: string, owner: string): boolean {
    const live = this.#live
    if (live === null) return true
    if (live.texts.has(text)) return false
    return namesOf(range, text).every((name) => (live.owners.get(name) ?? owner) === owner)
  }

  add(entry: TokenEntry, owner: string): void {
    const range = surrogateRanges.get(entry.category)
    if (range === undefined) return
    const live = (this.#live ??= nothingLive())
    live.byValue.set(`${entry.category}\0${entry.value}`, entry)
    live.texts.add(entry.token)
    for (const name of namesOf(range, entry.token)) live.owners.set(name, owner)
    let at = live.roots[range.shape]
    for (const character of foldedBy(range.shape, entry.token)) {
      let next = at.next.get(character)
      if (next === undefined) at.next.set(character, (next = node()))
      at = next
    }
    at.entries.push(entry)
  }

  /** Does one of them hold a stretch of a text, but for signs around it? */
  holds(text: string, start: number, end: number): boolean {
    if (this.size === 0) return false
    return this.find(text).places.some(
      (place) =>
        place.start < end &&
        start < place.end &&
        charactersOf(text.slice(start, place.start)) === '' &&
        charactersOf(text.slice(place.end, end)) === '',
    )
  }

  /** Those from `from` on, in their order; in `json` as its escapes have it. */
  find(text: string, { from = 0, isWhole = true, form = 'prose' }: FindOptions = {}): FoundSurrogates {
    const places: SurrogatePlace[] = []
    const roots = this.#live?.roots
    if (roots === undefined) return { places, undecided: text.length }
    for (let at = from; at < text.length; at += 1) {
      const character = text.charAt(at).toLowerCase()
      if (!shapes.some((shape) => roots[shape].next.has(character))) continue
      if (word.test(text.charAt(beforeMarks(text, at) - 1)) && !(form === 'json' && endsWithEscape(text, at))) continue
      const place = placeAt({ text, isWhole }, at, roots)
      if (place === 'unfinished') return { places, undecided: at }
      if (place === null) continue
      places.push(place)
      at = place.end - 1
    }
    return { places, undecided: text.length }
  }
}

function placeAt(looking: Looking, start: number, roots: Live['roots']): SurrogatePlace | null | 'unfinished' {
  let longest: SurrogatePlace | null = null
  for (const shape of shapes) {
    const place = walk(looking, start, { shape, root: roots[shape] })
    if (place === 'unfinished') return place
    if (place !== null && place.end > (longest?.end ?? 0)) longest = place
  }
  return longest
}

const namesOf = (range: SurrogateRange, text: string): readonly string[] => [
  `${range.shape} ${foldedBy(range.shape, text)}`,
  `${range.shape} ${innermost(range, text)}`,
]

interface Looking {
  readonly text: string
  readonly isWhole: boolean
}

/** The longest surrogate that begins here and ends whole. */
function walk(
  looking: Looking,
  start: number,
  { shape, root }: { readonly shape: Shape; readonly root: Node },
): SurrogatePlace | null | 'unfinished' {
  const { text, isWhole } = looking
  let longest: SurrogatePlace | null = null
  let between = 0
  let at = start
  for (let reached = root; ; at += 1) {
    if (at === text.length) return !isWhole && reached.next.size > 0 ? 'unfinished' : longest
    const character = text.charAt(at)
    const next = reached.next.get(character.toLowerCase())
    if (next === undefined) {
      if (shape === 'letters' || between === mostBetween || !isBetweenDigits(character)) return longest
      between += 1
      continue
    }
    between = 0
    reached = next
    const [entry] = reached.entries
    if (entry === undefined) continue
    const whole = isWholeAt(looking, { start, end: at + 1 }, entry)
    if (whole === 'unfinished') return whole
    if (whole) longest = placeOf(text.slice(start, at + 1), start, reached.entries)
  }
}

/** As it was written where the surrogate is to the letter; else the first spelling, its digits set as they are here. */
function placeOf(written: string, start: number, entries: readonly TokenEntry[]): SurrogatePlace | null {
  const [first] = entries
  if (first === undefined) return null
  const end = start + written.length
  const exact = entries.find(({ token }) => token === written)
  if (exact !== undefined) return { start, end, entry: exact, value: exact.value }
  const isSet = surrogateRanges.get(first.category)?.shape === 'digits'
  const value = (isSet ? writtenLike(written, charactersOf(first.value)) : null) ?? first.value
  return { start, end, entry: first, value }
}

/** What French writes before a name that begins with a vowel: `d'Anna`, `lorsqu'Anna`. */
const elided = /(?:(?<![\p{L}\p{M}\p{N}_])[cdjlmnst]|qu)['’]$/iu
/** The genitive behind a name, as far as it is there. */
const genitive = /^['’](?:$|s(?:$|[^\p{L}\p{M}\p{N}_]))/iu

/** The place before the marks of emphasis in Markdown that stand before a place, and the one behind those behind it. */
const beforeMarks = (text: string, at: number): number =>
  at - (/(?<!_)_{1,3}$/.exec(textBefore(text, at, 4))?.[0].length ?? 0)
const behindMarks = (text: string, at: number): number =>
  at + (/^_{1,3}(?!_)/.exec(text.slice(at, at + 4))?.[0].length ?? 0)

/** Is it no part of a longer word, number or address? */
function isWholeAt(
  { text, isWhole }: Looking,
  { start, end }: { readonly start: number; readonly end: number },
  { category, token }: TokenEntry,
): Whole {
  const range = surrogateRanges.get(category)
  const goesOn = range?.shape === 'digits' ? digit : word
  const joins = typeof range?.joins === 'function' ? range.joins(token) : (range?.joins ?? '')
  const isJoin = (character: string): boolean => character !== '' && joins.includes(character)
  if (isJoin(text.charAt(start - 1)) && goesOn.test(text.charAt(start - 2))) {
    if (!elided.test(textBefore(text, start, 4))) return false
  }
  const behindAll = behindMarks(text, end)
  const after = text.charAt(behindAll)
  if (after === '') return isWhole || 'unfinished'
  if (word.test(after)) {
    if (category !== 'pii/person' || behindAll > end || after.toLowerCase() !== 's') return false
    // The genitive of German is glued to the name: `Annas`.
    const beyond = text.charAt(end + 1)
    return beyond === '' ? isWhole || 'unfinished' : !word.test(beyond) && !isJoin(beyond)
  }
  if (behindAll > end || !isJoin(after)) return true
  const behind = text.slice(end, end + 3)
  if (genitive.test(behind)) return isWhole || behind.length === 3 || 'unfinished'
  return behind.length === 1 && !isWhole ? 'unfinished' : !goesOn.test(behind.charAt(1))
}
