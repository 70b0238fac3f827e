import { keyedShare } from '../../core/keyed-hash.ts'

/**
 * Tells of principals whether a canary decides for them: always the same of the same salt, on every process, and of each share
 * all that are in a smaller one. Who does not know the salt cannot choose a name that is in.
 */
export function createCanary({ salt, share }: { readonly salt: string; readonly share: number }) {
  const shareOf = keyedShare(Buffer.from(salt))
  return (principal: string): boolean => shareOf(principal) < share
}
