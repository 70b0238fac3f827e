import type { DisguisedFigure } from '../figures/disguised-figures.ts'
import type { GroundingMark } from '../grounding.ts'

/** What is told of a figure that is written so that nothing could be compared with it. */
export function disguisedMark(answer: string, { start, end }: DisguisedFigure): GroundingMark {
  return {
    start,
    end,
    text: answer.slice(start, end),
    kind: 'disguised',
    verdict: 'unsupported',
    sources: [],
    sourceCount: 0,
    how: null,
    expected: null,
    coincidence: null,
    reason: 'It is written so that a reader sees other digits than a program: it was not compared.',
  }
}
