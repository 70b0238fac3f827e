/** Letters that end a text, escaped or not: the beginning of a word of which a detector saw the end. */
const escapedWord = /(?:[\p{L}\p{N}._+-]|\\u[0-9a-f]{4})*$/iu

/**
 * Where a value begins in a JSON text of which the stretch from `from` on begins with no escape: not within one. An escape
 * that stands for a letter belongs to the value with its whole word; a line break ends before it.
 */
export function outsideEscapes(text: string, at: number, from: number): number {
  const before = text.slice(from, at)
  if (!isCutEscape(before)) return at
  const start = from + before.lastIndexOf('\\')
  const [escape = ''] = /^\\(?:u[0-9a-f]{4}|.)/i.exec(text.slice(start, start + 6)) ?? []
  if (!/[\p{L}\p{N}]/u.test(unescaped(escape))) return start + escape.length
  return from + text.slice(from, start).search(escapedWord)
}

/** Does a JSON text end within an escape? */
function isCutEscape(text: string): boolean {
  return /(?<!\\)(?:\\\\)*\\(?:u[0-9a-f]{0,3})?$/i.test(text)
}

/** A stretch of a JSON text without its escapes; as it is where it begins or ends within one. */
export function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string
  } catch {
    return text
  }
}

/** Where a text that begins with no escape may be cut, at a place or before the escape that it is in. */
export function beforeEscape(text: string, at: number): number {
  const before = text.slice(0, at)
  return isCutEscape(before) ? before.lastIndexOf('\\') : at
}
