import type { Promises } from '../requirements.ts'

/** What docs/storage.md promises. */
export const storagePromises = {
  'docs/storage.md#what-it-promises': {
    'storage.kept': 'What was acknowledged is there after the process was killed at any moment.',
    'storage.newer': 'A storage that is newer than the program is refused with what it has.',
    'storage.revoked': 'A revoked key is nobody’s at the next request; over PostgreSQL within a second.',
    'storage.first-maker': 'An id is its first maker’s.',
  },
  'docs/storage.md#from-a-version-that-kept-keys-in-a-file': {
    'storage.upgrade': 'Keys of the file are moved, and earlier versions do not start with what is left of it.',
  },
} as const satisfies Promises
