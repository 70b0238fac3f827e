/** Has it letters, marks and spaces alone? Control characters and halves of pairs cannot be kept by every storage. */
export function isPrintable(text: string): boolean {
  return text.isWellFormed() && !/\p{Cc}/u.test(text)
}
