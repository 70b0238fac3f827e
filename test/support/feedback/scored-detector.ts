import type { Filter, FilterFinding, FilterPart } from '../../../src/filters/filter.ts'

/** A detector of toxicity for which texts say themselves how harmful they are: `score 0.62`. */
export function createScoredDetector(): Filter {
  const inspectAtOnce = (parts: readonly FilterPart[]): readonly FilterFinding[] =>
    parts.flatMap(({ text }, part) =>
      Array.from(text.matchAll(/score (0\.\d{1,3}|1)/g), ({ index, 0: whole, 1: score }): FilterFinding => {
        const at = { part, start: index, end: index + whole.length }
        return { ...at, category: 'toxicity', score: Number(score), detector: 'scored@1' }
      }),
    )
  return {
    name: 'scored@1',
    categories: ['toxicity'],
    onFailure: 'closed',
    inspect: async (parts) => inspectAtOnce(parts),
    inspectAtOnce,
  }
}
