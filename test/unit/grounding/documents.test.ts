import { describe, expect, it } from 'vitest'
import { createRandom } from '../../support/random.ts'
import { attributedAnswers } from '../../support/grounding/documents/attributed-answers.ts'
import { quotationCases } from '../../support/grounding/documents/quotation-cases.ts'
import { areaUnderCurve, isMarked, scoreAnswers } from '../../support/grounding/documents/score-documents.ts'
import { verifies } from '../../support/verifies.ts'

const answers = attributedAnswers()

describe.skipIf(answers === null)('answers of models over a passage', () => {
  it('have more new words where they are not attributable, and marks on nearly none that are', () => {
    verifies('grounding.documents')
    const scored = scoreAnswers(answers ?? [])
    expect(areaUnderCurve(scored)).toBeGreaterThan(0.85)
    const marked = (of: boolean) => {
      const all = scored.filter(({ isAttributable }) => isAttributable === of)
      return all.filter((each) => each.isMarked).length / all.length
    }
    expect(marked(true)).toBeLessThan(0.03)
    expect(marked(false)).toBeGreaterThan(0.25)
  })

  it('quote rightly or not, and are marked where they do not', () => {
    verifies('grounding.quotations')
    const passages = (answers ?? []).slice(0, 120).map(({ document }) => document)
    const cases = quotationCases(passages, createRandom(5))
    const share = (isRight: boolean) => {
      const all = cases.filter((each) => each.isRight === isRight)
      return all.filter(isMarked).length / all.length
    }
    expect(share(true)).toBeLessThan(0.02)
    expect(share(false)).toBeGreaterThan(0.97)
  })
})
