import { ServiceError } from '../core/errors.ts'
import { readContract, type Contract } from './contract/contract.ts'
import type { EndpointOptions, EndpointsOptions } from './options.ts'

/** What stands at an endpoint, for who checks a configuration. */
export interface CheckedEndpoint {
  readonly name: string
  readonly operations: readonly string[]
}

/** Reads the document of each endpoint. Rejects with `invalid-config` for the first that it cannot be guarded by. */
export async function checkEndpoints(options: EndpointsOptions): Promise<readonly CheckedEndpoint[]> {
  const checked: CheckedEndpoint[] = []
  for (const [name, endpoint] of Object.entries(options)) {
    const { operations } = await contractOf(name, endpoint)
    checked.push({ name, operations: operations.map((operation) => operation.name) })
  }
  return checked
}

/**
 * The document of an endpoint, compiled. Rejects with `invalid-config` where the endpoint cannot be guarded by it, or has
 * settings for an operation that it does not have.
 */
export async function contractOf(name: string, options: EndpointOptions): Promise<Contract> {
  const { document, operations: set, api_key: key, api_key_header: header } = options
  const contract = await readContract(name, document, key === undefined ? null : header)
  const names = contract.operations.map((operation) => operation.name)
  const unknown = Object.keys(set).find((operation) => !names.includes(operation))
  if (unknown === undefined) return contract
  const message = `endpoints.${name}.operations.${unknown}: the document has no such operation.`
  throw new ServiceError('invalid-config', message, { advice: `It has: ${names.join(', ')}.` })
}
