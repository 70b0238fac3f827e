import { defineConfig } from 'vitest/config'
import { LaneOrder } from './test/support/lane-order.ts'

// isolated-vm needs --no-node-snapshot; forks keep a crash of one worker from taking the run with it.
export const execArgv = ['--no-node-snapshot', '--disable-warning=ExperimentalWarning']

/**
 * Files that need the machine to themselves. What is true of one of these goes in here:
 *
 * - It strikes runs at chosen moments and holds what is said of each against what was done: a busy machine moves the moments.
 * - It looks what is left of a process that has ended. Any sandbox that starts elsewhere sweeps that up.
 * - It has five attacks on sandboxes at work at once. They take all of the machine as it is, many by looping until they
 *   are ended, and would take it from a neighbour too.
 *
 * `test/unit/alone.test.ts` reads the tests, and names those that should be here.
 */
export const alone = [
  'test/attack/sandbox-docker.test.ts',
  'test/attack/sandbox-runsc.test.ts',
  'test/e2e/nothing-left.test.ts',
  'test/integration/sandbox-leaks.test.ts',
  'test/integration/truth.test.ts',
]

/** Files that need a cluster, wherever they stand: their names say so. They have one of this machine to themselves. */
const onCluster = ['test/{contract,attack,e2e,integration}/**/*-kubernetes.test.ts']

/** What a busy machine broke is tried once more, and the report says so; tests of truth, leaks and oracles allow no second try. */
const onBusyMachine = { retry: 1 }

/**
 * Sandboxes, databases and whole services wait a lot, so three files are at work at once, each with its own processes,
 * folders, ports and names. A worker that finds nothing more in one lane goes on with the next.
 */
function lane(name: string, testTimeout: number) {
  const include = [`test/${name}/**/*.test.ts`]
  const timeouts = { testTimeout, hookTimeout: testTimeout }
  return {
    extends: true as const,
    test: {
      name,
      include,
      exclude: [...alone, ...onCluster],
      ...timeouts,
      ...onBusyMachine,
      sequence: { groupOrder: 1 },
    },
  }
}

export default defineConfig({
  test: {
    pool: 'forks',
    // Node reads TypeScript as it is; rewriting each module for a runner in its place took a fifth of the processor's time.
    // The loader in front of it is for mocks of modules, of which there are none.
    experimental: { viteModuleRunner: false, nodeLoader: false },
    execArgv,
    maxWorkers: 3,
    setupFiles: ['./test/support/leave-nothing.ts', './test/support/equal-bytes.ts'],
    // What comes is seen at once; only a machine that has much else to do needs all of it.
    expect: { poll: { timeout: 60_000 } },
    reporters: ['default', './test/support/longest-files.ts', './test/support/count-line.ts'],
    sequence: { sequencer: LaneOrder },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: ['test/architecture.test.ts', 'test/unit/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          // Modules keep no state, so files share those that one worker has loaded: half of the time of a run.
          isolate: false,
          sequence: { groupOrder: 0 },
        },
      },
      lane('contract', 300_000),
      lane('e2e', 300_000),
      lane('attack', 300_000),
      lane('integration', 600_000),
      {
        extends: true,
        test: {
          name: 'alone',
          include: alone,
          testTimeout: 600_000,
          hookTimeout: 600_000,
          ...onBusyMachine,
          fileParallelism: false,
          sequence: { groupOrder: 2 },
        },
      },
      {
        extends: true,
        test: {
          name: 'kubernetes',
          include: onCluster,
          globalSetup: ['./test/support/kubernetes/cluster-of-run.ts'],
          testTimeout: 600_000,
          hookTimeout: 600_000,
          ...onBusyMachine,
          fileParallelism: false,
          sequence: { groupOrder: 3 },
        },
      },
    ],
  },
})
