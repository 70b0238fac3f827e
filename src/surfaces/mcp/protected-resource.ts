import type { RequestHandler } from 'express'
import { ServiceError } from '../../core/errors.ts'

/** Where a client learns who gives tokens for this service (RFC 9728): beside the path of the resource, and without it. */
export const metadataPaths = [
  '/.well-known/oauth-protected-resource',
  '/.well-known/oauth-protected-resource/mcp',
] as const

export interface ProtectedResource {
  /** Where callers reach the service, without a trailing slash. */
  readonly baseUrl: () => string
  /** Issuers of tokens that are taken; none where only keys are. */
  readonly issuers: readonly string[]
}

/** `GET /.well-known/oauth-protected-resource/mcp` */
export function getProtectedResource({ baseUrl, issuers }: ProtectedResource): RequestHandler {
  return (_request, response) => {
    if (issuers.length === 0) {
      throw new ServiceError('not-found', 'No issuer gives tokens for this service.', {
        advice: 'Send an API key as "Authorization: Bearer KEY".',
      })
    }
    response
      .status(200)
      .set({ 'cache-control': 'public, max-age=300', 'access-control-allow-origin': '*' })
      .json({
        resource: `${baseUrl()}/mcp`,
        resource_name: 'Sallyport',
        authorization_servers: issuers,
        bearer_methods_supported: ['header'],
      })
  }
}

/** A caller who is not known, told where one becomes known. Anything else as it is. */
export function challenging(thrown: unknown, { baseUrl, issuers }: ProtectedResource): unknown {
  if (!(thrown instanceof ServiceError) || thrown.code !== 'unauthenticated' || issuers.length === 0) return thrown
  const where = `resource_metadata="${baseUrl()}${metadataPaths[1]}"`
  return new ServiceError(thrown.code, thrown.message, {
    cause: thrown.cause,
    advice: thrown.advice,
    headers: ['www-authenticate', `Bearer realm="sallyport", ${where}`],
  })
}
