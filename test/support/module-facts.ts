import ts from 'typescript-5'

/** One module that a file names, by whatever way JavaScript has of loading one. */
interface Load {
  /** As it is written; null where it is put together while the program runs. */
  readonly specifier: string | null
  /** Nothing is loaded: the import is one of types alone. */
  readonly typeOnly: boolean
  /** Loaded when the program comes to it, not with the file. */
  readonly deferred: boolean
}

/** What one file loads and reaches, read from its syntax tree. */
export interface ModuleFacts {
  readonly path: string
  /** What `import`, `export … from`, `import()`, `require()` and `process.getBuiltinModule()` load. */
  readonly loads: readonly Load[]
  /**
   * Lines, from 1, that read the environment, or that take hold of `process` or `globalThis` as a whole, by which it
   * could be read unseen.
   */
  readonly environmentLines: readonly number[]
}

/** Reads files from their texts, by path. Nothing is loaded, resolved or type-checked. */
export function readModules(texts: ReadonlyMap<string, string>): readonly ModuleFacts[] {
  return [...texts].map(([path, text]) => {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2024, true)
    let checker: ts.TypeChecker | null = null
    return factsOf(path, source, () => (checker ??= checkerOf(path, source)))
  })
}

/** Says what a name of one file stands for. */
function checkerOf(path: string, source: ts.SourceFile): ts.TypeChecker {
  const host: ts.CompilerHost = {
    getSourceFile: (named) => (named === path ? source : undefined),
    fileExists: (named) => named === path,
    readFile: () => source.text,
    getDefaultLibFileName: () => 'lib.d.ts',
    getCurrentDirectory: () => '/',
    getCanonicalFileName: (path) => path,
    useCaseSensitiveFileNames: () => true,
    getNewLine: () => '\n',
    writeFile: () => {},
  }
  const options = { noLib: true, noResolve: true, types: [], allowJs: true, target: ts.ScriptTarget.ES2024 }
  return ts.createProgram([path], options, host).getTypeChecker()
}

/** Made for a file when it is asked of: few have a name that is looked for, and it takes longer than reading all of them. */
type GetChecker = () => ts.TypeChecker

function factsOf(path: string, source: ts.SourceFile, checker: GetChecker): ModuleFacts {
  const loads: Load[] = []
  const environmentLines = new Set<number>()
  const visit = (node: ts.Node): void => {
    const load = loadOf(node)
    if (load !== null) loads.push(load)
    if (readsEnvironment(node, checker)) {
      environmentLines.add(source.getLineAndCharacterOfPosition(node.getStart()).line + 1)
    }
    ts.forEachChild(node, visit)
  }
  visit(source)
  return { path, loads, environmentLines: [...environmentLines] }
}

function textOf(node: ts.Node | undefined): string | null {
  return node !== undefined && ts.isStringLiteralLike(node) ? node.text : null
}

function loadOf(node: ts.Node): Load | null {
  if (ts.isImportDeclaration(node)) {
    return {
      specifier: textOf(node.moduleSpecifier),
      typeOnly: node.importClause?.isTypeOnly ?? false,
      deferred: false,
    }
  }
  if (ts.isExportDeclaration(node) && node.moduleSpecifier !== undefined) {
    return { specifier: textOf(node.moduleSpecifier), typeOnly: node.isTypeOnly, deferred: false }
  }
  if (ts.isImportTypeNode(node)) {
    const named = ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined
    return { specifier: textOf(named), typeOnly: true, deferred: false }
  }
  if (ts.isCallExpression(node) && loadsModules(node.expression)) {
    return { specifier: textOf(node.arguments[0]), typeOnly: false, deferred: true }
  }
  return null
}

function loadsModules(called: ts.Expression): boolean {
  if (called.kind === ts.SyntaxKind.ImportKeyword) return true
  if (ts.isIdentifier(called)) return called.text === 'require'
  return ['require', 'getBuiltinModule'].includes(memberOf(called) ?? '')
}

/** `b` of `a.b` and `a['b']`; null where the member is computed, and of anything else. */
function memberOf(node: ts.Node): string | null {
  if (ts.isPropertyAccessExpression(node)) return node.name.text
  return ts.isElementAccessExpression(node) ? textOf(node.argumentExpression) : null
}

function isAccessTo(node: ts.Node, object: ts.Node): boolean {
  return (ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) && node.expression === object
}

/** Is this a use of `process` or of the global object by which the environment can be read? */
function readsEnvironment(node: ts.Node, checker: GetChecker): boolean {
  const name = globalNamed(node, checker)
  if (name === null) return false
  const { parent } = node
  if (!isAccessTo(parent, node)) {
    const taken = membersDestructured(node)
    return taken === null || taken.includes(name === 'process' ? 'env' : 'process')
  }
  const member = memberOf(parent)
  // `globalThis.process` is looked at as `process` itself is.
  return member === null || (name === 'process' && member === 'env')
}

function globalNamed(node: ts.Node, checker: GetChecker): 'process' | 'global object' | null {
  if ((ts.isPropertyAccessExpression(node) || ts.isElementAccessExpression(node)) && memberOf(node) === 'process') {
    return ts.isIdentifier(node.expression) && isGlobalObject(node.expression) ? 'process' : null
  }
  if (!ts.isIdentifier(node) || isOnlyName(node)) return null
  if (isGlobalObject(node)) return 'global object'
  if (node.text !== 'process') return null
  const symbol = ts.isShorthandPropertyAssignment(node.parent)
    ? checker().getShorthandAssignmentValueSymbol(node.parent)
    : checker().getSymbolAtLocation(node)
  return symbol === undefined ? 'process' : null
}

function isGlobalObject(node: ts.Identifier): boolean {
  return node.text === 'globalThis' || node.text === 'global'
}

/** A member's name, which means nothing that stands in scope. */
function isOnlyName(node: ts.Identifier): boolean {
  const { parent } = node
  if (ts.isPropertyAccessExpression(parent)) return parent.name === node
  if (ts.isBindingElement(parent)) return parent.propertyName === node
  if (ts.isQualifiedName(parent)) return parent.right === node
  return (
    (ts.isPropertyAssignment(parent) || ts.isTypeElement(parent) || ts.isClassElement(parent)) && parent.name === node
  )
}

/** The members that `const { … } = node` takes; null where the object itself goes on, so that nobody can say. */
function membersDestructured(node: ts.Node): readonly string[] | null {
  const { parent } = node
  if (!ts.isVariableDeclaration(parent) || parent.initializer !== node) return null
  if (!ts.isObjectBindingPattern(parent.name)) return null
  const taken = parent.name.elements.map((element) => {
    const name = element.propertyName ?? element.name
    return element.dotDotDotToken === undefined && ts.isIdentifier(name) ? name.text : null
  })
  return taken.includes(null) ? null : taken.filter((name) => name !== null)
}
