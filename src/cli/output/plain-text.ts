import { directionMarks } from '../../text/hidden-characters.ts'

const directionMark = new RegExp(`[${directionMarks}]`, 'gu')

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
      .replaceAll(directionMark, '')
  )
}

/** One line of it, cut at `width`. */
export function plainLine(text: string, width: number): string {
  const line = plainText(text).replaceAll(/\s+/g, ' ').trim()
  if (line.length <= width) return line
  // The first half of a character is none.
  return `${line.slice(0, Math.max(0, width - 1)).replace(/[\ud800-\udbff]$/, '')}…`
}

/** Colours and weights of text, which is all that what is written to a terminal may set. */
// oxlint-disable-next-line no-control-regex -- ESC begins such a sequence
const styles = /(\u001b\[[\d;]{0,40}m)/

/**
 * Styled text as it may reach a terminal: everything but our own styles is treated as in `plainText`, so that no caller
 * can forget to.
 */
export function styledText(text: string): string {
  return text
    .split(styles)
    .map((part, index) => (index % 2 === 1 ? part : plainText(part)))
    .join('')
}
