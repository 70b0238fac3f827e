import type { Promises } from '../requirements.ts'

/** What docs/verification.md promises. */
export const verificationPromises = {
  'docs/verification.md#verification': {
    'lanes.said': 'A run of the tests says which lanes it did not run and which corpora were not there.',
  },
  'docs/verification.md#lanes': {
    'lanes.table': 'The table has each lane with its own size and its tests.',
  },
  'docs/verification.md#runs': {
    'lanes.recorded': 'A recorded run is a row of what was asked for and what came of it, failures included.',
  },
} as const satisfies Promises
