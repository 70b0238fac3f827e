import ts from 'typescript-5'
import { emptied, flipped, withoutAnchors } from './literals.ts'
import type { Mutant, MutantKind } from './mutant.ts'

/** One change: a part of the text, and what stands there instead. */
interface Change {
  readonly kind: MutantKind
  readonly start: number
  readonly end: number
  readonly after: string
}

/** The small faults that could be put into this text. Types, imports and names of members stay as they are. */
export function makeMutants(file: string, text: string): readonly Mutant[] {
  const source = ts.createSourceFile(file, text, ts.ScriptTarget.ES2024, true)
  const changes: Change[] = []
  const visit = (node: ts.Node): void => {
    if (isInert(node)) return
    changes.push(...changesOf(node))
    ts.forEachChild(node, visit)
  }
  visit(source)
  return changes.flatMap(({ kind, start, end, after }) => {
    const before = text.slice(start, end)
    if (before === after) return []
    const line = source.getLineAndCharacterOfPosition(start).line + 1
    return [{ file, kind, start, end, line, before, after }]
  })
}

function isInert(node: ts.Node): boolean {
  return (
    (ts.isTypeNode(node) && !ts.isExpressionWithTypeArguments(node)) ||
    ts.isImportDeclaration(node) ||
    ts.isExportDeclaration(node) ||
    ts.isTypeAliasDeclaration(node) ||
    ts.isInterfaceDeclaration(node) ||
    (ts.isPropertyName(node) && (node.parent as { name?: ts.Node }).name === node) ||
    (ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.SuperKeyword)
  )
}

function changesOf(node: ts.Node): readonly Change[] {
  if (ts.isBinaryExpression(node)) return ofOperator(node)
  if (ts.isPrefixUnaryExpression(node)) return ofNot(node)
  if (ts.isIfStatement(node)) return negated(node.expression)
  if (ts.isConditionalExpression(node)) return negated(node.condition)
  if (ts.isWhileStatement(node) || ts.isDoStatement(node)) return [instead(node.expression, 'condition', 'false')]
  if (ts.isForStatement(node) && node.condition) return [instead(node.condition, 'condition', 'false')]
  if (ts.isExpressionStatement(node)) return ofStatement(node)
  if (ts.isThrowStatement(node)) return [instead(node, 'statement', ';')]
  if (ts.isBlock(node)) return ofBody(node)
  if (ts.isArrayLiteralExpression(node)) return ofArray(node)
  if (ts.isCallExpression(node)) return ofCall(node)
  return ofLiteral(node)
}

function instead(node: ts.Node, kind: MutantKind, after: string): Change {
  return { kind, start: node.getStart(), end: node.getEnd(), after }
}

const operators: Readonly<Partial<Record<ts.SyntaxKind, readonly [MutantKind, string]>>> = {
  [ts.SyntaxKind.LessThanToken]: ['boundary', '<='],
  [ts.SyntaxKind.LessThanEqualsToken]: ['boundary', '<'],
  [ts.SyntaxKind.GreaterThanToken]: ['boundary', '>='],
  [ts.SyntaxKind.GreaterThanEqualsToken]: ['boundary', '>'],
  [ts.SyntaxKind.EqualsEqualsEqualsToken]: ['equality', '!=='],
  [ts.SyntaxKind.ExclamationEqualsEqualsToken]: ['equality', '==='],
  [ts.SyntaxKind.AmpersandAmpersandToken]: ['logic', '||'],
  [ts.SyntaxKind.BarBarToken]: ['logic', '&&'],
  [ts.SyntaxKind.PlusToken]: ['arithmetic', '-'],
  [ts.SyntaxKind.MinusToken]: ['arithmetic', '+'],
  [ts.SyntaxKind.AsteriskToken]: ['arithmetic', '/'],
  [ts.SyntaxKind.SlashToken]: ['arithmetic', '*'],
  [ts.SyntaxKind.PercentToken]: ['arithmetic', '*'],
  [ts.SyntaxKind.PlusEqualsToken]: ['arithmetic', '-='],
  [ts.SyntaxKind.MinusEqualsToken]: ['arithmetic', '+='],
}

function ofOperator(node: ts.BinaryExpression): readonly Change[] {
  const { left, operatorToken, right } = node
  if (operatorToken.kind === ts.SyntaxKind.QuestionQuestionToken) return [instead(node, 'logic', left.getText())]
  const swap = operators[operatorToken.kind]
  if (swap === undefined) return []
  if (operatorToken.kind === ts.SyntaxKind.PlusToken && [left, right].some(isText)) return []
  return [instead(operatorToken, ...swap)]
}

/** Of texts `+` has no counterpart: `'a' - 'b'` is a fault that any test finds. */
function isText(node: ts.Node): boolean {
  return ts.isStringLiteralLike(node) || ts.isTemplateExpression(node)
}

function ofNot(node: ts.PrefixUnaryExpression): readonly Change[] {
  if (node.operator !== ts.SyntaxKind.ExclamationToken) return []
  return [instead(node, 'condition', node.operand.getText())]
}

function negated(condition: ts.Expression): readonly Change[] {
  // `!x` is looked at as such.
  if (ts.isPrefixUnaryExpression(condition) && condition.operator === ts.SyntaxKind.ExclamationToken) return []
  return [instead(condition, 'condition', `!(${condition.getText()})`)]
}

function ofStatement(node: ts.ExpressionStatement): readonly Change[] {
  const { expression } = node
  const isSuper = ts.isCallExpression(expression) && expression.expression.kind === ts.SyntaxKind.SuperKeyword
  if (isSuper || ts.isStringLiteral(expression)) return []
  return [instead(node, 'statement', ';')]
}

/** A function that is left at once; one whose body is a single call is that already without its statement. */
function ofBody(node: ts.Block): readonly Change[] {
  const [first, ...more] = node.statements
  if (!ts.isFunctionLike(node.parent) || ts.isConstructorDeclaration(node.parent) || first === undefined) return []
  if (more.length === 0 && ts.isExpressionStatement(first)) return []
  const start = node.getStart() + 1
  return [{ kind: 'return', start, end: start, after: ' return;' }]
}

function ofArray(node: ts.ArrayLiteralExpression): readonly Change[] {
  const { parent, elements } = node
  if (ts.isBinaryExpression(parent) && parent.left === node) return []
  const texts = elements.map((element) => element.getText())
  return elements.map((_, index) => instead(node, 'element', `[${texts.toSpliced(index, 1).join(', ')}]`))
}

/** Methods that give the same sort of value as they are called on. */
const passing = new Set(['filter', 'sort', 'toSorted', 'toReversed', 'trim', 'toLowerCase', 'toUpperCase', 'normalize'])
const opposites: Readonly<Record<string, string>> = { some: 'every', every: 'some', min: 'max', max: 'min' }

function ofCall(node: ts.CallExpression): readonly Change[] {
  const called = node.expression
  if (!ts.isPropertyAccessExpression(called)) return []
  const name = called.name.text
  if (called.expression.getText() === 'Math' && (name === 'min' || name === 'max')) {
    const alone = node.arguments.filter((argument) => !ts.isSpreadElement(argument))
    return [
      instead(called.name, 'minimum', opposites[name] ?? ''),
      ...alone.map((argument) => instead(node, 'minimum', `(${argument.getText()})`)),
    ]
  }
  if (passing.has(name)) return [instead(node, 'call', called.expression.getText())]
  return name === 'some' || name === 'every' ? [instead(called.name, 'call', opposites[name] ?? '')] : []
}

function ofLiteral(node: ts.Node): readonly Change[] {
  // The parts of a tagged template are the tag's language.
  if (ts.isTaggedTemplateExpression(node.parent ?? node) || ts.isExternalModuleReference(node.parent ?? node)) return []
  if (isModuleName(node) || ts.isExpressionStatement(node.parent ?? node)) return []
  if (ts.isNumericLiteral(node)) return [instead(node, 'literal', flipped(Number(node.text.replaceAll('_', ''))))]
  if (node.kind === ts.SyntaxKind.TrueKeyword) return [instead(node, 'literal', 'false')]
  if (node.kind === ts.SyntaxKind.FalseKeyword) return [instead(node, 'literal', 'true')]
  if (ts.isStringLiteralLike(node)) return [instead(node, 'literal', emptied(node.text))]
  if (ts.isTemplateExpression(node)) return [instead(node, 'literal', '``')]
  if (!ts.isRegularExpressionLiteral(node)) return []
  return withoutAnchors(node.text).map((after) => instead(node, 'literal', after))
}

/** The module of `import('…')`. */
function isModuleName(node: ts.Node): boolean {
  const { parent } = node
  return parent !== undefined && ts.isCallExpression(parent) && parent.expression.kind === ts.SyntaxKind.ImportKeyword
}
