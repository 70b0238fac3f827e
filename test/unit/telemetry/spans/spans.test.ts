import { SpanKind, SpanStatusCode } from '@opentelemetry/api'
import { InMemorySpanExporter, SimpleSpanProcessor, TracerProvider } from '@opentelemetry/sdk-trace'
import { describe, expect, it } from 'vitest'
import type { EndpointAnswer, EndpointCallFacts } from '../../../../src/core/endpoint-call.ts'
import { ServiceError } from '../../../../src/core/errors.ts'
import type { AgentEvent } from '../../../../src/core/events.ts'
import type { BegunRequest, ResponseRecord } from '../../../../src/core/facts.ts'
import type { AdmittedCall, UpstreamAnswer } from '../../../../src/core/model-call.ts'
import { createDigests } from '../../../../src/telemetry/digests.ts'
import { spansOf } from '../../../../src/telemetry/spans/open-spans.ts'
import { collect, delta, end, received, replay, sqlCall, toolResult } from '../../../support/agent-events.ts'
import { verifies } from '../../../support/verifies.ts'

const canary = 'Ada Lovelace has diabetes'
const digests = createDigests(Buffer.alloc(32, 7))

function traced() {
  const exporter = new InMemorySpanExporter()
  const provider = new TracerProvider({ spanProcessors: [new SimpleSpanProcessor({ exporter })] })
  const agentModel = { name: 'gpt-5', provider: 'openai' }
  const spans = spansOf(provider.getTracer('test'), { digests, agentModel })
  const found = () => exporter.getFinishedSpans()
  const named = (name: string) => found().find((span) => span.name === name)
  return { spans, found, named }
}

const begun: BegunRequest = { requestId: 'r1', method: 'POST', scheme: 'http', traceparent: null }
const ended: ResponseRecord = {
  requestId: 'r1',
  method: 'POST',
  path: `/v1/${canary}`,
  route: '/v1/chat/completions',
  status: 200,
  requestBytes: 12,
  milliseconds: 5,
  complete: true,
}

const call = {
  requestId: 'r1',
  channel: 'http',
  credential: null,
  api: 'chat-completions',
  method: 'POST',
  path: '/chat/completions',
  headers: ['x-note', canary],
  body: Buffer.from(canary),
  facts: { model: 'fast', streamed: true, outputTokens: 64, hostedTools: [], ids: [], itemIds: [] },
  principal: { id: 'k1', kind: 'api-key', group: 'default' },
  target: { upstream: 'first', model: 'gpt-5', renamed: true },
} as unknown as AdmittedCall

const cell = { outcome: 'ok', timings: { queueMs: 3.1049, runMs: 20 } } as unknown as NonNullable<
  Extract<AgentEvent, { type: 'tool-result' }>['cell']
>

describe('the span of a request', () => {
  it('has method, route and status, and nothing of the path that was asked for', () => {
    verifies('spans.conventions')
    const { spans, found } = traced()
    spans.requestBegan(begun)
    spans.requestEnded(ended)
    const [span] = found()
    expect(span).toMatchObject({ name: 'POST /v1/chat/completions', kind: SpanKind.SERVER })
    expect(span?.attributes).toEqual({
      'http.request.method': 'POST',
      'url.scheme': 'http',
      'sallyport.request.id': 'r1',
      'http.response.status_code': 200,
      'http.route': '/v1/chat/completions',
      'http.request.body.size': 12,
    })
  })

  it('is named by its method alone where nothing is at the path, and methods that are not known are one', () => {
    const { spans, found } = traced()
    spans.requestBegan({ ...begun, method: 'PROPFIND' })
    spans.requestEnded({ ...ended, method: 'PROPFIND', route: null, status: 404 })
    expect(found().map(({ name, status }) => [name, status.code])).toEqual([['_OTHER', SpanStatusCode.UNSET]])
  })

  it('has the code of the error, and is an error from 500 on', () => {
    verifies('spans.conventions')
    const { spans, found } = traced()
    spans.requestBegan(begun)
    spans.requestFailed('r1', 'internal')
    spans.requestEnded({ ...ended, status: 502 })
    expect(found()[0]?.attributes['error.type']).toBe('internal')
    expect(found()[0]?.status).toEqual({ code: SpanStatusCode.ERROR })
  })

  it('goes on a trace that is given, and begins one where what is given is none', () => {
    const { spans, found } = traced()
    const traceId = '0af7651916cd43dd8448eb211c80319c'
    spans.requestBegan({ ...begun, traceparent: `00-${traceId}-b7ad6b7169203331-01` })
    spans.requestEnded(ended)
    spans.requestBegan({ ...begun, traceparent: `00-${canary}-01` })
    spans.requestEnded(ended)
    expect(found()[0]?.spanContext().traceId).toBe(traceId)
    expect(found()[1]?.parentSpanContext).toBeUndefined()
  })

  it('is not kept of probes', () => {
    const { spans, found } = traced()
    spans.requestBegan(begun)
    spans.requestEnded({ ...ended, route: '/readyz' })
    expect(found()).toEqual([])
  })
})

describe('the span of a call', () => {
  it('is a client span below its request, by the conventions, to the end of the stream', async () => {
    verifies('spans.conventions')
    const { spans, found, named } = traced()
    spans.requestBegan(begun)
    const work = spans.ofCall(async (admitted) => {
      await admitted(call, null)
      async function* body() {
        yield Buffer.from(canary)
        expect(found()).toEqual([])
      }
      const answer: UpstreamAnswer = { kind: 'events', status: 200, headers: [], body: body(), leave: () => undefined }
      const passed = spans.ofAnswer('r1', answer)
      const read: Buffer[] = []
      if (passed.kind === 'events') for await (const chunk of passed.body) read.push(chunk)
      expect(Buffer.concat(read).toString()).toBe(canary)
      return { status: 200, usage: { inputTokens: 9, outputTokens: 5 } }
    })
    await work(async () => undefined)
    spans.requestEnded(ended)
    const span = named('chat gpt-5')
    expect(span?.kind).toBe(SpanKind.CLIENT)
    expect(span?.parentSpanContext?.spanId).toBe(named('POST /v1/chat/completions')?.spanContext().spanId)
    expect(span?.attributes).toEqual({
      'gen_ai.operation.name': 'chat',
      'gen_ai.provider.name': 'openai',
      'gen_ai.request.model': 'gpt-5',
      'gen_ai.request.stream': true,
      'gen_ai.request.max_tokens': 64,
      'gen_ai.response.time_to_first_chunk': expect.any(Number),
      'gen_ai.usage.input_tokens': 9,
      'gen_ai.usage.output_tokens': 5,
      'sallyport.upstream': 'first',
      'sallyport.group': 'default',
      'sallyport.principal': digests.of('k1'),
    })
    expect(JSON.stringify(found().map(({ name, attributes }) => ({ name, attributes })))).not.toContain('Lovelace')
  })

  it('is one for each attempt, the failed ones with the code of their fault', async () => {
    verifies('faults.told')
    const { spans, found } = traced()
    const work = spans.ofCall(async (admitted) => {
      await admitted(call, null)
      await admitted({ ...call, target: { ...call.target, upstream: 'second' } }, 'model-timeout')
      return { status: 200, usage: { inputTokens: 9, outputTokens: 5 } }
    })
    await work(async () => undefined)
    expect(
      found().map(({ attributes }) => [
        attributes['sallyport.upstream'],
        attributes['error.type'],
        attributes['gen_ai.usage.output_tokens'],
      ]),
    ).toEqual([
      ['first', 'model-timeout', undefined],
      ['second', undefined, 5],
    ])
  })

  it('has the code of a fault and never its words; what was not admitted has none', async () => {
    verifies('spans.no-texts')
    const { spans, found } = traced()
    const fault = new ServiceError('model-not-found', canary)
    const failing = spans.ofCall(async (admitted) => {
      await admitted(call, null)
      throw fault
    })
    await expect(failing(async () => undefined)).rejects.toBe(fault)
    await expect(spans.ofCall(() => Promise.reject(fault))(async () => undefined)).rejects.toBe(fault)
    expect(found().map(({ attributes }) => attributes['error.type'])).toEqual(['model-not-found'])
    expect(found()[0]?.status).toEqual({ code: SpanStatusCode.ERROR })
    expect(found()[0]?.events).toEqual([])
  })
})

describe('the span of a call of an endpoint', () => {
  const facts: EndpointCallFacts = {
    requestId: 'r1',
    principal: 'k1',
    group: 'default',
    endpoint: 'classifier',
    operation: 'predict',
    method: 'POST',
    template: '/images/{id}',
    server: { address: '127.0.0.1', port: 5000 },
    waitedMilliseconds: 12.4,
    body: Buffer.from(canary),
  }
  const answer: EndpointAnswer = { status: 200, contentType: 'text/plain', body: Buffer.from(canary), headers: [] }

  it('is a client span below its request, from its turn, by the HTTP conventions', async () => {
    verifies('spans.conventions', 'spans.no-texts')
    const { spans, found, named } = traced()
    spans.requestBegan(begun)
    const work = spans.ofEndpointCall(async (admitted) => {
      await admitted(facts)
      expect(found()).toEqual([])
      return answer
    })
    expect(await work(async () => undefined)).toBe(answer)
    spans.requestEnded({ ...ended, route: '/endpoints/:name' })
    const span = named('POST /images/{id}')
    expect(span?.kind).toBe(SpanKind.CLIENT)
    expect(span?.parentSpanContext?.spanId).toBe(named('POST /endpoints/:name')?.spanContext().spanId)
    expect(span?.attributes).toEqual({
      'http.request.method': 'POST',
      'http.response.status_code': 200,
      'url.template': '/images/{id}',
      'server.address': '127.0.0.1',
      'server.port': 5000,
      'sallyport.endpoint': 'classifier',
      'sallyport.operation': 'predict',
      'sallyport.queue_ms': 12,
      'sallyport.group': 'default',
      'sallyport.principal': digests.of('k1'),
    })
    expect(JSON.stringify(found().map(({ name, attributes }) => ({ name, attributes })))).not.toContain('Lovelace')
  })

  it('is an error where the service refuses or fails, and there is none of what was not sent', async () => {
    verifies('spans.no-texts')
    const { spans, found } = traced()
    const fault = new ServiceError('endpoint-protocol', canary)
    const ending = (end: () => EndpointAnswer) =>
      spans.ofEndpointCall(async (admitted) => {
        await admitted(facts)
        return end()
      })(async () => undefined)
    await ending(() => ({ ...answer, status: 422 }))
    const failing = ending(() => {
      throw fault
    })
    await expect(failing).rejects.toBe(fault)
    await expect(spans.ofEndpointCall(() => Promise.reject(fault))(async () => undefined)).rejects.toBe(fault)
    expect(found().map(({ attributes }) => attributes['error.type'])).toEqual(['422', 'endpoint-protocol'])
    expect(found().map(({ status }) => status)).toEqual(
      Array.from({ length: 2 }, () => ({ code: SpanStatusCode.ERROR })),
    )
    expect(found().flatMap(({ events }) => events)).toEqual([])
  })
})

describe('the spans of a run', () => {
  it('are the agent, each turn of its model, each call of a tool and the run in a sandbox', async () => {
    verifies('spans.conventions')
    verifies('spans.no-texts')
    const { spans, found, named } = traced()
    const words: AgentEvent = { type: 'tool-refusal', callId: canary, tool: canary, findings: [], message: canary }
    const events: AgentEvent[] = [
      { type: 'step-start', step: 1 },
      delta(canary),
      sqlCall(canary),
      toolResult({ summary: canary, cell }),
      { type: 'tool-call', callId: canary, tool: canary, source: null },
      words,
      { type: 'step-start', step: 2 },
      delta(canary, 2),
      end(),
    ]
    const asked = received({ messages: [{ role: 'user', content: canary }], model: canary })
    expect(await collect(spans.ofRun(asked, replay(events)))).toEqual(events)
    expect(found().map(({ name }) => name)).toEqual([
      'chat gpt-5',
      'sandbox run',
      'execute_tool run_sql',
      'execute_tool unknown',
      'chat gpt-5',
      'invoke_agent analyst',
    ])
    const agent = named('invoke_agent analyst')?.spanContext().spanId
    const tool = named('execute_tool run_sql')?.spanContext().spanId
    expect(found().map((span) => span.parentSpanContext?.spanId)).toEqual([agent, tool, agent, agent, agent, undefined])
    expect(named('invoke_agent analyst')?.attributes).toEqual({
      'gen_ai.operation.name': 'invoke_agent',
      'gen_ai.agent.name': 'analyst',
      'gen_ai.usage.input_tokens': 10,
      'gen_ai.usage.output_tokens': 5,
      'sallyport.ending': 'answer',
      'sallyport.steps': 1,
    })
    expect(named('execute_tool run_sql')?.attributes['gen_ai.tool.name']).toBe('run_sql')
    expect(named('sandbox run')?.attributes).toEqual({
      'sallyport.sandbox.outcome': 'ok',
      'sallyport.sandbox.queue_ms': 3.1,
    })
    expect(named('execute_tool unknown')?.attributes['error.type']).toBe('refused')
    expect(JSON.stringify(found().map(({ name, attributes }) => ({ name, attributes })))).not.toContain('Lovelace')
  })

  it('end where nobody reads on, and where the run breaks off', async () => {
    const { spans, found } = traced()
    for await (const event of spans.ofRun(received(), replay([{ type: 'step-start', step: 1 }, end()]))) {
      if (event.type === 'step-start') break
    }
    const fault = new ServiceError('model-not-found', canary)
    const broken = spans.ofRun(
      received(),
      (async function* () {
        yield delta(canary)
        throw fault
      })(),
    )
    await expect(collect(broken)).rejects.toBe(fault)
    const agents = found().filter(({ name }) => name === 'invoke_agent analyst')
    expect(agents.map(({ attributes }) => attributes['error.type'])).toEqual(['cancelled', 'model-not-found'])
  })
})

describe('the span of a statement', () => {
  it('says what was done with it and what came of it, and not the statement', async () => {
    verifies('spans.no-texts')
    const { spans, found } = traced()
    const { principal } = call
    const seen = {
      requestId: 'r1',
      channel: 'http',
      action: 'run',
      principal,
      source: 'shop',
      statement: canary,
    } as const
    await spans.ofStatement(seen, async () => ({ kind: 'refused' }))
    expect(found()[0]?.name).toBe('sql run')
    expect(found()[0]?.attributes).toEqual({
      'sallyport.sql.action': 'run',
      'sallyport.source': 'shop',
      'sallyport.group': 'default',
      'sallyport.principal': digests.of('k1'),
      'sallyport.outcome': 'refused',
    })
  })
})
