import { describe, expect, it } from 'vitest'
import { bytesOfBody } from '../../../src/http/body-bytes.ts'
import { createMetrics } from '../../../src/telemetry/metrics.ts'

/** The samples of one name that are not 0. */
async function samples(metrics: ReturnType<typeof createMetrics>, name: string): Promise<readonly string[]> {
  const lines = (await metrics.text()).split('\n')
  return lines.filter((line) => line.startsWith(name) && !line.endsWith(' 0')).map((line) => line.slice(name.length))
}

describe('what a service counts', () => {
  it('has answers by route and status, and the sizes of bodies whose length was said', async () => {
    const metrics = createMetrics()
    metrics.response({ route: '/v1/models', status: 200, requestBytes: null })
    metrics.response({ route: '/v1/chat/completions', status: 413, requestBytes: 5_000 })
    metrics.response({ route: null, status: 404, requestBytes: null })
    expect(await samples(metrics, 'sallyport_http_responses_total')).toEqual([
      '{route="/v1/models",status="200"} 1',
      '{route="/v1/chat/completions",status="413"} 1',
      '{route="unknown",status="404"} 1',
    ])
    expect(await samples(metrics, 'sallyport_http_request_bytes_sum')).toEqual(['{route="/v1/chat/completions"} 5000'])
  })

  it('has what the ledger tells, by whose limit it is and by group, and no account', async () => {
    const metrics = createMetrics()
    const limit = { account: 'user:anna@example.com', unit: 'tokens', window: 'day', most: 5 } as const
    metrics.quotas.onRefused(limit)
    metrics.quotas.onSettled('default', { requests: 1, tokens: 30, money: 0 })
    metrics.quotas.onUnsettled(3)
    metrics.quotas.onRecovered(2)
    expect(await samples(metrics, 'sallyport_limit_refusals_total')).toEqual(['{per="user",unit="tokens"} 1'])
    expect(await samples(metrics, 'sallyport_used_total')).toEqual([
      '{group="default",unit="requests"} 1',
      '{group="default",unit="tokens"} 30',
    ])
    expect(await samples(metrics, 'sallyport_ledger_unsettled')).toEqual([' 3'])
    expect(await samples(metrics, 'sallyport_ledger_recovered_total')).toEqual([' 2'])
    expect(await metrics.text()).not.toContain('anna')
  })

  it('has calls by upstream, but for those that were sent to none', async () => {
    const metrics = createMetrics()
    metrics.call('responses', { ending: 'failed', upstream: 'first', seconds: 0.2, usage: null })
    metrics.call('responses', { ending: 'failed', upstream: null, seconds: 0.2, usage: null })
    expect(await samples(metrics, 'sallyport_upstream_seconds_count')).toEqual(['{upstream="first",ending="failed"} 1'])
    expect(await samples(metrics, 'sallyport_calls_total')).toEqual(['{api="responses",ending="failed"} 2'])
  })

  it('has calls of endpoints by operation and ending, and how long they waited', async () => {
    const metrics = createMetrics()
    const call = { endpoint: 'classifier', operation: 'predict', seconds: 0.2, waitedSeconds: 0.03 }
    metrics.endpointCall({ ...call, ending: 'answered' })
    metrics.endpointCall({ ...call, ending: 'failed' })
    expect(await samples(metrics, 'sallyport_endpoint_seconds_count')).toEqual([
      '{endpoint="classifier",operation="predict",ending="answered"} 1',
      '{endpoint="classifier",operation="predict",ending="failed"} 1',
    ])
    expect(await samples(metrics, 'sallyport_endpoint_queue_seconds_sum')).toEqual(['{endpoint="classifier"} 0.06'])
  })

  it('has refusals by code', async () => {
    const metrics = createMetrics()
    metrics.refusal('unauthenticated')
    expect(await samples(metrics, 'sallyport_refusals_total')).toEqual(['{code="unauthenticated"} 1'])
  })
})

describe('the length of a body', () => {
  it.each([
    ['0', 0],
    ['123456789012345', 123_456_789_012_345],
    ['1234567890123456', null],
    ['-1', null],
    ['1, 1', null],
    [undefined, null],
  ])('is read of the header %j', (header, bytes) => {
    expect(bytesOfBody({ headers: header === undefined ? {} : { 'content-length': header } })).toBe(bytes)
  })
})
