import { unseen } from '../../text/hidden-characters.ts'

/** Spaces, tabs and line feeds stay as they are. */
const hidden = new RegExp(`(?![\\t\\n ])[${unseen}]`, 'gu')

/**
 * A text that somebody decides upon: nothing is left out, cut or folded, and each character that is not seen, or would turn the
 * order of others or drive the terminal, stands as its number: `<U+001B>`. Every line begins with `margin`, so that no line of
 * the text can pass for what is told of it.
 */
export function visibleText(text: string, margin: string): string {
  const seen = text.replaceAll(hidden, numberOf)
  return seen
    .split('\n')
    .map((line) => `${margin}${line}\n`)
    .join('')
}

function numberOf(character: string): string {
  return `<U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}>`
}
