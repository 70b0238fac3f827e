import { decodeHTMLStrict } from 'entities'
import { piecedView, type Piece, type TextView } from './text-view.ts'

/** What a decoder of links, of mails or of source code replaces, each in its own group. */
const escapes = [
  String.raw`(?<percent>(?:%[0-9a-f]{2})+)`,
  String.raw`(?<quoted>=40|=2E|(?:=[0-9A-F]{2}){2,}|(?<==[0-9A-F]{2}[^\n]{0,76})=\r?\n)`,
  String.raw`(?<entity>&#\d{1,7};?|&#x[0-9a-f]{1,6};?|&[a-z][a-z0-9]{1,31};)`,
  String.raw`(?<code>\\u\{[0-9a-f]{1,6}\}|\\u[0-9a-f]{4}|\\U[0-9a-f]{8}|\\x\{[0-9a-f]{1,6}\}|\\x[0-9a-f]{2})`,
  String.raw`(?<octal>\\(?:[01][0-7]{2}|[0-7]{2}(?![0-7])))`,
  String.raw`(?<blank>\\[nrt,;: ]|\\\r?\n|(?<![ \t])[ \t]+\r?\n(?:[ \t]*>)*|\n(?:[ \t]*>)+[ \t]?)`,
  String.raw`(?<escape>\\[!-/:-@[-${'`'}{-~])`,
  String.raw`(?<mark>\*+|_+|~~+|${'`'}+)`,
]
/** What a renderer does not show, or shows as a line of its own. */
const hidden = [
  String.raw`(?<comment><!--)`,
  String.raw`(?<block></?(?:br|p|div|td|th|tr|li|ul|ol|table|tbody|thead|h[1-6]|hr|pre)(?=[\s/>])[^<>]{0,500}>)`,
  String.raw`(?<tag></?[a-z][a-z0-9-]{0,31}(?:[\s/][^<>]{0,1000})?>)`,
  String.raw`(?<link>!?\[(?=[^[\]]{1,400}\](?:\([^()\n]{0,600}\)|\[[^[\]\n]{0,200}\])))`,
]
const escapesOnly = new RegExp(escapes.join('|'), 'gi')
const everything = new RegExp([...hidden, ...escapes].join('|'), 'gi')
const longestComment = 4_000
const linkTail = /\](?:\([^()\n]{0,600}\)|\[[^[\]\n]{0,200}\])/y

function isWordCharacter(character: string): boolean {
  return /[\p{L}\p{N}]/u.test(character)
}

/** Bytes as UTF-8 where they are that, else as Latin-1; one piece a character. */
function bytePieces(
  bytes: readonly number[],
  { start, width }: { readonly start: number; readonly width: number },
): Piece[] {
  const pieces: Piece[] = []
  for (let at = 0; at < bytes.length;) {
    const lead = bytes[at] ?? 0
    const length = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc2 ? 2 : 1
    const text = length === 1 ? '' : Buffer.from(bytes.slice(at, at + length)).toString('utf8')
    const isWhole = length > 1 && at + length <= bytes.length && !text.includes('\ufffd')
    const count = isWhole ? length : 1
    pieces.push({
      text: isWhole ? text : String.fromCharCode(lead),
      start: start + at * width,
      end: start + (at + count) * width,
    })
    at += count
  }
  return pieces
}

function codePoint(code: number, otherwise: string): string {
  return Number.isNaN(code) || code > 0x10ffff ? otherwise : String.fromCodePoint(code)
}

/** Delimiters of emphasis vanish; a star between two numbers is a product, an underscore inside a word a letter. */
function renderMark(text: string, token: string, start: number): string {
  const before = text.charAt(start - 1)
  const after = text.charAt(start + token.length)
  if (token.startsWith('_')) return isWordCharacter(before) && isWordCharacter(after) && token.length === 1 ? token : ''
  if (token === '*') {
    if (/\d/.test(before) && /\d/.test(after)) return ' '
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

function renderToken(groups: Readonly<Record<string, string | undefined>>, token: string): string | null {
  if (groups['entity'] !== undefined) return decodeHTMLStrict(token.endsWith(';') ? token : `${token};`)
  if (groups['code'] !== undefined) return codePoint(Number.parseInt(token.replace(/[^0-9a-f]/gi, ''), 16), token)
  if (groups['octal'] !== undefined) return codePoint(Number.parseInt(token.slice(1), 8), token)
  if (groups['blank'] !== undefined) return token.startsWith('\\') && !/[nr\r\n]$/.test(token) ? ' ' : '\n'
  if (groups['escape'] !== undefined) return token.slice(1)
  if (groups['block'] !== undefined) return '\n'
  if (groups['tag'] !== undefined || groups['link'] !== undefined) return ''
  return null
}

function piecesOf(text: string, match: RegExpExecArray, commentEnd: (start: number) => number): Piece[] {
  const { 0: token, index: start, groups = {} } = match
  const end = start + token.length
  if (groups['percent'] !== undefined || (groups['quoted'] !== undefined && !token.endsWith('\n'))) {
    const bytes = (token.match(/[0-9a-f]{2}/gi) ?? []).map((pair) => Number.parseInt(pair, 16))
    return bytePieces(bytes, { start, width: 3 })
  }
  if (groups['comment'] !== undefined) return [{ text: '', start, end: commentEnd(start) }]
  if (groups['quoted'] !== undefined) return [{ text: '', start, end }]
  const rendered = renderToken(groups, token) ?? renderMark(text, token, start)
  return [{ text: rendered, start, end }]
}

/** Where the address of each link begins and ends, in order: it is not read as a part of the link's text. */
function tailOf(text: string, start: number): Piece | null {
  const close = text.indexOf(']', start)
  linkTail.lastIndex = close
  const tail = close < 0 ? null : linkTail.exec(text)
  return tail === null ? null : { text: '', start: close, end: close + tail[0].length }
}

/** The text with what the pattern finds replaced; null where that is the text itself. */
function replaced(text: string, pattern: RegExp): Piece[] | null {
  const pieces: Piece[] = []
  const tails: Piece[] = []
  const commentEnd = commentEnds(text)
  let from = 0
  const add = (piece: Piece) => {
    if (from < piece.start) pieces.push({ text: text.slice(from, piece.start), start: from, end: piece.start })
    pieces.push(piece)
    from = piece.end
  }
  for (const match of text.matchAll(pattern)) {
    if (match.index < from) continue
    while (tails[0] !== undefined && tails[0].start <= match.index) add(tails.shift() as Piece)
    if (match.index < from) continue
    for (const piece of piecesOf(text, match, commentEnd)) if (piece.end > piece.start) add(piece)
    const tail = match.groups?.['link'] === undefined ? null : tailOf(text, match.index + match[0].length)
    if (tail !== null) tails.push(tail)
  }
  for (const tail of tails) add(tail)
  if (pieces.every((piece) => piece.text === text.slice(piece.start, piece.end))) return null
  if (from < text.length) pieces.push({ text: text.slice(from), start: from, end: text.length })
  return pieces
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
 * gone. Where that takes out something escaped, the text with the escapes alone resolved as well. None where either is
 * the text itself.
 */
export function render(text: string): TextView[] {
  const shown = replaced(text, everything)
  if (shown === null) return []
  const source = tookOutEscapes(text, shown) ? replaced(text, escapesOnly) : null
  return [shown, source].filter((pieces) => pieces !== null).map(piecedView)
}
