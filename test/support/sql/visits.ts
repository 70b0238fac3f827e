import { loadGrammar, parseStatement } from '../../../src/validators/sql/postgresql/grammar/parse.ts'
import { walkStatement, type Visit } from '../../../src/validators/sql/postgresql/grammar/walk.ts'
import type { Struct } from '../../../src/validators/sql/syntax-tree.ts'

await loadGrammar()

/** The tree of one SELECT. */
export function selectOf(sql: string): Struct {
  const parsed = parseStatement(sql)
  if ('findings' in parsed) throw new Error(JSON.stringify(parsed.findings))
  return parsed.select
}

/** Every node of one SELECT. */
export function visitsOf(sql: string): readonly Visit[] {
  return walkStatement(selectOf(sql)).visits
}
