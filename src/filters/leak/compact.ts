import { isLetterAt, isWordAt } from '../views/character-kinds.ts'
import { letterLike } from '../views/letter-shapes.ts'
import { normalize } from '../views/normalize.ts'
import { drawnFor } from './drawn-for.ts'

/** A text without what separates and disguises its letters. `places[i]`: where character `i` stands in the text. */
export interface Compact {
  readonly codes: Uint16Array
  readonly places: Int32Array
  readonly length: number
}

const strokes = new Set([33, 124])
const i = 105

/** A character as it is compared; 0 for one that is left out. */
export function foldOf(text: string, at: number): number {
  const code = text.charCodeAt(at)
  if (code < 128) {
    // A mark within a word is a letter of it.
    if (strokes.has(code)) return (drawnFor[text.charCodeAt(at - 1)] ?? 0) !== 0 && isWordAt(text, at + 1) ? i : 0
    return drawnFor[code] as number
  }
  const character = String.fromCodePoint(text.codePointAt(at) as number)
  const drawn = letterLike(character) ?? (isLetterAt(text, at) ? character.toLowerCase() : '')
  if (drawn === '') return 0
  const folded = drawn.charCodeAt(0)
  return folded < 128 ? (drawnFor[folded] as number) : folded
}

/**
 * A text as it is compared: letters alone, in lower case, those that are drawn alike as one and each once, however often it
 * is repeated. So it is the same with blanks, marks, line ends or nothing between its letters, and with digits for some.
 */
export function compact(text: string): Compact {
  const codes = new Uint16Array(text.length)
  const places = new Int32Array(text.length)
  let length = 0
  let last = 0
  for (let at = 0; at < text.length; at += 1) {
    const code = foldOf(text, at)
    if (code === 0 || code === last) continue
    codes[length] = code
    places[length] = at
    length += 1
    last = code
  }
  return { codes: codes.subarray(0, length), places: places.subarray(0, length), length }
}

/** The same of a stretch of a text that is normalized, as a key of it. */
export function compactKey(text: string, start: number, end: number): string {
  let key = ''
  let last = 0
  for (let at = start; at < end; at += 1) {
    const code = foldOf(text, at)
    if (code === 0 || code === last) continue
    key += String.fromCharCode(code)
    last = code
  }
  return key
}

/** The same of a word by itself. */
export function compactWord(word: string): string {
  const { text } = normalize(word)
  return compactKey(text, 0, text.length)
}

/** The text with each letter of ASCII thirteen places on. */
export function rotated(text: string): string {
  const codes = Buffer.from(text, 'utf16le')
  for (let at = 0; at < codes.length; at += 2) {
    if (codes[at + 1] !== 0) continue
    const code = codes[at] as number
    const base = code >= 97 && code <= 122 ? 97 : code >= 65 && code <= 90 ? 65 : 0
    if (base !== 0) codes[at] = ((code - base + 13) % 26) + base
  }
  return codes.toString('utf16le')
}
