import type { Node, Tree } from 'web-tree-sitter'
import { walkTree } from './parse.ts'

/** An imported module or member, with the node to point at. */
export interface Imported {
  /** `os.path`, `subprocess`, `os.system` (from `from os import system`). */
  readonly path: string
  readonly node: Node
  /** The module a member is imported from; null for a module itself. */
  readonly from: string | null
}

/** What the names of a program stand for, however often they are rebound: checks look at every meaning. */
export interface Bindings {
  readonly imports: readonly Imported[]
  /** Dotted paths a bare name may stand for. */
  meanings(name: string): readonly string[]
  /** Dotted paths an expression such as `o.path.join` may stand for; empty when it starts at no known name. */
  resolve(expression: Node): readonly string[]
}

/** Reads imports (`import a.b as c`, `from a import b`) and plain aliases (`s = os.system`) wherever they stand. */
export function collectBindings(tree: Tree): Bindings {
  const imports: Imported[] = []
  const meanings = new Map<string, Set<string>>()
  const aliases: { readonly name: string; readonly value: Node }[] = []
  const bind = (name: string, path: string): boolean => {
    const paths = meanings.get(name) ?? new Set<string>()
    meanings.set(name, paths)
    if (paths.has(path)) return false
    paths.add(path)
    return true
  }
  walkTree(tree, (cursor) => {
    const type = cursor.nodeType
    if (type === 'import_statement') readImport(cursor.currentNode, imports, bind)
    else if (type === 'import_from_statement') readImportFrom(cursor.currentNode, imports, bind)
    else if (type === 'assignment' || type === 'named_expression') readAlias(cursor.currentNode, aliases)
    return true
  })
  const resolve = (expression: Node): readonly string[] => {
    const parts: string[] = []
    let node: Node | null = expression
    while (node?.type === 'attribute') {
      parts.unshift(node.childForFieldName('attribute')?.text ?? '')
      node = node.childForFieldName('object')
    }
    if (node?.type !== 'identifier') return []
    return [...(meanings.get(node.text) ?? [])].map((path) => [path, ...parts].join('.'))
  }
  // Aliases of aliases need another round each; ten links is more than any honest program has.
  for (let round = 0; round < 10; round += 1) {
    const changed = aliases.map(({ name, value }) => resolve(value).map((path) => bind(name, path)))
    if (!changed.flat().includes(true)) break
  }
  return { imports, meanings: (name) => [...(meanings.get(name) ?? [])], resolve }
}

function readImport(statement: Node, imports: Imported[], bind: (name: string, path: string) => boolean): void {
  for (const name of statement.childrenForFieldName('name')) {
    const aliased = name.type === 'aliased_import'
    const path = (aliased ? name.childForFieldName('name')?.text : name.text) ?? ''
    imports.push({ path, node: name, from: null })
    const alias = name.childForFieldName('alias')?.text
    if (aliased && alias !== undefined) bind(alias, path)
    else bind(path.split('.')[0] ?? path, path.split('.')[0] ?? path)
  }
}

function readImportFrom(statement: Node, imports: Imported[], bind: (name: string, path: string) => boolean): void {
  const module = statement.childForFieldName('module_name')?.text ?? ''
  const names = statement.childrenForFieldName('name')
  imports.push({ path: module, node: statement.childForFieldName('module_name') ?? statement, from: null })
  for (const name of names) {
    const aliased = name.type === 'aliased_import'
    const member = (aliased ? name.childForFieldName('name')?.text : name.text) ?? ''
    const path = `${module}.${member}`
    imports.push({ path, node: name, from: module })
    bind((aliased ? name.childForFieldName('alias')?.text : undefined) ?? member, path)
  }
}

function readAlias(assignment: Node, aliases: { name: string; value: Node }[]): void {
  const left = assignment.childForFieldName('left') ?? assignment.childForFieldName('name')
  const right = assignment.childForFieldName('right') ?? assignment.childForFieldName('value')
  if (left?.type !== 'identifier' || right === null) return
  if (right.type === 'identifier' || right.type === 'attribute') aliases.push({ name: left.text, value: right })
}
