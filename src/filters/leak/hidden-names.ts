import type { Match } from '../text-filter.ts'
import { isWordAt } from '../views/character-kinds.ts'
import { compactKey, compactWord, foldOf, rotated } from './compact.ts'

const category = 'leak/name'
/** Shorter names are words, or letters, of any text. */
const shortest = 4
/** A name that no sentence has: of several words, or with a digit. */
const joined = /[_$\d]|\p{Ll}\p{Lu}/u
const ofIdentifier = 0.9
/** A word by itself is a name where it stands as one in code. */
const ofWordInCode = 0.7
const ofWord = 0.3

export interface HiddenNames {
  /** By how names are compared. */
  readonly scores: ReadonlyMap<string, number>
  /** What names begin with. */
  readonly firsts: ReadonlySet<number>
}

/** Names by how they are compared, with the score of each: as they are, written backwards, rotated by thirteen letters. */
export function indexNames(names: readonly string[]): HiddenNames {
  const scores = new Map<string, number>()
  // Of a name with its schema each part is one.
  for (const name of names.flatMap((whole) => whole.split('.'))) {
    const score = joined.test(name) ? ofIdentifier : ofWord
    const reversed = Array.from(name).reverse().join('')
    for (const written of score === ofIdentifier ? [name, reversed, rotated(name)] : [name]) {
      const key = compactWord(written)
      if (key.length >= shortest) scores.set(key, Math.max(score, scores.get(key) ?? 0))
    }
  }
  return { scores, firsts: new Set(Array.from(scores.keys(), (key) => key.charCodeAt(0))) }
}

const [underscore, dollar, point, backtick] = [95, 36, 46, 96]
const longest = 128

function isNameAt(text: string, at: number): boolean {
  const code = text.charCodeAt(at)
  return code === underscore || code === dollar || isWordAt(text, at)
}

function isInCode(text: string, start: number, end: number): boolean {
  const [before, behind] = [text.charCodeAt(start - 1), text.charCodeAt(end)]
  if (before === backtick && behind === backtick) return true
  return (before === point && isNameAt(text, start - 2)) || (behind === point && isNameAt(text, end + 1))
}

/** Does a token begin as a name does? One that begins with a mark may. */
function mayBeName(text: string, start: number, firsts: ReadonlySet<number>): boolean {
  const first = foldOf(text, start)
  return first === 0 || firsts.has(first)
}

/** Where names stand in a text, each as a whole token. */
export function findNames(text: string, { scores, firsts }: HiddenNames): Match[] {
  const found: Match[] = []
  for (let start = 0; start < text.length; start += 1) {
    if (!isNameAt(text, start)) continue
    let end = start + 1
    while (isNameAt(text, end)) end += 1
    if (end - start >= shortest && end - start <= longest && mayBeName(text, start, firsts)) {
      const score = scores.get(compactKey(text, start, end))
      const inCode = score === ofWord && isInCode(text, start, end) ? ofWordInCode : score
      if (inCode !== undefined) found.push({ start, end, category, score: inCode })
    }
    start = end
  }
  return found
}
