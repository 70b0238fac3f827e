import { requestBodyRule, responseRules, type RequestBodyRule, type ResponseRules } from './content.ts'
import type { OpenApiDocument } from './document.ts'
import { compileParameter, type Parameter } from './parameter.ts'
import { pathTemplate, type PathTemplate } from './path-template.ts'
import { membersAt, partAt } from './reference.ts'
import { Schemas } from './schemas.ts'
import { below, UnfitDocument } from './unfit-document.ts'

export const endpointMethods = ['get', 'post', 'put', 'patch', 'delete', 'head', 'options'] as const

/** A body of these is read by some and passed over by others (RFC 9110, 9.3.1, 9.3.2). */
const bodiless: ReadonlySet<string> = new Set(['get', 'head'])

export type EndpointMethod = Uppercase<(typeof endpointMethods)[number]>

/** One thing that an endpoint does: what a call of it may hold, and what an answer. */
export interface Operation {
  /** Its operationId, or `POST /predict` where it has none. */
  readonly name: string
  readonly method: EndpointMethod
  readonly path: PathTemplate
  readonly parameters: readonly Parameter[]
  readonly body: RequestBodyRule | null
  readonly responses: ResponseRules
}

/** Every operation of a document. Throws `UnfitDocument` for one that could not be guarded as the document says. */
export function compileOperations(
  document: OpenApiDocument,
  { keyHeader = null }: { readonly keyHeader?: string | null } = {},
): readonly Operation[] {
  const schemas = new Schemas(document, 'request')
  const answers = new Schemas(document, 'response')
  const operations = membersAt(document.root['paths'], '/paths')
    .filter(({ name }) => !name.startsWith('x-'))
    .flatMap(({ name, value, place }) =>
      ofPath(pathTemplate(name, place), partAt(document.root, value, place), { document, schemas, answers, keyHeader }),
    )
  if (operations.length === 0) throw new UnfitDocument('/paths', 'have no operation')
  requireUnique(
    operations.map(({ name }) => name),
    'operationId',
  )
  requireUnique(
    operations.map(({ method, path }) => `${method} ${path.text.replaceAll(/\{[^}]*\}/g, '{}')}`),
    'path',
  )
  return operations.toSorted((one, other) => (one.path.order < other.path.order ? -1 : 1))
}

interface Parts {
  readonly document: OpenApiDocument
  readonly schemas: Schemas
  readonly answers: Schemas
  readonly keyHeader: string | null
}

function ofPath(
  path: PathTemplate,
  { value: item, place }: { readonly value: Readonly<Record<string, unknown>>; readonly place: string },
  parts: Parts,
): readonly Operation[] {
  if (item['trace'] !== undefined) throw new UnfitDocument(below(place, 'trace'), 'is never passed on')
  return endpointMethods.flatMap((method): Operation[] => {
    if (item[method] === undefined) return []
    const operation = partAt(parts.document.root, item[method], below(place, method))
    const { value, place: at } = operation
    const parameters = parametersOf(
      [
        { list: item['parameters'], place: below(place, 'parameters') },
        { list: value['parameters'], place: below(at, 'parameters') },
      ],
      parts,
    )
    const named = new Set(parameters.filter((parameter) => parameter.in === 'path').map(({ name }) => name))
    for (const name of path.names) {
      if (!named.has(name)) throw new UnfitDocument(at, `has no parameter "${name}", which its path names`)
    }
    if (named.size > path.names.length) throw new UnfitDocument(at, 'has a parameter that its path does not name')
    const body = requestBodyRule(value['requestBody'], below(at, 'requestBody'), parts)
    const upper = method.toUpperCase() as EndpointMethod
    if (body !== null && bodiless.has(method)) throw new UnfitDocument(below(at, 'requestBody'), `stands at a ${upper}`)
    const id = value['operationId']
    return [
      {
        name: typeof id === 'string' ? id : `${upper} ${path.text}`,
        method: upper,
        path,
        parameters,
        body,
        responses: responseRules(value['responses'], below(at, 'responses'), {
          document: parts.document,
          schemas: parts.answers,
        }),
      },
    ]
  })
}

/** Those of an operation stand before those of its path, by name and place. */
function parametersOf(
  lists: readonly { readonly list: unknown; readonly place: string }[],
  parts: Parts,
): readonly Parameter[] {
  const found = new Map<string, Parameter>()
  for (const { list, place } of lists) {
    const given: readonly unknown[] = Array.isArray(list) ? list : []
    for (const [index, entry] of given.entries()) {
      const parameter = compileParameter(partAt(parts.document.root, entry, below(place, index)), parts)
      if (parameter === null) continue
      const name = parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name
      found.set(`${parameter.in} ${name}`, parameter)
    }
  }
  return [...found.values()]
}

function requireUnique(names: readonly string[], what: string): void {
  const twice = names.find((name, at) => names.indexOf(name) !== at)
  if (twice !== undefined) throw new UnfitDocument('/paths', `have the same ${what} twice: ${twice}`)
}
