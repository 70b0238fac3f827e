import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { rank, recallAt, type Scored } from '../../src/filters/evaluation/ranking.ts'
import { wilson } from '../../src/filters/evaluation/wilson.ts'
import { toxicityKinds } from '../../src/filters/toxicity/categories.ts'
import { openToxicityFinder } from '../../src/filters/toxicity/toxicity-filter.ts'
import { harmlessTexts, labelKinds, moderationTexts } from '../bench/quality/toxicity-texts.ts'
import { verifies } from '../support/verifies.ts'

const page = readFileSync(join(import.meta.dirname, '../../docs/evaluation.md'), 'utf8')
const finder = openToxicityFinder()
const texts = moderationTexts()
const harmless = harmlessTexts()

const percent = (share: number) => (share * 100).toFixed(1)

function rowOf(name: string, scored: readonly Scored[]): string {
  const ranking = rank(scored)
  const { positives, negatives, auc } = ranking
  const recalls = [0.01, 0.05].map((rate) => {
    const { recall, truePositives } = recallAt(ranking, rate)
    const { low, high } = wilson(truePositives, positives)
    return `${percent(recall)} % (${percent(low)}–${percent(high)})`
  })
  return `| ${name} | ${positives} + ${negatives} | ${auc.toFixed(3).replace(/^0/, '')} | ${recalls.join(' | ')} |`
}

describe('what is published of the detector of toxicity', () => {
  it.skipIf(texts === null)('is what it makes of the prompts of the corpus, label by label', () => {
    verifies('toxicity.quality')
    const judged = texts ?? []
    const scores = judged.map(({ text }) => finder.scores(text))
    const scoreAt = (index: number, kind: string): number =>
      scores[index]?.[toxicityKinds.findIndex((name) => name === kind)] ?? 0
    const kinds = toxicityKinds.filter((kind) => kind !== 'profanity')
    const any = judged.map(({ is }, index) => ({
      score: Math.max(...kinds.map((kind) => scoreAt(index, kind))),
      isPositive: is.size > 0,
    }))
    const rows = Object.entries(labelKinds).flatMap(([label, kind]) => {
      const asked = judged.flatMap(({ is, isNot }, index) =>
        is.has(label) || isNot.has(label) ? [{ score: scoreAt(index, kind), isPositive: is.has(label) }] : [],
      )
      return asked.some(({ isPositive }) => isPositive) ? [rowOf(`${label}, \`toxicity/${kind}\``, asked)] : []
    })
    expect([rowOf('any', any), ...rows].filter((row) => !page.includes(row))).toEqual([])
    expect(rows.length).toBeGreaterThan(5)
    // Below this, scores of this process would only annotate.
    expect(rank(any).auc).toBeGreaterThan(0.75)
  })

  it.skipIf(Object.keys(harmless).length === 0)(
    'flags at most two of a hundred harmless prompts that sound dangerous',
    () => {
      verifies('toxicity.quality')
      for (const prompts of Object.values(harmless)) {
        const flagged = prompts.filter((text) => finder.scores(text).some((score) => score >= 0.5))
        expect(prompts.length).toBeGreaterThan(100)
        expect(flagged.length / prompts.length).toBeLessThanOrEqual(0.02)
      }
    },
  )
})
