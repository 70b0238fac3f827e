import { checkQuotations, type Quotation } from './quotations/check-quotations.ts'
import { GrowingWordList, type WordList } from './quotations/word-list.ts'
import { KnownWords } from './novel/known-words.ts'
import { novelSentences } from './novel/novel-sentences.ts'
import { saidTokens, type SaidToken } from './novel/novel-tokens.ts'

/** What answers are held against. */
export interface IndexedDocuments {
  readonly documents: readonly WordList[]
  readonly ownWords: readonly WordList[]
  readonly known: KnownWords
}

/** UTF-16 units that are read at once, some milliseconds of work. */
const pieceLength = 6_000

/**
 * Reads texts, a piece with each step, so that whoever drives it can let others go first. `ownWords`: what else of the request an answer may
 * repeat.
 */
export function* indexDocuments(
  documents: readonly string[],
  ownWords: readonly string[],
): Generator<void, IndexedDocuments> {
  const known = new KnownWords()
  const lists: WordList[] = []
  for (const text of [...documents, ...ownWords]) {
    const list = new GrowingWordList()
    for (const { piece, offset } of piecesOf(text)) {
      list.add(piece, offset)
      known.add(piece)
      yield
    }
    lists.push(list)
  }
  return { documents: lists.slice(0, documents.length), ownWords: lists.slice(documents.length), known }
}

/** Pieces that end with a line, a sentence or a word, whichever there is. */
function* piecesOf(text: string): Generator<{ readonly piece: string; readonly offset: number }> {
  for (let offset = 0; offset < text.length;) {
    const window = text.slice(offset, offset + pieceLength)
    const isLast = offset + pieceLength >= text.length
    const end = isLast ? window.length : endOfPiece(window)
    yield { piece: window.slice(0, end), offset }
    offset += end
  }
}

function endOfPiece(window: string): number {
  for (const stop of ['\n', '. ', ' ']) {
    const at = window.lastIndexOf(stop)
    if (at > window.length / 2) return at + stop.length
  }
  return window.length
}

/** What of an answer stands in the documents. */
export interface DocumentGrounding {
  readonly quotations: readonly Quotation[]
  /** Outside quotations; those of doubted sentences are left out where they are new. */
  readonly tokens: readonly SaidToken[]
  /** Sentences whose words are new for the most part. */
  readonly sentences: readonly { readonly start: number; readonly end: number }[]
  /** The share of new words, 0 to 1; null where the answer says too little. */
  readonly novelty: number | null
  /** Is something behind the limits left out? */
  readonly isCut: boolean
}

/** UTF-16 units of one answer that are checked. */
const mostCharacters = 40_000

/** Holds an answer against documents. It finds words and figures, not what they mean: whoever says the contrary in the same words is not found. */
export function groundInDocuments(answer: string, { documents, ownWords, known }: IndexedDocuments): DocumentGrounding {
  const text = answer.slice(0, mostCharacters)
  const { quotations, isCut } = checkQuotations(text, documents, ownWords)
  const overlaps = (one: { start: number; end: number }, other: { start: number; end: number }): boolean =>
    one.start < other.end && other.start < one.end
  const said = saidTokens(text, known)
  const { sentences, novelty } = novelSentences(text, known)
  const doubted = sentences.filter(
    (sentence) => sentence.isDoubted && !quotations.some((quotation) => overlaps(quotation, sentence)),
  )
  const tokens = said.tokens.filter(
    (token) =>
      !quotations.some((quotation) => overlaps(quotation, token)) &&
      !doubted.some((sentence) => overlaps(sentence, token)),
  )
  return {
    quotations,
    tokens,
    sentences: doubted.map(({ start, end }) => ({ start, end })),
    novelty,
    isCut: isCut || said.isCut || answer.length > mostCharacters,
  }
}
