// Makes a cell's source fit for a session: declarations may be repeated by a later cell, `import` and top-level
// `await` work. The parser and the await transformation are Node's own, the ones its interactive prompt uses.
import { createRequire } from 'node:module'

const internal = createRequire(import.meta.url)
const { parse } = internal('internal/deps/acorn/acorn/dist/acorn')
const { processTopLevelAwait } = internal('internal/repl/await')

/**
 * The source to run as a script, and whether its value is a promise of `{value}`.
 * Source that does not parse is returned as it is: running it gives V8's own error.
 * @param {string} source
 * @returns {{text: string, wrapped: boolean}}
 */
export function transform(source) {
  const script = tryParse(source, 'script')
  if (script !== null) return { text: applyEdits(source, declarations(script)), wrapped: false }
  const module = tryParse(source, 'module')
  if (module === null) return { text: source, wrapped: false }
  const text = applyEdits(source, declarations(module))
  const awaited = processTopLevelAwait(text)
  return awaited === null ? { text, wrapped: false } : { text: awaited, wrapped: true }
}

function tryParse(source, sourceType) {
  try {
    return parse(source, { ecmaVersion: 'latest', sourceType, allowHashBang: true, allowReturnOutsideFunction: false })
  } catch {
    return null
  }
}

/** Edits for the statements at the top: each is [start, end, replacement]. */
function declarations(program) {
  const edits = []
  for (const node of program.body) edits.push(...editsFor(node))
  return edits
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
