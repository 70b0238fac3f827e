import type { Match } from '../text-filter.ts'
import { subjectAt, type NumberContext } from './context.ts'

// Areas 000, 666 and 900–999, group 00 and serial 0000 are never issued (Social Security Administration, POMS RM 10201.035).
const grouped = /(?<![\w.-])(?!000|666|9)\d{3}([- ])(?!00)\d{2}\1(?!0000)\d{4}(?![\w-]|\.\d)/g
/** A column with a missing value is printed as floats. */
const bare = /(?<![\w.-])(?!000|666|9)\d{3}(?!00)\d{2}(?!0000)\d{4}(?![\w-]|\.(?!0(?!\d))\d)/g

/** United States social security numbers; undashed ones only where the text or the column says what they are. */
export function findSocialSecurityNumbers(text: string, { column, isWanted }: NumberContext): Match[] {
  const matches: Match[] = []
  for (const match of text.matchAll(grouped)) {
    if (!isWanted(match.index, match.index + match[0].length)) continue
    const subject = subjectAt(text, match.index, column)
    const score = subject === 'ssn' ? 0.98 : match[1] === '-' ? 0.85 : 0.4
    matches.push({ start: match.index, end: match.index + match[0].length, category: 'pii/ssn', score })
  }
  for (const match of text.matchAll(bare)) {
    if (!isWanted(match.index, match.index + match[0].length)) continue
    if (subjectAt(text, match.index, column) !== 'ssn') continue
    matches.push({ start: match.index, end: match.index + match[0].length, category: 'pii/ssn', score: 0.9 })
  }
  return matches
}
