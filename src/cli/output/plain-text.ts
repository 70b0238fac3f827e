/**
 * Text for a terminal without what could drive it: escape sequences move the cursor, rewrite what was shown, set the
 * clipboard; bidirectional overrides make a text read as another. Line breaks and tabs stay.
 */
export function plainText(text: string): string {
  return (
    text
      .replaceAll('\r\n', '\n')
      // oxlint-disable-next-line no-control-regex -- control characters are exactly what is looked for
      .replaceAll(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '\u{fffd}')
      .replaceAll(/[\u202a-\u202e\u2066-\u2069]/g, '')
  )
}

/** One line of it, cut at `width`. */
export function plainLine(text: string, width: number): string {
  const line = plainText(text).replaceAll(/\s+/g, ' ').trim()
  return line.length > width ? `${line.slice(0, Math.max(0, width - 1))}…` : line
}
