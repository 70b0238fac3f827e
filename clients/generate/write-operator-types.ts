import type { NamedType, Shape } from './document.ts'
import { namesIn, type Operation, type Offered } from './operations.ts'
import { namesOf, queryType, typeOf, typeText } from './write-typescript.ts'

const head =
  '// Written by `npm run clients` from the OpenAPI document of the routes for operators; changes are made there.\n'

const json =
  '/** Any value of JSON. */\nexport type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue }\n'

/** The types of every route for operators, and which route takes and answers what, for the pages that ask them. */
export function operatorTypes({ operations, types }: Offered): string {
  const queries = operations.filter(({ query }) => query.length > 0).map(queryType)
  const routes = `/** What each route takes and answers with, by its method and path. */\nexport interface OperatorRoutes {\n${operations.map(routeText).join('')}}\n`
  const used = reachable(operations, types)
  const named = [...types.filter(({ name }) => used.has(name)), ...queries]
    .toSorted((one, other) => (one.name < other.name ? -1 : 1))
    .map(typeText)
  const written = [...named, routes].join('\n')
  return [head, ...(/\bJsonValue\b/.test(written) ? [json] : []), written].join('\n')
}

function routeText({ method, path, query, queryName, body, answer, about }: Operation): string {
  const members = [
    `readonly query: ${query.length === 0 ? 'null' : queryName}`,
    `readonly body: ${body === null ? 'null' : body.name}`,
    `readonly answer: ${answer === null ? 'undefined' : typeOf(answer)}`,
  ]
  return `  /** ${about.replaceAll('*/', '* /').replaceAll(/\s+/g, ' ')} */\n  readonly '${method} ${path}': { ${members.join('; ')} }\n`
}

/** Names of the types that the routes take or answer with, directly or through others. */
function reachable(operations: readonly Operation[], types: readonly NamedType[]): ReadonlySet<string> {
  const byName = new Map(types.map((type) => [type.name, type]))
  const found = new Set<string>()
  const visit = (name: string): void => {
    if (found.has(name)) return
    found.add(name)
    const type = byName.get(name)
    for (const inner of type === undefined ? [] : namesOf(type)) visit(inner)
  }
  for (const { query, body, answer } of operations) {
    const shapes: Shape[] = query.map(({ shape }) => shape)
    if (answer !== null) shapes.push(answer)
    for (const name of [...shapes.flatMap(namesIn), ...(body === null ? [] : [body.name])]) visit(name)
  }
  return found
}
