import type { Filter, FilterFinding, FilterPart } from '../../../src/filters/filter.ts'

/** Words that stand for what a detector of toxicity finds, and how sure it is. */
const words: readonly { readonly word: string; readonly category: string; readonly score: number }[] = [
  { word: 'scurvyrogue', category: 'toxicity/harassment', score: 0.9 },
  { word: 'landlubber', category: 'toxicity/harassment', score: 0.6 },
  { word: 'blimey', category: 'toxicity/profanity', score: 0.8 },
  { word: 'walktheplank', category: 'toxicity/violence', score: 0.9 },
]

/** A detector of a few words, which looks at all of them in linear time and fails when told to. */
export function createWordDetector({ fails = () => false }: { readonly fails?: () => boolean } = {}): Filter {
  const inspectAtOnce = (parts: readonly FilterPart[]): readonly FilterFinding[] => {
    if (fails()) throw new Error('the detector of words has failed')
    return parts.flatMap(({ text }, part) =>
      words.flatMap(({ word, category, score }) =>
        Array.from(text.matchAll(new RegExp(word, 'gi')), ({ index }): FilterFinding => {
          return { part, start: index, end: index + word.length, category, score, detector: 'words@7' }
        }),
      ),
    )
  }
  return {
    name: 'words@7',
    categories: ['toxicity/harassment', 'toxicity/profanity', 'toxicity/violence'],
    onFailure: 'closed',
    inspect: async (parts) => inspectAtOnce(parts),
    inspectAtOnce,
  }
}
