import {
  groundInDocuments,
  indexDocuments,
  type DocumentGrounding,
} from '../../../../src/grounding/ground-in-documents.ts'
import type { AttributedAnswer } from './attributed-answers.ts'
import type { QuotationCase } from './quotation-cases.ts'

/** What is found of an answer over documents. */
export function groundedIn(
  answer: string,
  documents: readonly string[],
  ownWords: readonly string[],
): DocumentGrounding {
  const reading = indexDocuments(documents, ownWords)
  for (;;) {
    const step = reading.next()
    if (step.done === true) return groundInDocuments(answer, step.value)
  }
}

export interface ScoredAnswer {
  readonly isAttributable: boolean
  /** 0 for an answer that says nothing. */
  readonly novelty: number
  readonly isMarked: boolean
}

export function scoreAnswers(answers: readonly AttributedAnswer[]): readonly ScoredAnswer[] {
  return answers.map(({ answer, document, question, isAttributable }) => {
    const { novelty, tokens, sentences, quotations } = groundedIn(answer, [document], [question])
    const isMarked =
      sentences.length > 0 ||
      tokens.some(({ isKnown }) => !isKnown) ||
      quotations.some(({ verdict }) => verdict !== 'found')
    return { isAttributable, novelty: novelty ?? 0, isMarked }
  })
}

/** Is the quotation of the case marked? */
export const isMarked = ({ answer, documents }: QuotationCase): boolean =>
  groundedIn(answer, documents, []).quotations.some(({ verdict }) => verdict !== 'found')

/** How often one that is not attributable has more new words than one that is. */
export function areaUnderCurve(scored: readonly ScoredAnswer[]): number {
  const [right, wrong] = [true, false].map((of) => scored.filter(({ isAttributable }) => isAttributable === of))
  let sum = 0
  for (const one of wrong ?? [])
    for (const other of right ?? []) sum += one.novelty > other.novelty ? 1 : one.novelty === other.novelty ? 0.5 : 0
  return sum / ((right?.length ?? 0) * (wrong?.length ?? 0))
}
