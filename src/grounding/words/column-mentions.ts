import { stemmer } from 'stemmer'
import type { Column } from '../tables/column.ts'
import type { IndexedTable } from '../tables/evidence.ts'
import { spoken, synonyms } from './column-words.ts'
import { stem, type Token } from './tokens.ts'

/** Words of a sentence that name a column of a table. */
export interface ColumnMention {
  readonly start: number
  readonly end: number
  /** One column, or several that these words fit alike. */
  readonly columns: readonly Column[]
  /** Of the words of its name, how many parts of one were said. */
  readonly share: number
}

const empty = new Set(
  'a an the of in on at to for and or by per with from as is are was were be it its this that'.split(' '),
)

/** Words that may stand inside the name of a column. */
const joining = new Set('a an the of in on per to for and'.split(' '))

const operationWords =
  /^(?:averag\w*|mean|avg|totals?|sums?|max\w*|min\w*|highest|lowest|numbers?|counts?|rates?|percent\w*|share\w*)$/

interface Vocabulary {
  readonly exact: ReadonlyMap<string, readonly Column[]>
  readonly alike: ReadonlyMap<string, readonly Column[]>
  /** By Porter's stems, which take more of a word away: "election" and "elected". */
  readonly nearly: ReadonlyMap<string, readonly Column[]>
  /** What was found for words that were asked for. */
  readonly known: Map<string, Named>
}

/** The columns that a word names, and whether it is one of their names, or one that stands for it. */
interface Named {
  readonly columns: readonly Column[]
  readonly isLoose: boolean
}

/** Words of longer answers are looked up again. */
const mostKnown = 5_000

const vocabularies = new WeakMap<IndexedTable, Vocabulary>()

function vocabularyOf(table: IndexedTable): Vocabulary {
  const known = vocabularies.get(table)
  if (known !== undefined) return known
  const exact = new Map<string, Column[]>()
  const alike = new Map<string, Column[]>()
  const nearly = new Map<string, Column[]>()
  const put = (map: Map<string, Column[]>, word: string, column: Column): void => {
    const columns = map.get(word) ?? []
    if (!columns.includes(column)) columns.push(column)
    map.set(word, columns)
  }
  for (const column of table.columns) {
    for (const word of column.words) {
      if (empty.has(word)) continue
      put(exact, word, column)
      put(alike, synonyms.get(word) ?? word, column)
      put(nearly, stemmer(word), column)
    }
  }
  const made = { exact, alike, nearly, known: new Map<string, Named>() }
  vocabularies.set(table, made)
  return made
}

/** The columns that words of these tokens name, in the order of the text. Words of values (`taken`) name no column. */
export function columnMentions(
  tokens: readonly Token[],
  table: IndexedTable,
  taken: (token: Token) => boolean,
): readonly ColumnMention[] {
  const vocabulary = vocabularyOf(table)
  const squashed = squashedHits(tokens, table)
  const hits = tokens.flatMap((token, at) => {
    if (taken(token)) return []
    const run = squashed.get(at)
    if (run !== undefined) return [{ at, token, columns: run }]
    const { columns, isLoose } = namedBy(token.text, vocabulary)
    return columns.length === 0 ? [] : [{ at, token, columns, isLoose }]
  })
  const mentions: ColumnMention[] = []
  let from = 0
  while (from < hits.length) {
    let to = from + 1
    while (to < hits.length && isJoined(tokens, hits[to - 1]?.at ?? 0, hits[to]?.at ?? 0)) to += 1
    mentions.push(...cut(hits.slice(from, to)))
    from = to
  }
  return mentions
}

/** Words whose beginnings make the name of a column: "life expectancy" of lifeexp, "GDP per capita" of gdppercap. */
function squashedHits(tokens: readonly Token[], table: IndexedTable): ReadonlyMap<number, readonly Column[]> {
  const found = new Map<number, readonly Column[]>()
  for (const column of table.columns) {
    const [name] = column.words
    if (name === undefined || column.words.length > 1 || name.length < 5) continue
    for (let from = 0; from < tokens.length; from += 1) {
      if (tokens[from]?.text[0] !== name[0]) continue
      const length = runOf(tokens, from, name)
      for (let at = from; at < from + length; at += 1) found.set(at, [...(found.get(at) ?? []), column])
    }
  }
  return found
}

/** How many tokens from one on make a name: each wholly, the last as far as the name goes. 0 for fewer than two. */
function runOf(tokens: readonly Token[], from: number, name: string): number {
  let place = 0
  for (let at = from; at < Math.min(tokens.length, from + 5); at += 1) {
    const word = tokens[at]?.text ?? ''
    const rest = name.slice(place)
    if (rest.length >= 2 && word.startsWith(rest)) return at > from ? at - from + 1 : 0
    if (word.length < 2 || !rest.startsWith(word)) return 0
    place += word.length
  }
  return 0
}

function namedBy(word: string, vocabulary: Vocabulary): Named {
  const known = vocabulary.known.get(word)
  if (known !== undefined) return known
  const columns = hitsOf(word, vocabulary)
  const made = { columns, isLoose: columns.length > 0 && !isNamedBy(word, vocabulary) }
  if (vocabulary.known.size < mostKnown) vocabulary.known.set(word, made)
  return made
}

/** What a word is looked up as, which is the same for each table. */
interface Forms {
  readonly stemmed: string
  /** The word that stands for it and those that mean the same. */
  readonly general: string
  readonly porter: string
  /** Names of what it says something of. */
  readonly spokenOf: readonly string[]
}

const formsOf = new Map<string, Forms>()
const longestKnown = 40

function formsFor(word: string): Forms {
  const known = formsOf.get(word)
  if (known !== undefined) return known
  const stemmed = stem(word)
  const made = {
    stemmed,
    general: synonyms.get(stemmed) ?? stemmed,
    porter: stemmer(word),
    spokenOf: spoken.get(stemmed) ?? spoken.get(stem(word.replace(/i?e(?:st|r)$/, ''))) ?? [],
  }
  if (word.length > longestKnown) return made
  if (formsOf.size >= mostKnown) formsOf.clear()
  formsOf.set(word, made)
  return made
}

function hitsOf(word: string, { exact, alike, nearly }: Vocabulary): readonly Column[] {
  if (empty.has(word)) return []
  const { stemmed, general, porter, spokenOf } = formsFor(word)
  const hit = exact.get(stemmed) ?? alike.get(general) ?? nearly.get(porter)
  if (hit !== undefined) return hit
  const named = spokenOf.flatMap((name) => alike.get(name) ?? [])
  if (named.length > 0) return [...new Set(named)]
  // "attend" is short for "attendance".
  if (word.length < 5) return []
  for (const [name, columns] of exact)
    if (
      name.length >= 3 &&
      (word.startsWith(name) ||
        (name.length > 5 &&
          stemmed.length >= 4 &&
          name.startsWith(stemmed) &&
          (stemmed.length >= 5 || name.length - stemmed.length <= 2)))
    )
      return columns
  // "readmissions" of readmitted.
  if (word.length < 8) return []
  for (const [name, columns] of exact) if (name.length >= 6 && sharedLead(name, word) >= 6) return columns
  return []
}

function sharedLead(left: string, right: string): number {
  let length = 0
  while (length < left.length && left[length] === right[length]) length += 1
  return length
}

function isJoined(tokens: readonly Token[], left: number, right: number): boolean {
  if (right - left > 3) return false
  for (let at = left + 1; at < right; at += 1) if (!joining.has(tokens[at]?.text ?? '')) return false
  return true
}

/** Is a word, or one that stands for it, one of a name? */
function isNamedBy(word: string, { exact, alike }: Vocabulary): boolean {
  const { stemmed, general } = formsFor(word)
  return exact.has(stemmed) || alike.has(general)
}

interface Hit {
  readonly token: Token
  /** Is it near a word of the name alone: "earn" for revenue? */
  readonly isLoose?: boolean
  readonly columns: readonly Column[]
}

/** Cuts words that stand together into the names of columns: the longest first. */
function cut(hits: readonly Hit[]): ColumnMention[] {
  const found: ColumnMention[] = []
  let from = 0
  while (from < hits.length) {
    let best: { to: number; columns: readonly Column[] } = { to: from + 1, columns: hits[from]?.columns ?? [] }
    let shared = best.columns
    for (let to = from + 2; to <= hits.length; to += 1) {
      const next = hits[to - 1]?.columns ?? []
      shared = shared.filter((column) => next.includes(column))
      if (shared.length === 0) break
      best = { to, columns: shared }
    }
    const words = new Set(hits.slice(from, best.to).map(({ token }) => stem(token.text))).size
    const sized = best.columns.map((column) => ({
      column,
      share: Math.min(1, words / Math.max(1, column.words.filter((word) => !empty.has(word)).length)),
    }))
    const most = Math.max(...sized.map(({ share }) => share))
    const columns = sized.filter(({ share }) => share === most).map(({ column }) => column)
    const isLoose = hits.slice(from, best.to).some((hit) => hit.isLoose === true)
    const isOperation =
      hits.slice(from, best.to).every(({ token }) => operationWords.test(token.text)) ||
      (best.to - from === 1 && /^\d{1,3}$/.test(hits[from]?.token.text ?? ''))
    // "average" by itself is no column of average prices, and "total" before the name of a column is what is asked of it.
    if (!isOperation || (most === 1 && best.to === hits.length))
      found.push({
        start: hits[from]?.token.start ?? 0,
        end: hits[best.to - 1]?.token.end ?? 0,
        columns,
        share: isLoose ? most * 0.9 : most,
      })
    from = best.to
  }
  return found
}
