import { describe, expect, it } from 'vitest'
import { createMetrics } from '../../../src/telemetry/metrics.ts'
import { guardedService } from '../../support/endpoints/guarded-service.ts'

describe('what is counted of calls of an endpoint', () => {
  it('is how those ended that were sent, by operation, and nothing of those that were refused before', async () => {
    const metrics = createMetrics()
    await using guarded = await guardedService({ metrics })
    const good = { pixels: [0.5] }
    expect((await guarded.call(good)).status).toBe(200)
    expect((await guarded.call({ pixels: 'none' })).status).toBe(400)
    guarded.behind.answer = (_request, response) => void response.writeHead(500).end()
    expect((await guarded.call(good)).status).toBe(502)
    const lines = (await metrics.text()).split('\n')
    const counts = lines.filter((line) => /^sallyport_endpoint_(?:queue_)?seconds_count/.test(line))
    expect(counts).toEqual([
      'sallyport_endpoint_seconds_count{endpoint="classifier",operation="predict",ending="answered"} 1',
      'sallyport_endpoint_seconds_count{endpoint="classifier",operation="predict",ending="failed"} 1',
      'sallyport_endpoint_queue_seconds_count{endpoint="classifier"} 2',
    ])
  })
})
