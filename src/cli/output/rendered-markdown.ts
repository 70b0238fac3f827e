import type { Output } from '../terminal.ts'

/** Rows without a rule between them: a table of twenty rows fits on a screen. */
const tableOptions = { chars: { mid: '', 'mid-mid': '', 'left-mid': '', 'right-mid': '' }, style: { head: ['bold'] } }

/** Markdown for people: styled on a terminal with colour, else as it was written. The text is plain already. */
export async function renderMarkdown(text: string, output: Output): Promise<string> {
  if (!output.isTerminal || !output.colour) return `${text}\n`
  const [{ Marked }, { markedTerminal }] = await Promise.all([import('marked'), import('marked-terminal')])
  const marked = new Marked()
  marked.use(markedTerminal({ width: Math.min(output.width, 100), reflowText: false, tab: 2, tableOptions }))
  // A link shows where it leads: a terminal link could say one address and open another.
  marked.use({ renderer: { link: ({ href, text }) => (text === href ? href : `${text} (${href})`) } })
  return `${(await marked.parse(text)).trimEnd()}\n`
}
