/** Letters to change, add or drop between two words. */
function distance(left: string, right: string): number {
  let row = Array.from({ length: right.length + 1 }, (_, index) => index)
  for (let i = 1; i <= left.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= right.length; j += 1) {
      const change = (row[j - 1] ?? 0) + (left[i - 1] === right[j - 1] ? 0 : 1)
      next.push(Math.min(change, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1))
    }
    row = next
  }
  return row.at(-1) ?? 0
}

/** The candidate most like a word, null where none is near. Give it allowed names only: it repeats them. */
export function closest(word: string, candidates: readonly string[]): string | null {
  if (word.length > 100) return null
  const limit = Math.max(1, Math.floor(word.length / 3))
  const ranked = candidates
    .filter((candidate) => candidate.length <= 100)
    .map((candidate) => ({ candidate, steps: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ steps }) => steps <= limit)
    .sort((left, right) => left.steps - right.steps)
  return ranked[0]?.candidate ?? null
}

/** At most twelve names for a sentence: `"orders", "customers", … and 3 more`. */
export function listNames(names: readonly string[]): string {
  const shown = names.slice(0, 12).map((name) => `"${name}"`)
  const rest = names.length - shown.length
  return rest > 0 ? `${shown.join(', ')} and ${rest} more` : shown.join(', ')
}
