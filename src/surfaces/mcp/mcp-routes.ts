import type { RequestHandler } from 'express'
import type { GrantFor } from '../../gateway/authorize/policy.ts'
import { readJson, type JsonBodyLimits } from '../../http/json-body.ts'
import { requestIdOf } from '../../http/request-id.ts'
import { credentialOf, type Know } from '../caller.ts'
import type { AllowedNames } from './guard-origin.ts'
import type { McpEndpointOptions } from './mcp-endpoint.ts'
import type { McpServerParts } from './server-for.ts'
import { challenging, type ProtectedResource } from './protected-resource.ts'

export interface McpRouteOptions
  extends Omit<McpEndpointOptions, 'serverFor'>, Omit<McpServerParts, 'tools'>, AllowedNames {
  readonly know: Know
  readonly grantFor: GrantFor
  /** Loads the tools with the first call. */
  readonly tools: () => Promise<McpServerParts['tools']>
  readonly limits: JsonBodyLimits
  readonly resource: ProtectedResource
}

/** `POST /mcp`. The protocol's library is loaded with the first call. */
export function postMcp(options: McpRouteOptions): RequestHandler {
  const { know, grantFor, limits, resource } = options
  let opening: ReturnType<typeof open> | null = null
  return async (request, response) => {
    const { guardOrigin, endpoint } = await (opening ??= open(options))
    guardOrigin(request, options)
    const principal = await know(request).catch((thrown: unknown) => {
      throw challenging(thrown, resource)
    })
    const { value: body } = await readJson(request, limits)
    const grant = await grantFor(principal, 'http', requestIdOf(response))
    const caller = { principal, grant, channel: 'http', credential: credentialOf(request) } as const
    await endpoint({ request, response, caller, body })
  }
}

async function open(options: McpRouteOptions) {
  const [{ guardOrigin }, { createMcpEndpoint }, { createServerFor }, tools] = await Promise.all([
    import('./guard-origin.ts'),
    import('./mcp-endpoint.ts'),
    import('./server-for.ts'),
    options.tools(),
  ])
  const parts = { ...options, tools }
  return {
    guardOrigin,
    endpoint: createMcpEndpoint({ ...options, serverFor: (exchange) => createServerFor(parts, exchange) }),
  }
}
