import type { Node, Tree, TreeCursor } from 'web-tree-sitter'
import type { Finding } from '../../core/verdict.ts'
import { type CodeValidatorOptions, onlyStrict } from '../options.ts'
import { type Bindings, collectBindings } from './bindings.ts'
import { walkTree } from './parse.ts'
import { systemPath } from '../system-path.ts'
import { type PythonRule, pythonRules } from './rules.ts'

const maximumFindings = 50

/** Every syntax error of the tree; grammar for Python 2's statements counts as one. */
export function syntaxFindings(tree: Tree): Finding[] {
  const findings: Finding[] = []
  walkTree(tree, (cursor) => {
    const node = cursor.currentNode
    const message = syntaxMessage(node)
    if (message !== null) findings.push(at(node, 'python/syntax', message))
    return findings.length < maximumFindings && !node.isError
  })
  return findings
}

/** The text from where the node begins to the end of its line. */
function lineFrom(node: Node): string {
  const { row, column } = node.startPosition
  return (node.tree.rootNode.text.split('\n')[row] ?? '').slice(column).trim()
}

/** What to write instead of a line that only notebooks understand. */
function magicMessage(text: string): string | null {
  if (/^[\w.()]+\?\??$|^\?\??[\w.]+$/.test(text))
    return 'Notebook help (?) does not work here; print(name.__doc__) shows it.'
  const magic = /^(?:%%|%|!!?)\s*([A-Za-z]\w*)/.exec(text)
  if (magic === null) return null
  const [, word = ''] = magic
  const instead = insteadOfMagics.find(([words]) => words.test(word))?.[1] ?? 'write plain Python'
  return `Notebook magics (% and !) do not work here; ${instead}.`
}

const insteadOfMagics: readonly (readonly [RegExp, string])[] = [
  [
    /^(?:pip3?|conda|mamba|uv|apt(?:get)?)$/,
    'nothing can be installed, so leave this line out and import what is there',
  ],
  [
    /^(?:matplotlib|config|load_ext|reload_ext|autoreload|pylab)$/,
    'leave this line out: figures are shown by themselves',
  ],
  [/^(?:time|timeit|prun|memit)$/, 'measure with time.perf_counter()'],
  [/^(?:bash|sh|script|system)$/, 'use os, pathlib and shutil'],
  [/^(?:ls|cat|head|pwd|cd|mkdir|rm|wget|curl)$/, 'use os and pathlib; files are in /mnt/data'],
]

function syntaxMessage(node: Node): string | null {
  if (node.isMissing) return `The code does not parse: ${node.type} is missing here.`
  if (node.type === 'print_statement' || node.type === 'exec_statement') {
    return `This is Python 2; write ${node.type === 'print_statement' ? 'print(…)' : 'the code itself'}.`
  }
  if (!node.isError) return null
  const text = node.text.trim().split('\n')[0] ?? ''
  const magic = magicMessage(lineFrom(node))
  if (magic !== null) return magic
  const shown = text.length > 40 ? `${text.slice(0, 40)}…` : text
  return shown === '' ? 'The code does not parse here.' : `The code does not parse near "${shown}".`
}

/** Every rule the program breaks, in the order of the source. */
export function ruleFindings(tree: Tree, options: Pick<CodeValidatorOptions, 'forbid' | 'profile'>): Finding[] {
  const rules = pythonRules(options)
  const bindings = collectBindings(tree)
  const findings = importFindings(bindings, rules)
  walkTree(tree, (cursor) => {
    const finding = nodeFinding(cursor, { bindings, rules, options })
    if (finding !== null) findings.push(finding)
    return findings.length < maximumFindings
  })
  return unique(findings)
}

function importFindings(bindings: Bindings, rules: readonly PythonRule[]): Finding[] {
  const imports = bindings.imports.filter(
    ({ from }) => !rules.some((rule) => from !== null && moduleForbidden(rule, from)),
  )
  return imports.flatMap(({ path, node }) =>
    rules
      .filter((rule) => moduleForbidden(rule, path) || memberForbidden(rule, path))
      .map((rule) => broken(rule, node, path)),
  )
}

interface Context {
  readonly bindings: Bindings
  readonly rules: readonly PythonRule[]
  readonly options: Pick<CodeValidatorOptions, 'forbid' | 'profile'>
}

function nodeFinding(cursor: TreeCursor, { bindings, rules, options }: Context): Finding | null {
  switch (cursor.nodeType) {
    case 'attribute':
      return attributeFinding(cursor.currentNode, bindings, rules)
    case 'identifier':
      return identifierFinding(cursor.currentNode, bindings, rules)
    case 'string_content':
      return stringFinding(cursor.currentNode, rules, options.forbid.includes('system-files'))
    case 'call':
      return callFinding(cursor.currentNode, bindings, options)
    default:
      return null
  }
}

function attributeFinding(node: Node, bindings: Bindings, rules: readonly PythonRule[]): Finding | null {
  const attribute = node.childForFieldName('attribute')
  if (attribute === null) return null
  const named = rules.find((rule) => rule.attributes.includes(attribute.text))
  if (named !== undefined) return broken(named, attribute, attribute.text)
  for (const path of bindings.resolve(node)) {
    const rule = ruleAgainst(path, rules)
    // What stands below a forbidden module was reported where the module was named.
    const owner = path.slice(0, path.lastIndexOf('.'))
    if (rule !== undefined && ruleAgainst(owner, rules) === undefined) return broken(rule, attribute, path)
  }
  return null
}

function identifierFinding(node: Node, bindings: Bindings, rules: readonly PythonRule[]): Finding | null {
  // A name of the program's own (a keyword argument, an attribute, what an assignment makes) is not the built-in.
  const parent = node.parent
  if (parent?.type === 'assignment' && parent.childForFieldName('left')?.equals(node) === true) return null
  if (parent?.type === 'keyword_argument' && parent.childForFieldName('name')?.equals(node) === true) return null
  if (parent?.type === 'attribute' && parent.childForFieldName('attribute')?.equals(node) === true) return null
  if (parent?.type === 'function_definition' && parent.childForFieldName('name')?.equals(node) === true) return null
  const rule = rules.find((candidate) => candidate.builtins.includes(node.text))
  if (rule !== undefined) return broken(rule, node, node.text)
  if (parent?.type === 'aliased_import' || parent?.type === 'dotted_name') return null
  for (const path of bindings.meanings(node.text)) {
    const member = rules.find((candidate) => path.includes('.') && memberForbidden(candidate, path))
    if (member !== undefined) return broken(member, node, path)
  }
  return null
}

function stringFinding(node: Node, rules: readonly PythonRule[], checksPaths: boolean): Finding | null {
  const text = node.text
  const words = text.match(/\b__\w+__\b/g) ?? []
  for (const word of words) {
    const rule = rules.find((candidate) => candidate.attributes.includes(word))
    if (rule !== undefined) return broken(rule, node, word)
  }
  if (checksPaths && systemPath.test(text)) {
    return at(node, 'python/system-files', `"${text.slice(0, 60)}" belongs to the system; the data is in /mnt/data.`)
  }
  return null
}

/** Modules whose members a computed name must not choose, whatever the profile. */
const guarded = new Set(['os', 'posix', 'sys'])

/** Calls whose arguments decide: `numpy.load(…, allow_pickle=True)`, `getattr` on a module by a computed name. */
function callFinding(node: Node, bindings: Bindings, { forbid, profile }: Context['options']): Finding | null {
  const called = node.childForFieldName('function')
  const parameters = node.childForFieldName('arguments')?.namedChildren ?? []
  if (called === null) return null
  const strict = profile === 'strict'
  if (strict && forbid.includes('deserialization') && bindings.resolve(called).includes('numpy.load')) {
    const unsafe = parameters.some((argument) => argument !== null && /^allow_pickle\s*=\s*True$/.test(argument.text))
    if (unsafe) return at(node, 'python/deserialization', `"numpy.load(allow_pickle=True)" ${unpickles}.`)
  }
  const [target, name] = parameters
  if (!forbid.includes('introspection') || called.text !== 'getattr' || !target || !name || name.type === 'string') {
    return null
  }
  const paths = bindings.resolve(target)
  if (!(strict ? paths.length > 0 : paths.some((path) => guarded.has(path)))) return null
  return at(node, 'python/introspection', `"getattr(${target.text}, …)" ${computes}.`)
}

const unpickles = `turns bytes into running code; save arrays of numbers${onlyStrict}`
const computes = 'reads a member of a module by a computed name, which cannot be checked; write the name out'

function ruleAgainst(path: string, rules: readonly PythonRule[]): PythonRule | undefined {
  return rules.find((rule) => memberForbidden(rule, path) || moduleForbidden(rule, path))
}

function moduleForbidden(rule: PythonRule, path: string): boolean {
  return rule.modules.some((module) => path === module || path.startsWith(`${module}.`))
}

function memberForbidden(rule: PythonRule, path: string): boolean {
  return rule.members.some((member) =>
    member.includes('*') ? wildcard(member, path) : path === member || path.startsWith(`${member}.`),
  )
}

function wildcard(pattern: string, path: string): boolean {
  const [start = '', end = ''] = pattern.split('*')
  return path.startsWith(start) && path.endsWith(end) && path.length >= start.length + end.length
}

function broken(rule: PythonRule, node: Node, name: string): Finding {
  return at(node, `python/${rule.category}`, `"${name}" ${rule.because}.`)
}

function at(node: Node, rule: string, message: string): Finding {
  return { rule, line: node.startPosition.row + 1, column: node.startPosition.column + 1, message }
}

function unique(findings: readonly Finding[]): Finding[] {
  const seen = new Map(findings.map((finding) => [`${finding.rule}:${finding.line}:${finding.column}`, finding]))
  return [...seen.values()].sort((a, b) => a.line - b.line || a.column - b.column)
}
