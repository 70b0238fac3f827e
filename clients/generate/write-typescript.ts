import { pascal, type Member, type NamedType, type Shape } from './document.ts'
import { namesIn, type Offered, type Operation } from './operations.ts'

const head = '// Written by `npm run clients` from the OpenAPI document of the service; changes are made there.\n'

const simple: Readonly<Record<string, string>> = {
  text: 'string',
  whole: 'number',
  number: 'number',
  truth: 'boolean',
  nothing: 'null',
  json: 'JsonValue',
  bytes: 'Blob',
}

const quoted = (text: string): string => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`
const literal = (value: string | number | boolean): string =>
  typeof value === 'string' ? quoted(value) : String(value)
const safe = (text: string): string => text.replaceAll('*/', '* /').replaceAll(/\s+/g, ' ')

/** How a shape is written in TypeScript. */
export function typeOf(shape: Shape): string {
  if (shape.kind === 'named') return shape.name
  if (shape.kind === 'literals') return shape.values.map(literal).join(' | ')
  if (shape.kind === 'list') {
    const of = typeOf(shape.of)
    return of.includes(' ') ? `readonly (${of})[]` : `readonly ${of}[]`
  }
  if (shape.kind === 'map') return `{ readonly [name: string]: ${typeOf(shape.of)} }`
  if (shape.kind === 'either') return alternatives(shape.of).map(typeOf).join(' | ')
  return simple[shape.kind] ?? ''
}

/** Without texts that any text stands for already. */
function alternatives(shapes: readonly Shape[]): readonly Shape[] {
  const isText = (shape: Shape) => shape.kind === 'literals' && shape.values.every((value) => typeof value === 'string')
  return shapes.some(({ kind }) => kind === 'text') ? shapes.filter((shape) => !isText(shape)) : shapes
}

function memberLine({ name, about, isRequired, shape }: Member): string {
  const written = /^\w+$/.test(name) ? name : quoted(name)
  const line = `  readonly ${written}${isRequired ? '' : '?'}: ${typeOf(shape)}${isRequired ? '' : ' | undefined'}\n`
  return about === null ? line : `  /** ${safe(about)} */\n${line}`
}

/** The declaration of a type. */
export function typeText({ name, about, is }: NamedType): string {
  const said = about === null ? '' : `/** ${safe(about)} */\n`
  if ('shape' in is) return `${said}export type ${name} = ${typeOf(is.shape)}\n`
  const open = is.isOpen ? '  readonly [member: string]: unknown\n' : ''
  return `${said}export interface ${name} {\n${is.members.map(memberLine).join('')}${open}}\n`
}

/** Names of the types that the members of a type are made of. */
export function namesOf({ is }: NamedType): readonly string[] {
  return 'shape' in is ? namesIn(is.shape) : is.members.flatMap(({ shape }) => namesIn(shape))
}

/** The query of an operation as a type with a name. */
export const queryType = ({ queryName, query }: Operation): NamedType => ({
  name: queryName,
  about: null,
  is: { members: query, isOpen: false },
})

function methodText(operation: Operation): string {
  const { name, method, path, pathParameters, query, body, answer, stream, isIdempotent, about } = operation
  const filled = path.replaceAll(/\{(\w+)\}/g, (_whole, parameter: string) => `\${segment(${parameter})}`)
  const parameters = pathParameters.map((parameter) => `${parameter.name}: ${typeOf(parameter.shape)}`)
  const queryIsNeeded = query.some(({ isRequired }) => isRequired)
  if (query.length > 0) parameters.push(`query: ${operation.queryName}${queryIsNeeded ? '' : ' = {}'}`)
  if (body !== null) parameters.push(`body: ${body.name}`)
  const given = [...parameters, 'options: CallOptions = {}'].join(', ')
  const about_ = `  /** ${safe(about)} */\n`
  const call = (sent: string, more = ''): string => {
    const members = [`method: '${method}'`, `path: ${filled === path ? quoted(path) : `\`${filled}\``}`]
    if (query.length > 0) members.push('query')
    if (body !== null) members.push(body.form === 'form' ? `form: ${sent}` : sent === 'body' ? 'body' : `body: ${sent}`)
    if (isIdempotent) members.push('isIdempotent: true')
    return `{ ${members.join(', ')}${more} }`
  }
  const [how, answered] =
    answer === null ? ['nothing', 'void'] : answer.kind === 'bytes' ? ['bytes', 'Response'] : ['json', typeOf(answer)]
  const form = body === null ? [] : body.members.filter(({ name: member }) => fieldOf(member) !== member)
  const sent =
    form.length === 0
      ? 'body'
      : `renamed(body, { ${form.map((one) => `${fieldOf(one.name)}: ${quoted(one.name)}`).join(', ')} })`
  const whole = `${about_}  ${name}(${given}): Promise<${answered}> {\n    return this.#transport.${how}(${call(sent)}, options)\n  }\n`
  if (stream === null) return whole
  const events = `  ${name}Stream(${given}): AsyncGenerator<${typeOf(stream.event)}> {
    return this.#transport.events(${call('{ ...body, stream: true }', `, last: ${quoted(stream.last)}`)}, options)\n  }\n`
  return `${whole}\n  /** ${safe(about)} Its events as they come; leaving the loop ends it. */\n${events}`
}

/** `expires_after[seconds]` of a form is a member `expires_after_seconds`. */
export const fieldOf = (name: string): string => name.replaceAll(/\W+/g, '_').replace(/_$/, '')

function formType(type: NamedType): NamedType {
  if ('shape' in type.is) return type
  const members = type.is.members.map((member) => Object.assign({}, member, { name: fieldOf(member.name) }))
  return { ...type, is: { members, isOpen: type.is.isOpen } }
}

const importLine = (names: readonly string[], from: string, types: boolean): string =>
  names.length === 0 ? '' : `import ${types ? 'type ' : ''}{ ${names.join(', ')} } from '${from}'\n`

/** Which group alone uses a type, directly or through others; null where several do. */
function homes({ operations, types }: Offered): ReadonlyMap<string, string | null> {
  const byName = new Map(types.map((type) => [type.name, type]))
  const found = new Map<string, string | null>()
  const visit = (name: string, group: string | null): void => {
    const before = found.get(name)
    const home = before === undefined || before === group ? group : null
    if (found.has(name) && home === before) return
    found.set(name, home)
    const type = byName.get(name)
    for (const inner of type === undefined ? [] : namesOf(type)) visit(inner, home)
  }
  visit('Problem', null)
  for (const { group, query, body, answer, stream, pathParameters } of operations) {
    const shapes = [...query, ...pathParameters].map(({ shape }) => shape)
    if (answer !== null) shapes.push(answer)
    if (stream !== null) shapes.push(stream.event)
    for (const name of [...shapes.flatMap(namesIn), ...(body === null ? [] : [body.name])]) visit(name, group)
  }
  return found
}

/** The files of the client, each by its name: types and operations of each group, what several use, and the client itself. */
export function typeScriptFiles(offered: Offered): ReadonlyMap<string, string> {
  const home = homes(offered)
  const forms = new Set(offered.operations.flatMap(({ body }) => (body?.form === 'form' ? [body.name] : [])))
  const types = offered.types.map((type) => (forms.has(type.name) ? formType(type) : type))
  const shared = types.filter(({ name }) => home.get(name) === null)
  const groups = [...Map.groupBy(offered.operations, ({ group }) => group)]
  const json =
    '/** Any value of JSON. */\nexport type JsonValue = string | number | boolean | null | readonly JsonValue[] | { readonly [name: string]: JsonValue }\n'
  const files = new Map([['shared.ts', [head, json, ...shared.map(typeText)].join('\n')]])
  for (const [group, operations] of groups) {
    const own = types.filter(({ name }) => home.get(name) === group)
    const queries = operations.filter(({ query }) => query.length > 0).map(queryType)
    const texts = [...own, ...queries].map(typeText)
    const methods = operations.map(methodText)
    const written = [...texts, ...methods].join('\n')
    const used = ['JsonValue', ...shared.map(({ name }) => name)].filter((name) =>
      new RegExp(`\\b${name}\\b`).test(written),
    )
    const helpers = ['renamed', 'segment'].filter((name) => written.includes(`${name}(`))
    const imports = [
      importLine(helpers, '../call.ts', false),
      importLine(['CallOptions', 'Transport'], '../transport.ts', true),
      importLine(used.toSorted(), './shared.ts', true),
    ].join('')
    const about = `/** Of the operations \`${group}.*\`. */\n`
    const constructor =
      '  readonly #transport: Transport\n\n  constructor(transport: Transport) {\n    this.#transport = transport\n  }\n'
    const body = [constructor, ...methods].join('\n')
    files.set(
      `${group}.ts`,
      [`${head}${imports}`, ...texts, `${about}export class ${pascal(group)} {\n${body}}\n`].join('\n'),
    )
  }
  files.set('operations.ts', clientText(groups.map(([group]) => group)))
  return files
}

function clientText(groups: readonly string[]): string {
  const imports = groups.toSorted().map((group) => importLine([pascal(group)], `./${group}.ts`, false))
  const types = ['shared', ...groups.toSorted()].map((name) => `export type * from './${name}.ts'\n`)
  const members = groups.map((group) => `  readonly ${group}: ${pascal(group)}\n`)
  const made = groups.map((group) => `    this.${group} = new ${pascal(group)}(transport)\n`)
  return `${head}import type { Transport } from '../transport.ts'\n${imports.join('')}\n${types.join('')}
/** What the service offers, by the names of its OpenAPI document. */
export class Operations {\n${members.join('')}
  constructor(transport: Transport) {\n${made.join('')}  }\n}\n`
}
