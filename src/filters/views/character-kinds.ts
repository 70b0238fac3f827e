/** What a UTF-16 code unit is; half of a pair is none of these. */
const letterKind = 1
const digitKind = 2
const otherKind = 4

/** 0 where nobody has asked yet. */
const kinds = new Uint8Array(0x10000)

function find(code: number): number {
  const character = String.fromCharCode(code)
  const kind = /\p{L}/u.test(character) ? letterKind : /\p{N}/u.test(character) ? digitKind : otherKind
  kinds[code] = kind
  return kind
}

/** Is a UTF-16 code unit a letter? Anything else, as what stands behind the end of a text, is none. */
export const isLetterCode = (code: number): boolean => code >= 0 && ((kinds[code] || find(code)) & letterKind) !== 0

/** Is it a letter or a digit? */
export const isWordCode = (code: number): boolean =>
  code >= 0 && ((kinds[code] || find(code)) & (letterKind | digitKind)) !== 0

/** Is there a letter at a place of a text? Behind its end is none. */
export function isLetterAt(text: string, at: number): boolean {
  return at >= 0 && at < text.length && isLetterCode(text.charCodeAt(at))
}

/** Is there a letter or a digit at a place of a text? */
export function isWordAt(text: string, at: number): boolean {
  return at >= 0 && at < text.length && isWordCode(text.charCodeAt(at))
}
