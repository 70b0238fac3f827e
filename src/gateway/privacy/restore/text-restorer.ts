import { findNumbers } from '../tokens/number-places.ts'
import { charactersBefore, type Spelling, type Spellings } from '../tokens/spellings.ts'
import type { TokenBook, TokenEntry } from '../tokens/token-book.ts'
import { LinkGuard, type TextForm } from './link-guard.ts'
import { textBefore } from '../../../text/text-before.ts'

export interface RestoreOptions {
  /** The values that may come back: those of the request's own body, and of the conversation that it continues. */
  readonly book: TokenBook
  readonly spellings: Spellings
  readonly form: TextForm
  /** Knows what stands before the text, where its reader puts it behind another one; a new one where nothing does. */
  readonly guard?: LinkGuard
  /** Told of each token that was read, and whether its value was put there. */
  readonly onToken?: (entry: TokenEntry, outcome: 'restored' | 'left') => void
}

/** A name of a host goes on in no more than 63 letters, behind which its dot and the next name decide. */
const hostBehind = /[\p{L}\p{N}_-]{0,63}[.。．｡][\p{L}\p{N}]/uy
/** What stands before the @ of an address of mail. */
const mailBehind = /[\p{L}\p{N}._+-]{0,63}/uy
/** One of these says something together with the letter that follows: a dot of other scripts, and an escape of JSON. */
const goesOn = /[。．｡\\]/u
const halfLetter = /[\ud800-\udbff]/

/** Where what stands behind a token ends, as far as it decides whether the token is a part of an address. */
function behindEnd(text: string, end: number): number {
  hostBehind.lastIndex = end
  if (hostBehind.test(text)) return hostBehind.lastIndex
  mailBehind.lastIndex = end
  const behind = end + (mailBehind.exec(text)?.[0].length ?? 0)
  const decided = behind + (goesOn.test(text.charAt(behind)) ? 2 : 1)
  return halfLetter.test(text.charAt(decided - 1)) ? decided + 1 : decided
}

/**
 * Puts values in the place of their tokens in a text that comes in pieces. However it is cut, what comes out together is
 * the same. What cannot be decided yet is held: at most the longest spelling of a token and a word behind it.
 */
export class TextRestorer {
  readonly #options: RestoreOptions
  readonly #guard: LinkGuard
  /** The last characters that were decided on: a token does not begin behind a letter. */
  #before = ''
  #held = ''

  constructor(options: RestoreOptions) {
    this.#options = options
    this.#guard = options.guard ?? new LinkGuard(options.form)
  }

  get holds(): boolean {
    return this.#held !== ''
  }

  /** The next piece: returns what is decided. */
  push(piece: string): string {
    return this.#restore(piece, false)
  }

  /** The rest, when nothing comes any more. */
  end(): string {
    return this.#restore('', true)
  }

  #restore(piece: string, isWhole: boolean): string {
    const { book, spellings } = this.#options
    if (book.size === 0) return piece
    const text = this.#before + this.#held + piece
    const from = this.#before.length
    const found = spellings.find(text, { from, isWhole, form: this.#options.form })
    const numbers = findNumbers(text, { from, isWhole, book })
    const surrogates = book.surrogates.find(text, { from, isWhole, form: this.#options.form })
    let undecided = Math.min(found.undecided, numbers.undecided, surrogates.undecided)
    let at = from
    let restored = ''
    for (const place of inOrder(
      found.spellings.map((spelling) => meantBy(spelling, book.meant(spelling))),
      [...surrogates.places, ...numbers.places],
    )) {
      if (place.start >= undecided) break
      if (place.start < at) continue
      if (!isWhole && behindEnd(text, place.end) > text.length) {
        undecided = place.start
        break
      }
      const between = text.slice(at, place.start)
      this.#guard.read(between)
      restored += between + this.#valueAt(place, text)
      this.#guard.readToken(text.slice(place.start, place.end))
      at = place.end
    }
    const rest = text.slice(at, undecided)
    this.#guard.read(rest)
    this.#held = text.slice(undecided)
    this.#before = textBefore(text, undecided, charactersBefore)
    return restored + rest
  }

  #valueAt({ start, end, entry, value }: Place, text: string): string {
    const { form, onToken } = this.#options
    if (entry !== null && !this.#guard.isAddress(text.slice(end, behindEnd(text, end)))) {
      onToken?.(entry, 'restored')
      return form === 'json' ? JSON.stringify(value).slice(1, -1) : value
    }
    if (entry !== null) onToken?.(entry, 'left')
    return text.slice(start, end)
  }
}

/** A stretch of a text that reads as a token or a surrogate, and what it stands for; null where it stands for nothing. */
interface Place {
  readonly start: number
  readonly end: number
  readonly entry: TokenEntry | null
  readonly value: string
}

function meantBy({ start, end }: Spelling, entry: TokenEntry | null): Place {
  return { start, end, entry, value: entry?.value ?? '' }
}

/** Those of tokens, which are in order, and others. */
function inOrder(ofTokens: readonly Place[], others: readonly Place[]): readonly Place[] {
  return others.length === 0 ? ofTokens : [...ofTokens, ...others].sort((one, other) => one.start - other.start)
}

/** The whole of a text restored. */
export function restoreText(text: string, options: RestoreOptions): string {
  if (options.book.size === 0) return text
  const restorer = new TextRestorer(options)
  return restorer.push(text) + restorer.end()
}

/** Every token of a text has its value, wherever it stands: for what goes to no renderer and to nobody else. */
export function restoreLetters(text: string, { book, spellings, form, onToken }: RestoreOptions): string {
  if (book.size === 0) return text
  const written = (value: string): string => (form === 'json' ? JSON.stringify(value).slice(1, -1) : value)
  const numbers = findNumbers(text, { book }).places
  const tokens = spellings.find(text, { form }).spellings.map((spelling) => meantBy(spelling, book.meant(spelling)))
  const places = inOrder(tokens, [...book.surrogates.find(text, { form }).places, ...numbers])
  let restored = ''
  let at = 0
  for (const { start, end, entry, value } of places) {
    if (entry === null || start < at) continue
    onToken?.(entry, 'restored')
    restored += text.slice(at, start) + written(value)
    at = end
  }
  return restored + text.slice(at)
}
