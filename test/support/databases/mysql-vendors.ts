import { describe, type TestOptions } from 'vitest'
import { ensureMysql, names, type MysqlVendor } from './mysql-programs.ts'

/**
 * The same tests over a real server of each vendor. Where one cannot be started, its tests are counted as skipped, with
 * the reason.
 */
export function describeVendors(name: string, tests: (vendor: MysqlVendor) => void, options: TestOptions = {}): void {
  for (const vendor of ['mariadb', 'mysql'] as const) {
    const problem = ensureMysql(vendor)
    if (problem !== null) process.stderr.write(`SKIPPED: the tests against ${names[vendor]}, ${problem}\n`)
    describe.skipIf(problem !== null)(`${name} of ${names[vendor]}`, options, () => {
      tests(vendor)
    })
  }
}
