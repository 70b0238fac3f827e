import { defineConfig } from 'vitest/config'

// isolated-vm needs --no-node-snapshot; forks keep a crash of one file from taking the run with it.
const execArgv = ['--no-node-snapshot', '--disable-warning=ExperimentalWarning']

export default defineConfig({
  test: {
    pool: 'forks',
    execArgv,
    maxWorkers: 2,
    reporters: ['default', './test/support/count-line.ts'],
    projects: [
      {
        extends: true,
        test: { name: 'unit', testTimeout: 30_000, include: ['test/architecture.test.ts', 'test/unit/**/*.test.ts'] },
      },
      {
        extends: true,
        test: { name: 'contract', include: ['test/contract/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
      },
      {
        extends: true,
        test: { name: 'attack', include: ['test/attack/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 120_000 },
      },
      {
        extends: true,
        test: {
          name: 'integration',
          include: ['test/integration/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
      {
        extends: true,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          testTimeout: 300_000,
          hookTimeout: 300_000,
          fileParallelism: false,
        },
      },
    ],
  },
})
