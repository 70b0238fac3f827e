import { compact } from '../leak/compact.ts'
import { OverlapIndex } from '../leak/overlap-index.ts'
import { remember } from '../leak/remember.ts'
import type { Match } from '../text-filter.ts'
import type { Fingerprint } from './statement.ts'
import { tokenize } from './tokens.ts'

/** Letters that are compared, and those that a repetition has at least: about as many as six words. */
const size = 12
const shortest = 32
/** Shorter statements are repeated by chance. */
const shortestStatement = 20
/** With so many words of the statement the text is not disguised: what is written as it is has rules of its own. */
const inClear = 0.6

const indexOnce = remember((statements: readonly string[]) => OverlapIndex.of(statements, { size }))

/**
 * Stretches that repeat statements by their letters, whatever stands between these: in signs and digits, apart, broken, of other
 * alphabets.
 */
export function findDisguised(text: string, statements: readonly string[], prints: readonly Fingerprint[]): Match[] {
  const index = indexOnce(statements)
  const letters = compact(text)
  const matches: Match[] = []
  for (const run of index.runsIn(letters, index.nothingSeen())) {
    const length = run.end - run.start
    const whole = Math.max(...[...run.texts].map((statement) => index.known[statement]?.length ?? 0))
    if (whole < shortestStatement || length < Math.min(shortest, whole)) continue
    const [start, end] = [letters.places[run.start] as number, (letters.places[run.end - 1] as number) + 1]
    if (isInClear(text.slice(start, end), prints)) continue
    const score = 0.6 + 0.4 * Math.min(1, length / whole)
    matches.push({ start, end, category: 'sql-leak/statement', score })
  }
  return matches
}

function isInClear(stretch: string, prints: readonly Fingerprint[]): boolean {
  const tokens = tokenize(stretch).filter(({ word }) => /\p{L}{2}/u.test(word))
  if (tokens.length === 0) return false
  const known = tokens.filter(({ word }) => prints.some((print) => print.words.has(word)))
  return known.length >= inClear * tokens.length
}
