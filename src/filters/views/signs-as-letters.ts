import { piecedView, type TextView } from './text-view.ts'

const letterOf: Readonly<Record<string, string>> = {
  0: 'o', 1: 'i', 2: 'z', 3: 'e', 4: 'a', 5: 's', 6: 'g', 7: 't', 8: 'b', 9: 'g',
  '@': 'a', '$': 's', '!': 'i', '|': 'i', '+': 't',
} // prettier-ignore
const longest = 32
/** Strokes are drawn for two letters. */
const strokes = '1!|'

// What a character of a token is.
const letter = 1
const digit = 2
const sign = 4
/** A sign that stands for a letter in a word of a single other one. */
const strong = 8
/** A mark that ends a sentence where no letter is behind it. */
const mark = 16
const kinds = new Uint8Array(128)
const set = (characters: string, kind: number) => {
  for (let index = 0; index < characters.length; index += 1) kinds[characters.charCodeAt(index)] = kind
}
set('abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ', letter)
set('0123456789', digit)
set('+', sign)
set('@$', sign | strong)
set('!|', sign | mark)

function kindAt(text: string, at: number): number {
  const code = text.charCodeAt(at)
  return code < 128 ? (kinds[code] as number) : 0
}

interface Token {
  readonly start: number
  readonly end: number
}

/** Groups of an identifier in hexadecimal digits stand between dashes. */
const hexadecimal = /^[0-9a-f]+$/i

/** In a text with so many words that have digits for letters, others may have a single letter left, as `1d107` has. */
const thorough = 2
const fewestOfThorough = 3

/** `A55` is a model of something, `4ss` and `@ss` are words. */
function isWord(text: string, { start, end }: Token, fewestLetters: number): boolean {
  if (end - start > longest) return false
  let letters = 0
  let seen = 0
  for (let at = start; at < end; at += 1) {
    const kind = kindAt(text, at)
    seen |= kind
    if (kind === letter) letters += 1
  }
  if (letters < fewestLetters && (letters === 0 || (seen & strong) === 0)) return false
  const isBesideDash = text.charAt(start - 1) === '-' || text.charAt(end) === '-'
  return !(isBesideDash && hexadecimal.test(text.slice(start, end)))
}

/** Tokens of letters with signs or digits. */
function* tokensIn(text: string): Generator<Token> {
  for (let start = 0; start < text.length;) {
    const first = kindAt(text, start)
    if (first === 0) {
      start += 1
      continue
    }
    let seen = first
    let end = start + 1
    for (let kind = kindAt(text, end); kind !== 0 && end < text.length; kind = kindAt(text, end)) {
      seen |= kind
      end += 1
    }
    if ((seen & letter) !== 0 && seen !== letter) yield { start, end }
    start = end
  }
}

function isSmallWord(text: string, token: Token): boolean {
  const { start, end } = token
  return end - start >= fewestOfThorough && !/[A-Z]/.test(text.slice(start, end)) && isWord(text, token, 1)
}

/** The words among the tokens of a text. */
function wordsIn(text: string): Token[] {
  const tokens = [...tokensIn(text)]
  const words = tokens.filter((token) => isWord(text, token, 2))
  if (words.length < thorough) return words
  return tokens.filter((token) => isWord(text, token, 2) || isSmallWord(text, token))
}

/** A mark at the end of a word ends a sentence; one before a word or in it may be its letter. */
function isLetterIn(text: string, at: number, { end }: Token): boolean {
  const kind = kindAt(text, at)
  if (kind === letter) return false
  if ((kind & mark) === 0) return true
  return at + 1 < end && (kindAt(text, at + 1) & mark) === 0
}

function spelled(text: string, tokens: readonly Token[], stroke: 'i' | 'l'): string {
  let read = ''
  let from = 0
  for (const token of tokens) {
    read += text.slice(from, token.start)
    for (let at = token.start; at < token.end; at += 1) {
      const character = text.charAt(at)
      if (!isLetterIn(text, at, token)) read += character
      else read += strokes.includes(character) ? stroke : (letterOf[character] ?? character)
    }
    from = token.end
  }
  return read + text.slice(from)
}

/**
 * The text with letters for the signs that are drawn for them, `h4te` as `hate`; a stroke once as "i" and once as "l". None
 * where there are no such signs.
 */
export function signsAsLetters(text: string): TextView[] {
  const tokens = wordsIn(text)
  if (tokens.length === 0) return []
  const read = spelled(text, tokens, 'i')
  const other = spelled(text, tokens, 'l')
  const views = [read, ...(other === read ? [] : [other])].filter((view) => view !== text)
  return views.map((view) => piecedView([{ text: view, start: 0, end: text.length }]))
}
