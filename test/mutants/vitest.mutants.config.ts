import { defineConfig } from 'vitest/config'
import { execArgv } from '../../vitest.config.ts'

/** One test file after the other, no second try, and a test that waits in vain fails soon. */
export default defineConfig({
  root: process.cwd(),
  test: {
    pool: 'forks',
    execArgv,
    include: ['test/**/*.test.ts'],
    maxWorkers: 1,
    fileParallelism: false,
    testTimeout: 10_000,
    hookTimeout: 20_000,
    bail: 1,
    reporters: ['dot'],
    cache: false,
    fsModuleCachePath: process.env['SALLYPORT_MUTANTS_CACHE'] ?? 'node_modules/.vitest-cache',
  },
})
