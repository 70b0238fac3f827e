/** What is said behind an answer that leaves with what its profile lets pass with a note. */
export function noteFor(categories: Iterable<string>): string {
  return `\n\n> Note: this answer may hold ${[...categories].sort().join(', ')}.\n`
}
