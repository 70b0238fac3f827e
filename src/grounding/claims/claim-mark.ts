import type { GroundingMark } from '../grounding.ts'
import { sourcesOf } from '../readings/judge.ts'
import type { Trial } from '../readings/trial.ts'

/** A word without a figure that the rows bear out, or speak against. */
export interface Claim extends Pick<Trial, 'table' | 'column' | 'rows'> {
  readonly start: number
  readonly end: number
  readonly holds: boolean
  readonly how: string
  readonly expected: string
  /** How likely the word would hold for rows in another order. */
  readonly chance: number
}

export function claimMark(answer: string, claim: Claim): GroundingMark {
  const { start, end, holds, how, expected, chance } = claim
  return {
    start,
    end,
    text: answer.slice(start, end),
    kind: 'claim',
    verdict: holds ? 'computed' : 'contradicted',
    ...sourcesOf(claim),
    how,
    expected: holds ? null : expected,
    coincidence: holds ? chance : null,
    reason: holds ? `Computed again: ${how}.` : `Computed again: ${how}. It is ${expected}.`,
  }
}

/** Words right before that turn a claim around, or make it none. */
export const turned =
  /\b(?:not|no|never|neither|nor|without|hardly|if|whether|one of|among|at|second|third|fourth|fifth|\d(?:nd|rd|th)|n't)(?:[ -](?:the|have|has|had|been|a))?[ -]*$/i
