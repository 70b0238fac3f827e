import type { ActionClaim } from '../../grounding/action-claims.ts'
import { headings } from '../../text/doubtful-marks.ts'

/** Whatever stands between the words of a heading, and in which capitals. */
const forged = new RegExp(
  headings
    .map((heading) =>
      heading
        .replace(/:$/, '')
        .split(' ')
        .join(String.raw`[\s\p{P}\p{S}\p{Cf}]{1,20}`),
    )
    .join('|'),
  'giu',
)

/** The reader knows by then. */
const most = 10

/**
 * Where an answer itself has what stands over the marks of an answer: a model repeats it from an earlier answer, or wants its reader to take a list of
 * its own for what was found.
 */
export function forgedMarks(words: string): readonly ActionClaim[] {
  return Iterator.from(words.matchAll(forged))
    .take(most)
    .map(({ index, 0: text }) => ({
      start: index,
      end: index + text.length,
      text,
      isDone: false,
      reason: 'The model has written this itself; what was found stands behind the answer alone',
    }))
    .toArray()
}
