import { directionOverrides } from './hidden-characters.ts'

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

/** What no page may hold, or a reader would not see: controls but tabs and line feeds, what turns the order of text, halves of pairs. */
const unshown = new RegExp(`(?![\\t\\n])\\p{Cc}|\\p{Cs}|[${directionOverrides}]`, 'gu')

/** Text in HTML, also between quotes of an attribute: no character of it means anything to the page. */
export function htmlText(text: string): string {
  return text
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(unshown, '')
    .replaceAll(/[&<>"']/g, (sign) => escapes[sign] ?? '')
}
