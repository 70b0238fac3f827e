import { Validator } from '@cfworker/json-schema'
import { fuzzDocument } from './fuzz-document.ts'
import { multipartType, readForm, urlEncodedType } from './forms.ts'
import { operations, separatorOf, type FuzzOperation, type FuzzParameter } from './operations.ts'
import type { FuzzSchema } from './values.ts'

/** What the service behind received. */
export interface Receipt {
  readonly method: string
  readonly url: string
  /** Name, value, name, value. */
  readonly headers: readonly string[]
  readonly body: Buffer
}

/** What a request says, read by the document alone. */
export interface Reading {
  readonly operation: string
  readonly parameters: Readonly<Record<string, unknown>>
  /** Of JSON its value, of anything else its bytes; null where there is none. */
  readonly body: unknown
  /** Why the document does not take it. */
  readonly faults: readonly string[]
}

const validators = new Map<FuzzSchema, Validator>()

/** Does a schema take a value? Asked of another validator than the service has. */
export function takes(schema: FuzzSchema, value: unknown): boolean {
  let validator = validators.get(schema)
  if (validator === undefined) {
    const whole = { ...schema, components: fuzzDocument.components }
    validator = new Validator(whole, '2020-12')
    validators.set(schema, validator)
  }
  return validator.validate(value).valid
}

/** Reads what was received as somebody would who has the document and nothing else. */
export function readReceipt({ method, url, headers, body }: Receipt): Reading {
  const faults: string[] = []
  const [path = '', search] = url.split('?')
  const found = operations.find((operation) => operation.method === method && matches(operation, path))
  if (found === undefined)
    return { operation: '', parameters: {}, body: null, faults: [`no operation: ${method} ${url}`] }
  const byName = headersByName(headers, faults)
  const parameters: Record<string, unknown> = {}
  const queries = pairs(search)
  for (const parameter of found.parameters) {
    const read = readParameter(parameter, { found, path, queries, byName })
    if (read === undefined) {
      if (parameter.required === true) faults.push(`${parameter.name} is missing`)
      continue
    }
    parameters[parameter.name] = read
    const schema = parameter.schema ?? parameter.content?.['application/json']?.schema ?? {}
    if (!takes(schema, read)) faults.push(`${parameter.name} is ${JSON.stringify(read)}`)
  }
  for (const [name] of queries) {
    if (!found.parameters.some((each) => each.in === 'query' && (each.name === name || isMember(each, name)))) {
      faults.push(`a query that there is not: ${name}`)
    }
  }
  requireNames(found, byName, faults)
  return { operation: found.name, parameters, body: readBody(found, byName, body, faults), faults }
}

function matches({ path }: FuzzOperation, text: string): boolean {
  const pattern = path.replaceAll('.', '\\.').replaceAll(/\{[^}]+\}/g, '[^/]+')
  return new RegExp(`^${pattern}$`).test(text)
}

function pairs(search: string | undefined): [string, string][] {
  return (search ?? '')
    .split('&')
    .filter((piece) => piece !== '')
    .map((piece) => {
      const at = piece.indexOf('=')
      return at < 0 ? [decode(piece), ''] : [decode(piece.slice(0, at)), piece.slice(at + 1)]
    })
}

const decode = (text: string): string => decodeURIComponent(text.replaceAll('+', ' '))
const isMember = ({ name, style }: FuzzParameter, text: string): boolean =>
  style === 'deepObject' && text.startsWith(`${name}[`) && text.endsWith(']')

function readParameter(
  parameter: FuzzParameter,
  given: {
    readonly found: FuzzOperation
    readonly path: string
    readonly queries: readonly [string, string][]
    readonly byName: ReadonlyMap<string, string>
  },
): unknown {
  const { schema = {}, name, in: where } = parameter
  if (where === 'path') {
    const before = given.found.path.split('/').findIndex((step) => step.includes(`{${name}}`))
    const template = given.found.path.split('/')[before] ?? ''
    const [start = '', end = ''] = template.split(`{${name}}`)
    const step = given.path.split('/')[before] ?? ''
    return scalar(decodeURIComponent(step.slice(start.length, step.length - end.length)), schema)
  }
  if (where === 'header') {
    const text = given.byName.get(name)
    if (text === undefined) return undefined
    return schema['type'] === 'array' ? list(text, ',', schema, (each) => each) : scalar(text, schema)
  }
  if (parameter.style === 'deepObject') {
    const members = given.queries.filter(([each]) => isMember(parameter, each))
    if (members.length === 0) return undefined
    const properties = (schema['properties'] ?? {}) as Readonly<Record<string, FuzzSchema>>
    return Object.fromEntries(
      members.map(([each, text]) => {
        const member = each.slice(name.length + 1, -1)
        return [member, scalar(decode(text), (Object.hasOwn(properties, member) ? properties[member] : null) ?? {})]
      }),
    )
  }
  const texts = given.queries.filter(([each]) => each === name).map(([, text]) => text)
  const [first] = texts
  if (first === undefined) return undefined
  if (parameter.content !== undefined) return texts.length > 1 ? texts : (JSON.parse(decode(first)) as unknown)
  const separator = separatorOf(parameter)
  if (schema['type'] !== 'array') return texts.length > 1 ? texts : scalar(decode(first), schema)
  if (separator === null) return texts.map((text) => scalar(decode(text), schema['items'] as FuzzSchema))
  return texts.length > 1 ? texts : list(first, separator, schema, decode)
}

function list(text: string, separator: string, schema: FuzzSchema, read: (text: string) => string): unknown[] {
  return text === '' ? [] : text.split(separator).map((each) => scalar(read(each), schema['items'] as FuzzSchema))
}

/** A text as the kind that its schema names. */
function scalar(text: string, { type }: FuzzSchema): unknown {
  if ((type === 'integer' || type === 'number') && text.trim() !== '' && /^[-+.\deE]+$/.test(text)) return Number(text)
  if (type === 'boolean' && (text === 'true' || text === 'false')) return text === 'true'
  return text
}

function headersByName(headers: readonly string[], faults: string[]): ReadonlyMap<string, string> {
  const byName = new Map<string, string>()
  for (let at = 0; at < headers.length; at += 2) {
    const name = (headers[at] ?? '').toLowerCase()
    if (byName.has(name)) faults.push(`two headers ${name}`)
    byName.set(name, headers[at + 1] ?? '')
  }
  return byName
}

/** Headers that every call has. */
const always = ['host', 'connection', 'accept-encoding', 'x-api-key']

function requireNames(found: FuzzOperation, byName: ReadonlyMap<string, string>, faults: string[]): void {
  const own = found.parameters.filter((each) => each.in === 'header').map(({ name }) => name)
  const allowed = new Set([...always, ...own, ...(found.body === null ? [] : ['content-type'])])
  for (const name of byName.keys()) {
    if (!allowed.has(name) && name !== 'content-length') faults.push(`a header that there is not: ${name}`)
  }
  if (byName.get('x-api-key') !== 'of-the-service') faults.push('without the key of the service')
}

function readBody(
  { body: rule }: FuzzOperation,
  byName: ReadonlyMap<string, string>,
  body: Buffer,
  faults: string[],
): unknown {
  const type = byName.get('content-type')
  if (type === undefined) {
    if (body.length > 0) faults.push('a body without a type')
    if (rule?.required === true) faults.push('the body is missing')
    return null
  }
  const [plain = ''] = type.split(';')
  if (rule !== null && Object.hasOwn(rule.types, plain) && (plain === multipartType || plain === urlEncodedType)) {
    return readParts(type, body, faults)
  }
  if (rule === null || !Object.hasOwn(rule.types, type)) return (faults.push(`a body of ${type}`), null)
  if (type.startsWith('image/')) {
    if (pictureType(body) !== type) faults.push(`${type} that begins ${body.toString('hex', 0, 12)}`)
    return body
  }
  if (!type.endsWith('json')) {
    if (type.startsWith('text/') && !isUtf8(body)) faults.push('a text that is no UTF-8')
    return body
  }
  return readJson(body, rule.types[type]?.schema ?? {}, faults)
}

/** The object of a form: it has one form in the fixture. */
function readParts(type: string, body: Buffer, faults: string[]): unknown {
  const parts = readForm(type, body)
  if (parts === null) return (faults.push(`a form that is none: ${body.toString('latin1', 0, 300)}`), null)
  const { properties } = fuzzDocument.components.schemas.Form
  const value: Record<string, unknown> = {}
  for (const [name, text] of parts) {
    const schema: FuzzSchema = Object.hasOwn(properties, name) ? properties[name as keyof typeof properties] : {}
    const before = Object.hasOwn(value, name) ? value[name] : undefined
    const read = scalar(text, (schema['items'] as FuzzSchema | undefined) ?? schema)
    if (schema['type'] === 'array') value[name] = [...((before ?? []) as unknown[]), read]
    else if (before === undefined) value[name] = read
    else faults.push(`the part ${name} twice`)
  }
  if (!isUtf8(body)) faults.push('a form that is no UTF-8')
  if (!takes(fuzzDocument.components.schemas.Form, value)) faults.push(`a form of ${JSON.stringify(value)}`)
  return value
}

function readJson(body: Buffer, schema: FuzzSchema, faults: string[]): unknown {
  if (!isUtf8(body)) faults.push('JSON that is no UTF-8')
  const text = body.toString('utf8')
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (thrown) {
    faults.push(`no JSON: ${(thrown as Error).message}`)
    return null
  }
  if (!takes(schema, value)) faults.push(`a body that its schema does not take: ${text.slice(0, 300)}`)
  if (namesIn(text) !== namesOf(value)) faults.push(`a name twice in ${text.slice(0, 300)}`)
  const { images = [] } = (value ?? {}) as { readonly images?: readonly string[] }
  for (const image of images) {
    if (pictureType(Buffer.from(image, 'base64')) === null) faults.push('base64 of no picture')
  }
  return value
}

/** Names of members as they are written, and as they are read: fewer are read where one stands twice. */
const namesIn = (text: string): number =>
  [...text.matchAll(/"(?:[^"\\]|\\.)*"(\s*:)?/g)].filter(([, colon]) => colon !== undefined).length

function namesOf(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0
  const inner = Object.values(value).reduce<number>((sum, each) => sum + namesOf(each), 0)
  return inner + (Array.isArray(value) ? 0 : Object.keys(value).length)
}

function isUtf8(bytes: Buffer): boolean {
  return Buffer.from(bytes.toString('utf8'), 'utf8').equals(bytes)
}

function pictureType(bytes: Buffer): string | null {
  const begin = bytes.toString('latin1', 0, 12)
  if (begin.startsWith('\x89PNG\r\n\x1a\n')) return 'image/png'
  if (begin.startsWith('\xff\xd8\xff')) return 'image/jpeg'
  if (begin.startsWith('GIF8')) return 'image/gif'
  return begin.startsWith('RIFF') && begin.endsWith('WEBP') ? 'image/webp' : null
}
