import { globSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { rolloutStages } from '../../../../../src/core/tuning.ts'
import {
  adviceHere,
  amountText,
  problemHere,
  pointText,
  rateText,
  stageText,
  stepsFrom,
} from '../../../../../src/web/pages/tune/words.ts'
import { ProblemError } from '../../../../../src/web/api/problem.ts'
import { amount, point, rate, unknownAmount, unknownRate } from '../../../../support/web/tune-points.ts'

describe('numbers of the page', () => {
  it('have their interval, with as many digits as say something', () => {
    expect(rateText(rate(0.1234, 0.0812, 0.17))).toBe('12 % (8.1–17 %)')
    expect(rateText(rate(0.0004, 0, 0.002))).toBe('0.04 % (0–0.2 %)')
    expect(rateText(rate(0.48, 0.48, 0.48))).toBe('48 %')
    expect(amountText(amount(23.4, 17.2, 1_030))).toBe('23 (17–1,030)')
  })

  it('are not known where labels say too little, and say between what they lie where something is known', () => {
    expect(rateText(unknownRate(0, 1))).toBe('not known')
    expect(rateText(unknownRate(0.2, 1))).toBe('not known (20–100 %)')
    expect(amountText(unknownAmount(0, 1_000))).toBe('not known')
    expect(amountText(unknownAmount(0, 36.2))).toBe('not known (0–36)')
  })

  it('are heard of the slider in one sentence', () => {
    const of = { false_positives: amount(20.2, 10, 30), missed: unknownAmount(0, 9) }
    expect(pointText(point({ threshold: 0.615, per_thousand: of }))).toBe(
      '0.615: of 1,000 requests 20 false positives, not known missed',
    )
  })
})

describe('stages of a rollout', () => {
  it('are said in words, each of them, and have steps until their end', () => {
    for (const stage of rolloutStages) expect(stageText(stage)).not.toBe(stage)
    expect(rolloutStages.filter((stage) => stepsFrom(stage).length === 0)).toEqual(['rolled-back', 'stopped'])
    expect(stepsFrom('shadow')).not.toContain('promotion')
  })
})

describe('advice of the service', () => {
  it('names the buttons of the page where it names commands, of each of them', () => {
    const sources = globSync(['src/feedback/**/*.ts', 'src/service/tuning/*.ts']).map((path) =>
      readFileSync(path, 'utf8'),
    )
    const commands = sources.flatMap((text) => text.match(/"sallyport tuning [^"]+"/g) ?? [])
    expect(commands.length).toBeGreaterThan(8)
    expect(commands.map(adviceHere).filter((said) => said.includes('sallyport'))).toEqual([])
    const advice = 'Draw more with "sallyport tuning queue --kind audit" and label them.'
    const problem = new ProblemError('The set has no label.', {
      code: 'few-labels',
      status: 409,
      advice,
      requestId: 'r',
    })
    expect(problemHere(problem)).toMatchObject({
      message: 'The set has no label.',
      advice: 'Draw more with “Draw other decisions” under “Queue and labels” and label them.',
      requestId: 'r',
    })
    expect(problemHere(null)).toBeNull()
  })
})
