/** Elements that a reader's program may hide, or may show no Markdown in, with all that stands behind their tag. */
const hiding =
  'audio|canvas|dialog|details|div|iframe|math|noembed|noframes|noscript|object|pre|script|section|select|span|style|svg|table|template|textarea|title|video|xmp'
const opening = /<!--|<!\[CDATA\[|<\?|<!(?=[a-z])|<\/?(?=[a-z])/gi
const element = new RegExp(`(?:${hiding})(?![\\w-])`, 'iy')
/** Any other one hides what stands in it by what its tag says. */
const otherElement =
  /(?!(?:area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr)(?![\w-]))[a-z][\w-]*/iy
const otherRest = /^(?:[^<>"']|"[^"]*"|'[^']*')*(?:>|(?<=\s[\w-]+\s*=\s*)["'](?![^]*["']))/
const longestOther = 1_000
/** Other tags without an end that are looked for; nobody writes so many. */
const mostUnended = 1_000
/** A tag up to its end; what stands between marks of quotation does not end it. */
const tagRest = /[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*/y
const ends: Readonly<Record<string, string>> = { '<!--': '-->', '<![cdata[': ']]>', '<?': '?>', '<!': '>' }
/** More of them are not closed. */
const mostOpen = 100
const fence = /^(`{3,}|~{3,})/

/**
 * What closes the comments, elements of HTML, blocks of code and of formulas that a text of Markdown leaves open, so that
 * what is put behind it is neither hidden nor read as a part of them; empty where nothing is open. HTML in code is not told
 * apart from other: it may be closed where nothing was open, which a reader sees, and nothing else comes of it.
 */
export function closingOf(text: string): string {
  const html = closingHtml(text)
  return html === '' ? closingFence(text) || closingFormula(text) : html
}

function closingHtml(text: string): string {
  const open: string[] = []
  let unended = 0
  const closing = (first = '') => [first, ...open.toReversed().map((name) => `</${name}>`)].join('')
  for (let at = 0; at < text.length;) {
    opening.lastIndex = at
    const found = opening.exec(text)
    if (found === null) break
    const [mark] = found
    at = found.index + mark.length
    const end = ends[mark.toLowerCase()]
    if (end !== undefined) {
      // `<!-->` is a whole comment.
      const closed = text.indexOf(end, mark === '<!--' ? at - 2 : at)
      if (closed < 0) return closing(end)
      at = closed + end.length
      continue
    }
    element.lastIndex = at
    const name = element.exec(text)?.[0].toLowerCase()
    if (name === undefined) {
      otherElement.lastIndex = at
      const other = otherElement.exec(text)?.[0].toLowerCase()
      if (other === undefined || unended >= mostUnended) continue
      if (mark === '</') {
        open.length = Math.min(open.length, lastOf(open, other))
        continue
      }
      const rest = otherRest.exec(text.slice(at + other.length, at + longestOther))?.[0]
      if (rest === undefined) unended += 1
      else if (!rest.endsWith('>')) return closing(`${rest.at(-1)}></${other}>`)
      else if (/=|\shidden\b/i.test(rest) && open.length < mostOpen) open.push(other)
      continue
    }
    if (mark === '</') open.length = Math.min(open.length, lastOf(open, name))
    else if (open.length < mostOpen) open.push(name)
    tagRest.lastIndex = at
    at += tagRest.exec(text)?.[0].length ?? 0
    // Without the other mark of quotation, or without its end, the tag goes on behind the text.
    if (text[at] !== '>') return closing(`${text[at] ?? ''}>`)
    at += 1
  }
  return closing()
}

/** The last place of a name, or behind all of them. */
const lastOf = (open: readonly string[], name: string): number => {
  const last = open.lastIndexOf(name)
  return last < 0 ? open.length : last
}

/** A block of formulas takes all that follows for one; code that is whole is none. */
function closingFormula(text: string): string {
  if (!text.includes('$$')) return ''
  let code = ''
  let isOpen = false
  for (const line of text.split(/\r\n?|\n/)) {
    const mark = /^ {0,3}(`{3,}|~{3,}|\${2,})/.exec(line)?.[1] ?? ''
    if (mark.startsWith('$')) {
      // In one line it opens and closes.
      if (code === '' && (isOpen || !line.slice(line.indexOf(mark) + mark.length).includes('$$'))) isOpen = !isOpen
    } else if (mark !== '' && !isOpen) code = code === '' ? mark : mark.startsWith(code) ? '' : code
    else if (isOpen && line.trimEnd().endsWith('$$')) isOpen = false
  }
  return isOpen ? '$$' : ''
}

/** Only where each of them stands at the beginning of its line: one in a list or a quotation ends with it. */
function closingFence(text: string): string {
  let open = ''
  for (const line of text.split(/\r\n?|\n/)) {
    if (!line.includes('```') && !line.includes('~~~')) continue
    const [, mark] = fence.exec(line) ?? []
    if (mark === undefined) {
      if (open === '') return ''
      continue
    }
    if (open === '') open = mark.startsWith('`') && line.slice(mark.length).includes('`') ? '' : mark
    else if (mark.startsWith(open) && line.trimEnd() === mark) open = ''
  }
  return open
}
