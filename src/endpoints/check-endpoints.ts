import { ServiceError } from '../core/errors.ts'
import { readContract } from './contract/contract.ts'
import type { EndpointsOptions } from './options.ts'

/** What stands at an endpoint, for who checks a configuration. */
export interface CheckedEndpoint {
  readonly name: string
  readonly operations: readonly string[]
}

/** Reads the document of each endpoint. Rejects with `invalid-config` for the first that it cannot be guarded by. */
export async function checkEndpoints(options: EndpointsOptions): Promise<readonly CheckedEndpoint[]> {
  const checked: CheckedEndpoint[] = []
  for (const [name, { document, operations: priced }] of Object.entries(options)) {
    const { operations } = await readContract(name, document)
    const names = operations.map((operation) => operation.name)
    const unknown = Object.keys(priced).find((operation) => !names.includes(operation))
    if (unknown !== undefined) {
      throw new ServiceError(
        'invalid-config',
        `endpoints.${name}.operations.${unknown}: the document has no such operation.`,
        {
          advice: `It has: ${names.join(', ')}.`,
        },
      )
    }
    checked.push({ name, operations: names })
  }
  return checked
}
