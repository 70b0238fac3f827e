import { keyedHash } from '../../core/keyed-hash.ts'

/** Numbers that six bytes can be. */
const span = 2 ** 48

/**
 * Tells of principals whether a canary decides for them: always the same of the same salt, on every process, and of each share
 * all that are in a smaller one. Who does not know the salt cannot choose a name that is in.
 */
export function createCanary({ salt, share }: { readonly salt: string; readonly share: number }) {
  const hash = keyedHash(Buffer.from(salt))
  return (principal: string): boolean => hash(principal).readUIntBE(0, 6) / span < share
}
