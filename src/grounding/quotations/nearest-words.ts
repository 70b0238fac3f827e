import { indexOfWords, type WordList } from './word-list.ts'

/** Places that are compared word by word, and how often three words in a row are looked for. */
const mostPlaces = 4
const mostHits = 60
/** Longer passages are compared by so many of their words. */
const mostWords = 120
/** Of the words that a quotation and its place have in common, for it to be meant. */
const leastCommon = 0.7

/** Words of a list, by number; `last` is one of them. */
export interface WordSpan {
  readonly first: number
  readonly last: number
}

/** What a passage was meant to be, where it is quoted wrongly: the place that has most of its words in their order; null where none has nearly all. */
export function nearestWords(list: WordList, passage: readonly string[]): WordSpan | null {
  const asked = passage.slice(0, mostWords)
  const [best] = placesOf(list, asked)
    .map((place) => commonAt(list, asked, place))
    .toSorted((one, other) => other.common - one.common)
  return best === undefined || best.common < leastCommon * asked.length ? null : best.span
}

/** Where the passage would begin by three, or two, words in a row that it shares with the list; most often found first. */
function placesOf(list: WordList, passage: readonly string[]): readonly number[] {
  const votes = new Map<number, number>()
  let hits = 0
  const length = passage.length < 6 ? 2 : 3
  for (let at = 0; at + length <= passage.length && hits < mostHits; at += 1) {
    const words = passage.slice(at, at + length)
    for (let found = indexOfWords(list, words); found >= 0 && hits < mostHits;) {
      hits += 1
      const place = Math.max(0, found - at)
      votes.set(place, (votes.get(place) ?? 0) + 1)
      found = indexOfWords(list, words, found + 1)
    }
  }
  return [...votes]
    .toSorted(([, one], [, other]) => other - one)
    .slice(0, mostPlaces)
    .map(([place]) => place)
}

/** How many words of the passage stand there in their order, and over which words of the list. */
function commonAt(
  { words }: WordList,
  passage: readonly string[],
  place: number,
): { readonly common: number; readonly span: WordSpan } {
  const first = Math.max(0, place - 3)
  const there = words.slice(first, place + passage.length + 4)
  const rows: Uint16Array[] = [new Uint16Array(there.length + 1)]
  for (const [at, word] of passage.entries()) {
    const [above, row] = [rows[at] as Uint16Array, new Uint16Array(there.length + 1)]
    for (const [column, other] of there.entries()) {
      row[column + 1] = word === other ? (above[column] ?? 0) + 1 : Math.max(above[column + 1] ?? 0, row[column] ?? 0)
    }
    rows.push(row)
  }
  let [row, column] = [passage.length, there.length]
  let [begin, end] = [first, -1]
  const common = rows[row]?.[column] ?? 0
  while (row > 0 && column > 0) {
    if (passage[row - 1] === there[column - 1]) {
      column -= 1
      row -= 1
      begin = first + column
      if (end < 0) end = begin
    } else if ((rows[row - 1]?.[column] ?? 0) >= (rows[row]?.[column - 1] ?? 0)) row -= 1
    else column -= 1
  }
  return { common, span: { first: begin, last: Math.max(begin, end) } }
}
