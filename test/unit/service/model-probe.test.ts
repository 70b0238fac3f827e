import { describe, expect, it } from 'vitest'
import { ServiceError } from '../../../src/core/errors.ts'
import type { Model } from '../../../src/models/model.ts'
import { modelOptions } from '../../../src/models/options.ts'
import { modelProbe } from '../../../src/service/model-probe.ts'

const live = new AbortController().signal
const usage = { inputTokens: 1, outputTokens: 1, estimated: false }

function probe(turn: Model['turn'], waits: { timeout_ms?: number; idle_timeout_ms?: number } = {}) {
  const model = modelOptions.parse({ name: 'm', base_url: 'http://a.example/v1', retries: 0, ...waits })
  return modelProbe({ config: { model }, model: { id: 'm', scripted: false, turn } })
}

/** As an endpoint does that sends keep-alives and never an event. */
const never: Model['turn'] = (_request, signal) => ({
  [Symbol.asyncIterator]: () => ({
    next: async () => {
      await new Promise((resolve) => signal.addEventListener('abort', resolve))
      throw new ServiceError('cancelled', 'The model turn was cancelled')
    },
  }),
})

describe('the probe of the model', () => {
  it('passes when the model ends a turn', async () => {
    const answering = probe(async function* () {
      yield { type: 'finish', reason: 'stop', usage }
    })
    expect(await answering.run(live)).toMatchObject({
      passed: true,
      detail: expect.stringMatching(/^m at http/) as string,
    })
  })

  it('ends where an endpoint only keeps its connection alive, and says so', async () => {
    const result = await probe(never, { timeout_ms: 5, idle_timeout_ms: 5 }).run(live)
    expect(result).toMatchObject({
      passed: false,
      detail: expect.stringMatching(/^m keeps its connection open, and ended no answer/) as string,
      fix: expect.stringContaining('model.timeout_ms') as string,
    })
  })

  it('hands on what the model throws, and the word of whoever interrupts it', async () => {
    const down = probe(() => {
      throw new ServiceError('model-unavailable', 'down')
    })
    await expect(down.run(live)).rejects.toMatchObject({ code: 'model-unavailable' })
    await expect(probe(never).run(AbortSignal.timeout(1))).rejects.toMatchObject({ code: 'cancelled' })
  })
})
