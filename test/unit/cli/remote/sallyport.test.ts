import { describe, expect, it } from 'vitest'
import { createRemoteSallyport } from '../../../../src/cli/remote/sallyport.ts'
import type { RunningService } from '../../../../src/cli/running-service.ts'
import { ServiceError } from '../../../../src/core/errors.ts'
import { received } from '../../../support/agent-events.ts'
import { verifies } from '../../../support/verifies.ts'

describe('a question to a service elsewhere', () => {
  it.each([
    [50_000, { max_cost: 50_000 }],
    [undefined, {}],
  ])('says what the answer may cost at most: %j', async (maximumCost, said) => {
    verifies('terminal.cost')
    const bodies: unknown[] = []
    const service = {
      post: async () => ({ id: 'conv_1' }),
      open: async ({ body }: { readonly body: unknown }) => {
        bodies.push(body)
        throw new ServiceError('service-unavailable', 'it is down')
      },
    } as unknown as RunningService
    const asked = { ...received(), sessionId: null, ...(maximumCost === undefined ? {} : { maximumCost }) }
    const events = createRemoteSallyport(service).answer(asked, { files: [] }, new AbortController().signal)
    const all = async () => {
      for await (const event of events) bodies.push(event)
    }
    await expect(all()).rejects.toMatchObject({ code: 'service-unavailable' })
    expect(bodies).toHaveLength(1)
    expect(bodies[0]).toMatchObject(said)
    expect(Object.keys(bodies[0] as object).includes('max_cost')).toBe(maximumCost !== undefined)
  })
})
