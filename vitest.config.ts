import { defineConfig } from 'vitest/config'

// isolated-vm needs --no-node-snapshot; forks keep a crash of one worker from taking the run with it.
export const execArgv = ['--no-node-snapshot', '--disable-warning=ExperimentalWarning']

/**
 * Sandboxes, databases and whole services share two cores badly: their files run one after the other. What a busy
 * machine broke is tried once more, and the report says so; the tests of truth and of leaks allow no second try.
 */
function oneByOne(name: string, groupOrder: number, testTimeout: number) {
  const include = [`test/${name}/**/*.test.ts`]
  const timeouts = { testTimeout, hookTimeout: testTimeout }
  return {
    extends: true as const,
    test: { name, include, ...timeouts, fileParallelism: false, retry: 1, sequence: { groupOrder } },
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    execArgv,
    maxWorkers: 2,
    setupFiles: ['./test/support/leave-nothing.ts'],
    reporters: ['default', './test/support/count-line.ts'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/architecture.test.ts', 'test/unit/**/*.test.ts'],
          testTimeout: 30_000,
          // Modules keep no state, so files share those that one worker has loaded: half of the time of a run.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      oneByOne('contract', 1, 180_000),
      oneByOne('e2e', 2, 300_000),
      oneByOne('attack', 3, 180_000),
      oneByOne('integration', 4, 600_000),
    ],
  },
})
