import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { temporaryFolder } from '../temporary-folder.ts'

interface OperationParts {
  readonly version?: string
  readonly parameters?: readonly object[]
  /** Of the body of application/json; null for an operation without a body. */
  readonly schema?: unknown
  readonly path?: string
  readonly operation?: object
  readonly components?: object
}

/** An OpenAPI document with the operation `predict` at `POST /predict`. */
export function documentWith(parts: OperationParts = {}): object {
  const { version = '3.1.0', parameters = [], schema = { type: 'object' }, path = '/predict', operation = {} } = parts
  const requestBody = { required: true, content: { 'application/json': { schema } } }
  const answer = { description: 'The label.', content: { 'application/json': { schema: { type: 'object' } } } }
  return {
    openapi: version,
    info: { title: 'A classifier', version: '1' },
    paths: {
      [path]: {
        post: {
          operationId: 'predict',
          parameters,
          ...(schema === null ? {} : { requestBody }),
          responses: { 200: answer },
          ...operation,
        },
      },
    },
    ...(parts.components === undefined ? {} : { components: parts.components }),
  }
}

/** The file of a document, in a folder of its own. */
export function documentFile(document: object | string, name = 'openapi.json'): string {
  const path = join(temporaryFolder('endpoint-document-'), name)
  mkdirSync(dirname(path), { recursive: true })
  writeFileSync(path, typeof document === 'string' ? document : JSON.stringify(document))
  return path
}
