import type { Filter } from '../filter.ts'
import { createTextFilter } from '../text-filter.ts'
import { toxicityCategories } from './categories.ts'
import { ToxicityFinder } from './find-toxicity.ts'
import { Lexicon, readEntries } from './lexicon.ts'
import { readModel } from './model.ts'
import type { SaidWords } from './words.ts'

const modelFile = new URL('./toxicity.model', import.meta.url)
const lexiconFile = new URL('./lexicon.txt', import.meta.url)

/** The detector's own model and lexicon, read anew. */
export function openToxicityFinder(): ToxicityFinder {
  return new ToxicityFinder(readModel(modelFile), new Lexicon(readEntries(lexiconFile)))
}

/**
 * Harassment, hate, sexual text, self-harm, violence and profanity in English, by a lexicon with rules and a linear model. Texts
 * in other languages hold nothing that it knows but a few insults.
 */
export function createToxicityFilter(): Filter {
  let finder: ToxicityFinder | null = null
  // Most readings of a text have the same words, which one of them is enough for.
  const saidOf = new WeakMap<object, SaidWords[]>()
  return createTextFilter({
    name: 'toxicity@1',
    categories: toxicityCategories,
    onFailure: 'closed',
    minimumLength: 3,
    mayHold: () => true,
    readings: 'words',
    scan: (text, { look, isWanted }) => {
      let said = saidOf.get(look)
      if (said === undefined) saidOf.set(look, (said = []))
      // The model is read with the first text.
      finder ??= openToxicityFinder()
      return finder.find(text, said).filter(({ start, end }) => isWanted(start, end))
    },
  })
}
