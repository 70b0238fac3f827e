import { hasSqlDetails, loadModule, parseSync, scanSync } from 'libpg-query'
import { insteadOfForeignSyntax } from '../../foreign-syntax.ts'
import type { RawFinding } from '../../location.ts'
import { asList, asNode, isStruct, unwrap, type Struct } from '../../syntax-tree.ts'
import { deniedNodes } from './denied-nodes.ts'

/** Loads PostgreSQL's grammar. Call once before `parseStatement`. */
export function loadGrammar(): Promise<void> {
  return loadModule()
}

/** The parser died rather than answered. Its memory may be damaged: the process must end, and the source is refused. */
export class ParserCrash extends Error {
  constructor(cause: unknown) {
    super('The parser failed on this statement.', { cause })
    this.name = 'ParserCrash'
  }
}

export type Parsed = { readonly select: Struct } | { readonly findings: readonly RawFinding[] }

function parseTree(source: string): unknown {
  try {
    return parseSync(source)
  } catch (thrown) {
    if (hasSqlDetails(thrown)) throw thrown
    throw new ParserCrash(thrown)
  }
}

/**
 * PostgreSQL's own grammar over the text: the SelectStmt of exactly one SELECT, else findings. Fails closed: no tree,
 * more than one statement, or any statement but a SELECT is a refusal. Throws ParserCrash only.
 */
export function parseStatement(source: string): Parsed {
  let tree: unknown
  try {
    tree = parseTree(source)
  } catch (thrown) {
    if (!hasSqlDetails(thrown)) throw thrown
    return { findings: [syntaxError(source, thrown.message, thrown.sqlDetails?.cursorPosition ?? 0)] }
  }
  const statements = isStruct(tree) ? asList(tree['stmts']) : []
  const [first, second] = statements
  if (!isStruct(first)) return { findings: [{ rule: 'sql/empty', offset: 0, message: 'There is no statement.' }] }
  if (isStruct(second)) {
    const offset = typeof second['stmt_location'] === 'number' ? second['stmt_location'] : 0
    const message = `There are ${statements.length} statements; send exactly one SELECT.`
    return { findings: [{ rule: 'sql/one-statement', offset, message }] }
  }
  const select = asNode(first['stmt'], 'SelectStmt')
  if (select === null) return { findings: [notSelect(unwrap(first['stmt'])?.type ?? 'unknown')] }
  const comment = executableComment(source)
  return comment === null ? { select } : { findings: [comment] }
}

function syntaxError(source: string, message: string, cursor: number): RawFinding {
  // The parser counts characters from 0 here and bytes in the tree.
  const offset = Buffer.byteLength(Array.from(source).slice(0, Math.max(cursor, 0)).join(''))
  const hint = source.trimStart().startsWith('```')
    ? ' Send the SQL alone, without the fence of Markdown around it.'
    : insteadOfForeignSyntax(source, 'postgresql')
  return { rule: 'sql/syntax', offset, message: `PostgreSQL cannot parse this: ${message}.${hint}` }
}

function notSelect(type: string): RawFinding {
  const name = type.replace(/Stmt$/, '')
  const reason = deniedNodes[type] ?? 'Only one plain SELECT is allowed.'
  return { rule: 'sql/not-select', offset: 0, message: `A ${name} statement is not allowed. ${reason}` }
}

/** MySQL and MariaDB run what stands in such a comment: a text that means two things is refused. */
function executableComment(source: string): RawFinding | null {
  if (!/\/\*M?!/.test(source)) return null
  const token = scanSync(source).tokens.find((token) => /COMMENT/.test(token.tokenName) && /^\/\*M?!/.test(token.text))
  if (token === undefined) return null
  const message = 'Comments of the form /*! … */ run as code elsewhere and are not allowed.'
  return { rule: 'sql/comment', offset: token.start, message }
}
