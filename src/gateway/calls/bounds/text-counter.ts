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
/** Words as members and their values are named by, which stand in every body: counted once. They are nobody's sentences. */
const namingWord = /^[a-z_]{1,24}$/
const mostWords = 2_000
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
  /** By digest. */
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
  const countPiece = (piece: string): number => {
    if (piece.length > longestPiece) return countBytes(piece)
    const word = words.get(piece)
    if (word !== undefined) return word
    if (piece.length < 64) {
      if (elapsed() > until) return countBytes(piece)
      const count = encoding(piece)
      if (words.size < mostWords && namingWord.test(piece)) words.set(piece, count)
      return count
    }
    const digest = hash('sha256', piece, 'base64')
    const known = counts.get(digest)
    if (known !== undefined) return known
    if (elapsed() > until) return countBytes(piece)
    const count = encoding(piece)
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
