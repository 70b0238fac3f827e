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

const line = (event: object): string => `data: ${JSON.stringify(event)}\n\n`
const mebibyte = new Uint8Array(1_048_576)

/** A service whose answer cites one file, which comes without a size in so many pieces. */
function serviceWithFile(pieces: number) {
  const answered = [
    { type: 'response.created', response: { id: 'resp_1' } },
    {
      type: 'response.output_text.annotation.added',
      annotation: { container_id: 'cntr_1', file_id: 'cfile_1', filename: 'a.csv' },
    },
    { type: 'response.completed', response: { id: 'resp_1', sallyport: { ending: 'answer', steps: 1 } } },
  ]
  const asked: string[] = []
  let sent = 0
  const file = new ReadableStream<Uint8Array>(
    {
      pull(controller) {
        if (sent === pieces) return controller.close()
        sent += 1
        controller.enqueue(mebibyte)
      },
    },
    { highWaterMark: 0 },
  )
  const service = {
    post: async () => ({ id: 'conv_1' }),
    open: async ({ path }: { readonly path: string }) => {
      asked.push(path)
      return path === '/v1/responses' ? new Response(answered.map(line).join('')) : new Response(file)
    },
  } as unknown as RunningService
  return { service, asked, sent: () => sent }
}

async function artifactsOf(service: RunningService): Promise<readonly number[]> {
  const asked = { ...received(), sessionId: null }
  const sizes: number[] = []
  for await (const event of createRemoteSallyport(service).answer(asked, { files: [] }, new AbortController().signal)) {
    if (event.type === 'artifact') sizes.push(Buffer.byteLength(event.artifact.content, 'base64'))
  }
  return sizes
}

describe('a file that an answer from elsewhere cites', () => {
  it('is fetched from the container that the answer names', async () => {
    const { service, asked } = serviceWithFile(2)
    expect(await artifactsOf(service)).toEqual([2 * 1_048_576])
    expect(asked).toEqual(['/v1/responses', '/v1/containers/cntr_1/files/cfile_1/content'])
  })

  it('is let go of where it is larger than 64 MiB, though nothing says so before it comes', async () => {
    const { service, sent } = serviceWithFile(200)
    expect(await artifactsOf(service)).toEqual([])
    expect(sent()).toBe(65)
  })
})
