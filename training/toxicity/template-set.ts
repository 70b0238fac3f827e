import type { ToxicityKind } from '../../src/filters/toxicity/categories.ts'

/** Lines of one kind: what a text that is made of them is. Benign ones are of no kind. */
export interface TemplateSet {
  readonly name: string
  readonly kinds: readonly ToxicityKind[]
  /** `{class}` is a word of a class of the lexicon or of a list, `[a|b]` one of those. */
  readonly lines: readonly string[]
}
