/** Elements that a reader's program may hide, or may show no Markdown in, with all that stands behind their tag. */
const hiding =
  'audio|canvas|dialog|details|div|iframe|math|noembed|noframes|noscript|object|pre|script|section|select|span|style|svg|table|template|textarea|title|video|xmp'
const opening = /<!--|<!\[CDATA\[|<\?|<!(?=[a-z])|<\/?(?=[a-z])/gi
const element = new RegExp(`(?:${hiding})(?![\\w-])`, 'iy')
/** A tag up to its end; what stands between marks of quotation does not end it. */
const tagRest = /[^>"']*(?:"[^"]*"[^>"']*|'[^']*'[^>"']*)*/y
const ends: Readonly<Record<string, string>> = { '<!--': '-->', '<![cdata[': ']]>', '<?': '?>', '<!': '>' }
/** More of them are not closed. */
const mostOpen = 100
const fence = /^(`{3,}|~{3,})/

/**
 * What closes the comments, elements of HTML and blocks of code that a text of Markdown leaves open, so that what is put behind it is neither hidden
 * nor read as a part of them; empty where nothing is open. HTML in code is not told apart from other: it may be closed where nothing was open, which
 * a reader sees, and nothing else comes of it.
 */
export function closingOf(text: string): string {
  const html = closingHtml(text)
  return html === '' ? closingFence(text) : html
}

function closingHtml(text: string): string {
  const open: string[] = []
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
    if (name === undefined) continue
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
