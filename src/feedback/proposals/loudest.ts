import type { LabelledScore } from '../../core/tuning.ts'

/** The caller of most of the labelled decisions that were wrongly acted on, and which share of these that is. */
export interface LoudestCaller {
  readonly principal: string
  readonly share: number
}

/**
 * Who sends many harmless texts that are just blocked moves a rate of traffic without a complaint: a sample shows what was
 * sent most. So whoever decides about a threshold is told when one caller is behind it. Null where nothing was wrong, or
 * the texts are of a file.
 */
export function loudestCaller(items: readonly LabelledScore[], threshold: number): LoudestCaller | null {
  const wrong = items.filter(
    ({ source, truth, score }) => source !== 'import' && truth === 'harmless' && score >= threshold,
  )
  const byPrincipal = Map.groupBy(wrong, ({ principal }) => principal)
  const [first] = [...byPrincipal].toSorted(
    ([name, one], [otherName, other]) => other.length - one.length || (name < otherName ? -1 : 1),
  )
  return first === undefined ? null : { principal: first[0], share: first[1].length / wrong.length }
}
