import type { Sharing } from '../../../src/core/shares.ts'

const nobody = async (): Promise<never> => {
  throw new Error('nothing is shared here')
}

/** Where a test shares nothing. */
export const noSharing: Sharing = {
  readers: () => ({ groups: [], days: 1, link: null }),
  make: nobody,
  list: nobody,
  read: nobody,
  findByLink: nobody,
  content: nobody,
  revoke: nobody,
}
