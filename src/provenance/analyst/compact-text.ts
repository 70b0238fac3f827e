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
