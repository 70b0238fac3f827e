import { describe, expect, it } from 'vitest'
import { createOwnCheck } from '../../support/grounding/own-check.ts'
import { evaluationSet, halves } from '../../support/grounding/evaluation-sets.ts'
import { calibrate } from '../../support/grounding/calibration.ts'
import { createRandom } from '../../support/random.ts'
import { score, sumOfTallies, type Tally } from '../../support/grounding/score.ts'
import { verifies } from '../../support/verifies.ts'

const rate = ({ hits, total }: Tally) => hits / total

describe('marks of figures', () => {
  it.each(halves)('stand at mutants and not at true figures, over tables %s', { timeout: 120_000 }, (half) => {
    verifies('grounding.mutants')
    const { answers, mutants } = evaluationSet(half, 40)

    const scored = score(createOwnCheck(), answers, mutants)

    expect(rate(sumOfTallies(scored.mutants.values()))).toBeGreaterThanOrEqual(0.9)
    expect(rate(sumOfTallies(scored.falseMarks.values()))).toBeLessThanOrEqual(0.05)
    expect(rate(scored.bound)).toBeGreaterThanOrEqual(0.9)
  })

  it('say how likely a coincidence is, near to how often there is one', { timeout: 120_000 }, () => {
    verifies('grounding.coincidence')
    const { answers } = evaluationSet('looked at', 40)

    const sizes = calibrate(answers, 2, createRandom(7))
    const sumOf = (rate: 'printed' | 'measured') => sizes.reduce((sum, size) => sum + size[rate] * size.figures, 0)
    const figures = sizes.reduce((sum, size) => sum + size.figures, 0)

    expect(figures).toBeGreaterThan(30)
    expect(Math.abs(sumOf('printed') - sumOf('measured')) / figures).toBeLessThanOrEqual(0.1)
  })
})
