import type { Match } from '../text-filter.ts'
import { subjectAt, type NumberContext } from './context.ts'

// Areas 000, 666 and 900–999, group 00 and serial 0000 are never issued (Social Security Administration, POMS RM 10201.035).
const inGroups = /(?<![\w.-])(?!000|666|9)\d{3}([- .])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-]|\.\d)/g
/** In any way that a person takes for one number; a column with a missing value is printed as floats. */
const called =
  /(?<![\w.-])(?!000|666|9)\d{3} {0,2}[-./_·•]? {0,2}(?!00)\d{2} {0,2}[-./_·•]? {0,2}(?!0000)\d{4}(?![\w-]|\.(?!0(?!\d))\d)/g
const scores: Readonly<Record<string, number>> = { '-': 0.85, '.': 0.6, ' ': 0.4 }

/** United States social security numbers; in other groups or none only where the text or the column says what they are. */
export function findSocialSecurityNumbers(text: string, { column, isWanted }: NumberContext): Match[] {
  const matches: Match[] = []
  for (const match of text.matchAll(inGroups)) {
    if (!isWanted(match.index, match.index + match[0].length)) continue
    const subject = subjectAt(text, match.index, column)
    const score = subject === 'ssn' ? 0.98 : (scores[match[1] ?? ''] ?? 0)
    matches.push({ start: match.index, end: match.index + match[0].length, category: 'pii/ssn', score })
  }
  const grouped = new Set(matches.map(({ start }) => start))
  for (const match of text.matchAll(called)) {
    if (grouped.has(match.index) || !isWanted(match.index, match.index + match[0].length)) continue
    if (subjectAt(text, match.index, column) !== 'ssn') continue
    matches.push({ start: match.index, end: match.index + match[0].length, category: 'pii/ssn', score: 0.9 })
  }
  return matches
}
