import nodeSqlParser from 'node-sql-parser/build/postgresql.js'
import { RecentCache } from '../../cache.ts'
import type { RawFinding } from '../../location.ts'
import { outlineOf } from './outline.ts'

/** What a parser of another make says: it read the same, or it cannot read this. */
export type SecondOpinion = 'agrees' | 'cannot-parse'

const parser = new nodeSqlParser.Parser()

type Opinion = { readonly opinion: SecondOpinion } | { readonly finding: RawFinding }

const outlinesRemembered = 1_000

/** Asks once per outline where the parsers agreed: it differs from text to text only in the content of plain literals. */
export function createSecondOpinion(): (source: string, known: ReadonlySet<string>) => Opinion {
  const agreed = new RecentCache<Opinion>(outlinesRemembered)
  return (source, known) => {
    const outline = outlineOf(source)
    const earlier = outline === null ? undefined : agreed.get(outline)
    if (earlier !== undefined) return earlier
    const opinion = askSecondOpinion(source, known)
    if (outline !== null && 'opinion' in opinion && opinion.opinion === 'agrees') agreed.set(outline, opinion)
    return opinion
  }
}

/**
 * Another parser over the text as sent. It refuses where it positively sees something else: another statement than one
 * SELECT, or a table that PostgreSQL's grammar did not see; two readings of one text are how filters are passed by. That
 * it cannot parse a text says nothing, since it knows a part of the grammar only, and is recorded.
 */
function askSecondOpinion(source: string, known: ReadonlySet<string>): Opinion {
  let seen: { readonly tableList: string[]; readonly ast: unknown }
  try {
    // The other parser takes nothing before a semicolon for a statement.
    seen = parser.parse(source.replace(/^[\s;]+/, ''), { database: 'postgresql' })
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
