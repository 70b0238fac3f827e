import { ServiceError } from '../../core/errors.ts'
import { readDocument } from './document.ts'
import { compileOperations, type Operation } from './operations.ts'
import { UnfitDocument } from './unfit-document.ts'

/** What an endpoint does, as its document says. */
export interface Contract {
  readonly operations: readonly Operation[]
}

/**
 * Reads and compiles the document of the endpoint of this name. Rejects with `invalid-config`, which says where and why,
 * for one that it cannot be guarded by. The header that the key of the service is sent in, in lower case, is no parameter of callers.
 */
export async function readContract(name: string, path: string, keyHeader: string | null = null): Promise<Contract> {
  try {
    return { operations: compileOperations(await readDocument(path), { keyHeader }) }
  } catch (thrown) {
    if (!(thrown instanceof UnfitDocument)) throw thrown
    throw new ServiceError('invalid-config', `endpoints.${name}.document: ${path}: ${thrown.message}.`, {
      cause: thrown,
      advice: 'Correct the document; what it does not say cannot be checked.',
    })
  }
}
