import type { Filter, FilterContext } from '../filter.ts'
import { createTextFilter, type Match } from '../text-filter.ts'
import { findDisguised } from './disguised.ts'
import { findRepeats, fingerprint, similarity, type Fingerprint } from './statement.ts'
import { tokenize } from './tokens.ts'

const fenced = /(```|~~~)[ \t]*(?:sql|postgres(?:ql)?|pgsql|psql)\b[^\n]*\n[^]*?(?:\n[ \t]*\1|$)/gi
// A repetition holds a keyword in one of the readings: as it is, reversed or rotated.
const keywordForms = ['select', 'from', 'where', 'join', 'group', 'order', 'having', 'with', 'limit', 'union'].flatMap(
  (word) => [word, reverse(word), rotate13(word)],
)
const hint = new RegExp(`${keywordForms.join('|')}|\`\`\`|~~~`, 'i')
const statementStart = /(?<!\w)(?:with\s+\w{1,64}\s+as\s*\(|select\s)/gi
const statementEnd = /;|\n[ \t\r]*\n|```|~~~/
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

/**
 * The stretches from each SELECT or WITH to the end of its statement. Each end is found once, so that the work is
 * linear.
 */
function statementsIn(text: string): { readonly start: number; readonly end: number }[] {
  const found: { start: number; end: number }[] = []
  let covered = 0
  for (const { index: start } of text.matchAll(statementStart)) {
    if (start < covered) continue
    const body = text.slice(start, start + longest)
    const length = statementEnd.exec(body)?.index ?? body.length
    const isStatement = /\sfrom\s/i.test(body.slice(0, length))
    if (isStatement) found.push({ start, end: start + length })
    covered = start + (isStatement || length < longest ? length : longest / 2)
  }
  return found
}

// What a statement has and a sentence with the words "select" and "from" has not.
function isStatementLike(body: string): boolean {
  const list = /^select\s+(?:distinct\s+)?([^]*?)\sfrom\s/i.exec(body)?.[1] ?? ''
  return (
    /^(?:with|WITH)\s|^SELECT\s[^]*\sFROM\s/.test(body) ||
    /^[*"]|^[\w.]+[.(_]|^\w+\s*,\s*\w+[_.(]/.test(list) ||
    /\s(?:group|order)\s+by\s|\sjoin\s+\S+\s+(?:\w+\s+)?(?:on|using)\b/i.test(body)
  )
}

/** Whole statements: those that say in other words what was run or, with `any`, every one. */
function findStatements(text: string, prints: readonly Fingerprint[], any: boolean): Match[] {
  const matches: Match[] = []
  for (const { start, end } of statementsIn(text)) {
    const body = text.slice(start, end)
    const tokens = tokenize(body)
    const likeness = Math.max(...prints.map((print) => similarity(tokens, print)))
    const score = Math.max(likeness >= similar ? likeness : 0, any && isStatementLike(body) ? 0.7 : 0)
    if (score > 0) matches.push({ start, end, category: 'sql-leak/statement', score })
  }
  return matches
}

function findRepetitions(text: string, prints: readonly Fingerprint[]): Match[] {
  return readings(text).flatMap((reading) => {
    const tokens = tokenize(reading.text)
    return prints.flatMap((print) => findRepeats(tokens, print)).map(reading.back)
  })
}

/** Those of some matches, in their order, that touch none of the others. */
function outside(others: readonly Match[], matches: readonly Match[]): Match[] {
  const sorted = [...others].sort((one, other) => one.start - other.start)
  let next = 0
  let until = 0
  return matches.filter(({ start, end }) => {
    for (let other = sorted[next]; other !== undefined && other.start < end; other = sorted[(next += 1)]) {
      until = Math.max(until, other.end)
    }
    return until <= start
  })
}

function scanStatements(text: string, { executedSql, anySql = false }: FilterContext): Match[] {
  const prints = executedSql.map(fingerprint).filter((print) => print !== null)
  if (prints.length === 0 && !anySql) return []
  const disguised = prints.length === 0 ? [] : findDisguised(text, executedSql, prints)
  if (!hint.test(text)) return disguised
  const repeated = prints.length === 0 ? [] : findRepetitions(text, prints)
  const plain = [...repeated, ...findFences(text), ...findStatements(text, prints, anySql)]
  return [...plain, ...outside(plain, disguised)]
}

/**
 * The SQL that was run for this answer, repeated in it: word for word, reformatted, with other aliases, in a fenced
 * block, reversed or rotated (encodings are opened by the views), and by its letters alone. With `anySql` also statements that were not run yet.
 */
export function createSqlLeakFilter(): Filter {
  return createTextFilter({
    name: 'sql-leak@1',
    categories: ['sql-leak'],
    onFailure: 'closed',
    minimumLength: 12,
    mayHold: (_traits, text, { executedSql, anySql }) => executedSql.length > 0 || (anySql === true && hint.test(text)),
    scan: (text, { context }) => scanStatements(text, context),
  })
}
