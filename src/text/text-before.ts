/** The characters of a text before a place, no more than so many: all that a pattern which ends there has to see. */
export function textBefore(text: string, at: number, most: number): string {
  return text.slice(Math.max(0, at - most), at)
}
