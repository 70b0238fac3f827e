import type { Promises } from '../requirements.ts'

/** What docs/benchmarks.md promises. */
export const benchmarksPromises = {
  'docs/benchmarks.md#sessions-npm-run-bench----sessions': {
    'bench.sessions-apart': 'Many streams at the same time have each their own alone.',
  },
  'docs/benchmarks.md#beside-another-build': {
    'bench.pairs': 'Builds are compared by the median of pairs of runs.',
  },
} as const satisfies Promises
