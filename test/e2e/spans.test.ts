import { describe, expect, it } from 'vitest'
import { serve } from '../support/cli/sallyport-process.ts'
import { SpanReceiver } from '../support/telemetry/span-receiver.ts'
import { verifies } from '../support/verifies.ts'

const question = 'Which product categories bring the most margin?'

interface Asked {
  readonly receiver: SpanReceiver
  readonly variables?: Readonly<Record<string, string>>
}

/** One question to a service that tells this receiver, which is told all of it when this resolves; the log of the service. */
async function ask({ receiver, variables = {} }: Asked): Promise<string> {
  await using service = await serve({
    SALLYPORT_TELEMETRY_TRACES_ENDPOINT: receiver.endpoint,
    SALLYPORT_TELEMETRY_TRACES_HEADERS: '{ authorization: Bearer configured }',
    SALLYPORT_TELEMETRY_TRACES_SERVICE_NAME: 'configured',
    ...variables,
  })
  const response = await fetch(`${service.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/json' },
    body: JSON.stringify({ model: 'analyst', messages: [{ role: 'user', content: question }] }),
  })
  expect(response.status).toBe(200)
  await response.text()
  return service.log()
}

describe('spans of a service', () => {
  it('tell of a program that ran in a sandbox, within the call of the tool that ran it', async () => {
    verifies('spans.conventions', 'spans.no-texts')
    await using receiver = await SpanReceiver.start()
    await ask({ receiver })
    const { spans } = receiver
    const ran = spans.filter(({ name }) => name === 'sandbox run')
    const tools = spans.filter(({ name }) => name === 'execute_tool run_python')
    expect(ran.length).toBeGreaterThan(0)
    expect(ran).toHaveLength(tools.length)
    for (const [index, span] of ran.entries()) {
      expect(span.parentSpanId).toBe(tools[index]?.spanId)
      expect(span.attributes['sallyport.sandbox.outcome']).toBe('ok')
      expect(String(span.attributes['sallyport.sandbox.queue_ms'])).toMatch(/^\d+(?:\.\d)?$/)
      const [begins, ends] = [BigInt(span.startTimeUnixNano), BigInt(span.endTimeUnixNano)]
      expect(ends > begins).toBe(true)
      expect(begins >= BigInt(tools[index]?.startTimeUnixNano ?? 0)).toBe(true)
    }
    expect(receiver.bodies.join('')).not.toMatch(/Kitchen|margin|matplotlib|import /i)
  })

  it('heed variables of OpenTelemetry for what the configuration does not say, and never against it', async () => {
    verifies('spans.variables')
    await using receiver = await SpanReceiver.start()
    await using elsewhere = await SpanReceiver.start()
    const variables = {
      OTEL_EXPORTER_OTLP_ENDPOINT: elsewhere.endpoint.replace('/v1/traces', ''),
      OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: elsewhere.endpoint,
      OTEL_EXPORTER_OTLP_HEADERS: 'authorization=Bearer%20variable,x-scope-orgid=tenant-7',
      OTEL_EXPORTER_OTLP_TIMEOUT: '1',
      OTEL_SERVICE_NAME: 'variable',
      OTEL_RESOURCE_ATTRIBUTES: 'service.name=variable,deployment.environment.name=production',
      OTEL_TRACES_SAMPLER: 'always_off',
      OTEL_BSP_MAX_QUEUE_SIZE: '1',
      OTEL_BSP_SCHEDULE_DELAY: '3600000',
    }
    await ask({ receiver, variables })
    expect(elsewhere.bodies).toEqual([])
    expect(receiver.spans.length).toBeGreaterThan(3)
    expect(receiver.headers[0]).toMatchObject({ authorization: 'Bearer configured', 'x-scope-orgid': 'tenant-7' })
    expect(receiver.resources[0]).toEqual({
      'service.name': 'configured',
      'deployment.environment.name': 'production',
    })
  })

  it('are none where a variable of OpenTelemetry turns them off, which the log says', async () => {
    verifies('spans.variables')
    await using receiver = await SpanReceiver.start()
    const log = await ask({ receiver, variables: { OTEL_SDK_DISABLED: 'true' } })
    expect(receiver.headers).toEqual([])
    expect(log).toContain('OTEL_SDK_DISABLED is true: no spans are made')
  })
})
