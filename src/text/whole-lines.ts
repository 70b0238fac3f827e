/**
 * The whole lines at the beginning of a text, at most so many characters. A value is never cut in two: whoever looks for
 * addresses, numbers or keys in what is left would not know a half one. A block of a key is in it whole, or not at all.
 */
export function wholeLines(text: string, maximumCharacters: number): string {
  if (text.length <= maximumCharacters) return text
  const lines = linesBefore(text, text.lastIndexOf('\n', maximumCharacters))
  const opened = lines.lastIndexOf('-----BEGIN ')
  return opened > lines.lastIndexOf('-----END ') ? linesBefore(lines, lines.lastIndexOf('\n', opened)) : lines
}

function linesBefore(text: string, end: number): string {
  return text.slice(0, Math.max(0, end))
}
