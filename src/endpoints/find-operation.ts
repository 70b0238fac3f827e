import { ServiceError } from '../core/errors.ts'
import type { Operation } from './contract/operations.ts'

export interface FoundOperation {
  readonly operation: Operation
  /** What stands in the places of its path, as written. */
  readonly texts: ReadonlyMap<string, string>
}

/**
 * The operation of a method and a path, as written: another spelling of the same path is another path. Throws `not-found`,
 * and `method-not-allowed` where the path has others.
 */
export function findOperation(operations: readonly Operation[], method: string, path: string): FoundOperation {
  const segments = path.slice(1).split('/')
  const found = operations.flatMap((operation) => {
    const texts = operation.path.match(segments)
    return texts === null ? [] : [{ operation, texts }]
  })
  const [first] = found
  if (first === undefined) {
    throw new ServiceError('not-found', `The endpoint has nothing at ${path.slice(0, 200)}.`, {
      advice: 'Its paths are those of its document, as they are written there: ask the operator for it.',
    })
  }
  // What says more stands first, and its methods are those of the place.
  const ofPlace = found.filter(({ operation }) => operation.path.text === first.operation.path.text)
  const asked = ofPlace.find(({ operation }) => operation.method === method)
  if (asked !== undefined) return asked
  const allowed = ofPlace.map(({ operation }) => operation.method).join(', ')
  throw new ServiceError('method-not-allowed', `${method.slice(0, 20)} is not allowed on ${path.slice(0, 200)}.`, {
    headers: ['allow', allowed],
    advice: `It takes ${allowed}.`,
  })
}
