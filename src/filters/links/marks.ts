/** Part of a text that is disarmed. */
export interface Mark {
  readonly start: number
  readonly end: number
  readonly category: string
}

/** Every match of a pattern. */
export function marks(text: string, pattern: RegExp, category: string): Mark[] {
  return [...text.matchAll(pattern)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
    category,
  }))
}
