import { readFileSync } from 'node:fs'
import { expect, describe, it } from 'vitest'
import { metricsOf, type Served } from '../support/cli/sallyport-process.ts'
import { issueCertificate, makeAuthority } from '../support/http/certificates.ts'
import { validBodies } from '../support/http/call-bodies.ts'
import { serveModels } from '../support/http/model-gateway.ts'
import { headerValues } from '../support/http/upstream/recorded-request.ts'
import { UpstreamServer } from '../support/http/upstream/upstream-server.ts'
import { SpanReceiver, type ReceivedSpan } from '../support/telemetry/span-receiver.ts'
import { verifies } from '../support/verifies.ts'

const canary = 'rhea-canary-in-a-prompt'
const chat = { ...validBodies['/v1/chat/completions'], messages: [{ role: 'user', content: canary }] }
const traceId = '0af7651916cd43dd8448eb211c80319c'
const traceparent = `00-${traceId}-b7ad6b7169203331-01`

const serving = (
  openai: UpstreamServer,
  endpoint: string,
  more: Readonly<Record<string, string>> = {},
  asksAnalyst = false,
) =>
  serveModels({
    origins: { openai: openai.origin },
    asksAnalyst,
    environment: {
      SALLYPORT_TELEMETRY_TRACES_ENDPOINT: endpoint,
      SALLYPORT_TELEMETRY_TRACES_HEADERS: '{ authorization: Bearer receiver-key }',
      SALLYPORT_TELEMETRY_TRACES_SERVICE_NAME: 'sallyport-test',
      ...more,
    },
  })

async function post(service: Served, body: object, key = service.key): Promise<{ status: number; text: string }> {
  const response = await fetch(`${service.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', traceparent },
    body: JSON.stringify(body),
  })
  return { status: response.status, text: await response.text() }
}

/** All spans below these, and these. */
function below(spans: readonly ReceivedSpan[], root: ReceivedSpan | undefined): readonly ReceivedSpan[] {
  if (root === undefined) return []
  const children = spans.filter(({ parentSpanId }) => parentSpanId === root.spanId)
  return [root, ...children.flatMap((child) => below(spans, child))]
}

/** Names of the spans of each request, in the order in which requests came. */
function trees(spans: readonly ReceivedSpan[]): readonly (readonly string[])[] {
  const roots = spans
    .filter(({ kind }) => kind === 2)
    .toSorted((one, other) => Number(BigInt(one.startTimeUnixNano) - BigInt(other.startTimeUnixNano)))
  return roots.map((root) => below(spans, root).map(({ name }) => name))
}

describe('a receiver of spans', () => {
  it('is told of a call, a stream, a refusal and a run of the agent, by the time the service has ended', async () => {
    verifies('spans.conventions', 'spans.no-texts', 'spans.traceparent', 'spans.not-sent-on')
    await using receiver = await SpanReceiver.start()
    await using openai = await UpstreamServer.start({ kind: 'openai' })
    {
      await using service = await serving(openai, receiver.endpoint, {}, true)
      expect((await post(service, chat)).status).toBe(200)
      expect((await post(service, { ...chat, stream: true, stream_options: { include_usage: true } })).status).toBe(200)
      expect((await post(service, chat, `sp-${canary}`)).status).toBe(401)
      expect((await post(service, { ...chat, model: canary })).status).toBe(404)
      const question = { role: 'user', content: 'Who are our ten best customers, and how do we reach them?' }
      expect((await post(service, { model: 'analyst', messages: [question] })).status).toBe(200)
    }
    const { spans, bodies } = receiver
    const root = 'POST /v1/chat/completions'
    expect(trees(spans).slice(0, 4)).toEqual([[root, 'chat gpt-5'], [root, 'chat gpt-5'], [root], [root]])
    const [run = []] = trees(spans).slice(4)
    expect(run.slice(0, 3)).toEqual([root, 'invoke_agent analyst', 'chat demo'])
    expect(run).toContain('execute_tool run_sql')

    const calls = spans.filter(({ name }) => name === 'chat gpt-5')
    expect(calls.map(({ attributes }) => 'gen_ai.response.time_to_first_chunk' in attributes)).toEqual([false, true])
    expect(calls.map(({ attributes }) => attributes['gen_ai.usage.output_tokens'])).not.toContain(undefined)
    const refused = spans.filter(({ attributes }) => 'error.type' in attributes)
    expect(refused.map(({ attributes }) => attributes['error.type'])).toEqual(['unauthenticated', 'model-not-found'])

    expect(spans.map((span) => span.traceId)).not.toContain(traceId)
    expect(openai.requests.flatMap((request) => headerValues(request, 'traceparent'))).toEqual([])
    expect(receiver.resources[0]).toMatchObject({ 'service.name': 'sallyport-test' })
    expect(receiver.headers[0]).toMatchObject({ authorization: 'Bearer receiver-key' })
    // A name and an address are in the rows that the agent read.
    expect(bodies.join('')).not.toMatch(/rhea-canary|best customers|SELECT|@|Customers by/i)
  })

  it('hears of the trace that a trusted proxy began, and no upstream does', async () => {
    verifies('spans.traceparent', 'spans.not-sent-on')
    await using receiver = await SpanReceiver.start()
    await using openai = await UpstreamServer.start({ kind: 'openai' })
    {
      await using service = await serving(openai, receiver.endpoint, { SALLYPORT_HTTP_TRUSTED_PROXIES: '127.0.0.1' })
      expect((await post(service, chat)).status).toBe(200)
    }
    expect(new Set(receiver.spans.map((span) => span.traceId))).toEqual(new Set([traceId]))
    expect(openai.requests.flatMap((request) => headerValues(request, 'traceparent'))).toEqual([])
  })

  it('that takes nothing breaks no request, and is said and counted', async () => {
    verifies('spans.receiver-down')
    await using receiver = await SpanReceiver.start()
    receiver.status = 400
    await using openai = await UpstreamServer.start({ kind: 'openai' })
    await using service = await serving(openai, receiver.endpoint)
    expect((await post(service, chat)).status).toBe(200)
    const ready = async () => (await fetch(`${service.url}/readyz`)).text()
    await expect.poll(ready).toContain('degraded: spans do not arrive')
    expect(await metricsOf(service)).toMatch(/sallyport_events_total\{part="spans",event="lost"\} [1-9]/)
    expect((await post(service, chat)).status).toBe(200)
    expect(service.log()).not.toContain('receiver-key')
  })

  it('is spoken with as variables of OpenTelemetry say: by whose authority, as whom, and packed', async () => {
    verifies('spans.variables')
    await using openai = await UpstreamServer.start({ kind: 'openai' })
    const [authority, callers] = [makeAuthority('Receiver'), makeAuthority('Senders')]
    const [own, theirs] = [issueCertificate(authority, 'receiver'), issueCertificate(callers, 'sender')]
    await using receiver = await SpanReceiver.start({
      cert: readFileSync(own.certificateFile),
      key: readFileSync(own.keyFile),
      ca: readFileSync(callers.certificateFile),
      requestCert: true,
      rejectUnauthorized: true,
    })
    {
      await using service = await serving(openai, receiver.endpoint, {
        OTEL_EXPORTER_OTLP_CERTIFICATE: authority.certificateFile,
        OTEL_EXPORTER_OTLP_CLIENT_CERTIFICATE: theirs.certificateFile,
        OTEL_EXPORTER_OTLP_CLIENT_KEY: theirs.keyFile,
        OTEL_EXPORTER_OTLP_COMPRESSION: 'gzip',
      })
      expect((await post(service, chat)).status).toBe(200)
    }
    expect(receiver.spans.length).toBeGreaterThan(0)
    expect(receiver.headers[0]).toMatchObject({ authorization: 'Bearer receiver-key', 'content-encoding': 'gzip' })
  })

  it('that is not there breaks no request and holds up no end', async () => {
    verifies('spans.receiver-down')
    await using openai = await UpstreamServer.start({ kind: 'openai' })
    const service = await serving(openai, 'http://127.0.0.1:9/v1/traces')
    expect((await post(service, chat)).status).toBe(200)
    await service[Symbol.asyncDispose]()
    expect(service.process.exitCode).toBe(0)
  })
})
