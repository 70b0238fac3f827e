import type { Resolution, ResolutionFailure, ResolveOptions } from '../../core/catalog.ts'
import { type Description, StatementError } from '../session.ts'
import type { Names } from './names.ts'
import { readQueryTree } from './query-tree.ts'
import { readColumnPassage } from './column-passage.ts'
import { nameColumns, namePassage, nameOutput, nameReferences } from './resolve.ts'
import { readRowDeciders } from './row-deciders.ts'

export type Analysis =
  | { readonly kind: 'resolved'; readonly resolution: Resolution }
  | { readonly kind: 'failed'; readonly failure: ResolutionFailure }

/** With these a server sends the analyzed tree of what it parses back to the client. */
export const analysisSettings: readonly string[] = [
  'SET debug_print_parse = on',
  'SET debug_pretty_print = off',
  'SET client_min_messages = log',
]

/** A shadow ready to analyze. */
export interface FilledShadow {
  /** By the protocol's Parse and Describe; a server's refusal is a `StatementError`. */
  describe(this: void, statement: string): Promise<Description>
  /** Sets where names alone are looked up. */
  search(this: void, schemas: readonly string[]): Promise<void>
  readonly names: Names
  printType(this: void, oid: number, modifier: number): Promise<string>
}

/** Where the databases look up what a statement leaves without a schema. */
export const defaultPath: readonly string[] = ['public']

const notASelect: ResolutionFailure = { sqlstate: '0A000', position: null }
const hasParameters: ResolutionFailure = { sqlstate: '42P02', position: null }

/**
 * Lets PostgreSQL analyze a statement: the protocol's Parse and Describe, never Bind or Execute, so nothing is planned
 * and nothing runs. One text is one statement by the protocol itself.
 */
export async function analyze(shadow: FilledShadow, statement: string, asked: ResolveOptions = {}): Promise<Analysis> {
  const { searchPath = defaultPath } = asked
  const isUsual = searchPath.join('\0') === defaultPath.join('\0')
  if (isUsual) return analyzeHere(shadow, statement, asked)
  await shadow.search(searchPath)
  try {
    return await analyzeHere(shadow, statement, asked)
  } finally {
    await shadow.search(defaultPath)
  }
}

async function analyzeHere(shadow: FilledShadow, statement: string, asked: ResolveOptions): Promise<Analysis> {
  const { describe, names, printType } = shadow
  try {
    const { notices, fields, parameters } = await describe(statement)
    const trees = notices.filter(({ message }) => message === 'parse tree:').map(({ detail }) => detail ?? '')
    const [tree] = trees
    if (tree === undefined || trees.length !== 1) return { kind: 'failed', failure: notASelect }
    const references = readQueryTree(tree)
    if (references === null) return { kind: 'failed', failure: notASelect }
    if (parameters > 0) return { kind: 'failed', failure: hasParameters }
    const output = await nameOutput(fields, names, printType)
    const deciders = asked.deciders === true ? { deciders: nameColumns(readRowDeciders(tree), names) } : {}
    const passage =
      asked.passage === true ? { passage: namePassage(readColumnPassage(tree), references.relations, names) } : {}
    return {
      kind: 'resolved',
      resolution: { ...nameReferences(references, names), ...deciders, ...passage, output },
    }
  } catch (error) {
    if (!(error instanceof StatementError)) throw error
    return { kind: 'failed', failure: { sqlstate: error.sqlstate, position: error.position } }
  }
}
