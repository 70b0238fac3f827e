import { decodeHTMLStrict } from 'entities'
import { piecedView, type Piece, type TextView } from './text-view.ts'

/**
 * What a decoder of links, of mails or of source code replaces. No pattern has a group, since most of the time went into
 * those: a token's first characters say what it is.
 */
const escapes = [
  String.raw`(?:%[0-9a-f]{2})+`,
  String.raw`=40|=2E|(?:=[0-9A-F]{2}){2,}|=(?=\r?\n)(?<==[0-9A-F]{2}[^\n]{0,76}=)\r?\n`,
  String.raw`&#\d{1,7};?|&#x[0-9a-f]{1,6};?|&[a-z][a-z0-9]{1,31};`,
  // Python's capital has eight digits behind it, and no other sign has.
  String.raw`(?-i:\\U)[0-9a-f]{8}|\\u\{[0-9a-f]{1,6}\}|\\u[0-9a-f]{4}|\\x\{[0-9a-f]{1,6}\}|\\x[0-9a-f]{2}`,
  String.raw`\\(?:[01][0-7]{2}|[0-7]{2}(?![0-7]))`,
  String.raw`\\[nrt,;: ]|\\\r?\n|(?=[ \t])(?<![ \t])[ \t]+\r?\n(?:[ \t]*>)*|\n(?:[ \t]*>)+[ \t]?`,
  String.raw`\\[!-/:-@[-${'`'}{-~]`,
  String.raw`\*+|_+|~~+|${'`'}+`,
]
const block = String.raw`</?(?:br|p|div|td|th|tr|li|ul|ol|table|tbody|thead|h[1-6]|hr|pre)(?=[\s/>])[^<>]{0,500}>`
/** What a renderer does not show, or shows as a line of its own. */
const hidden = [
  '<!--',
  block,
  String.raw`</?[a-z][a-z0-9-]{0,31}(?:[\s/][^<>]{0,1000})?>`,
  String.raw`!?\[(?=[^[\]]{1,400}\](?:\([^()\n]{0,600}\)|\[[^[\]\n]{0,200}\]))`,
]
const escapesOnly = new RegExp(escapes.join('|'), 'gi')
const everything = new RegExp([...hidden, ...escapes].join('|'), 'gi')
const isBlock = new RegExp(`^${block}$`, 'i')
const longestComment = 4_000
const linkTail = /\](?:\([^()\n]{0,600}\)|\[[^[\]\n]{0,200}\])/y

function isWordCharacter(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character)
}

/**
 * Decodes a run of a sign and two digits per byte: as UTF-8 where the bytes are UTF-8, else as Latin-1; one piece per
 * character.
 */
function bytePieces(token: string, start: number): Piece[] {
  const bytes = (token.match(/[0-9a-f]{2}/gi) ?? []).map((pair) => Number.parseInt(pair, 16))
  const pieces: Piece[] = []
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] as number
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1
    const text = length === 1 ? '' : Buffer.from(bytes.slice(at, at + length)).toString('utf8')
    const isWhole = length > 1 && at + length <= bytes.length && !text.includes('\ufffd')
    const count = isWhole ? length : 1
    pieces.push({
      text: isWhole ? text : String.fromCharCode(lead),
      start: start + at * 3,
      end: start + (at + count) * 3,
    })
    at += count
  }
  return pieces
}

function codePoint(code: number, otherwise: string): string {
  return Number.isNaN(code) || code > 0x10ffff ? otherwise : String.fromCodePoint(code)
}

/** How a single star between two digits is read: as a product, or as one of two around what is emphasized. */
type StarReading = 'product' | 'emphasis'

/** Farthest that two stars of one emphasis are looked for from each other, in UTF-16 code units. */
const widestEmphasis = 48

/** Is there a single star in the line that opens or closes an emphasis with the one at a place, which stands in a word? */
function hasPartner(text: string, at: number): boolean {
  const [earlier = ''] = text
    .slice(Math.max(0, at - widestEmphasis), at)
    .split('\n')
    .slice(-1)
  const [later = ''] = text.slice(at + 1, at + 1 + widestEmphasis).split('\n')
  return /(?<!\*)\*[^\s*]/.test(earlier) || /[^\s*]\*(?!\*)/.test(later)
}

/**
 * Delimiters of emphasis vanish; a star between two numbers is a product where it is read as one, an underscore inside a
 * word a letter.
 */
function renderMark(text: string, token: string, { start, stars }: Mark): string {
  const before = text.charAt(start - 1)
  const after = text.charAt(start + token.length)
  if (token.startsWith('_')) return isWordCharacter(before) && isWordCharacter(after) && token.length === 1 ? token : ''
  if (token === '*') {
    if (/\d/.test(before) && /\d/.test(after)) return stars === 'emphasis' && hasPartner(text, start) ? '' : ' '
    if (/^\s?$/.test(before) && /^\s?$/.test(after)) return token
  }
  return ''
}

/** Says where the comment at a place ends: at its mark; one that has none is text. */
function commentEnds(text: string): (start: number) => number {
  let mark = -1
  return (start) => {
    if (mark < start) {
      mark = text.indexOf('-->', start)
      if (mark < 0) mark = Number.MAX_SAFE_INTEGER
    }
    return mark - start > longestComment ? start : mark + 3
  }
}

/** What an escape of source code stands for. */
function unescape(token: string): string {
  const sign = token.charAt(1)
  if (/\d/.test(sign)) return codePoint(Number.parseInt(token.slice(1), 8), token)
  if (/[ux]/i.test(sign)) return codePoint(Number.parseInt(token.replace(/[^0-9a-f]/gi, ''), 16), token)
  if (/[nr\r\n]/.test(sign)) return '\n'
  return /[nrt,;: ]/i.test(sign) ? ' ' : sign
}

interface Mark {
  readonly start: number
  readonly stars: StarReading
}

function piecesOf(text: string, { 0: token, index: start }: RegExpExecArray, stars: StarReading): Piece[] {
  const end = start + token.length
  const shown = (rendered: string) => [{ text: rendered, start, end }]
  switch (token.charAt(0)) {
    case '<':
      return shown(isBlock.test(token) ? '\n' : '')
    case '[':
    case '!':
      return shown('')
    case '=':
      return token.endsWith('\n') ? shown('') : bytePieces(token, start)
    case '%':
      return bytePieces(token, start)
    case '&':
      return shown(decodeHTMLStrict(token.endsWith(';') ? token : `${token};`))
    case '\\':
      return shown(unescape(token))
    case ' ':
    case '\t':
    case '\n':
      return shown('\n')
    default:
      return shown(renderMark(text, token, { start, stars }))
  }
}

/** Where the address of each link begins and ends, in order: it is not read as a part of the link's text. */
function tailOf(text: string, start: number): Piece | null {
  const close = text.indexOf(']', start)
  linkTail.lastIndex = close
  const tail = close < 0 ? null : linkTail.exec(text)
  return tail === null ? null : { text: '', start: close, end: close + tail[0].length }
}

/** The text with what the pattern finds replaced; null where that is the text itself. */
function replaced(text: string, pattern: RegExp, stars: StarReading = 'product'): Piece[] | null {
  const pieces: Piece[] = []
  const tails: Piece[] = []
  const commentEnd = commentEnds(text)
  let from = 0
  const add = (piece: Piece) => {
    if (from < piece.start) pieces.push({ text: text.slice(from, piece.start), start: from, end: piece.start })
    pieces.push(piece)
    from = piece.end
  }
  pattern.lastIndex = 0
  for (let match = pattern.exec(text); match !== null; match = pattern.exec(text)) {
    const { 0: token, index: start } = match
    if (start < from) continue
    while (tails[0] !== undefined && tails[0].start <= start) add(tails.shift() as Piece)
    if (start < from) continue
    if (token === '<!--') {
      const end = commentEnd(start)
      if (end > start) add({ text: '', start, end })
      continue
    }
    for (const piece of piecesOf(text, match, stars)) add(piece)
    const tail = token.endsWith('[') && !token.startsWith('\\') ? tailOf(text, start + token.length) : null
    if (tail !== null) tails.push(tail)
  }
  for (const tail of tails) add(tail)
  if (pieces.every((piece) => piece.text === text.slice(piece.start, piece.end))) return null
  if (from < text.length) pieces.push({ text: text.slice(from), start: from, end: text.length })
  return pieces
}

/** May a star between two digits be one of two around what is emphasized? */
function mayEmphasizeDigits(text: string): boolean {
  return text.indexOf('*') < text.lastIndexOf('*') && /\d\*\d/.test(text)
}

/** Was anything taken out, an address of a link for one, that holds an escape? */
function tookOutEscapes(text: string, pieces: readonly Piece[]): boolean {
  return pieces.some(
    (piece) =>
      piece.text.length <= 1 && piece.end - piece.start > 8 && /[%&\\=]/.test(text.slice(piece.start, piece.end)),
  )
}

/**
 * The text as it is shown to a person: emphasis, code marks, links, tags and comments of Markdown and HTML gone, character
 * references and the escapes of links, mails and source code resolved, blanks and quotation marks at a soft line break
 * gone. Where that takes out something escaped, the text with the escapes alone resolved as well; where single stars stand
 * between digits, the text without them as well: `41*11*` may be shown as 4111. None where it is the text itself.
 */
export function render(text: string): TextView[] {
  const shown = replaced(text, everything)
  if (shown === null) return []
  const source = tookOutEscapes(text, shown) ? replaced(text, escapesOnly) : null
  const emphasized = mayEmphasizeDigits(text) ? replaced(text, everything, 'emphasis') : null
  return [shown, source, emphasized].filter((pieces) => pieces !== null).map(piecedView)
}
