import type { Filter } from '../filter.ts'
import { createTextFilter, type Match } from '../text-filter.ts'
import { findRepeats, fingerprint, similarity, type Fingerprint } from './statement.ts'
import { tokenize } from './tokens.ts'

const fenced = /(```|~~~)[ \t]*(?:sql|postgres(?:ql)?|pgsql|psql)\b[^\n]*\n[^]*?(?:\n[ \t]*\1|$)/gi
const statementStart = /(?<!\w)(?:with\s+\w{1,64}\s+as\s*\(|select\s)/gi
const statementEnd = /;|\n[ \t\r]*\n|```|~~~/g
const longest = 8_000
const similar = 0.6

function reverse(text: string): string {
  return text.split('').reverse().join('')
}

function rotate13(text: string): string {
  return text.replace(/[a-z]/gi, (letter) => {
    const base = letter <= 'Z' ? 65 : 97
    return String.fromCharCode(((letter.charCodeAt(0) - base + 13) % 26) + base)
  })
}

/** The text itself and its length-preserving disguises, each with the way back. */
function readings(text: string) {
  return [
    { text, back: (match: Match) => match },
    {
      text: reverse(text),
      back: (match: Match) => ({ ...match, start: text.length - match.end, end: text.length - match.start }),
    },
    { text: rotate13(text), back: (match: Match) => match },
  ]
}

function findFences(text: string): Match[] {
  return [...text.matchAll(fenced)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
    category: 'sql-leak/code',
    score: 0.8,
  }))
}

/** From each SELECT or WITH to where its statement ends; found once, so that the work is linear. */
function statementsIn(text: string): { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = []
  let covered = 0
  for (const { index: start } of text.matchAll(statementStart)) {
    if (start < covered) continue
    statementEnd.lastIndex = start
    const end = Math.min(statementEnd.exec(text)?.index ?? text.length, start + longest)
    if (!/\sfrom\s/i.test(text.slice(start, end))) continue
    found.push({ start, end })
    covered = end
  }
  return found
}

/** A whole statement in the text that says in other words what was run. */
function findReworded(text: string, prints: readonly Fingerprint[]): Match[] {
  const matches: Match[] = []
  for (const { start, end } of statementsIn(text)) {
    const tokens = tokenize(text.slice(start, end))
    const score = Math.max(...prints.map((print) => similarity(tokens, print)))
    if (score >= similar) matches.push({ start, end, category: 'sql-leak/statement', score })
  }
  return matches
}

function scanStatements(text: string, executedSql: readonly string[]): Match[] {
  const prints = executedSql.map(fingerprint).filter((print) => print !== null)
  if (prints.length === 0) return []
  const repeats = readings(text).flatMap((reading) => {
    const tokens = tokenize(reading.text)
    return prints.flatMap((print) => findRepeats(tokens, print)).map(reading.back)
  })
  return [...repeats, ...findFences(text), ...findReworded(text, prints)]
}

/**
 * The SQL that was run for this answer, repeated in it: word for word, reformatted, with other aliases, in a fenced
 * block, reversed or rotated (encodings are opened by the views). Looks for nothing where no SQL was run.
 */
export function createSqlLeakFilter(): Filter {
  return createTextFilter({
    name: 'sql-leak@1',
    onFailure: 'closed',
    minimumLength: 12,
    hint: /\w/,
    scan: (text, _part, context) => (context.executedSql.length === 0 ? [] : scanStatements(text, context.executedSql)),
  })
}
