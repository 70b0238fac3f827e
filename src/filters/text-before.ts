/** What stands right before a place of a text, at most so many characters of it. */
export const textBefore = (text: string, at: number, length: number): string => text.slice(Math.max(0, at - length), at)
