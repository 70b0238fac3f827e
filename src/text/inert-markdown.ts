/** Where a link of Markdown may lead; everything else becomes text. */
const harmlessTarget = /^(?:https?:\/\/|mailto:|#)/i
/** Whatever some reader takes for the end of a line: with one that is not seen here, a span of code is whole here and two lines there. */
const lineEnd = /\r\n?|[\n\v\f\u0085\u2028\u2029]/
const fence = /^ {0,3}(`{3,}|~{3,})/

/**
 * Markdown that shows what it says and does nothing: tags are text, pictures are links, and links lead to web pages and
 * addresses of mail only, and formulas are text. Code stays as it is, in fenced blocks and in spans that no
 * reader takes for a link. For text that somebody else opens, in a program
 * that makes more of Markdown than a terminal does.
 */
export function inertMarkdown(text: string): string {
  const lines: string[] = []
  let open: string | null = null
  for (const line of text.split(lineEnd)) {
    const [, mark = ''] = fence.exec(line) ?? []
    if (open !== null) {
      if (closes(line, open)) open = null
      lines.push(line)
    } else if (mark !== '' && !(mark.startsWith('`') && line.slice(line.indexOf(mark) + mark.length).includes('`'))) {
      open = mark
      lines.push(mark + inertLine(line.slice(line.indexOf(mark) + mark.length)))
    } else {
      lines.push(inertLine(line))
    }
  }
  // A fence that was left open would take what stands behind the text for code.
  if (open !== null) lines.push(open)
  return lines.join('\n')
}

function closes(line: string, open: string): boolean {
  const [, mark = ''] = fence.exec(line) ?? []
  return mark.startsWith(open) && line.trim() === mark
}

/** An address that a reader makes a link of by itself, with whatever follows it up to a space. */
const address = /(?:\/\/|www\.|@)\S*$/i

/** A span of code that ends in its line stays; one that does not is taken for text, so that nothing hides in it. */
function inertLine(line: string): string {
  let done = ''
  let text = ''
  for (let at = 0; at < line.length;) {
    const [mark = ''] = /^(?:\\.|`+|[^\\`]+|\\)/s.exec(line.slice(at)) ?? []
    const isCode = mark.startsWith('`') && !address.test(line.slice(0, at))
    const end = isCode ? closingRun(line, at + mark.length, mark.length) : -1
    if (end < 0 || leadsAway(line.slice(at, end))) {
      // Such a mark, and one without its partner, opens nothing here, and may not in the line that follows.
      text += mark.startsWith('`') ? mark.replaceAll('`', '&#96;') : mark
      at += mark.length
    } else {
      done += inertText(text) + line.slice(at, end)
      text = ''
      at = end
    }
  }
  return done + inertText(text)
}

/**
 * Does a span of code lead somewhere? Readers like marked, which notebooks use, look for links before they look for code: "[``](javascript:x``)"
 * and "[[`]](javascript:x`)" are links to them, and code to others.
 */
const leadsAway = (code: string): boolean =>
  [...code.matchAll(/\]\(\s*([^)\s]*)/g)].some(([, target = '']) => !harmlessTarget.test(target))

/** Where the span of code ends that so many marks have opened; -1 where it does not. */
function closingRun(line: string, from: number, length: number): number {
  for (const { 0: run, index } of line.slice(from).matchAll(/`+/g)) {
    if (run.length === length) return from + index + length
  }
  return -1
}

/** Commands of formulas that make links, elements of a page, or load more commands. */
const formulaCommands = /\\(?=(?:href|url|style|class|cssId|require|html\w*|data|begin)\b)/g

/** By references to characters, which mean the character and nothing else, whatever stands before them. */
function inertText(text: string): string {
  return text
    .replaceAll('$', '&#36;')
    .replaceAll(formulaCommands, '\\ ')
    .replaceAll(/<(?=[a-z/!?])/gi, '&lt;')
    .replaceAll(/!(?=\[)/g, '&#33;')
    .replaceAll(/\](?=(\(|:)?\s*([^)\s]*))/g, (whole, mark: string | undefined, target: string) =>
      mark !== undefined && harmlessTarget.test(target) ? whole : '&#93;',
    )
}
