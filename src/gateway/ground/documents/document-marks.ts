import type { JsonValue } from '../../../core/json.ts'
import { isDoubtful } from '../../../core/answer-grounding.ts'
import type { DocumentGrounding } from '../../../grounding/ground-in-documents.ts'
import type { QuotedPlace } from '../../../grounding/quotations/check-quotations.ts'
import { cutText } from '../../../text/cut-text.ts'
import { doubtfulMarks, headingsOfDocuments } from '../../../text/doubtful-marks.ts'
import type { GivenDocument } from './given-documents.ts'

/** A stretch of a document. */
interface DocumentPlace {
  /** From 1, as in the request. */
  readonly document: number
  readonly id: string | null
  readonly title: string | null
  /** Offsets in its text, in UTF-16 units. */
  readonly start: number
  readonly end: number
}

/** Something of an answer that was held against documents. Marks are in the order of the answer and do not overlap. */
export interface DocumentMark {
  /** Offsets in the model's words, in UTF-16 units. */
  readonly start: number
  readonly end: number
  readonly text: string
  /** `quotation`, `statement`, `name`, `identifier`, or what kind of figure it is. */
  readonly kind: string
  readonly verdict: 'document' | 'contradicted' | 'unsupported'
  /** Where it stands, or something else does. */
  readonly place: DocumentPlace | null
  /** What the document has in its place; null where that is not known. */
  readonly expected: string | null
  readonly reason: string
}

/** What of an answer the documents of its request bear out. */
export interface AnswerInDocuments {
  readonly marks: readonly DocumentMark[]
  /** The share of its words that carry what it says which neither a document nor the request has, 0 to 1; null where it says nothing. */
  readonly novelty: number | null
  /** Has a model judged its sentences? null where none was asked. */
  readonly isJudged: boolean | null
  /** Sentences for readers about what was left out of the check. */
  readonly notes: readonly string[]
}

const longestExpected = 300

/** The marks of what was found in an answer. */
export function marksOf(
  answer: string,
  { quotations, tokens, sentences }: DocumentGrounding,
  documents: readonly GivenDocument[],
): readonly DocumentMark[] {
  const quoted = quotations.map((quotation): DocumentMark => {
    const { start, end } = quotation
    const about = { start, end, text: answer.slice(start, end), kind: 'quotation' }
    if (quotation.verdict === 'missing') {
      const reason = 'It stands in no document in these words.'
      return { ...about, verdict: 'unsupported', place: null, expected: null, reason }
    }
    const place = placeOf(quotation.place, documents)
    if (quotation.verdict === 'found') {
      const reason = `It stands in ${nameOf(place)}, from character ${place.start}.`
      return { ...about, verdict: 'document', place, expected: null, reason }
    }
    const words = documents[quotation.place.text]?.text.slice(place.start, place.end) ?? ''
    const expected = words.length > longestExpected ? `${cutText(words, longestExpected - 1)}…` : words
    const reason = `${nameOf(place).replace(/^d/, 'D')} has other words: “${expected.replaceAll(/\s+/g, ' ')}”.`
    return { ...about, verdict: 'contradicted', place, expected, reason }
  })
  const doubted = (
    { start, end }: { readonly start: number; readonly end: number },
    kind: string,
    reason: string,
  ): DocumentMark => ({
    start,
    end,
    text: answer.slice(start, end),
    kind,
    verdict: 'unsupported',
    place: null,
    expected: null,
    reason,
  })
  const nowhere = 'Neither a document nor the request has it.'
  const novel = tokens.flatMap((token) => (token.isKnown ? [] : [doubted(token, token.kind, nowhere)]))
  const others = sentences.map((sentence) =>
    doubted(sentence, 'statement', 'Most of its words are in no document and not in the request.'),
  )
  return [...quoted, ...novel, ...others].toSorted((one, other) => one.start - other.start)
}

/** Marks with those of a judge, which go over smaller ones that say no more. */
export function withJudged(marks: readonly DocumentMark[], judged: readonly DocumentMark[]): readonly DocumentMark[] {
  const overlaps = (one: DocumentMark, other: DocumentMark): boolean => one.start < other.end && other.start < one.end
  const surer = marks.filter(({ verdict }) => verdict === 'contradicted')
  const added = judged.filter((mark) => !surer.some((other) => overlaps(mark, other)))
  const left = marks.filter((mark) => !added.some((other) => overlaps(mark, other)))
  return [...left, ...added].toSorted((one, other) => one.start - other.start)
}

function placeOf({ text, start, end }: QuotedPlace, documents: readonly GivenDocument[]): DocumentPlace {
  return { document: text + 1, id: documents[text]?.id ?? null, title: documents[text]?.title ?? null, start, end }
}

export const nameOf = ({ document, title }: Pick<DocumentPlace, 'document' | 'title'>): string =>
  title === null ? `document ${document}` : `document ${document} (${cutText(title.replaceAll(/\s+/g, ' '), 60)})`

export const doubtsOf = ({ marks }: Pick<AnswerInDocuments, 'marks'>): readonly DocumentMark[] =>
  marks.filter(isDoubtful)

/** What is doubted, in Markdown behind the words; null where nothing is, and nobody has to be told that nothing was judged. */
export function doubtsInMarkdown({ marks, isJudged, notes }: AnswerInDocuments): string | null {
  const doubts = doubtfulMarks({ marks, unfilled: [], notes: [] }, headingsOfDocuments)
  const unjudged =
    isJudged === false ? notes.filter((note) => note.startsWith('Not judged')).map((note) => `> ${note}`) : []
  const parts = [...(doubts === null ? [] : [doubts]), ...unjudged]
  return parts.length === 0 ? null : parts.join('\n>\n')
}

/** The member `grounding` of `sallyport` in an answer. */
export function inDocumentsJson({ marks, novelty, isJudged, notes }: AnswerInDocuments): JsonValue {
  return {
    basis: 'documents',
    novelty: novelty === null ? null : Math.round(novelty * 1_000) / 1_000,
    ...(isJudged === null ? {} : { judged: isJudged }),
    marks: marks.map(({ start, end, text, kind, verdict, expected, reason, place }) => ({
      start,
      end,
      text,
      kind,
      verdict,
      expected,
      reason,
      documents: place === null ? [] : [{ ...place }],
    })),
    notes: [...notes],
  }
}
