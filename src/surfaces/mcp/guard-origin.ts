import type { IncomingMessage } from 'node:http'
import { localhostAllowedHostnames, validateHostHeader, validateOriginHeader } from '@modelcontextprotocol/server'
import { ServiceError } from '../../core/errors.ts'

export interface AllowedNames {
  /** Names by which the service is reached, beside those of this machine. */
  readonly hosts: readonly string[]
  /** Names of hosts whose pages may call it from a browser, beside those of this machine. */
  readonly origins: readonly string[]
}

/**
 * Refuses what a page of somebody else's would send: one that has bound its own name to this address (the Host), and one that
 * calls across origins. Throws `forbidden`.
 */
export function guardOrigin({ headers }: Pick<IncomingMessage, 'headers'>, { hosts, origins }: AllowedNames): void {
  const local = localhostAllowedHostnames()
  if (!validateHostHeader(headers.host, [...local, ...hosts]).ok) {
    throw new ServiceError('forbidden', 'The service does not go by the name in the Host header.', {
      advice: 'Ask the operator: http.base_url, or http.mcp.hosts, has to name it.',
    })
  }
  if (!validateOriginHeader(headers.origin, [...local, ...hosts, ...origins]).ok) {
    throw new ServiceError('forbidden', 'Pages of this origin may not call the service.', {
      advice: 'Ask the operator: http.mcp.origins has to name its host.',
    })
  }
}
