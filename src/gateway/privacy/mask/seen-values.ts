import type { BodyText } from './body-texts.ts'
import type { DetectedValue, ReplacedValue } from './mask-body.ts'

/** What a detector has seen somewhere, whatever became of it, and how sure it is: never what it was. */
export interface SeenValue extends ReplacedValue {
  /** 0 to 1. */
  readonly score: number
}

/** All that detectors have seen in the texts of a body, by place. */
export function seenIn(
  found: readonly DetectedValue[],
  texts: readonly Pick<BodyText, 'path'>[],
): readonly SeenValue[] {
  return found.flatMap(({ part, category, score }) => {
    const path = texts[part]?.path
    return score === undefined || path === undefined ? [] : [{ path, category, score }]
  })
}
