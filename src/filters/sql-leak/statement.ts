import type { Match } from '../text-filter.ts'
import { shinglesOf, tokenize, type Token } from './tokens.ts'

/** Words in a row that make a repetition; shorter statements count as a whole. */
const shingleSize = 6
const shortest = 4
const keywords = /^(?:select|from|where|join|group|order|having|with|limit|union)$/

/** An executed statement, prepared for comparison. */
export interface Fingerprint {
  readonly size: number
  readonly length: number
  readonly shingles: ReadonlySet<string>
  readonly words: ReadonlySet<string>
}

export function fingerprint(statement: string): Fingerprint | null {
  const tokens = tokenize(statement)
  if (tokens.length < shortest) return null
  const size = Math.min(shingleSize, tokens.length)
  const words = new Set(tokens.map((token) => token.word))
  return { size, length: tokens.length, shingles: new Set(shinglesOf(tokens, size)), words }
}

function runMatch(run: readonly Token[], print: Fingerprint): Match | null {
  if (!run.some((token) => keywords.test(token.word))) return null
  const [first, last] = [run[0] as Token, run.at(-1) as Token]
  const score = 0.6 + 0.4 * Math.min(1, run.length / print.length)
  return { start: first.start, end: last.end, category: 'sql-leak/statement', score }
}

/** Stretches of the text that repeat the statement word for word. */
export function findRepeats(tokens: readonly Token[], print: Fingerprint): Match[] {
  const matches: Match[] = []
  const shingles = shinglesOf(tokens, print.size)
  for (let index = 0; index < shingles.length; index += 1) {
    if (!print.shingles.has(shingles[index] as string)) continue
    let last = index
    while (print.shingles.has(shingles[last + 1] as string)) last += 1
    const match = runMatch(tokens.slice(index, last + print.size), print)
    if (match !== null) matches.push(match)
    index = last
  }
  return matches
}

/** How much of the text's words the statement has: a renamed alias or a changed literal leaves most of them. */
export function similarity(tokens: readonly Token[], print: Fingerprint): number {
  if (tokens.length === 0) return 0
  return tokens.filter((token) => print.words.has(token.word)).length / tokens.length
}
