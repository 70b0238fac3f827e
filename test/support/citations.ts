import ts from 'typescript-5'

/** One promise that a test says it holds, with its place in the tests. */
export interface Citation {
  readonly id: string
  /** `path:line`. */
  readonly place: string
}

/** What the calls of `verifies()` in the tests say, read from their syntax trees; nothing is run. */
export interface Citations {
  readonly citations: readonly Citation[]
  /** Calls that hold nothing: outside a test, in one that is switched off, or of ids that are not written out. */
  readonly idle: readonly string[]
}

/** Reads the citations of files from their texts, by path. */
export function readCitations(texts: ReadonlyMap<string, string>): Citations {
  const citations: Citation[] = []
  const idle: string[] = []
  for (const [path, text] of texts) {
    if (!text.includes('verifies')) continue
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2024, true)
    const visit = (node: ts.Node): void => {
      if (ts.isCallExpression(node) && ts.isIdentifier(node.expression) && node.expression.text === 'verifies') {
        const place = `${path}:${source.getLineAndCharacterOfPosition(node.getStart()).line + 1}`
        const ids = node.arguments.filter((argument) => ts.isStringLiteralLike(argument)).map(({ text: id }) => id)
        if (ids.length === 0 || ids.length < node.arguments.length || !beginsTest(node)) idle.push(place)
        else citations.push(...ids.map((id) => ({ id, place })))
      }
      ts.forEachChild(node, visit)
    }
    visit(source)
  }
  return { citations, idle }
}

/** Is the call one of the first statements of a test or group, none of which is switched off? */
function beginsTest(call: ts.CallExpression): boolean {
  const statement = call.parent
  const block = statement.parent
  if (!ts.isExpressionStatement(statement) || !ts.isBlock(block)) return false
  const before = block.statements.slice(0, block.statements.indexOf(statement))
  if (!before.every((earlier) => ts.isExpressionStatement(earlier) && earlier.getText().startsWith('verifies('))) {
    return false
  }
  const body = block.parent
  if (!ts.isFunctionLike(body) || !isTest(body.parent)) return false
  for (let node: ts.Node | undefined = body; node !== undefined; node = node.parent) {
    if (isTest(node) && /\.(skip|todo|fails)\b/.test(node.expression.getText())) return false
  }
  return true
}

/** A call of `it`, `test` or `describe`, or of what their members give, such as `it.each(rows)`. */
function isTest(node: ts.Node): node is ts.CallExpression {
  if (!ts.isCallExpression(node)) return false
  let called: ts.Expression = node.expression
  while (ts.isCallExpression(called) || ts.isPropertyAccessExpression(called)) called = called.expression
  return ts.isIdentifier(called) && ['it', 'test', 'describe'].includes(called.text)
}
