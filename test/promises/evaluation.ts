import type { Promises } from '../requirements.ts'

/** What docs/evaluation.md promises. */
export const evaluationPromises = {
  'docs/evaluation.md#identifiers': {
    'identifiers.found': 'Numbers of persons, papers, devices, banks, dates of birth and coordinates are found.',
    'identifiers.columns': 'A heading over a column, and the name of a field, say what stands below.',
  },
  'docs/evaluation.md#ordinary-files': {
    'identifiers.technical': 'Versions, digests, dumps, UUIDs and lists of networks are left alone.',
  },
  'docs/evaluation.md#keys-and-tokens': {
    'secrets.issuers': 'The keys of some seventy issuers are found.',
  },
} as const satisfies Promises
