import { textBefore } from '../text-before.ts'
/** Letters of scripts that set no blanks between words say nothing of where a number begins or ends. */
const unspaced = String.raw`\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Hangul}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}`
const character = String.raw`(?![${unspaced}])[\p{L}\p{M}\p{N}]`
const edgeBefore = new RegExp(`${character}$`, 'u')
const edgeBehind = new RegExp(`^${character}`, 'u')
const numberBefore = /\d[.,]$/
const numberBehind = /^[.,]\d/
const joinedBefore = new RegExp(String.raw`((?:${character}){1,32})[-_]$`, 'u')
const joinedBehind = new RegExp(String.raw`^[-_]((?:${character}){1,32})`, 'u')
const reach = 66

/** A word is joined to what it speaks of (`E-123456-based`); a digit or a single letter is a part of a longer number. */
function isPartOfNumber(token: string | undefined): boolean {
  return token !== undefined && (/\p{N}/u.test(token) || /^.\p{M}*$/u.test(token))
}

/**
 * Does a stretch stand by itself, and not within a longer word or number? `E-123456` does in `(E-123456)` and in
 * `staff_E-123456.pdf`; in `ABE-123456`, `E-1234567`, `E-123456-X` and `E-123456-07` it does not.
 */
export function isWholeToken(text: string, start: number, end: number): boolean {
  const before = textBefore(text, start, reach)
  const value = text.slice(start, end)
  const behind = text.slice(end, end + reach)
  if (edgeBehind.test(value)) {
    if (edgeBefore.test(before) || isPartOfNumber(joinedBefore.exec(before)?.[1])) return false
    if (/^\d/.test(value) && numberBefore.test(before)) return false
  }
  if (!edgeBefore.test(value)) return true
  if (edgeBehind.test(behind) || isPartOfNumber(joinedBehind.exec(behind)?.[1])) return false
  return !(/\d$/.test(value) && numberBehind.test(behind))
}
