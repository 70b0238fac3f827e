import { createHmac } from 'node:crypto'
import { keyedHash } from '../core/keyed-hash.ts'

/**
 * Stands for texts of callers and models where facts about them are kept. Keyed: without the key nobody can try texts
 * until one fits, which a bare hash of a name or a short question would allow.
 */
export interface Digests {
  /** `KEYID:HMAC`, hexadecimal: equal for equal texts under one key. */
  of(text: string | Uint8Array): string
  /** The name itself where it is one of `known`, else `unknown:` and its digest. */
  name(text: string, known: ReadonlySet<string>): string
}

/** Says which key a digest was made with, and nothing about the key: an HMAC of a fixed text, shortened. */
function keyId(key: Buffer): string {
  return createHmac('sha256', key).update('sallyport: name of this key').digest('hex').slice(0, 8)
}

export function createDigests(key: Buffer): Digests {
  const id = keyId(key)
  const keyed = keyedHash(key)
  const of = (text: string | Uint8Array): string => `${id}:${keyed(text).toString('hex')}`
  return { of, name: (text, known) => (known.has(text) ? text : `unknown:${of(text)}`) }
}
