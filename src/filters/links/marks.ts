/** Part of a text that is disarmed. */
export interface Mark {
  readonly start: number
  readonly end: number
  readonly category: string
  /** What stands in its place, where the category alone does not say it. */
  readonly instead?: string
  /** Is it about the same thing as one that was said before? Then it is counted with it. */
  readonly continues?: boolean
}

/** Every match of a pattern. */
export function marks(text: string, pattern: RegExp, category: string): Mark[] {
  return [...text.matchAll(pattern)].map(({ index, 0: { length } }) => ({
    start: index,
    end: index + length,
    category,
  }))
}
