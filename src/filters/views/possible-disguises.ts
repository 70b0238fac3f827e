import { isLetterCode, isWordCode } from './character-kinds.ts'

/** Which disguises of words a text could hold. What is false is not there; what is true has to be looked for. */
export interface Disguises {
  /** Three characters that stand apart from each other: see `spacedLetters`. */
  readonly apart: boolean
  /** A sign or a digit in a word: see `signsAsLetters`. */
  readonly signs: boolean
  /** A mark or the end of a line between letters: see `brokenWords`. */
  readonly broken: boolean
  /** A letter three times in a row: see `collapsedLetters`. */
  readonly drawnOut: boolean
}

/** Characters that are set between two letters at most. */
export const widestGap = 4
export const fewestApart = 3
/** No English word has a letter so often in a row. */
export const fewestInRow = 3

// What a UTF-16 code unit is, one bit for each question.
const letterBit = 1
/** A letter, a digit or a sign that stands for one: such stand apart from each other. */
const unitBit = 2
/** A letter of ASCII, and what stands for letters among these: signs and digits, and marks that also end a sentence. */
const asciiBit = 4
const standsBit = 8
const endsBit = 16
const tokenBits = asciiBit | standsBit | endsBit
/** A mark that is set into a word. */
const breakBit = 32

const [tab, lineFeed, carriageReturn, space, dollar, dash, atSign] = [9, 10, 13, 32, 36, 45, 64]

/** Signs that stand for letters stand apart like these. */
export const isApartUnit = (code: number): boolean => isWordCode(code) || code === atSign || code === dollar

/** Letters of ASCII in both cases are one; signs that differ by the same bit are never letters. */
export function isSameLetter(code: number, other: number): boolean {
  return code === other || ((code | 32) === (other | 32) && (code | 32) >= 97 && (code | 32) <= 122)
}

const breaking = new Set(Array.from('-._*~|•·^/', (mark) => mark.charCodeAt(0)))

function bitsOf(code: number): number {
  const isAscii = (code >= 65 && code <= 90) || (code >= 97 && code <= 122)
  const stands = (code >= 48 && code <= 57) || code === 43 || code === dollar || code === atSign
  const ends = code === 33 || code === 124
  return (
    (isLetterCode(code) ? letterBit : 0) |
    (isApartUnit(code) ? unitBit : 0) |
    (isAscii ? asciiBit : stands ? standsBit : ends ? endsBit : 0) |
    (breaking.has(code) ? breakBit : 0)
  )
}

const bitsOfAscii = Uint8Array.from({ length: 128 }, (_, code) => bitsOf(code))
const bitsAt = (code: number): number => (code < 128 ? (bitsOfAscii[code] as number) : bitsOf(code))

export const isBreakingMark = (code: number): boolean => (bitsAt(code) & breakBit) !== 0

/** A look over a text that is as cheap as one can be: most texts hold no disguise, and need no other. */
export function disguisesIn(text: string): Disguises {
  let apart = false
  let signs = false
  let broken = false
  let drawnOut = false
  // The run of units that is read, the gap before it, and how many singles came before it with small gaps.
  let units = 0
  let gap = 0
  let singles = 0
  // What the token of ASCII that is read has.
  let token = 0
  let isReplaced = false
  let lastBits = 0
  let lastLetter = -1
  let inRow = 0
  const { length } = text
  for (let at = 0; at < length; at += 1) {
    const code = text.charCodeAt(at)
    const bits = code < 128 ? (bitsOfAscii[code] as number) : bitsOf(code)
    const small = (bits & asciiBit) === 0 ? code : code | 32
    if (small !== lastLetter) inRow = 1
    else if ((inRow += 1) >= fewestInRow && (bits & letterBit) !== 0) drawnOut = true
    lastLetter = small
    if ((bits & unitBit) !== 0) {
      if (units === 0 && gap > widestGap) singles = 0
      units += 1
    } else if (units === 0) gap += 1
    else {
      singles = units === 1 ? singles + 1 : 0
      if (singles >= fewestApart) apart = true
      units = 0
      gap = 1
    }
    if ((bits & tokenBits) !== 0) {
      token |= bits
      if ((bits & standsBit) !== 0 || ((lastBits & endsBit) !== 0 && (bits & endsBit) === 0)) isReplaced = true
    } else if (token !== 0) {
      if (isReplaced && (token & asciiBit) !== 0) signs = true
      token = 0
      isReplaced = false
    }
    if ((bits & breakBit) !== 0 && (lastBits & letterBit) !== 0 && !broken)
      broken = goesOn(code, text.charCodeAt(at + 1))
    lastBits = bits
  }
  return {
    apart: apart || (units === 1 && singles + 1 >= fewestApart),
    signs: signs || (isReplaced && (token & asciiBit) !== 0),
    broken,
    drawnOut,
  }
}

/** May a word go on behind this mark, with what is behind that? */
function goesOn(mark: number, next: number): boolean {
  if (isLetterCode(next) || isBreakingMark(next)) return true
  return mark === dash && (next === space || next === tab || next === lineFeed || next === carriageReturn)
}
