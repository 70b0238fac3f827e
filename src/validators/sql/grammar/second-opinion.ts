import nodeSqlParser from 'node-sql-parser/build/postgresql.js'
import type { RawFinding } from '../location.ts'

/** What a parser of another make says: it read the same, or it cannot read this. */
export type SecondOpinion = 'agrees' | 'cannot-parse'

const parser = new nodeSqlParser.Parser()

/**
 * Another parser over the text as sent. It refuses where it positively sees something else: another statement than one
 * SELECT, or a table that PostgreSQL's grammar did not see; two readings of one text are how filters are passed by. That
 * it cannot parse a text says nothing, since it knows a part of the grammar only, and is recorded.
 */
export function askSecondOpinion(
  source: string,
  known: ReadonlySet<string>,
): { readonly opinion: SecondOpinion } | { readonly finding: RawFinding } {
  let seen: { readonly tableList: string[]; readonly ast: unknown }
  try {
    seen = parser.parse(source, { database: 'postgresql' })
  } catch {
    return { opinion: 'cannot-parse' }
  }
  const statements = Array.isArray(seen.ast) ? seen.ast : [seen.ast]
  const stranger = seen.tableList.map(readTable).find((table) => table.verb !== 'select' || !known.has(table.name))
  if (statements.length === 1 && stranger === undefined) return { opinion: 'agrees' }
  const what = stranger === undefined ? `${statements.length} statements` : `${stranger.verb} on another table`
  const message = `A second parser reads this text differently (${what}). Write it without unusual quoting, escapes or comments.`
  return { finding: { rule: 'sql/second-opinion', offset: 0, message } }
}

/** `select::schema::table`, schema `null` where there is none. */
function readTable(entry: string): { readonly verb: string; readonly name: string } {
  const [verb = '', , ...name] = entry.split('::')
  return { verb, name: name.join('::').toLowerCase() }
}
