import { textBefore } from '../text-before.ts'
import type { Match } from '../text-filter.ts'
import { banking } from './banking.ts'
import { coordinates } from './coordinates.ts'
import { datesOfBirth } from './dates-of-birth.ts'
import { devices } from './devices.ts'
import { documents } from './documents.ts'
import { europeanNumbers } from './european-numbers.ts'
import { Nearby, WordIndex } from './nearby.ts'
import type { Recognizer, Words } from './recognizer.ts'
import { wallets } from './wallets.ts'
import { wordStarts } from './word-starts.ts'
import { worldNumbers } from './world-numbers.ts'

export const recognizers: readonly Recognizer[] = [
  ...europeanNumbers,
  ...worldNumbers,
  ...documents,
  ...banking,
  ...devices,
  ...wallets,
  ...datesOfBirth,
  ...coordinates,
]

/** Those that need no word, and those that do by their words. */
function sort(all: readonly Recognizer[]) {
  const byWords = new Map<Words, Recognizer[]>()
  for (const recognizer of all) {
    const { words, score } = recognizer
    if (words !== null && score === 0) byWords.set(words, [...(byWords.get(words) ?? []), recognizer])
  }
  const free = all.filter(({ score }) => score > 0)
  return { free, byWords, any: anyOf(free) }
}

/** Could any of the shapes begin here? One look for all of them; it does not compare separators with each other. */
function anyOf(some: readonly Recognizer[]): RegExp {
  const loose = some.map(({ shape }) => {
    const groups = [...shape.source.matchAll(/\((\[[^\]]*\]\??)\)/g)].map(([, inner = '']) => inner)
    return shape.source
      .replace(/\((\[[^\]]*\]\??)\)/g, '$1')
      .replace(/\\([1-9])/g, (_whole, number: string) => groups[Number(number) - 1] ?? '')
  })
  return new RegExp(`(?:${[...new Set(loose)].join('|')})(?![A-Za-z0-9_@])`, 'iy')
}

const without = (opening: Recognizer['opens']) => sort(recognizers.filter(({ opens }) => opens !== opening))
const digitFirst = without('letter')
const letterFirst = without('digit')
const index = new WordIndex(recognizers.flatMap(({ words }) => (words === null ? [] : [words])))

/** Fewer digits near make no identifier, but a bank's code. */
const fewestDigits = 4
const fewestBehindLetters = 2
const widest = 24
const bankCode = /[A-Z]{8}/y

function hasDigits(text: string, start: number, isDigit: boolean): boolean {
  let digits = 0
  for (let at = start; at < start + widest; at += 1) {
    const code = text.charCodeAt(at)
    // Pairs of hexadecimal digits may hold few of the ten: their colons count.
    if (code >= 48 && code <= 58) digits += 1
  }
  return digits >= (isDigit ? fewestDigits : fewestBehindLetters)
}

const isDigitAt = (text: string, at: number): boolean => text.charCodeAt(at) < 58

/** Are there digits enough for an identifier behind a place, or is it a bank's code? */
function mayBeginAt(text: string, start: number): boolean {
  const isDigit = isDigitAt(text, start)
  if (hasDigits(text, start, isDigit)) return true
  bankCode.lastIndex = start
  return !isDigit && bankCode.test(text)
}

/**
 * What stands before or behind makes the value a part of a longer token: a version, a UUID, an amount, an address; but
 * behind `/@` a map has its place.
 */
const partBefore = /(?:[A-Za-z0-9]-|[0-9][A-F]{0,4}\.|(?<!\/)@|[#$€£¥+\\])$/
const partBehind = /^(?:[\p{L}\p{N}_@]|-[\p{L}\p{N}_]|\.[\p{Ll}\p{N}_])/u
const isPartBefore = (text: string, start: number) => partBefore.test(textBefore(text, start, 6))

interface Candidate extends Match {
  readonly distance: number
}

/** Of two that can be meant, the surer one; of equally sure ones the one whose word is nearer, then the longer one. */
function isBetter(one: Candidate, other: Candidate | null): boolean {
  if (other === null) return true
  return (one.score - other.score || other.distance - one.distance || one.end - other.end) > 0
}

const nothing: readonly Recognizer[] = []

/** What stands between two values of a list. */
const longestListing = 8

/** A value of the same kind right before, in a list, was named for both. */
const isListed = (text: string, from: number, to: number) => /^(?: ?[,;/&])? (?:and|or|und|oder|et|ou|y|o)? ?$/.test(text.slice(from, to)) // prettier-ignore

/** Numbers and codes that stand for one person, thing or place; see the table of each kind for how it is told. */
export function findIdentifiers(
  text: string,
  label: string | undefined,
  isWanted: (start: number, end: number) => boolean,
): Match[] {
  const nearby = new Nearby(text, index, label)
  const matches: Match[] = []
  let last: Candidate | null = null

  function judge(recognizer: Recognizer, start: number): Candidate | null {
    const { shape, category, words, passes } = recognizer
    shape.lastIndex = start
    if (!shape.test(text)) return null
    const end = shape.lastIndex
    if (partBehind.test(text.slice(end, end + 2))) return null
    const isNext = last !== null && last.category === category && isListed(text, last.end, start)
    if (recognizer.score === 0 && !isNext && (words === null || nearby.distance(words, start, end) === null))
      return null
    if (!isWanted(start, end)) return null
    if (passes !== undefined && !passes(text.slice(start, end), { text, start, end })) return null
    const distance = isNext ? 0 : words === null ? null : nearby.distance(words, start, end)
    const score = distance === null ? recognizer.score : recognizer.namedScore
    return { start, end, category, score, distance: distance ?? Number.MAX_SAFE_INTEGER }
  }

  function candidatesAt(start: number): readonly Recognizer[] {
    const { free, byWords, any } = isDigitAt(text, start) ? digitFirst : letterFirst
    const near = nearby.near(start)
    any.lastIndex = start
    const unnamed = any.test(text) ? free : nothing
    const isNext = last !== null && start - last.end <= longestListing
    if (unnamed.length === 0 && near.size === 0 && !isNext) return nothing
    if (isPartBefore(text, start)) return nothing
    const named = [...near].flatMap((words) => byWords.get(words) ?? [])
    const listed = isNext ? recognizers.filter(({ category, score }) => score === 0 && category === last?.category) : []
    return [...unnamed, ...named, ...listed]
  }

  for (const start of wordStarts(text)) {
    if (last !== null && start < last.end) continue
    if (!mayBeginAt(text, start)) continue
    let best: Candidate | null = null
    for (const recognizer of candidatesAt(start)) {
      const candidate = judge(recognizer, start)
      if (candidate !== null && isBetter(candidate, best)) best = candidate
    }
    if (best === null) continue
    last = best
    const { end, category, score } = best
    const isSigned = category === 'pii/coordinates' && /[-+]/.test(text.charAt(start - 1))
    matches.push({ start: isSigned ? start - 1 : start, end, category, score })
  }
  return matches
}
