import { hkdfSync } from 'node:crypto'

/** Whose values share their tokens. */
export interface TokenScope {
  readonly principal: string
  /** The person behind the principal, where the call names one; null where it does not. */
  readonly endUser: string | null
}

/**
 * The key of the tokens of one scope, 32 bytes, by HKDF-SHA-256 of the service's key. Who knows the tokens of one scope
 * knows nothing of those of another, for the same values, either.
 */
export function tokenKey(serviceKey: Buffer, { principal, endUser }: TokenScope): Buffer {
  const info = JSON.stringify(['sallyport tokens 1', principal, endUser])
  return Buffer.from(hkdfSync('sha256', serviceKey, Buffer.alloc(0), info, 32))
}
