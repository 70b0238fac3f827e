import { createRandom } from '../../support/random.ts'
import { attributedAnswers } from '../../support/grounding/documents/attributed-answers.ts'
import { quotationCases } from '../../support/grounding/documents/quotation-cases.ts'
import {
  areaUnderCurve,
  isMarked,
  scoreAnswers,
  type ScoredAnswer,
} from '../../support/grounding/documents/score-documents.ts'
import { interval } from '../intervals.ts'

/** Answers of models over a passage, and made quotations of such passages. */
export function documents(): void {
  const answers = attributedAnswers()
  if (answers === null) return
  const scored = scoreAnswers(answers)
  console.log(
    `\nNew words tell answers that are not attributable from those that are: AUC ${areaUnderCurve(scored).toFixed(3)}`,
  )
  const [right, wrong] = [true, false].map((of) => scored.filter(({ isAttributable }) => isAttributable === of)) as [
    ScoredAnswer[],
    ScoredAnswer[],
  ]
  const rows = [0.01, 0.02, 0.05, 0.1].map((rate) => {
    const most =
      right.map(({ novelty }) => novelty).toSorted((one, other) => other - one)[Math.floor(rate * right.length)] ?? 1
    return Object.assign(
      { 'novelty above': most.toFixed(2) },
      shares(right, wrong, ({ novelty }) => novelty > most),
    )
  })
  console.table([
    ...rows,
    { 'novelty above': '(marks, as shipped)', ...shares(right, wrong, ({ isMarked: marked }) => marked) },
  ])
  const cases = quotationCases(
    answers.map(({ document }) => document),
    createRandom(5),
  )
  console.log(`\n${cases.length} quotations of ${new Set(answers.map(({ document }) => document)).size} passages:`)
  console.table(
    [...Map.groupBy(cases, ({ kind, isRight }) => `${isRight ? 'right' : 'wrong'}: ${kind}`)].map(([quoted, each]) => ({
      quoted,
      marked: interval(each.filter(isMarked).length, each.length),
    })),
  )
}

function shares(right: readonly ScoredAnswer[], wrong: readonly ScoredAnswer[], is: (answer: ScoredAnswer) => boolean) {
  return {
    'not attributable': interval(wrong.filter(is).length, wrong.length),
    'attributable all the same': interval(right.filter(is).length, right.length),
  }
}
