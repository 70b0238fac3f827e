import { mappedView, normalize, type TextView } from './normalize.ts'

const wrappedBase64 = /(?:[A-Za-z0-9+/]{40,100}\r?\n){1,400}[A-Za-z0-9+/]{1,100}={0,2}/g
const base64 = /[A-Za-z0-9+/_-]{16,}={0,2}/g
const spacedHexadecimal = /(?:[0-9a-fA-F]{2}[ :]){7}/
const hexadecimal = /(?:[0-9a-fA-F]{2}[ :]?){8,}/g
const escaped =
  /%[0-9a-fA-F]{2}|&#\d{1,7};|&#[xX][0-9a-fA-F]{1,6};|&(?:commat|period|amp|quot|lt|gt);|\\u[0-9a-fA-F]{4}|\\x[0-9a-fA-F]{2}/g
const printable = /^[\t\n\r -~\u00a0-\uffff]+$/
const maximumDepth = 2

const named: Readonly<Record<string, string>> = {
  '&commat;': '@',
  '&period;': '.',
  '&amp;': '&',
  '&quot;': '"',
  '&lt;': '<',
  '&gt;': '>',
}

function isTokenCharacter(code: number): boolean {
  const letter = code | 32
  return (letter >= 97 && letter <= 122) || (code >= 47 && code <= 57) || code === 43 || code === 45 || code === 95
}

/**
 * Can the text be read in more than one way? One pass by hand, because every cell of a table comes through here: an
 * escape, a character beyond ASCII, or a stretch of 16 that could be base64 or spaced hexadecimal.
 */
export function isDisguised(text: string): boolean {
  let token = 0
  for (let index = 0; index < text.length; index += 1) {
    const code = text.charCodeAt(index)
    if (code === 37 || code === 38 || code === 92 || code > 126) return true
    if (code < 32 && code !== 9 && code !== 10 && code !== 13) return true
    token = isTokenCharacter(code) ? token + 1 : 0
    if (token >= 16) return true
  }
  return text.length >= 23 && spacedHexadecimal.test(text)
}

function unescapeOne(token: string): string {
  const known = named[token]
  if (known !== undefined) return known
  const body = token.replace(/^(?:%|&#|\\[ux])/, '').replace(/;$/, '')
  const isDecimal = token.startsWith('&#') && /^\d/.test(body)
  const code = isDecimal ? Number.parseInt(body, 10) : Number.parseInt(body.replace(/^[xX]/, ''), 16)
  return code > 0x10ffff ? token : String.fromCodePoint(code)
}

function* unescapedPieces(text: string) {
  let at = 0
  for (const match of text.matchAll(escaped)) {
    for (; at < match.index; at += 1) yield { text: text.charAt(at), start: at, end: at + 1 }
    at = match.index + match[0].length
    yield { text: unescapeOne(match[0]), start: match.index, end: at }
  }
  for (; at < text.length; at += 1) yield { text: text.charAt(at), start: at, end: at + 1 }
}

/** What the bytes say when they are readable text, else null: random bytes and plain words decode to noise. */
function readable(bytes: Buffer): string | null {
  if (bytes.length < 8) return null
  const text = bytes.toString('utf8')
  return printable.test(text) && !text.includes('\ufffd') ? text : null
}

function decodedTokens(text: string): TextView[] {
  const views: TextView[] = []
  const add = (pattern: RegExp, decode: (token: string) => Buffer) => {
    for (const match of text.matchAll(pattern)) {
      const decoded = readable(decode(match[0]))
      const whole = { start: match.index, end: match.index + match[0].length }
      if (decoded !== null) views.push({ text: decoded, span: () => whole })
    }
  }
  add(wrappedBase64, (token) => Buffer.from(token, 'base64'))
  add(base64, (token) => Buffer.from(token, 'base64'))
  add(hexadecimal, (token) => Buffer.from(token.replace(/[ :]/g, ''), 'hex'))
  return views
}

function through(outer: TextView, inner: TextView): TextView {
  return {
    text: inner.text,
    span: (start, end) => {
      const middle = inner.span(start, end)
      return outer.span(middle.start, middle.end)
    },
  }
}

function decodedViews(view: TextView, depth: number): TextView[] {
  if (depth === 0 || !isDisguised(view.text)) return []
  const views = decodedTokens(view.text)
  const unescaped = mappedView(unescapedPieces(view.text))
  if (unescaped.text !== view.text) views.push(unescaped)
  const all: TextView[] = []
  for (const inner of views) {
    const mapped = through(view, through(inner, normalize(inner.text)))
    all.push(mapped)
    all.push(...decodedViews(mapped, depth - 1))
  }
  return all
}

/**
 * Every way the text can be read: normalized, and with base64, hexadecimal, percent, entity and backslash encodings
 * opened (two deep). A finding inside an encoded token covers the whole token.
 */
export function viewsOf(text: string): readonly TextView[] {
  const normalized = normalize(text)
  return [normalized, ...decodedViews(normalized, maximumDepth)]
}
