import { pascal, ShapeReader, type Json, type Member, type NamedType, type Shape } from './document.ts'

/** Groups of operations that the clients offer. Models of providers are asked by the clients of their providers. */
const groups = [
  'programs',
  'sql',
  'sessions',
  'chat',
  'models',
  'files',
  'conversations',
  'runs',
  'shares',
  'approvals',
  'actions',
  'feedback',
  'appeals',
] as const

/** Operations of those that are not offered: what is had by its address needs no other name. */
const byAddress: ReadonlySet<string> = new Set(['files.linked'])

function isOfClients(id: string): boolean {
  const [group = ''] = id.split('.')
  return groups.some((one) => one === group) && !byAddress.has(id)
}

export interface Operation {
  readonly group: string
  readonly name: string
  readonly about: string
  readonly method: string
  readonly path: string
  readonly pathParameters: readonly Member[]
  readonly query: readonly Member[]
  /** Name of the type that the query has in a language with such types. */
  readonly queryName: string
  readonly body: Body | null
  /** null: it has none; `bytes`: whatever the service answers with. */
  readonly answer: Shape | null
  readonly stream: { readonly event: Shape; readonly last: string } | null
  /** Is it done once, however often it is asked with one key? */
  readonly isIdempotent: boolean
}

export interface Body {
  readonly form: 'json' | 'form'
  readonly name: string
  readonly members: readonly Member[]
  readonly isOpen: boolean
  /** Is it one of several objects, which have members of their own? */
  readonly isUnion: boolean
}

export interface Offered {
  readonly operations: readonly Operation[]
  readonly types: readonly NamedType[]
}

interface DocumentOperation {
  readonly operationId: string
  readonly summary: string
  readonly description?: string
  readonly parameters?: readonly (Json & { readonly name: string; readonly in: string; readonly schema: Json })[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: Json }>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, Json>> }>>
}

/** How a document is read. */
export interface Reading {
  /** Which operations, by their ids. */
  readonly isOffered: (id: string) => boolean
  /** May a body be one of several objects? Methods of clients name the members of theirs. */
  readonly hasUnionBodies: boolean
}

const ofClients: Reading = { isOffered: isOfClients, hasUnionBodies: false }

/** What is offered of a document of the service, to the clients where nobody says otherwise. */
export function readOffered(document: Json, { isOffered, hasUnionBodies }: Reading = ofClients): Offered {
  const { paths, components } = document as unknown as {
    readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentOperation>>>>
    readonly components: { readonly schemas: Json }
  }
  const shapes = new ShapeReader(components.schemas)
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    Object.entries(item).flatMap(([method, operation]) => {
      return isOffered(operation.operationId) ? [operationOf({ path, method, operation, hasUnionBodies }, shapes)] : []
    }),
  )
  // What every refusal is made of.
  shapes.shapeOf({ $ref: '#/components/schemas/Problem' }, 'Problem')
  const bodies = new Map(
    operations.flatMap(({ body }) => (body === null || body.isUnion ? [] : [[body.name, body] as const])),
  )
  const types = shapes.types.map((type): NamedType => {
    const { members, isOpen } = bodies.get(type.name) ?? {}
    return members === undefined
      ? type
      : { name: type.name, about: type.about, is: { members, isOpen: isOpen === true } }
  })
  return { operations, types }
}

/** Names of the types that a shape is made of. */
export function namesIn(shape: Shape): readonly string[] {
  if (shape.kind === 'named') return [shape.name]
  if (shape.kind === 'either') return shape.of.flatMap(namesIn)
  return shape.kind === 'list' || shape.kind === 'map' ? namesIn(shape.of) : []
}

function operationOf(
  {
    path,
    method,
    operation,
    hasUnionBodies,
  }: { path: string; method: string; operation: DocumentOperation; hasUnionBodies: boolean },
  shapes: ShapeReader,
): Operation {
  const { operationId, summary, description, parameters = [], requestBody, responses } = operation
  const [group = '', name = ''] = operationId.split('.')
  const full = pascal(group, name)
  const of = (place: string): Member[] =>
    parameters
      .filter((parameter) => parameter.in === place)
      .map((parameter) => ({
        name: parameter.name,
        about: typeof parameter['description'] === 'string' ? parameter['description'] : null,
        isRequired: parameter['required'] === true,
        shape: shapes.shapeOf(parameter.schema, pascal(full, parameter.name)),
      }))
  const headers = of('header').map((header) => header.name)
  const others = headers.filter((header) => header !== 'Idempotency-Key')
  if (others.length > 0) throw new Error(`${operationId}: the header ${others.join()} is not known to the clients.`)
  const [, answered] = Object.entries(responses).find(([status]) => status.startsWith('2')) ?? []
  const content = answered?.content ?? {}
  const isJson = content['application/json'] !== undefined
  const events = content['text/event-stream']
  const whole = isJson
    ? shapes.shapeOf((content['application/json'] as { readonly schema: Json }).schema, `${full}Answer`)
    : null
  const query = of('query')
  const body = bodyOf(requestBody?.content ?? {}, { full, shapes, streams: events !== undefined, hasUnionBodies })
  if (query.length > 0 && body !== null) throw new Error(`${operationId}: a query beside a body is not known yet.`)
  return {
    group,
    name,
    about: description === undefined ? summary : `${summary} ${description}`,
    method: method.toUpperCase(),
    path,
    pathParameters: of('path'),
    query,
    queryName: `${full}Query`,
    body,
    answer: whole ?? (Object.keys(content).length === 0 ? null : { kind: 'bytes' }),
    stream:
      // One whose events the document does not describe is asked whole.
      events?.['x-event'] === undefined
        ? null
        : { event: shapes.shapeOf(events['x-event'] as Json, `${full}Event`), last: String(events['x-last-event']) },
    isIdempotent: headers.length > 0,
  }
}

function bodyOf(
  content: Readonly<Record<string, { readonly schema: Json }>>,
  {
    full,
    shapes,
    streams,
    hasUnionBodies,
  }: {
    readonly full: string
    readonly shapes: ShapeReader
    readonly streams: boolean
    readonly hasUnionBodies: boolean
  },
): Body | null {
  const [type, given] = Object.entries(content)[0] ?? []
  if (type === undefined || given === undefined) return null
  const shape = shapes.shapeOf(given.schema, `${full}Request`)
  const named = shape.kind === 'named' ? shapes.types.find(({ name }) => name === shape.name) : undefined
  const meant = named !== undefined && 'shape' in named.is ? named.is.shape : shape
  if (hasUnionBodies && meant.kind === 'either' && meant.of.every(({ kind }) => kind === 'named')) {
    if (named === undefined) shapes.called(`${full}Request`, shape)
    return { form: 'json', name: named?.name ?? `${full}Request`, members: [], isOpen: false, isUnion: true }
  }
  if (named === undefined || !('members' in named.is)) throw new Error(`${full}: its body is no object.`)
  // Whether it streams says which method is called.
  const members = named.is.members.filter(({ name }) => !(streams && name === 'stream'))
  const form = type === 'multipart/form-data' ? 'form' : 'json'
  return { form, name: named.name, members, isOpen: named.is.isOpen, isUnion: false }
}
