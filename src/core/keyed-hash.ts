import { createHmac, hash } from 'node:crypto'

/** Bytes of a block of SHA-256. */
const blockBytes = 64

/** Longer texts are not copied to be hashed at once. */
const longestCopied = 65_536

/**
 * HMAC-SHA-256 (RFC 2104, FIPS 198-1) with all that depends on the key alone done before. Node's own is an
 * object for each text, which costs more than to hash a text of two thousand characters.
 */
export function keyedHash(key: Buffer): (text: string | Uint8Array) => Buffer {
  const block = Buffer.concat([key.length > blockBytes ? hash('sha256', key, 'buffer') : key], blockBytes)
  const inner = block.map((byte) => byte ^ 0x36)
  const outer = Buffer.concat([block.map((byte) => byte ^ 0x5c)], blockBytes + 32)
  return (text) => {
    if (text.length > longestCopied) return createHmac('sha256', key).update(text).digest()
    const bytes = typeof text === 'string' ? Buffer.from(text) : text
    hash('sha256', Buffer.concat([inner, bytes]), 'buffer').copy(outer, blockBytes)
    return hash('sha256', outer, 'buffer')
  }
}

/** Numbers that six bytes can be. */
const sixBytes = 2 ** 48

/** Where a text falls from 0 (inclusive) to 1 (exclusive): always the same under one key, and even over many texts. */
export function keyedShare(key: Buffer): (text: string) => number {
  const hashed = keyedHash(key)
  return (text) => hashed(text).readUIntBE(0, 6) / sixBytes
}
