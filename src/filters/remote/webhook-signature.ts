import { createHmac } from 'node:crypto'
import type { Secret } from '../../core/secret.ts'

/**
 * Headers by which a webhook knows who asks: seconds since 1970, and an HMAC-SHA-256 in hexadecimal over those seconds, a dot and
 * the bytes of the body. Whoever checks it refuses one that is older than it likes.
 */
export function signatureHeaders(key: Secret, body: string, seconds: number): Readonly<Record<string, string>> {
  const digest = createHmac('sha256', key.reveal()).update(`${seconds}.${body}`, 'utf8').digest('hex')
  return { 'x-sallyport-timestamp': String(seconds), 'x-sallyport-signature': `v1=${digest}` }
}
