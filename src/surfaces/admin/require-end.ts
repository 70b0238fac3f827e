import { ServiceError } from '../../core/errors.ts'

/**
 * Rejects with `invalid-request` where what a list is to go on behind is not there: it would look as if the list had ended.
 */
export async function requireEnd<T>(found: Promise<T>): Promise<T> {
  return await found.catch((thrown: unknown) => {
    if (!(thrown instanceof ServiceError) || thrown.code !== 'not-found') throw thrown
    throw new ServiceError('invalid-request', 'after: is nothing that a list ended with.', { parameter: 'after' })
  })
}
