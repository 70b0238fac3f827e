/** What of a clipboard is read; a DataTransfer has more. */
export interface Pasted {
  readonly files: ArrayLike<File>
  getData(type: string): string
}

/** What is said with a table that was pasted. */
export const pastedNote =
  'What you pasted is a table, and was taken as a file. To have it as words, leave it out and paste with Ctrl, Shift and V.'

/** Files of a paste: those that were copied, or a table of a spreadsheet as one. Empty where it is words, which go where they were pasted. */
export function filesOfPaste(pasted: Pasted): { readonly files: readonly File[]; readonly isTable: boolean } {
  const words = pasted.getData('text/plain')
  // A spreadsheet puts a picture of its cells beside them.
  if (words === '') return { files: Array.from(pasted.files), isTable: false }
  if (!isTable(words, pasted.getData('text/html'))) return { files: [], isTable: false }
  const file = new File([words], 'pasted-table.tsv', { type: 'text/tab-separated-values' })
  return { files: [file], isTable: true }
}

/** Cells of a spreadsheet or of a table on a page: two rows and two columns at least. Words without markup are words. */
function isTable(words: string, markup: string): boolean {
  if (!/<table[\s>]/i.test(markup)) return false
  const lines = words.split(/\r?\n/).filter((line) => line.trim() !== '')
  const withColumns = lines.filter((line) => line.includes('\t')).length
  // A line break within a cell makes lines without one.
  return lines.length > 1 && lines[0]?.includes('\t') === true && withColumns * 2 >= lines.length
}
