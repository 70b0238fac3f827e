import { hash } from 'node:crypto'
import { onceUntilFailure } from '../../../concurrency/once-until-failure.ts'
import type { TokenizerName } from '../../../core/model-call.ts'

/** The most tokens that a text is. */
export type CountText = (text: string) => number

/** Counts tokens of a text in which nothing stands for a token of control. */
type Encoding = (text: string) => number

/** Characters that are counted at a time, about, and at most: what is longer without a place to cut it counts by its bytes. */
const [usualPiece, longestPiece] = [512, 1_024]
/** Pieces whose count is remembered, by their digest: most of a conversation was in the call before. */
const mostKept = 20_000
/**
 * Short words whose count is remembered as they are: of many callers together, and nobody's sentences. One of thirteen letters
 * would keep all of the text that it is cut from, in V8.
 */
const [longestWord, mostWords] = [12, 8_192]
/** For the texts of one call; what is left then counts by its bytes. */
const budgetMilliseconds = 5

const noSpecials = { allowedSpecial: new Set<string>(), disallowedSpecial: new Set<string>() }

/** Words that the library keeps with their tokens, of each encoding: of its own it would keep a hundred thousand of our callers'. */
const mostMerged = 1_000

const encodings: Readonly<Record<TokenizerName, () => Promise<Encoding>>> = {
  o200k_base: async () => {
    const { countTokens, setMergeCacheSize } = await import('gpt-tokenizer/encoding/o200k_base')
    setMergeCacheSize(mostMerged)
    return (text) => countTokens(text, noSpecials)
  },
  cl100k_base: async () => {
    const { countTokens, setMergeCacheSize } = await import('gpt-tokenizer/encoding/cl100k_base')
    setMergeCacheSize(mostMerged)
    return (text) => countTokens(text, noSpecials)
  },
}

interface Opened {
  readonly encoding: Encoding
  /** Of pieces, by their digest. */
  readonly counts: Map<string, number>
  readonly words: Map<string, number>
}

const opened: Readonly<Record<TokenizerName, () => Promise<Opened>>> = {
  o200k_base: onceUntilFailure(() => open('o200k_base')),
  cl100k_base: onceUntilFailure(() => open('cl100k_base')),
}

async function open(name: TokenizerName): Promise<Opened> {
  const encoding = await encodings[name]()
  return { encoding, counts: new Map(), words: new Map() }
}

/**
 * Loads what texts will be counted by, once each; null needs nothing. A tokenizer holds the event loop for a tenth of a second
 * and 75 MB: whoever makes the first call should not wait for it.
 */
export async function prepareCounting(names: readonly (TokenizerName | null)[]): Promise<void> {
  await Promise.all([...new Set(names)].map(async (name) => (name === null ? null : await opened[name]())))
}

/** By bytes: a tokenizer of bytes makes no more of any text. */
export const countBytes: CountText = (text) => Buffer.byteLength(text)

/**
 * Counts the texts of one call as the model's own tokenizer does, which has been prepared or is loaded with the
 * first. The event loop is held for a few milliseconds at most, whatever the texts are: what would take longer counts by its
 * bytes, which are never fewer.
 * `elapsed`: milliseconds since any fixed point.
 */
export async function textCounter(name: TokenizerName, elapsed = (): number => performance.now()): Promise<CountText> {
  const { encoding, counts, words } = await opened[name]()
  const until = elapsed() + budgetMilliseconds
  const countWord = (word: string): number => {
    const known = words.get(word)
    if (known !== undefined) return known
    const count = encoding(word)
    if (word.length > longestWord) return count
    if (words.size >= mostWords) words.clear()
    words.set(word, count)
    return count
  }
  const countPiece = (piece: string): number => {
    if (piece.length > longestPiece) return countBytes(piece)
    const digest = piece.length < 64 ? null : hash('sha256', piece, 'base64')
    const known = digest === null ? undefined : counts.get(digest)
    if (known !== undefined) return known
    if (elapsed() > until) return countBytes(piece)
    const count = countWords(piece, countWord)
    if (digest === null) return count
    const [oldest] = counts.size < mostKept ? [] : counts.keys()
    if (oldest !== undefined) counts.delete(oldest)
    counts.set(digest, count)
    return count
  }
  return (text) => {
    let count = 0
    for (const piece of piecesOf(text)) count += countPiece(piece)
    return count
  }
}

/**
 * Between a letter or a digit and what is neither: there a token of these encodings always ends, whose patterns take a mark
 * or an apostrophe along and nothing else.
 */
const boundary = /(?<=[\p{L}\p{N}])(?=[^\p{L}\p{N}\p{M}'’])/gu

/** The sum of the words of a text: it is cut at every boundary between characters of ASCII. */
function countWords(text: string, count: (word: string) => number): number {
  let [sum, start, wasInWord] = [0, 0, false]
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at)
    const isInWord = code < 128 && isLetterOrDigit[code] === 1
    if (wasInWord && !isInWord && code < 128 && code !== apostrophe) {
      sum += count(text.slice(start, at))
      start = at
    }
    wasInWord = isInWord
  }
  return start < text.length ? sum + count(text.slice(start)) : sum
}

const apostrophe = 0x27
const isLetterOrDigit = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9]/.test(String.fromCodePoint(code)) ? 1 : 0,
)

/** A text in pieces that together are as many tokens as the whole. */
export function* piecesOf(text: string): Generator<string> {
  let start = 0
  while (text.length - start > longestPiece) {
    boundary.lastIndex = start + usualPiece
    const end = boundary.exec(text)?.index ?? text.length
    yield text.slice(start, end)
    start = end
  }
  if (start < text.length) yield text.slice(start)
}
