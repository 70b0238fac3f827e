import { hash } from 'node:crypto'

/**
 * The id of whoever an issuer knows by a subject: the same for ever, another one for the same subject of another issuer, and
 * never that of an API key, which is a UUID.
 */
export function tokenPrincipalId(issuer: string, subject: string): string {
  return `token-${hash('sha256', JSON.stringify([issuer, subject]), 'base64url')}`
}

/** Could it be the id of whoever has a token? Which of them there are is not kept. */
export function isTokenPrincipalId(id: string): boolean {
  return /^token-[\w-]{43}$/.test(id)
}
