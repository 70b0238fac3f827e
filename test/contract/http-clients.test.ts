import { describe, expect, it } from 'vitest'
import { errorTable, type ErrorCode } from '../../src/core/error-table.ts'
import { ServiceError } from '../../src/core/errors.ts'
import { documentedErrors } from '../support/http/error-docs.ts'
import { ProblemServer } from '../support/http/problem-server.ts'
import { realClients, type RealClient } from '../support/http/real-clients.ts'
import { verifies } from '../support/verifies.ts'

const clients = Object.keys(realClients) as RealClient[]

const saying = 'It says so.'

/** What one call of the client comes to where every request is answered with the problem. */
async function call(client: RealClient, code: ErrorCode) {
  // The true seconds of the table would only make the test wait.
  const wait = errorTable[code].retryAfterSeconds === null ? {} : { retryAfterSeconds: 1 }
  await using server = await ProblemServer.start(new ServiceError(code, saying, wait))
  const thrown: unknown = await realClients[client](server.url).catch((error: unknown) => error)
  return { asked: server.asked, thrown }
}

describe('the clients that people use', () => {
  it('C1: repeat what the table of errors says they repeat, and nothing else', async () => {
    verifies('errors.real-clients')
    const rows = documentedErrors()
    const seen = await Promise.all(
      rows.map(async ({ code, ...row }) => {
        const asked = await Promise.all(clients.map(async (client) => (await call(client, code as ErrorCode)).asked))
        const repeating = clients.filter((_client, index) => (asked[index] ?? 0) > 1)
        return { code, ...row, repeatedBy: repeating.join(', ') || 'none' }
      }),
    )
    expect(seen).toEqual(rows)
    expect(rows.length).toBeGreaterThan(20)
  })

  it.each(clients)('C1: %s tells its user what was wrong', async (client) => {
    const { thrown } = await call(client, 'refused')
    expect(thrown).toBeInstanceOf(Error)
    expect((thrown as Error).message).toContain(saying)
  })
})
