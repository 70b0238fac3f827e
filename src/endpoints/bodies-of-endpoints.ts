import type { BodyType, EndpointBodies } from '../core/endpoint-bodies.ts'
import { contractOf } from './check-endpoints.ts'
import { readDocument, isObject, type OpenApiDocument } from './contract/document.ts'
import { encodedPositions } from './contract/encoded-positions.ts'
import { isJsonType, readMediaType } from './contract/media-type.ts'
import { endpointMethods } from './contract/operations.ts'
import { membersAt, partAt } from './contract/reference.ts'
import type { EndpointsOptions } from './options.ts'

/**
 * What bodies each endpoint takes, by its document. Rejects with `invalid-config` for the first that it cannot be guarded by.
 */
export async function bodiesOfEndpoints(options: EndpointsOptions): Promise<readonly EndpointBodies[]> {
  const known: EndpointBodies[] = []
  for (const [name, endpoint] of Object.entries(options)) {
    await contractOf(name, endpoint)
    known.push({ name, operations: operationsOf(await readDocument(endpoint.document)) })
  }
  return known
}

function operationsOf(document: OpenApiDocument): EndpointBodies['operations'] {
  const { root } = document
  return membersAt(root['paths'], '/paths')
    .filter(({ name }) => name.startsWith('/'))
    .flatMap(({ name: path, value, place }) => {
      const item = partAt(root, value, place).value
      return endpointMethods.flatMap((method) => {
        if (item[method] === undefined) return []
        const operation = partAt(root, item[method], place).value
        const body = isObject(operation['requestBody']) ? partAt(root, operation['requestBody'], place).value : {}
        const types = membersAt(body['content'], place).map(({ name, value: media }) =>
          typeOf(name, partAt(root, media, place).value['schema'], document),
        )
        return [{ method: method.toUpperCase(), path, types }]
      })
    })
}

function typeOf(written: string, schema: unknown, document: OpenApiDocument): BodyType {
  const name = readMediaType(written)?.name ?? written
  if (isJsonType(name)) return { name, kind: 'json', encoded: encodedPositions(schema, document) }
  const isForm = name.startsWith('multipart/') || name === 'application/x-www-form-urlencoded'
  return { name, kind: isForm ? 'form' : name.startsWith('text/') ? 'text' : 'bytes', encoded: [] }
}
