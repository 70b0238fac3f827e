import { createSecretKey, hkdfSync, type KeyObject } from 'node:crypto'

/** A key of 32 bytes for one use of a data key: who has that of one use knows nothing of another's. */
export function keyForUse(dataKey: Buffer, use: string): KeyObject {
  return createSecretKey(Buffer.from(hkdfSync('sha256', dataKey, Buffer.alloc(0), use, 32)))
}
