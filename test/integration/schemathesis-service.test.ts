import { describe, expect, it } from 'vitest'
import { serviceContract } from '../../src/surfaces/wire/service/contract.ts'
import { runSchemathesis, schemathesisPackages } from '../support/endpoints/schemathesis/run-schemathesis.ts'
import { SurfaceService } from '../support/surfaces/surface-service.ts'

/** Of each operation; 180 make more than 10,000 requests with a key, and more without one. */
const examples = Number(process.env['SALLYPORT_SCHEMATHESIS_EXAMPLES'] ?? 5)
const packages = schemathesisPackages()

/** Programs and statements are for validators and gates, questions for the model that is asked, files for who looks what they are, and limits for the group; a replay and a share name one of two places. */
const refusing = [
  '/v1/responses',
  '/v1/messages',
  '/v1/embeddings',
  '/v1/messages/count_tokens',
  '/v1/execute',
  '/v1/sql',
  '/v1/chat/completions',
  '/v1/filters/check',
  '/v1/sessions',
  '/v1/files',
  '/v1/containers',
  '/v1/containers/{id}/files',
  '/v1/conversations/{id}/replay',
  '/v1/shares',
  '/v1/web/session',
]

const naming = ['/v1/containers/{id}/files', '/v1/conversations/{id}/replay', '/v1/shares']

const callers = { guesses: { most: 1_000_000 } }

/**
 * Once in many runs schemathesis 4.32 looks for a list that is not like another one of the schema, and for one that is not like that, until Python stops it.
 * It has asked nothing of the service by then.
 */
const hasLostItself = (output: string): boolean => output.includes('maximum recursion depth exceeded')

describe.skipIf(typeof packages === 'string')(
  `schemathesis on the service${typeof packages === 'string' ? `, which is not here: ${packages}` : ''}`,
  () => {
    it.each(['with a key', 'without a key'])(
      `finds nothing with all of its checks and ${examples.toLocaleString('en')} examples of each operation, %s`,
      { retry: 0, timeout: 240_000 + examples * 20_000 },
      async (how) => {
        if (typeof packages === 'string') return
        await using service = await SurfaceService.start({}, { identity: callers })
        const document = (await (await fetch(`${service.url}/openapi.json`)).json()) as object
        const key = how === 'with a key' ? await service.key('open') : null
        const given = { url: service.url, key, examples, document, refusing, naming }
        let { report, output } = await runSchemathesis(packages.python, given)
        if (hasLostItself(output) && report.failures.length === 0) {
          process.stderr.write(`schemathesis ${how}: made no request of a list in a list, and is run again\n`)
          ;({ report, output } = await runSchemathesis(packages.python, given))
        }
        // It says more of what it has found than its report.
        if (report.exit_code !== 0) process.stderr.write(output)
        expect(report).toMatchObject({ complete: true, exit_code: 0, failures: [], errors: [] })
        expect(report.operations.tested).toBe(serviceContract.routes.length)
        process.stderr.write(`schemathesis ${how}: ${report.test_cases.generated} requests\n`)
      },
    )
  },
)
