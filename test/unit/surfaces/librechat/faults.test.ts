import { describe, expect, it } from 'vitest'
import express from 'express'
import { ServiceError } from '../../../../src/core/errors.ts'
import { answerFaults } from '../../../../src/surfaces/librechat/faults.ts'
import { verifies } from '../../../support/verifies.ts'

/** What LibreChat is answered where this is thrown. */
async function answered(thrown: Error): Promise<object> {
  const app = express()
  app.get('/', () => {
    throw thrown
  })
  app.use(answerFaults(() => undefined))
  const server = app.listen(0, '127.0.0.1')
  try {
    await new Promise((listening) => server.once('listening', listening))
    const answer = await fetch(`http://127.0.0.1:${(server.address() as { readonly port: number }).port}/`)
    const body = (await answer.json()) as Record<string, unknown>
    const { error, retry_after_seconds: seconds, code } = body
    return { status: answer.status, header: answer.headers.get('retry-after'), error, seconds, code }
  } finally {
    server.closeAllConnections()
    await new Promise((closed) => server.close(closed))
  }
}

describe('what LibreChat is told of a fault', () => {
  it('says when to come back where every sandbox is in use, in words that its client reads', async () => {
    verifies('librechat.waits')
    const limited = { status: 429, error: 'rate_limited', code: 'rate-limited' }
    const busy = new ServiceError('sandbox-busy', 'No sandbox became free', { retryAfterSeconds: 30 })
    expect(await answered(busy)).toEqual({ ...limited, header: '30', seconds: 30 })
    expect(await answered(new ServiceError('sandbox-busy', 'Too many'))).toEqual({
      ...limited,
      header: '5',
      seconds: 5,
    })
  })

  it('leaves an outage one', async () => {
    expect(await answered(new ServiceError('sandbox-unavailable', 'No runtime'))).toMatchObject({
      status: 503,
      seconds: undefined,
    })
  })
})
