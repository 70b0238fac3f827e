import { textBefore } from '../text-before.ts'
/** How far around a number its table is looked at, in UTF-16 code units. */
const reach = 480
const linesAround = 3

/** Plain numbers and what stands between them in a matrix, a frame, rows of a file or of LaTeX. */
const numericLine = /^(?!.*\d[-/:]\d)[\s\d[\](){}.,;|&+\-\\]*$/
const digitGroup = /\d+/g

/** Where the line begins that holds `at`; a place beyond the reach where it begins further away: a line may be very long. */
function lineStart(text: string, at: number): number {
  const near = textBefore(text, at, reach + 1)
  return at - near.length + near.lastIndexOf('\n') + 1
}

/** Where the line ends that holds `at`; a place beyond the reach where it ends further away. */
function lineEnd(text: string, at: number): number {
  const near = text.slice(at, at + reach + 1)
  const found = near.indexOf('\n')
  return at + (found < 0 ? near.length : found)
}

/** The line that holds `at`, without its end. */
export function lineAt(text: string, at: number): string {
  return text.slice(Math.max(lineStart(text, at), at - reach), Math.min(lineEnd(text, at), at + reach))
}

/** Lines next to the one that holds `start` to `end`, nearest first, above and below in turn. */
function linesBeside(text: string, start: number, end: number): { readonly line: string; readonly isNext: boolean }[] {
  const lines: { line: string; isNext: boolean }[] = []
  let above = lineStart(text, start)
  let below = lineEnd(text, end)
  for (let count = 0; count < linesAround; count += 1) {
    if (above > 0 && above > start - reach) {
      const from = lineStart(text, above - 1)
      lines.push({ line: text.slice(Math.max(from, start - reach), above - 1), isNext: count === 0 })
      above = from
    }
    if (below < text.length && below < end + reach) {
      const to = lineEnd(text, below + 1)
      lines.push({ line: text.slice(below + 1, Math.min(to, end + reach)), isNext: count === 0 })
      below = to
    }
  }
  return lines
}

/** Does the number stand alone between square brackets with other numbers at most, as an array is printed? */
export function isInArray(text: string, start: number, end: number): boolean {
  const before = textBefore(text, start, reach)
  const after = text.slice(end, end + reach)
  return /\[[\s\d.,+-]*$/.test(before) && /^[\s\d.,+-]*(?:\](?!\()|\.\.\.)/.test(after)
}

/** How far around a number the drawing is looked at that it may be a coordinate of, in UTF-16 code units. */
const pathReach = 200
const fewestCommands = 5
const pathCommand = /([MLHVCSQTA])((?:[\s,]+-?\d+(?:\.\d+)?)+)[\s,]*(?=[MLHVCSQTAZ])/giy
/** Numbers that one command of an SVG path takes, or a multiple of them (https://www.w3.org/TR/SVG2/paths.html). */
const coordinates: Readonly<Record<string, number>> = { M: 2, L: 2, H: 1, V: 1, C: 6, S: 4, Q: 4, T: 2, A: 7 }

/**
 * Is the number a coordinate of an SVG path? It stands among commands each of which has as many numbers as it takes, and
 * these have no common width, as the groups of cards or telephone numbers in a list have: `Q 3559 666 3084 287`.
 */
export function isInPath(text: string, start: number, end: number): boolean {
  const near = textBefore(text, start, pathReach)
  const before = /[MLHVCSQTA][MLHVCSQTA\d\s.,-]*$/i.exec(near)
  if (before === null) return false
  const from = start - near.length + before.index
  const around = text.slice(from, end + pathReach)
  const widths = new Set<number>()
  let commands = 0
  let read = 0
  pathCommand.lastIndex = 0
  for (let found = pathCommand.exec(around); found !== null; found = pathCommand.exec(around)) {
    const [, letter = '', numbers = ''] = found
    const count = [...numbers.matchAll(/-?\d+(?:\.\d+)?/g)].length
    if (count % (coordinates[letter.toUpperCase()] as number) !== 0) break
    for (const [digits] of numbers.matchAll(digitGroup)) widths.add(digits.length)
    commands += 1
    read = pathCommand.lastIndex
  }
  return commands >= fewestCommands && widths.size > 1 && from + read >= end
}

/** Two digits that stand apart, one beside the other: labels, flags, votes. */
export function hasLoneDigits(raw: string): boolean {
  return /(?<!\d)\d[^\d()]{1,2}\d(?!\d)/.test(raw)
}

export function hasLetters(text: string): boolean {
  return /\p{L}/u.test(text)
}

/** A number written in the same groups that does not belong to a longer row of groups. */
function sameShape(raw: string): RegExp {
  if (/^\d+$/.test(raw)) return /(?<![\p{L}\d_.])\d{12,}(?![\p{L}\d_])/gu
  const groups = raw.replace(/\d+|[^\d]/g, (piece) =>
    /\d/.test(piece) ? `\\d{${piece.length}}` : `\\u{${hex(piece)}}`,
  )
  return new RegExp(`(?<![\\p{L}\\d_.]|[\\p{L}\\d] )${groups}(?! ?[\\p{L}\\d_])`, 'gu')
}

function hex(character: string): string {
  return (character.codePointAt(0) as number).toString(16)
}

/** Is the line a row of numbers most of which are as wide as the groups of the number? */
function isRowLike(raw: string, line: string): boolean {
  // Only what blanks set apart can be a row of numbers.
  const groupsOf = (of: string): readonly string[] => of.match(digitGroup) ?? []
  const own = /^[\d ]+$/.test(raw) ? groupsOf(raw) : []
  const groups = numericLine.test(line) ? groupsOf(line) : []
  if (own.length < 2 || groups.length < own.length) return false
  const widths = new Set(own.map((group) => group.length))
  return groups.filter((group) => widths.has(group.length)).length * 2 >= groups.length
}

/**
 * Numbers of the same shape in the lines around and beside it in its own line: the other values of its column or list.
 * A line of numbers right beside it that holds none of the same shape counts as a value that is not such a number ('').
 */
export function siblingsOf(text: string, start: number, end: number): string[] {
  const raw = text.slice(start, end)
  const shape = sameShape(raw)
  const own = lineAt(text, start)
  const rest = own.replace(raw, '')
  const siblings: string[] = hasLetters(rest) ? [] : (rest.match(shape) ?? [])
  for (const { line, isNext } of linesBeside(text, start, end)) {
    const found = line.match(shape)
    if (found !== null) siblings.push(...found)
    else if (isNext && isRowLike(raw, line)) siblings.push('')
  }
  return siblings
}

/**
 * Is the number one of a table's whose other values are no such numbers? A number that has a check digit by chance stands
 * among numbers that have none; in a column of real ones nearly all have it.
 */
export function isAmongOthers(
  text: string,
  span: { readonly start: number; readonly end: number; readonly siblings?: readonly string[] },
  passes: (raw: string) => boolean,
): boolean {
  const siblings = [
    ...siblingsOf(text, span.start, span.end),
    ...(span.siblings ?? []).map((one) => one.replace(/\.0$/, '')).filter((one) => /^[\d -]{12,24}$/.test(one)),
  ]
  return siblings.filter(passes).length * 2 < siblings.length
}

/** Digits and letters up to F, but for the country and the check digits of an IBAN. */
const hexadecimal = /^(?!(?:A[DE]|B[AE]|DE|EE)\d\d$)(?=.*\d)(?=.*[A-F])[\dA-F]+$/i
/** A table of code points, and dumps, begin each line with one. */
const codeBefore = /^\s*(?:0x|u\+)?([\da-f]{4,6})(?![\w-])/i
/** As the files of Unicode are written: `3228 ; … # PARENTHESIZED IDEOGRAPH THREE`. */
const codeTable = /^\s*[\dA-F]{4,6}(?: [\dA-F]{4,6})*\s*;[^#]*#/
const shortestCode = 4

/** What stands next to a number in its row: the group of letters and digits on this side, as wide as one of its own. */
function neighbourOf(text: string, at: number, step: 1 | -1): string {
  const side = step === 1 ? text.slice(at, at + 16) : textBefore(text, at, 16)
  const found = step === 1 ? /^[^\w(]{1,3}(\w+)/.exec(side) : /(\w+)[^\w)]{1,3}$/.exec(side)
  return found?.[1] ?? ''
}

/**
 * Is the number one of hexadecimal ones that happens to hold no letter: a code point, a weight, a word of memory? Then a
 * group beside it, or one of the same shape in the lines around, has letters up to F, or its line begins with such a group.
 */
export function isHexadecimal(text: string, start: number, end: number): boolean {
  const raw = text.slice(start, end)
  const widths = new Set(raw.match(digitGroup)?.map((group) => group.length))
  if (Math.min(...widths) < shortestCode) return false
  const isNeighbour = (group: string) => widths.has(group.length) && hexadecimal.test(group)
  if (isNeighbour(neighbourOf(text, start, -1)) || isNeighbour(neighbourOf(text, end, 1))) return true
  const lines = [lineAt(text, start), ...linesBeside(text, start, end).map(({ line }) => line)]
  if (widths.size === 1 && lines.some((line) => hexadecimal.test(codeBefore.exec(line)?.[1] ?? ''))) return true
  if (lines.some((line) => codeTable.test(line))) return true
  const pieces = raw.replace(/\d+|[^\d]/g, (piece) =>
    /\d/.test(piece) ? `[\\dA-F]{${piece.length}}` : `\\u{${hex(piece)}}`,
  )
  const shape = new RegExp(`(?<![\\p{L}\\d_])${pieces}(?![\\p{L}\\d_])`, 'giu')
  return lines.some((line) =>
    (line.match(shape) ?? []).some((other) => other.split(/[^\dA-F]/i).some((group) => hexadecimal.test(group))),
  )
}
