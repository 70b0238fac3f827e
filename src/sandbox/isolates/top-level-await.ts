import { type Node, parse, type Program } from 'acorn'

/**
 * A script may not `await` at its top level. Where it does, this wraps it in an async function, returns the value of
 * the last expression and turns top-level declarations into globals, so that they survive for the session's next run.
 * Sources without a top-level `await` come back as they are.
 */
export function wrapTopLevelAwait(source: string): string {
  // A keyword cannot be written with escapes, so most sources need no look at their syntax.
  if (!source.includes('await')) return source
  const program = parse(source, { ecmaVersion: 'latest', sourceType: 'script', allowAwaitOutsideFunction: true })
  if (!hasTopLevelAwait(program)) return source
  const edits: { readonly start: number; readonly end: number; readonly text: string }[] = []
  for (const statement of program.body) {
    if (statement.type === 'VariableDeclaration') {
      const names = statement.declarations.flatMap((declaration) => namesOf(declaration.id))
      const assignments = statement.declarations.map((declaration) => {
        const target = source.slice(declaration.id.start, declaration.id.end)
        const value = declaration.init ? source.slice(declaration.init.start, declaration.init.end) : 'undefined'
        return `(${target} = ${value})`
      })
      const declared = names.map((name) => `globalThis[${JSON.stringify(name)}] = undefined`).join(', ')
      edits.push({
        start: statement.start,
        end: statement.end,
        text: `void (${declared || 'undefined'}, ${assignments.join(', ')});`,
      })
    }
    if (statement.type === 'FunctionDeclaration' || statement.type === 'ClassDeclaration') {
      edits.push({
        start: statement.end,
        end: statement.end,
        text: `;globalThis.${statement.id.name} = ${statement.id.name};`,
      })
    }
  }
  const last = program.body.at(-1)
  if (last?.type === 'ExpressionStatement') {
    const { start, end } = last.expression
    edits.push({ start: last.start, end: last.end, text: `return (${source.slice(start, end)});` })
  }
  let text = source
  // Edits are made from the last to the first, so that the places of those before stay valid.
  for (const edit of edits.toReversed()) {
    text = text.slice(0, edit.start) + edit.text + text.slice(edit.end)
  }
  return `(async () => {${text}\n})()`
}

function hasTopLevelAwait(node: Node | Program): boolean {
  if (/Function/.test(node.type)) return false
  if (node.type === 'AwaitExpression') return true
  if (node.type === 'ForOfStatement' && 'await' in node && node.await === true) return true
  return Object.values(node).some((value: unknown) =>
    (Array.isArray(value) ? value : [value]).some((child: unknown) => isNode(child) && hasTopLevelAwait(child)),
  )
}

/** Names a binding pattern makes. */
function namesOf(pattern: Node): string[] {
  if (pattern.type === 'Identifier' && 'name' in pattern) return [String(pattern.name)]
  if (pattern.type === 'Property' && 'value' in pattern && isNode(pattern.value)) return namesOf(pattern.value)
  if (pattern.type === 'AssignmentPattern' && 'left' in pattern && isNode(pattern.left)) return namesOf(pattern.left)
  const parts =
    'properties' in pattern
      ? pattern.properties
      : 'elements' in pattern
        ? pattern.elements
        : 'argument' in pattern
          ? [pattern.argument]
          : []
  return (Array.isArray(parts) ? parts : []).filter(isNode).flatMap(namesOf)
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string'
}
