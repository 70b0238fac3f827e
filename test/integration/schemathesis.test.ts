import { describe, expect, it } from 'vitest'
import { serveFuzzed } from '../support/endpoints/fuzz/fuzz-service.ts'
import { operations } from '../support/endpoints/fuzz/operations.ts'
import { readReceipt } from '../support/endpoints/fuzz/oracle.ts'
import { Spy } from '../support/endpoints/fuzz/spy.ts'
import { runSchemathesis, schemathesisPackages } from '../support/endpoints/schemathesis/run-schemathesis.ts'
import { verifies } from '../support/verifies.ts'

const examples = Number(process.env['SALLYPORT_SCHEMATHESIS_EXAMPLES'] ?? 5)
const packages = schemathesisPackages()

describe.skipIf(typeof packages === 'string')(
  `schemathesis${typeof packages === 'string' ? `, which is not here: ${packages}` : ''}`,
  () => {
    it(
      `finds nothing with all of its checks and ${examples.toLocaleString('en')} examples of each operation`,
      { retry: 0, timeout: 600_000 + examples * 1_000 },
      async () => {
        verifies('endpoints.schemathesis')
        if (typeof packages === 'string') return
        using spy = await Spy.start()
        await using service = await serveFuzzed(spy)
        const of = { url: `${service.url}/endpoints/fuzz`, key: service.key, examples }
        const { report, output } = await runSchemathesis(packages.python, of)
        // It says more of what it has found than its report.
        if (report.exit_code !== 0) process.stderr.write(output)
        expect(report).toMatchObject({ complete: true, exit_code: 0, failures: [], errors: [] })
        expect(report.operations.tested).toBe(operations.length)
        // Of some operations there are fewer kinds of calls than that.
        expect(report.test_cases.generated).toBeGreaterThan((operations.length * examples) / 2)
        // It has seen the inside of each operation, and nothing arrived that the document does not take.
        const arrived = spy.receipts.map((receipt) => readReceipt(receipt))
        expect(new Set(arrived.map(({ operation }) => operation))).toEqual(new Set(operations.map(({ name }) => name)))
        expect(arrived.flatMap(({ faults }) => faults)).toEqual([])
        process.stderr.write(`schemathesis: ${report.test_cases.generated} requests, ${arrived.length} arrived\n`)
      },
    )
  },
)
