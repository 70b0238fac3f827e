import type { RawFinding } from '../location.ts'
import { usableColumns, type SqlPolicy } from '../policy.ts'
import { closest } from '../../../text/closest.ts'
import { listNames } from '../list-names.ts'
import type { Mention, TreeFacts } from './tree-facts.ts'

const sentences: Readonly<Record<string, string>> = {
  ambiguous: 'A column name is ambiguous: put the table before it, as in orders.id.',
  grouping: 'A column must be in GROUP BY or inside an aggregate, and aggregates are not allowed in WHERE.',
  types: 'No function or operator takes these argument types: add a cast.',
  value: 'A literal does not fit its type.',
  memory: 'The statement needs more memory than its sandbox has.',
}

/** Why DuckDB does not resolve a statement; a column that is denied and one that is missing read the same. */
export function explainFailure(reason: string, facts: TreeFacts, policy: SqlPolicy): RawFinding {
  const usable = new Set([...facts.relations].flatMap(usableColumns).map((name) => name.toLowerCase()))
  const unknown = facts.columns.find(({ name }) => {
    const lower = name.toLowerCase()
    return !usable.has(lower) && !facts.ownNames.has(lower) && !isSchema(lower, policy)
  })
  if (reason === 'missing' && unknown !== undefined) return columnNotAllowed(unknown, facts)
  const known = Object.hasOwn(sentences, reason) ? sentences[reason] : undefined
  const message = known ?? 'A column or table is not in scope here: check the FROM clause and the aliases.'
  return { rule: 'sql/does-not-analyze', offset: 0, message }
}

function isSchema(name: string, policy: SqlPolicy): boolean {
  return policy.searchPath.some((schema) => schema.toLowerCase() === name)
}

function columnNotAllowed({ name, offset }: Mention, facts: TreeFacts): RawFinding {
  const usable = [...new Set([...facts.relations].flatMap(usableColumns))].sort()
  const similar = closest(name, usable)
  const names = usable.length === 0 ? '' : `You may use ${listNames(usable)}.`
  const hint = similar === null ? names : `Did you mean "${similar}"?`
  const quotes = /^[a-z_][a-z0-9_]*$/.test(name) ? '' : ' Text stands in single quotes.'
  const message = `"${name.slice(0, 100)}" is not a column you may use here.${quotes} ${hint}`.trimEnd()
  return { rule: 'sql/column-not-allowed', offset, message }
}
