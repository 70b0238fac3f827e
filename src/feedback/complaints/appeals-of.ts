import { appealsPath } from '../../core/complaints.ts'
import type { FeedbackOptions } from '../options.ts'

/** Where callers may object to what a filter did; undefined where nothing is taken of them. */
export function appealsOf({
  feedback,
}: {
  readonly feedback: Pick<FeedbackOptions, 'complaints'>
}): string | undefined {
  return feedback.complaints === null ? undefined : appealsPath
}
