import type { Promises } from '../requirements.ts'

/** What docs/benchmarks.md promises. */
export const benchmarksPromises = {
  'docs/benchmarks.md#beside-another-build': {
    'bench.pairs': 'Builds are compared by the median of pairs of runs.',
  },
} as const satisfies Promises
