import { z } from 'zod'
import { errorTable, type ErrorCode } from '../../core/error-table.ts'
import { problemSchema } from '../wire/problem.ts'
import { hasAnswer, hasBody, type RouteContract } from './contract.ts'

/** JSON of a document or a part of it. */
interface Json {
  readonly [name: string]: unknown
}

export interface SurfaceContract {
  readonly title: string
  /** Of the surface, as its addresses have it: `1`. */
  readonly version: string
  readonly description: string
  readonly routes: readonly RouteContract[]
  /** What any of its routes may be answered with. */
  readonly errors: readonly ErrorCode[]
  /** What those may be answered with beside that which take a body, and those which change something. */
  readonly bodyErrors: readonly ErrorCode[]
  readonly changeErrors: readonly ErrorCode[]
}

/** Every fault that a route of a surface may be answered with. */
export function errorsOf(surface: SurfaceContract, contract: RouteContract): readonly ErrorCode[] {
  const ofBody = hasBody(contract) ? surface.bodyErrors : []
  const ofChange = contract.method === 'get' ? [] : surface.changeErrors
  return [...new Set([...surface.errors, ...ofBody, ...ofChange, ...contract.errors])]
}

/**
 * The OpenAPI 3.1 document of a surface, made from its contracts alone: schemas are those that requests are read by (their
 * input side) and answers are checked by (their output side). Schemas with an id are components.
 */
export function openApiOf(surface: SurfaceContract, servers: readonly string[] = []): Json {
  const schemas = new Map<string, Json>()
  const paths = [...Map.groupBy(surface.routes, ({ path }) => path)].map(([path, routes]) => {
    const operations = routes.map((contract) => [contract.method, operationOf(surface, contract, schemas)] as const)
    return [path, Object.fromEntries(operations)] as const
  })
  return {
    openapi: '3.1.0',
    info: { title: surface.title, version: surface.version, description: surface.description },
    ...(servers.length === 0 ? {} : { servers: servers.map((url) => ({ url })) }),
    security: [{ key: [] }],
    paths: Object.fromEntries(paths),
    components: {
      securitySchemes: { key: { type: 'http', scheme: 'bearer' } },
      schemas: Object.fromEntries([...schemas].toSorted(([one], [other]) => (one < other ? -1 : 1))),
    },
  }
}

function operationOf(surface: SurfaceContract, contract: RouteContract, schemas: Map<string, Json>): Json {
  const { id, summary, params, query, body, access = 'key', headers = {} } = contract
  const { bodyType = 'application/json', answerType = 'application/json' } = contract
  const ofHeaders = z.strictObject(headers).partial()
  const parameters = [
    ...parametersOf(params, 'path'),
    ...parametersOf(query, 'query'),
    ...parametersOf(ofHeaders, 'header'),
  ]
  const content = (type: string, schema: z.ZodType, io: 'input' | 'output'): Json => ({
    [type]: { schema: schemaOf(schema, io, schemas) },
  })
  return {
    operationId: id,
    summary,
    tags: [id.slice(0, id.indexOf('.'))],
    ...(access === 'open' ? { security: [] } : {}),
    ...(access === 'open' || access === 'key' ? {} : { description: `Wants a key with the scope ${access}.` }),
    ...(parameters.length === 0 ? {} : { parameters }),
    ...(hasBody(contract) ? { requestBody: { required: true, content: content(bodyType, body, 'input') } } : {}),
    responses: {
      [contract.status]: {
        description: summary,
        ...(hasAnswer(contract)
          ? {
              content: {
                ...content(answerType, contract.answer, 'output'),
                ...streamOf(contract, schemas),
              },
            }
          : {}),
      },
      ...faultsOf(
        errorsOf(surface, contract),
        content('application/problem+json', contract.fault ?? problemSchema, 'output'),
      ),
    },
  }
}

/** OpenAPI 3.1 has no word for the events of a stream: what is known of them stands in members of our own. */
function streamOf({ streams = false }: RouteContract, schemas: Map<string, Json>): Json {
  if (streams === false) return {}
  if (streams === true) return { 'text/event-stream': {} }
  const { event, last } = streams
  return { 'text/event-stream': { 'x-event': schemaOf(event, 'output', schemas), 'x-last-event': last } }
}

/** By status, since several codes may have one; the code stands in the problem. */
function faultsOf(codes: readonly ErrorCode[], content: Json): Json {
  const byStatus = Map.groupBy(codes, (code) => errorTable[code].status)
  return Object.fromEntries(
    [...byStatus].map(([status, ofStatus]) => {
      const description = ofStatus.map((code) => `\`${code}\`: ${errorTable[code].title}.`).join(' ')
      return [status, { description, content }]
    }),
  )
}

function parametersOf(schema: z.ZodType, place: 'path' | 'query' | 'header'): readonly Json[] {
  const { properties = {}, required = [] } = z.toJSONSchema(schema, { io: 'input' })
  return Object.entries(properties).map(([name, given]) => {
    const { description, ...rest } = given as Json
    const parameter = { name, in: place, required: required.includes(name), schema: rest }
    return description === undefined ? parameter : Object.assign(parameter, { description })
  })
}

function schemaOf(schema: z.ZodType, io: 'input' | 'output', schemas: Map<string, Json>): Json {
  const { $schema: _, $defs = {}, ...made } = withComponents(z.toJSONSchema(schema, { io })) as Json & { $defs?: Json }
  for (const [name, definition] of Object.entries($defs)) schemas.set(name, definition as Json)
  const { id, ...rest } = made as { readonly id?: unknown }
  if (typeof id !== 'string') return made
  schemas.set(id, rest)
  return { $ref: `#/components/schemas/${id}` }
}

/** What JSON Schema keeps beside a schema stands among the components of the whole document. */
function withComponents(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withComponents)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => {
      const isReference = name === '$ref' && typeof inner === 'string'
      return [name, isReference ? inner.replace('#/$defs/', '#/components/schemas/') : withComponents(inner)]
    }),
  )
}
