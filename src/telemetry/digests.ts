import { createHmac, hash } from 'node:crypto'

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

/** Bytes of a block of SHA-256. */
const blockBytes = 64

/** Longer texts are not copied to be hashed at once. */
const longestCopied = 65_536

/**
 * HMAC-SHA-256 (RFC 2104, FIPS 198-1) in hexadecimal, with all that depends on the key alone done before. Node's own is an
 * object for each text, which costs more than to hash a text of two thousand characters.
 */
function keyedHash(key: Buffer): (text: string | Uint8Array) => string {
  const block = Buffer.concat([key.length > blockBytes ? hash('sha256', key, 'buffer') : key], blockBytes)
  const inner = block.map((byte) => byte ^ 0x36)
  const outer = Buffer.concat([block.map((byte) => byte ^ 0x5c)], blockBytes + 32)
  return (text) => {
    if (text.length > longestCopied) return createHmac('sha256', key).update(text).digest('hex')
    const bytes = typeof text === 'string' ? Buffer.from(text) : text
    hash('sha256', Buffer.concat([inner, bytes]), 'buffer').copy(outer, blockBytes)
    return hash('sha256', outer, 'hex')
  }
}

/** Says which key a digest was made with, and nothing about the key: an HMAC of a fixed text, shortened. */
function keyId(key: Buffer): string {
  return createHmac('sha256', key).update('sallyport: name of this key').digest('hex').slice(0, 8)
}

export function createDigests(key: Buffer): Digests {
  const id = keyId(key)
  const keyed = keyedHash(key)
  const of = (text: string | Uint8Array): string => `${id}:${keyed(text)}`
  return { of, name: (text, known) => (known.has(text) ? text : `unknown:${of(text)}`) }
}
