import { fold } from '../words/tokens.ts'

/**
 * The words of a text, with what makes another figure of a number: what texts have in common that differ in case, accents, blanks, marks of
 * quotation, dashes and stops alone.
 */
export interface WordList {
  readonly words: readonly string[]
  /** Offsets of each word in the text, in UTF-16 units. */
  readonly starts: readonly number[]
  readonly ends: readonly number[]
  /** All words with a blank before and behind each: ` the first word `. */
  readonly joined: string
  /** Where each word begins in `joined`. */
  readonly places: readonly number[]
}

/** What nobody sees: soft hyphens, joiners, marks of order. */
const unseen = '\\u00ad\\u200b-\\u200f\\u2060\\ufeff'
const inWords = new RegExp(`[${unseen}]`, 'gu')
/** A minus stands before a figure and behind no word; a percent sign or a currency changes what a figure is. */
const piece = new RegExp(
  `(?<![\\p{L}\\p{N}])[-−–](?=\\p{N})|\\p{N}+(?:[.,]\\p{N}+)*|[\\p{L}\\p{M}][\\p{L}\\p{M}${unseen}]*|[%‰$€£¥]`,
  'gu',
)

/** The words of a text that comes in pieces, none of which ends inside a word. */
export class GrowingWordList implements WordList {
  readonly words: string[] = []
  readonly starts: number[] = []
  readonly ends: number[] = []
  readonly places: number[] = []
  #place = 1
  #joined: string | null = null

  get joined(): string {
    return (this.#joined ??= ` ${this.words.join(' ')} `)
  }

  /** `offset`: where in the whole text the piece begins. */
  add(text: string, offset: number): void {
    this.#joined = null
    for (const { 0: found, index } of text.matchAll(piece)) {
      const word = /^[-−–]$/u.test(found) ? '-' : fold(found.replaceAll(inWords, ''))
      this.words.push(word)
      this.starts.push(offset + index)
      this.ends.push(offset + index + found.length)
      this.places.push(this.#place)
      this.#place += word.length + 1
    }
  }
}

export function wordList(text: string): WordList {
  const list = new GrowingWordList()
  list.add(text, 0)
  return list
}

/** Where these words stand in a list, from its word `from` on: the number of the first; -1 where they do not. */
export function indexOfWords(list: WordList, words: readonly string[], from = 0): number {
  const at = list.joined.indexOf(` ${words.join(' ')} `, (list.places[from] ?? list.joined.length) - 1)
  return at < 0 ? -1 : wordAt(list.places, at + 1)
}

/** The same among so many words from `from` on, where a longer look would cost too much. */
export function indexWithin({ words }: WordList, asked: readonly string[], from: number, most: number): number {
  for (let at = from; at <= from + most && at + asked.length <= words.length; at += 1) {
    if (asked.every((word, index) => word === words[at + index])) return at
  }
  return -1
}

function wordAt(places: readonly number[], place: number): number {
  let [low, high] = [0, places.length - 1]
  while (low < high) {
    const middle = (low + high) >> 1
    if ((places[middle] ?? 0) < place) low = middle + 1
    else high = middle
  }
  return low
}
