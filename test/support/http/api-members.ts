import { join } from 'node:path'
import ts from 'typescript-5'
import { resourcesOf } from './client-endpoints.ts'

/** A member of a request, found in the types of a provider's own client. */
export interface ApiMember {
  /** The type that declares it and its name: `ResponseInputFile.file_id`. */
  readonly name: string
  /** Where it stands in a request: `input[].content[].file_id`. */
  readonly path: string
  /** What its documentation says. */
  readonly said: string
  /** The smallest request with this text as its value, by those types. */
  readonly requestWith: (value: string) => Record<string, unknown>
}

/** Puts a value where a member stands. */
type Build = (value: unknown) => unknown

interface Place {
  readonly type: ts.Type
  readonly path: string
  readonly build: Build
}

/**
 * Every member of these types that takes a text or a list of texts, wherever in a request it stands; each once, in the
 * first place that is found. `roots` are names of types by the client's file that declares them.
 */
export function textMembersOf(client: string, roots: Readonly<Record<string, readonly string[]>>): ApiMember[] {
  const program = programOf(client)
  const walk = new Walk(program.getTypeChecker())
  for (const [file, names] of Object.entries(roots)) {
    const source = program.getSourceFile(join(resourcesOf(client), file))
    if (source === undefined) throw new Error(`${client} has no ${file}`)
    for (const name of names) walk.from(source, name)
  }
  return [...walk.found.values()]
}

const programs = new Map<string, ts.Program>()

/** All types of a client, read once. */
function programOf(client: string): ts.Program {
  const known = programs.get(client)
  if (known !== undefined) return known
  const program = ts.createProgram([join(resourcesOf(client), 'index.d.ts')], {
    target: ts.ScriptTarget.ESNext,
    module: ts.ModuleKind.NodeNext,
    moduleResolution: ts.ModuleResolutionKind.NodeNext,
    strict: true,
    skipLibCheck: true,
    types: [],
    // The types of a browser are the most of what a compiler reads by itself, and no request needs them.
    lib: ['lib.es2022.d.ts'],
  })
  programs.set(client, program)
  return program
}

class Walk {
  readonly found = new Map<string, ApiMember>()
  readonly #checker: ts.TypeChecker
  readonly #seen = new Set<ts.Type>()

  constructor(checker: ts.TypeChecker) {
    this.#checker = checker
  }

  from(source: ts.SourceFile, name: string): void {
    const declared = source.statements.find(
      (statement): statement is ts.InterfaceDeclaration | ts.TypeAliasDeclaration =>
        (ts.isInterfaceDeclaration(statement) || ts.isTypeAliasDeclaration(statement)) && statement.name.text === name,
    )
    if (declared === undefined) throw new Error(`${source.fileName} declares no ${name}`)
    const waiting: Place[] = [
      { type: this.#checker.getTypeAtLocation(declared.name), path: '', build: (value) => value },
    ]
    // The nearest places first, so that each member is shown where it is easiest to see.
    for (let place = waiting.shift(); place !== undefined; place = waiting.shift()) waiting.push(...this.#visit(place))
  }

  #visit({ type, path, build }: Place): Place[] {
    if (type.isUnion()) return type.types.map((each) => ({ type: each, path, build }))
    if (this.#seen.has(type) || (type.flags & ts.TypeFlags.Object) === 0) {
      if (!type.isIntersection()) return []
    }
    this.#seen.add(type)
    if (this.#checker.isArrayType(type)) {
      const [element] = this.#checker.getTypeArguments(type as ts.TypeReference)
      return element === undefined ? [] : [{ type: element, path: `${path}[]`, build: (value) => build([value]) }]
    }
    const values = type.getStringIndexType()
    const named =
      values === undefined ? [] : [{ type: values, path: `${path}.*`, build: within(build, 'any_name', {}) }]
    return [...named, ...this.#members(type, path, build)]
  }

  #members(type: ts.Type, path: string, build: Build): Place[] {
    const kind = this.#literalsOf(type)
    return type.getProperties().map((property) => {
      const member = this.#checker.getTypeOfSymbol(property)
      const at = path === '' ? property.name : `${path}.${property.name}`
      const buildMember = within(build, property.name, kind)
      this.#note(property, { type: member, path: at, build: buildMember })
      return { type: member, path: at, build: buildMember }
    })
  }

  /** What says which of several types an object is: members that can have one value only. */
  #literalsOf(type: ts.Type): Record<string, unknown> {
    const literals: Record<string, unknown> = {}
    for (const property of type.getProperties()) {
      const value = this.#checker.getTypeOfSymbol(property)
      if (value.isStringLiteral() && (property.flags & ts.SymbolFlags.Optional) === 0)
        literals[property.name] = value.value
    }
    return literals
  }

  #note(property: ts.Symbol, { type, path, build }: Place): void {
    const [declaration] = property.declarations ?? []
    const owner = declaration?.parent
    const ownerName =
      owner !== undefined && ts.isInterfaceDeclaration(owner) ? owner.name.text : 'a type without a name'
    const name = `${ownerName}.${property.name}`
    const parts = type.isUnion() ? type.types : [type]
    const isText = (each: ts.Type): boolean => (each.flags & ts.TypeFlags.String) !== 0
    const isList = (each: ts.Type): boolean =>
      this.#checker.isArrayType(each) && this.#checker.getTypeArguments(each as ts.TypeReference).some(isText)
    const isOneText = parts.some(isText)
    if (this.found.has(name) || (!isOneText && !parts.some(isList))) return
    const said = ts.displayPartsToString(property.getDocumentationComment(this.#checker))
    const requestWith = (value: string) => build(isOneText ? value : [value]) as Record<string, unknown>
    this.found.set(name, { name, path, said, requestWith })
  }
}

const within =
  (build: Build, name: string, others: Record<string, unknown>): Build =>
  (value) =>
    build({ ...others, [name]: value })
