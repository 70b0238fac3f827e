import type { ContentVerdict } from '../../filters/pipeline/pipeline.ts'
import { moreFinal, type FilterAction, type FilterDecision } from '../../filters/profile.ts'

/** A verdict of only some of its decisions. A block stays one: once it was certain nobody was asked for the rest. */
export function onlyThose(verdict: ContentVerdict, decisions: readonly FilterDecision[]): ContentVerdict {
  if (verdict.action === 'block') return { ...verdict, decisions }
  return { ...verdict, decisions, action: decisions.reduce(moreFinalOf, 'allow') }
}

const moreFinalOf = (action: FilterAction, { effective }: FilterDecision): FilterAction => moreFinal(action, effective)

/** Does the text stay, without what was found in it? */
export const masksSpan = (effective: FilterAction): boolean => effective === 'mask'
