/** Of words with one blank between them. */
export function setOf(words: string): ReadonlySet<string> {
  return new Set(words.split(' '))
}
