import type { AnyNode, Expression, Program } from 'acorn'
import type { Finding } from '../../core/verdict.ts'
import type { CodeValidatorOptions, RuleCategory } from '../options.ts'
import { systemPath } from '../system-path.ts'
import { walkProgram } from './parse.ts'
import { type JavaScriptRule, javascriptRules } from './rules.ts'

const globalObjects = new Set(['globalThis', 'global', 'window', 'self'])

/** Every rule the program breaks, in the order of the source. */
export function ruleFindings(program: Program, options: Pick<CodeValidatorOptions, 'forbid' | 'profile'>): Finding[] {
  const rules = javascriptRules(options)
  const forbidden = new Set(options.forbid)
  const strict = options.profile === 'strict'
  const own = declaredNames(program)
  const findings: Finding[] = []
  walkProgram(program, (node, parent) => {
    const finding = nodeFinding(node, parent, { rules, own, forbidden, strict })
    if (finding !== null) findings.push(finding)
  })
  const seen = new Map(findings.map((finding) => [`${finding.rule}:${finding.line}:${finding.column}`, finding]))
  return [...seen.values()].sort((a, b) => a.line - b.line || a.column - b.column).slice(0, 50)
}

interface Context {
  readonly rules: readonly JavaScriptRule[]
  readonly own: ReadonlySet<string>
  readonly forbidden: ReadonlySet<RuleCategory>
  readonly strict: boolean
}

function nodeFinding(node: AnyNode, parent: AnyNode | null, context: Context): Finding | null {
  switch (node.type) {
    case 'Identifier':
      return isReference(node, parent) ? globalFinding(node, node.name, context) : null
    case 'MemberExpression':
      return memberFinding(node, context)
    case 'Property':
      return propertyFinding(node, context)
    case 'CallExpression':
    case 'NewExpression':
      return callFinding(node, context)
    case 'ImportDeclaration':
    case 'ExportNamedDeclaration':
    case 'ExportAllDeclaration':
      return typeof node.source?.value === 'string' ? moduleFinding(node, node.source.value, context) : null
    case 'ImportExpression':
      if (node.source.type === 'Literal' && typeof node.source.value === 'string' && !context.strict) {
        return moduleFinding(node, node.source.value, context)
      }
      return context.strict && context.forbidden.has('dynamic-import')
        ? at(node, 'javascript/dynamic-import', '"import()" loads modules in a way that cannot be checked.')
        : null
    case 'Literal':
    case 'TemplateElement':
      return pathFinding(node, context)
    default:
      return null
  }
}

function globalFinding(node: AnyNode, name: string, { rules, own }: Context): Finding | null {
  if (own.has(name)) return null
  const rule = rules.find((candidate) => candidate.globals.includes(name))
  return rule === undefined ? null : broken(rule, node, name)
}

function memberFinding(node: Extract<AnyNode, { type: 'MemberExpression' }>, context: Context): Finding | null {
  const name = propertyName(node)
  if (name === null) return null
  const place = node.property
  const named = context.rules.find((rule) => rule.properties.includes(name))
  if (named !== undefined) return broken(named, place, name)
  const ladder = context.rules.find((rule) => rule.category === 'introspection')
  const owner = node.object
  if (ladder !== undefined && name === 'constructor' && owner.type === 'MemberExpression') {
    if (propertyName(owner) === 'constructor') return broken(ladder, place, 'constructor.constructor')
  }
  if (owner.type !== 'Identifier') return null
  if (globalObjects.has(owner.name)) return globalFinding(place, name, { ...context, own: new Set() })
  const member = context.rules.find((rule) => rule.members.includes(`${owner.name}.${name}`))
  return member === undefined ? null : broken(member, place, `${owner.name}.${name}`)
}

function propertyFinding(node: Extract<AnyNode, { type: 'Property' }>, { rules }: Context): Finding | null {
  const key = node.key
  const name = key.type === 'Identifier' ? key.name : key.type === 'Literal' ? String(key.value) : ''
  const rule = rules.find((candidate) => !node.computed && candidate.properties.includes(name))
  return rule === undefined ? null : broken(rule, key, name)
}

/** `require` of a forbidden or computed name, and `x.constructor(…)`, the shortest way to `Function`. */
function callFinding(
  node: Extract<AnyNode, { type: 'CallExpression' | 'NewExpression' }>,
  { rules, own, forbidden, strict }: Context,
): Finding | null {
  const { callee } = node
  if (strict && callee.type === 'MemberExpression' && propertyName(callee) === 'constructor') {
    const ladder = rules.find((rule) => rule.category === 'introspection')
    return ladder === undefined ? null : broken(ladder, callee.property, 'constructor(…)')
  }
  if (callee.type !== 'Identifier' || callee.name !== 'require' || own.has('require')) return null
  const [name] = node.arguments
  if (name?.type === 'Literal' && typeof name.value === 'string') return moduleFinding(node, name.value, { rules })
  const message = '"require" of a computed name cannot be checked; write the name out.'
  return strict && forbidden.has('dynamic-import') ? at(node, 'javascript/dynamic-import', message) : null
}

function moduleFinding(node: AnyNode, name: string, { rules }: Pick<Context, 'rules'>): Finding | null {
  const module = name.replace(/^node:/, '')
  const rule = rules.find((candidate) =>
    candidate.modules.some((one) => module === one || module.startsWith(`${one}/`)),
  )
  return rule === undefined ? null : broken(rule, node, module)
}

function pathFinding(
  node: Extract<AnyNode, { type: 'Literal' | 'TemplateElement' }>,
  context: Context,
): Finding | null {
  const text = node.type === 'Literal' ? node.value : node.value.cooked
  if (typeof text !== 'string' || !context.forbidden.has('system-files') || !systemPath.test(text)) return null
  const message = `"${text.slice(0, 60)}" belongs to the system; the data is in /mnt/data.`
  return at(node, 'javascript/system-files', message)
}

/** The name a member expression reads, where the source says it: `a.b`, `a['b']`, a[`b`]. */
function propertyName(node: Extract<AnyNode, { type: 'MemberExpression' }>): string | null {
  const property = node.property as Expression | { type: 'PrivateIdentifier'; name: string }
  if (!node.computed && property.type === 'Identifier') return property.name
  if (property.type === 'Literal' && typeof property.value === 'string') return property.value
  if (property.type === 'TemplateLiteral' && property.expressions.length === 0) {
    return property.quasis[0]?.value.cooked ?? null
  }
  return null
}

/** Is this identifier a use of a variable, not the name of a property or a label? */
function isReference(node: AnyNode, parent: AnyNode | null): boolean {
  if (parent === null) return true
  if (parent.type === 'MemberExpression') return parent.object === node || parent.computed
  if (parent.type === 'Property') return parent.value === node || parent.computed
  if (parent.type === 'MethodDefinition' || parent.type === 'PropertyDefinition') return parent.key !== node
  // What a module calls its exports says nothing of ours; `export { name }` without a module is a use of the variable.
  if (parent.type === 'ImportSpecifier' || parent.type === 'ExportAllDeclaration') return false
  if (parent.type === 'ImportDefaultSpecifier' || parent.type === 'ImportNamespaceSpecifier') return false
  if (parent.type === 'ExportSpecifier') return parent.local === node
  return parent.type !== 'LabeledStatement' && parent.type !== 'BreakStatement' && parent.type !== 'ContinueStatement'
}

/** Names the program makes itself: they hide the global of the same name. */
function declaredNames(program: Program): Set<string> {
  const names = new Set<string>()
  walkProgram(program, (node, parent) => {
    if (node.type !== 'Identifier' || parent === null) return
    const declares =
      (parent.type === 'VariableDeclarator' && parent.id === node) ||
      ((parent.type === 'ImportSpecifier' ||
        parent.type === 'ImportDefaultSpecifier' ||
        parent.type === 'ImportNamespaceSpecifier') &&
        parent.local === node) ||
      ((parent.type === 'FunctionDeclaration' || parent.type === 'ClassDeclaration') && parent.id === node) ||
      ((parent.type === 'FunctionDeclaration' ||
        parent.type === 'FunctionExpression' ||
        parent.type === 'ArrowFunctionExpression') &&
        parent.params.includes(node))
    if (declares) names.add(node.name)
  })
  return names
}

function broken(rule: JavaScriptRule, node: AnyNode, name: string): Finding {
  return at(node, `javascript/${rule.category}`, `"${name}" ${rule.because}.`)
}

function at(node: AnyNode, rule: string, message: string): Finding {
  return { rule, line: node.loc?.start.line ?? 1, column: (node.loc?.start.column ?? 0) + 1, message }
}
