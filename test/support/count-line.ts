import { notRun } from '../lanes/not-run.ts'
import type { Reporter, TestModule } from 'vitest/node'

/**
 * Ends every run with what it did not run, and `N passed, N failed, N skipped` on a line of its own, the last; a file
 * that did not load counts as failed.
 */
export default class CountLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const counts = { passed: 0, failed: errors.length, skipped: 0 }
    for (const module of modules) {
      const tests = [...module.children.allTests()]
      for (const test of tests) {
        const { state } = test.result()
        if (state === 'passed' || state === 'failed') counts[state] += 1
        else counts.skipped += 1
      }
      const failedTests = tests.filter((test) => test.result().state === 'failed').length
      if (module.state() === 'failed' && failedTests === 0) counts.failed += 1
    }
    for (const line of notRun(process.env)) process.stdout.write(`\n${line}\n`)
    // The default reporter writes its summary first; this line is the last.
    process.stdout.write(`\n${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped\n`)
  }
}
