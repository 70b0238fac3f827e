const firstHalf = /^[\ud800-\udbff]$/

/** The first `limit` UTF-16 code units of the text at most, one less where that would leave half a character. */
export function cutText(text: string, limit: number): string {
  const kept = text.slice(0, limit)
  return kept.length < text.length && firstHalf.test(kept.slice(-1)) ? kept.slice(0, -1) : kept
}
