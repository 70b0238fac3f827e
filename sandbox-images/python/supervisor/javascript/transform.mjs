// Makes a cell's source fit for a session: declarations may be repeated by a later cell, `import` and top-level
// `await` work. The parser and the await transformation are Node's own, the ones its interactive prompt uses.
import { createRequire } from 'node:module'

const internal = createRequire(import.meta.url)
const { parse } = internal('internal/deps/acorn/acorn/dist/acorn')
const { processTopLevelAwait } = internal('internal/repl/await')
const { full: visit } = internal('internal/deps/acorn/acorn-walk/dist/walk')

/**
 * The source to run as a script, whether its value is a promise of `{value}`, and the names it declares that were
 * `const`, `let`, classes or imports. Source that does not parse is returned as it is: running it gives V8's own error.
 * @param {string} source
 * @returns {{text: string, wrapped: boolean, names: string[]}}
 */
export function transform(source) {
  // A script may call something `await`, so `await (x)` parses as one: the wait is looked for first.
  const awaited = /\bawait\b/.test(source) ? asAwaiting(source) : null
  if (awaited !== null) return awaited
  const script = tryParse(source, 'script')
  if (script !== null) return asPlain(source, script)
  return asAwaiting(source) ?? asPlain(source, tryParse(source, 'module'))
}

function asPlain(source, program) {
  if (program === null) return { text: source, wrapped: false, names: [] }
  return { text: applyEdits(source, declarations(program)), wrapped: false, names: declared(program) }
}

/** Null where it does not wait at its top. */
function asAwaiting(source) {
  const program = tryParse(source, 'module')
  if (program === null) return null
  const text = processTopLevelAwait(applyEdits(source, declarations(program)))
  return text === null ? null : { text, wrapped: true, names: declared(program) }
}

function tryParse(source, sourceType) {
  try {
    return parse(source, { ecmaVersion: 'latest', sourceType, allowHashBang: true, allowReturnOutsideFunction: false })
  } catch {
    return null
  }
}

function declared(program) {
  return program.body.flatMap((node) => {
    const statement = node.declaration ?? node
    if (statement.type === 'VariableDeclaration' && statement.kind !== 'var') {
      return statement.declarations.flatMap((declaration) => bound(declaration.id))
    }
    if (statement.type === 'ClassDeclaration' && statement.id) return [statement.id.name]
    return node.type === 'ImportDeclaration' ? node.specifiers.map((specifier) => specifier.local.name) : []
  })
}

/** The names a pattern binds. */
function bound(pattern) {
  switch (pattern?.type) {
    case 'Identifier':
      return [pattern.name]
    case 'ObjectPattern':
      return pattern.properties.flatMap((property) => bound(property.value ?? property.argument))
    case 'ArrayPattern':
      return pattern.elements.flatMap(bound)
    case 'AssignmentPattern':
      return bound(pattern.left)
    case 'RestElement':
      return bound(pattern.argument)
    default:
      return []
  }
}

/** Edits for the statements at the top: each is [start, end, replacement]. */
function declarations(program) {
  const edits = []
  for (const node of program.body) edits.push(...editsFor(node))
  // A script has no `import.meta`: `worker.mjs` keeps it under a name.
  visit(program, (node) => {
    if (node.type === 'MetaProperty' && node.meta.name === 'import') edits.push([node.start, node.end, '__importMeta'])
  })
  return edits.toSorted(([first], [second]) => first - second)
}

function editsFor(node) {
  switch (node.type) {
    case 'VariableDeclaration':
      return node.kind === 'var' ? [] : [[node.start, node.start + node.kind.length, 'var'.padEnd(node.kind.length)]]
    case 'ClassDeclaration':
      return [
        [node.start, node.start, `var ${node.id.name} = `],
        [node.end, node.end, ';'],
      ]
    case 'ImportDeclaration':
      return [[node.start, node.end, importText(node)]]
    case 'ExportNamedDeclaration':
      return node.declaration === null
        ? [[node.start, node.end, ';']]
        : [[node.start, node.declaration.start, ''], ...editsFor(node.declaration)]
    case 'ExportDefaultDeclaration':
      return node.declaration.id
        ? [[node.start, node.declaration.start, ''], ...editsFor(node.declaration)]
        : [[node.start, node.declaration.start, 'void ']]
    default:
      return []
  }
}

function importText(node) {
  const from = `await import(${JSON.stringify(node.source.value)})`
  if (node.specifiers.length === 0) return `${from};`
  const names = []
  let text = ''
  for (const specifier of node.specifiers) {
    if (specifier.type === 'ImportNamespaceSpecifier') text += `var ${specifier.local.name} = ${from};`
    else if (specifier.type === 'ImportDefaultSpecifier') names.push(`default: ${specifier.local.name}`)
    else names.push(`${specifier.imported.name ?? JSON.stringify(specifier.imported.value)}: ${specifier.local.name}`)
  }
  return names.length > 0 ? `${text}var { ${names.join(', ')} } = ${from};` : text
}

function applyEdits(source, edits) {
  let text = ''
  let position = 0
  for (const [start, end, replacement] of edits) {
    text += source.slice(position, start) + replacement
    position = end
  }
  return text + source.slice(position)
}
