/**
 * A text as it is compared with another one, where spaces, line ends, escapes, kinds of quotation marks and what cannot be seen
 * make no difference: code that stood in a cell of a table, in JSON or in a notebook is the same code.
 */
export function compactText(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[\s\\\p{Cf}]+/gu, '')
    .replaceAll(/["'`‘’“”]+/g, '"')
}

const escape = /&#\d{1,7};|&#x[\da-f]{1,6};|&(?:lt|gt|amp|quot|apos);|\\u[\da-f]{4}|\\u\{[\da-f]{1,6}\}|\\x[\da-f]{2}/gi
const named: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"', apos: "'" }

/** The same of a text that was read, with that beside it which its escapes of HTML and of JSON stand for, where it has any. */
export function compactRead(text: string): string {
  const plain = text.replaceAll(escape, (whole) => {
    const character = named[whole.slice(1, -1).toLowerCase()]
    if (character !== undefined) return character
    const code = Number.parseInt(whole.replaceAll(/[&#;\\{}ux]/gi, ''), /^&#\d/.test(whole) ? 10 : 16)
    return code > 0x10_ff_ff ? whole : String.fromCodePoint(code)
  })
  return plain === text ? compactText(text) : `${compactText(text)}\n${compactText(plain)}`
}
