/** Edits between two short words: inserted, left out, replaced, or swapped with their neighbour (Damerau-Levenshtein). */
export function distance(left: string, right: string): number {
  let before: readonly number[] = []
  let previous: readonly number[] = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let row = 1; row <= left.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= right.length; column += 1) {
      const isSame = left[row - 1] === right[column - 1]
      const isSwapped = left[row - 1] === right[column - 2] && left[row - 2] === right[column - 1]
      current.push(
        Math.min(
          (previous[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (previous[column - 1] ?? 0) + (isSame ? 0 : 1),
          isSwapped && row > 1 && column > 1 ? (before[column - 2] ?? 0) + 1 : Infinity,
        ),
      )
    }
    ;[before, previous] = [previous, current]
  }
  return previous[right.length] ?? 0
}

/** Longest word or candidate that is compared, in UTF-16 code units. */
const longest = 100

/**
 * The candidate that a person most likely meant, null when none is near: at most a third of the word may differ. Whoever
 * shows it repeats it, so candidates are names that the reader may see.
 */
export function closest(word: string, candidates: readonly string[]): string | null {
  if (word.length > longest) return null
  const limit = Math.max(1, Math.floor(word.length / 3))
  const near = candidates
    .filter((candidate) => candidate.length <= longest)
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ edits }) => edits <= limit)
    .sort((left, right) => left.edits - right.edits)
  return near[0]?.candidate ?? null
}
