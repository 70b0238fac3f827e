import { sameTree } from '../../syntax-tree.ts'

/**
 * Does the grammar of the replica's own version read a text as the same tree? Fails closed: a text it cannot parse is
 * not the same.
 */
export type ReadsTheSame = (text: string, tree: unknown) => boolean

interface Grammar {
  loadModule(): Promise<void>
  parseSync(text: string): unknown
}

const grammars: Readonly<Record<number, () => Promise<Grammar>>> = {
  // No package holds the grammar of 14; a server of 14 refuses what 15 adds as a syntax error.
  14: () => import('libpg-query-15'),
  15: () => import('libpg-query-15'),
  16: () => import('libpg-query-16'),
  17: () => import('libpg-query-17'),
}

/** Loads the grammar of a major version; the version the gate itself parses with needs no second reading. */
export async function loadReplicaGrammar(major: number): Promise<ReadsTheSame> {
  const load = grammars[major]
  if (load === undefined) return () => true
  const grammar = await load()
  await grammar.loadModule()
  return (text, tree) => {
    try {
      const { stmts } = grammar.parseSync(text) as { stmts?: readonly { stmt?: { SelectStmt?: unknown } }[] }
      return stmts?.length === 1 && sameTree(stmts[0]?.stmt?.SelectStmt, tree)
    } catch {
      return false
    }
  }
}
